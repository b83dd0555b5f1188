"""Units that leave: sold, spent, swapped, paid as fees, given away, lost."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from capgain.engine.atoms import atoms, costs_of
from capgain.engine.classes import AssetClass, MissingBasis, Term
from capgain.engine.replay.covered_units import bought_in_custody
from capgain.engine.replay.form_rows import book_rows
from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.lots import VARIOUS, Lot, Taken
from capgain.engine.replay.purchased_puts import lapse_of_married, put_ended
from capgain.engine.replay.relief import Refused, take
from capgain.engine.replay.sale import Sale
from capgain.engine.replay.shortage import shortage_hints
from capgain.engine.replay.state import State
from capgain.engine.replay.stated_quantities import units_meant, units_of, without_dust
from capgain.engine.replay.wash_sales import purchased
from capgain.engine.results.departures import Departure
from capgain.engine.results.dispositions import Kind
from capgain.engine.transactions import (
    Acquisition,
    CoinFee,
    Disposal,
    Donate,
    Fee,
    GiftOut,
    Lost,
    Sell,
    Spend,
    Trade,
)

_OPTION: Final = AssetClass.OPTION
_OTHER: Final = AssetClass.OTHER
_LOAN: Final = re.compile(r"\bloans?\b", re.IGNORECASE)
"""A loan by its name."""


def sell(state: State, entry: Sell | Spend | Fee, day: date, kind: Kind) -> None:
    """A disposition at `amount`, less the costs of selling (26 USC 1001; Treas. Reg. 1.1001-7(b))."""
    sell_held(state, state.holdings.at(entry.account, entry.asset), entry, day, kind)


def sell_held(state: State, held: Holding, entry: Sell | Spend | Fee, day: date, kind: Kind) -> None:
    """The same, out of the holding that the row names."""
    units = units_of(state, held, entry) if entry.quantity else held.count
    costs = costs_of(entry)
    net = atoms(entry.amount) - costs
    taken = relieve(state, held, entry, units, net)
    if held.asset_class is _OPTION and not (entry.amount or costs):
        kind = Kind.EXPIRED
        taken = lapse_of_married(state, taken)
    if taken:
        book_rows(state, held, Sale(entry, kind, day, net, costs, entry.reported), taken)
    if held.asset_class is _OTHER and not entry.amount and _LOAN.search(entry.asset):
        _may_be_bad_debt(state, entry)
    if held.asset_class is _OPTION:
        put_ended(state, taken, day)
    if entry.coin_fee is not None:
        pay_coin_fee(state, entry, entry.coin_fee)


def _may_be_bad_debt(state: State, entry: Sell | Spend | Fee) -> None:
    state.problems.warn(
        entry,
        "Type",
        "MAY_BE_BAD_DEBT",
        f"{entry.asset} is sold for nothing: a loan that became worthless is no sale but a bad debt, short-term "
        "however long it was owed (26 USC 166(d)(1)).",
        "Use Bad Debt for a loan, or say in column Note what was sold.",
        blocks_filing=not entry.note,
    )


def trade(state: State, entry: Trade, number: int, day: date) -> None:
    """Property for property: a disposition at the value received, and a lot at that value (R-CRY-2).

    All costs fall on what is given up; the lot received has none (Treas. Reg. 1.1001-7(b)(2)(ii)(A), 1.1012-1(h)(2)).
    """
    value = atoms(entry.amount)
    give_up(state, entry, day, value, costs_of(entry))
    receive(state, entry, number, day, value)
    pay_fee_from_holdings(state, entry)


def give_up(state: State, entry: Trade, day: date, value: int, costs: int) -> None:
    """What is given in an exchange is disposed of for `value` atoms less `costs`."""
    held = state.holdings.at(entry.account, entry.asset)
    taken = relieve(state, held, entry, units_of(state, held, entry), value - costs)
    book_rows(state, held, Sale(entry, Kind.SWAP, day, value - costs, costs, entry.reported), taken)


def receive(state: State, entry: Trade, number: int, day: date, value: int) -> None:
    """What is received in an exchange is a lot at `value` atoms; a fee withheld from it comes out of it."""
    received = state.holdings.at(entry.arrives_in, entry.received_asset)
    lot = Lot(
        received.measure.units(entry.received_quantity),
        value,
        (entry.at, number, 0),
        day,
        entry.received_asset,
        entry.arrives_in,
        entry.row,
        entry.received_lot or entry.id,
    )
    lot.is_covered = bought_in_custody(received, day)
    state.holdings.add(received, lot)
    if entry.coin_fee is not None and _is_withheld(entry, entry.coin_fee):
        _withhold(state, received, lot, entry, entry.coin_fee, day)
    purchased(state, received.washes, lot, day, entry)


def _is_withheld(entry: Trade, fee: CoinFee) -> bool:
    return fee.asset == entry.received_asset


def pay_fee_from_holdings(state: State, entry: Trade) -> None:
    """A fee in coin that was not withheld from what was received."""
    if entry.coin_fee is not None and not _is_withheld(entry, entry.coin_fee):
        pay_coin_fee(state, entry, entry.coin_fee)


def _withhold(state: State, held: Holding, lot: Lot, entry: Trade, fee: CoinFee, day: date) -> None:
    """Units withheld from those received come from them, with no gain (Treas. Reg. 1.1012-1(j)(3)(iii), R-FEE-5)."""
    units = held.measure.units(fee.quantity)
    if units > lot.units:
        _fee_too_large(state, entry, fee)
        return
    share = held.take(lot, units)[2]
    basis = atoms(fee.value) if lot.units else share
    lot.basis += share - basis
    held.pool.adjusted(lot)
    book_rows(state, held, Sale(entry, Kind.FEE, day, basis, may_wash=False), [(lot, units, basis)])


def pay_coin_fee(state: State, entry: Disposal | Acquisition, fee: CoinFee, *, from_lot: Lot | None = None) -> None:
    """A fee paid in an asset: a disposition of those units at their value (Treas. Reg. 1.1001-7(b)(1)(ii)).

    They come from the account's holdings, or from `from_lot`, the units just bought.
    """
    held = state.holdings.at(entry.account, fee.asset)
    units = held.measure.units(fee.quantity)
    sale = Sale(entry, Kind.FEE, entry.at.date(), atoms(fee.value))
    if from_lot is not None:
        if units > from_lot.units:
            _fee_too_large(state, entry, fee)
            return
        taken = [held.take(from_lot, units)]
    else:
        as_fee = Fee(
            row=entry.row,
            at=entry.at,
            account=entry.account,
            asset=fee.asset,
            quantity=fee.quantity,
            amount=fee.value,
            note=entry.note,
        )
        try:
            units = units_meant(state, held, as_fee, fee.quantity, held.count, "Fee Quantity")
            taken = relieve(state, held, as_fee, units, sale.net, column="Fee Quantity")
        except Refused:
            return
    book_rows(state, held, sale, taken)


def _fee_too_large(state: State, entry: Disposal | Acquisition, fee: CoinFee) -> None:
    state.problems.error(
        entry,
        "Fee Quantity",
        "FEE_EXCEEDS_UNITS",
        f"the fee of {fee.quantity:f} {fee.asset} is more than the units it is withheld from.",
        "Correct Fee Quantity; the quantity received is the one before the fee was withheld.",
    )


def leave(state: State, entry: GiftOut | Donate | Lost) -> None:
    """Given away, donated or lost: no gain or loss, the lots leave (R-CRY-6, R-CRY-7, R-CRY-13)."""
    held = state.holdings.at(entry.account, entry.asset)
    day = entry.at.date()
    for lot, units, basis in relieve(state, held, entry, units_of(state, held, entry), 0):
        _depart(state, held, entry, lot, units, basis, day)
    if entry.coin_fee is not None:
        pay_coin_fee(state, entry, entry.coin_fee)


def _depart(state: State, held: Holding, entry: Disposal, lot: Lot, units: int, basis: int, day: date) -> None:
    state.booked.departures.append(
        Departure(
            entry.row,
            entry.type_name,
            entry.asset,
            entry.account,
            held.asset_class,
            held.measure.printed(units),
            lot.acquired,
            lot.acquired_text,
            day,
            Term.LONG if day.toordinal() >= lot.first_long_day() else Term.SHORT,
            basis,
            lot.row,
            lot.lot_id,
        )
    )


def relieve(
    state: State, held: Holding, entry: Disposal, units: int, net: int, *, column: str = "Quantity"
) -> list[Taken]:
    """Take `units` out of a holding for `net` atoms; its account must hold them.

    With the setting Missing Basis = zero, units never acquired are taken at no basis and marked. Raises Refused.
    """
    missing = units - held.count
    short: list[Taken] = []
    if missing > 0:
        short = _without_basis(state, held, entry, missing, column)
        units -= missing
    else:
        missing = 0
    taken = take(state, held, entry, units, net, missing) if units else []
    if held.measure.scale > 1 and not state.holdings.in_universal_pool(held):
        taken = without_dust(held, taken)
    if held.measure.scale > 1 or entry.lots:
        units = sum(part for _, part, _ in taken)
    held.count -= units
    return taken + short if short else taken


def check_count(state: State, held: Holding, entry: Disposal, units: int, column: str) -> None:
    """Raises Refused where more leaves than the account holds and nothing may be assumed."""
    if units > held.count and state.ledger.settings.missing_basis is MissingBasis.STOP:
        _without_basis(state, held, entry, units - held.count, column)


def _without_basis(state: State, held: Holding, entry: Disposal, missing: int, column: str) -> list[Taken]:
    measure = held.measure
    account = held.place or "(blank)"
    day = entry.at.date()
    elsewhere = [
        f"{measure.text(other.count)} in {other.place or '(blank)'}"
        for other in state.holdings.of_asset(held.asset)
        if other is not held and other.count > 0
    ]
    where = f" {', '.join(elsewhere)} may be where they are." if elsewhere else ""
    what = (
        f"{measure.text(held.count + missing)} {held.asset} leave {account} but only {measure.text(held.count)} are "
        f"held on {day}: {measure.text(missing)} are missing.{where}"
    )
    add = "Add the missing purchase, an Opening row with Acquired and Basis"
    add += ", or the Transfer that brought them here" if elsewhere else ""
    if state.ledger.settings.missing_basis is MissingBasis.STOP:
        hints = " ".join([f"{add}, or correct the quantity.", *shortage_hints(state, held, entry)])
        state.problems.error(entry, column, "INSUFFICIENT_QUANTITY", what, hints)
        raise Refused
    state.problems.warn(
        entry,
        column,
        "ZERO_BASIS",
        f"{what} Their basis is taken as zero, as the setting Missing Basis says.",
        f"{add}; or say in column Note why zero is right.",
        blocks_filing=not entry.note,
    )
    lot = Lot(0, 0, (entry.at, -1, 0), day, held.asset, held.place, 0, "")
    lot.acquired_text, lot.stated_term = VARIOUS, Term.SHORT
    return [(lot, missing, 0)]
