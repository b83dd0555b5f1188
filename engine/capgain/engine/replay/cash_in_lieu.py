"""Cash for a fraction of a share: as if the fraction was received and sold (Pub. 550, Fractional shares)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from capgain.engine.atoms import atoms
from capgain.engine.classes import Method
from capgain.engine.replay.form_rows import book_rows
from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.lots import Lot, Taken
from capgain.engine.replay.sale import Sale
from capgain.engine.replay.state import State
from capgain.engine.results.dispositions import Kind
from capgain.engine.transactions import Entry, Merger, SpinOff, Split, StockDividend
from capgain.engine.units import UNITS


def is_one_account(state: State, entry: Entry) -> bool:
    """Whether it is known which account was paid; says so where it is not."""
    places = [held.place for held in state.holdings.of_asset(entry.asset, entry.account) if held.count]
    if len(places) < 2:
        return True
    state.problems.error(
        entry,
        "Account",
        "CASH_IN_LIEU_ACCOUNT",
        f"cash was paid for a fraction, but {entry.asset} is held in {', '.join(sorted(places))}: which account was "
        "paid is not said.",
        "Enter one row for each account, with its own Amount.",
    )
    return False


def fractions_of_split(state: State, entry: Split, day: date) -> None:
    """The fraction of the account's units after a split, given up by the earliest lot (DECISIONS.md, A-17)."""
    if not is_one_account(state, entry):
        return
    one = UNITS * state.holdings.measure(entry.asset).scale
    for held in state.holdings.of_asset(entry.asset, entry.account):
        units = held.count % one
        if units:
            taken = held.pool.take(units, Method.FIFO.relief, day, 0, held.place)
            held.count -= units
            _sell(state, held, entry, entry.cash_in_lieu, day, taken)
            return
    _no_fraction(state, entry, entry.asset)


def fraction_of_new_units(state: State, entry: SpinOff | StockDividend, day: date, arrived: Sequence[Lot]) -> None:
    """What of the new units is more than a whole number, given up by the earliest of their lots."""
    if arrived:
        held = state.holdings.at(arrived[0].place, entry.received_asset)
        fraction = sum(lot.units for lot in arrived) % (UNITS * held.measure.scale)
        if fraction:
            sell_fraction(state, entry, entry.cash_in_lieu, day, arrived, fraction)
            return
    _no_fraction(state, entry, entry.received_asset)


def sell_fraction(
    state: State, entry: SpinOff | StockDividend | Merger, cash: Decimal, day: date, arrived: Sequence[Lot], units: int
) -> None:
    """Sell `units` of the lots that arrived, the earliest first."""
    held = state.holdings.at(arrived[0].place, arrived[0].asset)
    taken: list[Taken] = []
    for lot in sorted(arrived, key=lambda lot: lot.key):
        part = min(lot.units, units)
        if part:
            taken.append(held.take(lot, part))
            units -= part
    _sell(state, held, entry, cash, day, taken)


def _sell(state: State, held: Holding, entry: Entry, cash: Decimal, day: date, taken: list[Taken]) -> None:
    book_rows(state, held, Sale(entry, Kind.CASH_IN_LIEU, day, atoms(cash)), taken)


def _no_fraction(state: State, entry: Split | SpinOff | StockDividend, asset: str) -> None:
    state.problems.error(
        entry,
        "Amount",
        "CASH_WITHOUT_FRACTION",
        f"cash in lieu of ${entry.cash_in_lieu} was paid, but no fraction of {asset} arises.",
        "Correct the ratio, the Account, or the earlier rows.",
    )
