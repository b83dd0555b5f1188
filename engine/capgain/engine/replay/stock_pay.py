"""Shares that come with pay: incentive stock options with a second basis, pay added to a lot (26 USC 56, 422, 423)."""

from __future__ import annotations

from datetime import date

from capgain.engine.atoms import atoms, cents
from capgain.engine.classes import FilingStatus
from capgain.engine.money import dollars
from capgain.engine.replay.acquisitions import buy
from capgain.engine.replay.lots import Special
from capgain.engine.replay.relief import Refused
from capgain.engine.replay.state import State
from capgain.engine.results.minimum_tax import SMALL_BUSINESS, MinimumTaxItem
from capgain.engine.transactions import AddBasis, Buy, ISOExercise


def exercise_iso(state: State, entry: ISOExercise, number: int, day: date) -> None:
    """A purchase at the option price; for the minimum tax basis is the value that day (26 USC 56(b)(3), 422(a))."""
    bought = Buy(
        row=entry.row,
        at=entry.at,
        account=entry.account,
        asset=entry.asset,
        id=entry.id,
        note=entry.note,
        asset_class=entry.asset_class,
        quantity=entry.quantity,
        amount=entry.amount,
        fee=entry.fee,
        lot=entry.lot,
    )
    extra = atoms(entry.value) - atoms(entry.amount)
    buy(state, bought, number, day)
    held = state.holdings.at(entry.account, entry.asset)
    if held.is_ira or extra <= 0:
        return
    lots = [lot for lot in held.pool if lot.number == number]
    whole = sum(lot.units for lot in lots)
    left = extra
    for lot in lots:
        part = left * lot.units // whole
        left -= part
        whole -= lot.units
        lot.special = lot.special or Special(day)
        lot.special.amt_extra = part
    state.booked.iso_exercises[entry.row] = (day.year, extra)


def minimum_tax_items(state: State) -> tuple[MinimumTaxItem, ...]:
    """Lines 2h, 2i and 2k of Form 6251; shares sold in the year of their exercise are on neither of the last two.

    What lies in an account that is off that year's return is on none.
    """
    booked = state.booked
    left = {row: extra for row, (_, extra) in booked.iso_exercises.items()}
    later: list[MinimumTaxItem] = []
    for row, lot_row, sold, extra in booked.iso_sales:
        year, _ = booked.iso_exercises.get(lot_row, (0, 0))
        if sold.year == year:
            left[lot_row] -= extra
        else:
            later.append(MinimumTaxItem(row, "2k", sold.year, -cents(extra)))
    at_exercise = [
        MinimumTaxItem(row, "2i", booked.iso_exercises[row][0], cents(extra)) for row, extra in left.items() if extra
    ]
    of_gains_left_out = [MinimumTaxItem(row, SMALL_BUSINESS, year, amount) for row, year, amount in booked.preferences]
    found = (*at_exercise, *later, *of_gains_left_out)
    hidden = {year: _off_the_return(state, year) for year in {item.year for item in found}}
    if not any(hidden.values()):
        return found
    accounts = {entry.row: entry.account for entry in state.ledger.transactions}
    return tuple(item for item in found if accounts[item.row] not in hidden[item.year])


def _off_the_return(state: State, year: int) -> frozenset[str]:
    return state.ledger.off_the_return(state.ledger.settings.filing_status.of(year) or FilingStatus.SINGLE)


def add_basis(state: State, entry: AddBasis) -> None:
    """Dollars join the basis of one lot, spread over its units (Instructions for Form 8949, code B)."""
    held = state.holdings.at(entry.account, entry.asset)
    named = state.holdings.named_lots.get(entry.lot, []) if entry.lot else []
    lots = [lot for lot in named if lot.units and lot.asset == entry.asset and lot.place == held.place]
    if held.is_ira or not lots:
        what = "in an IRA basis is not kept" if held.is_ira else f"no lot {entry.lot or '(blank)'} of it is held"
        state.problems.error(
            entry,
            "Lot",
            "ADD_BASIS_LOT",
            f"{dollars(entry.amount)} cannot be added to {entry.asset} in {held.place or '(blank)'}: {what}.",
            "Name in Lot the Lot or ID of one purchase that is still held then; remove the row where it is an IRA's.",
        )
        raise Refused
    held.pool.leave_average()
    whole, left = sum(lot.units for lot in lots), atoms(entry.amount)
    for lot in lots:
        share = left * lot.units // whole
        left -= share
        whole -= lot.units
        lot.basis += share
        held.pool.adjusted(lot)
