"""Mergers: old shares become new ones, or cash, or both (26 USC 354, 356, 358)."""

from __future__ import annotations

from datetime import date

from capgain.engine.atoms import atoms
from capgain.engine.money import ZERO, dollars
from capgain.engine.replay.cash_in_lieu import is_one_account, sell_fraction
from capgain.engine.replay.corporate_actions import exchanged, is_held, lots_reached, make_exact, without_basis
from capgain.engine.replay.form_rows import book_rows
from capgain.engine.replay.lots import Lot, Special, Taken
from capgain.engine.replay.sale import Sale
from capgain.engine.replay.state import State
from capgain.engine.replay.wash_sales import stands_for
from capgain.engine.results.dispositions import Kind
from capgain.engine.transactions import Merger
from capgain.engine.units import UNITS


def merge(state: State, entry: Merger, day: date) -> None:
    """Old shares become new ones with their basis and dates; cash is gain up to what was realised, never loss.

    Lot by lot (Treas. Reg. 1.358-2). For cash alone the merger is a sale.
    """
    if not is_held(state, entry) or not _can_be_booked(state, entry):
        return
    if not entry.ratio:
        _sell_all(state, entry, day)
        return
    make_exact(state.holdings, entry.asset, entry.received_asset, entry.ratio)
    arrived: list[Lot] = []
    for held, lot in lots_reached(state, entry):
        one = UNITS * held.measure.scale
        cash = atoms(entry.cash_per_unit) * lot.units // one
        gain = 0
        if cash:
            new_value = atoms((entry.value_per_new_unit or ZERO) * entry.ratio.numerator) // entry.ratio.denominator
            realised = new_value * lot.units // one + cash - lot.basis
            gain = max(0, min(realised, cash))
        if gain:
            book_rows(state, held, Sale(entry, Kind.BOOT, day, gain), [(without_basis(lot), lot.units, 0)])
        basis = max(0, lot.basis - cash + gain)
        new = exchanged(state, held, lot, entry.received_asset, entry.ratio, basis)
        if lot.special is not None and lot.special.value_basis >= 0:
            new.special = Special(lot.special.gift_date, max(0, lot.special.value_basis - cash + gain))
        if entry.is_change_of_name and held.washes is not None and not new.replaces:
            stands_for(held.washes, lot, new)
        held.take(lot, lot.units)
        state.holdings.add(state.holdings.at(held.place, entry.received_asset), new)
        arrived.append(new)
    if entry.arrived is not None and arrived:
        _fraction(state, entry, day, arrived)


def _can_be_booked(state: State, entry: Merger) -> bool:
    if state.holdings.shorts_of(entry.asset):
        state.problems.error(
            entry,
            "Asset",
            "MERGER_OF_SHORT",
            f"{entry.asset} is sold short; what a merger does to an open short sale is not supported.",
            "Enter a Cover before the merger and a Short Sell of the new asset after it.",
        )
        return False
    if entry.ratio and entry.cash_per_unit and entry.value_per_new_unit is None:
        state.problems.error(
            entry,
            "Amount",
            "MISSING_VALUE",
            "a merger for shares and cash needs the value of one new share.",
            "Enter the fair market value of one new share in column Amount.",
        )
        return False
    if entry.amount_unused:
        state.problems.warn(
            entry,
            "Amount",
            "MERGER_AMOUNT",
            f"{dollars(entry.amount_unused)} is not used: the value of a new share is asked for only where cash is "
            "paid.",
            "For cash in lieu of a fraction enter the whole units that arrived in Received Quantity; else leave Amount "
            "blank.",
            blocks_filing=True,
        )
    return entry.arrived is None or is_one_account(state, entry)


def _sell_all(state: State, entry: Merger, day: date) -> None:
    """Money alone for all shares is a sale of each account's (26 USC 1001, 302)."""
    lying: dict[str, list[Taken]] = {}
    for held, lot in lots_reached(state, entry):
        lying.setdefault(held.place, []).append(held.take(lot, lot.units))
    for place, taken in lying.items():
        held = state.holdings.at(place, entry.asset)
        units = sum(part for _, part, _ in taken)
        net = atoms(entry.cash_per_unit * units) // (UNITS * held.measure.scale)
        book_rows(state, held, Sale(entry, Kind.SALE, day, net), taken)


def _fraction(state: State, entry: Merger, day: date, arrived: list[Lot]) -> None:
    """What the ratio gives beyond the whole units that arrived was sold for the cash in lieu."""
    measure = state.holdings.measure(entry.received_asset)
    by_ratio = sum(lot.units for lot in arrived)
    fraction = by_ratio - measure.units(entry.arrived or ZERO)
    if not fraction and not entry.cash_in_lieu:
        return
    if 0 < fraction < UNITS * measure.scale and entry.cash_in_lieu:
        sell_fraction(state, entry, entry.cash_in_lieu, day, arrived, fraction)
        return
    state.problems.error(
        entry,
        "Received Quantity",
        "MERGER_UNITS",
        f"{entry.arrived:f} {entry.received_asset} arrived and {dollars(entry.cash_in_lieu)} dollars for a fraction, "
        f"but the ratio gives {measure.text(by_ratio)}.",
        "Correct Received Quantity or the ratio; cash for the fraction that did not arrive belongs in Amount.",
    )
