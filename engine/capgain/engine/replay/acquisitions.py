"""Units that come in: bought, earned, given, inherited, brought forward."""

from __future__ import annotations

from datetime import date, datetime
from typing import assert_never

from capgain.engine.atoms import atoms, costs_of
from capgain.engine.classes import IncomeKind, Right, Term
from capgain.engine.money import ZERO
from capgain.engine.replay.covered_units import bought_in_custody, brought_in
from capgain.engine.replay.disposals import pay_coin_fee
from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.lots import INHERITED, VARIOUS, Lot, Special
from capgain.engine.replay.purchased_puts import option_bought, shares_bought
from capgain.engine.replay.short_sales import bought_against_short
from capgain.engine.replay.state import State
from capgain.engine.replay.wash_sales import purchased
from capgain.engine.results.income import IncomeItem
from capgain.engine.transactions import (
    Acquisition,
    Buy,
    GiftIn,
    Income,
    Inherit,
    Inherited,
    ManyDays,
    Opening,
    Reinvest,
)

BEFORE_ALL = date(1900, 1, 1)
"""The place in the queue of units acquired on many days (DECISIONS.md, A-25)."""


def buy(state: State, entry: Buy | Reinvest, number: int, day: date) -> None:
    """A purchase: basis is its cost with the costs of buying (26 USC 1012; Pub. 550, Cost Basis).

    Where fills of one order share their cost, its share is the row's (R-LOT-8).
    """
    held = state.holdings.at(entry.account, entry.asset)
    cost = state.order_costs.get(entry.row)
    if cost is None:
        cost = atoms(entry.amount) + costs_of(entry)
    lot = _new_lot(held, entry, number, day, cost)
    lot.is_covered = bought_in_custody(held, day)
    state.holdings.add(held, lot)
    if entry.coin_fee is not None:
        pay_coin_fee(state, entry, entry.coin_fee, from_lot=lot if entry.coin_fee.asset == entry.asset else None)
    if held.washes is not None:
        purchased(state, held.washes, lot, day, entry)
    if state.holdings.shorts and not held.is_ira:
        bought_against_short(state, entry, lot)
    if isinstance(entry, Buy) and entry.underlying and not held.is_ira:
        _option_bought(state, held, lot, entry, day)
        option_bought(state, held, lot, entry, day)
    elif state.puts and not held.is_ira:
        shares_bought(state, held, day)


def _option_bought(state: State, held: Holding, lot: Lot, entry: Buy, day: date) -> None:
    """An option to acquire replaces the shares it covers (26 USC 1091(a), (f); R-WASH-15)."""
    if entry.right is Right.PUT:
        return
    group = state.holdings.group_of(entry.underlying)
    if group is not None and group is not held.washes:
        state.wash.covers[lot.number] = int(entry.underlying_units) or 1
        purchased(state, group, lot, day, entry)


def income(state: State, entry: Income, number: int, day: date) -> None:
    """Income at fair market value when dominion is gained; that value is the basis (Notice 2014-21, Q-3, Q-8).

    What was paid to receive the units is added, as a cost of acquiring them (Treas. Reg. 1.1012-1(h)(2)).
    """
    held = state.holdings.at(entry.account, entry.asset)
    lot = _new_lot(held, entry, number, day, atoms(entry.amount) + costs_of(entry))
    state.holdings.add(held, lot)
    if not held.is_ira:
        kind = entry.kind or (IncomeKind.VEST if held.asset_class.is_security else IncomeKind.UNSTATED)
        digital = held.asset_class.is_digital
        state.booked.income.append(
            IncomeItem(entry.row, kind, entry.asset, entry.account, day, entry.quantity, entry.amount, digital)
        )
        if entry.kind is None:
            state.problems.kinds_unstated.append((entry, kind))
    if entry.coin_fee is not None:
        pay_coin_fee(state, entry, entry.coin_fee, from_lot=lot if entry.coin_fee.asset == entry.asset else None)
    purchased(state, held.washes, lot, day, entry)


def opening(state: State, entry: Opening, number: int, day: date) -> None:
    """A lot from earlier records, in its old place in the order of acquisition."""
    held = state.holdings.at(entry.account, entry.asset)
    acquired = _first_day(entry.acquired, day)
    if acquired > day:
        state.problems.error(
            entry,
            "Acquired",
            "ACQUIRED_AFTER_DATE",
            f"the opening lot was acquired on {acquired}, after the row's date {day}.",
            "Correct Acquired, or the row's Date.",
        )
        return
    lot = _new_lot(held, entry, number, acquired, atoms(entry.basis) + atoms(entry.fee))
    lot.key = (datetime(acquired.year, acquired.month, acquired.day), number, 0)
    if isinstance(entry.acquired, ManyDays):
        _of_many_days(state, lot, entry, entry.acquired)
    if isinstance(entry.acquired, Inherited):
        _always_long(lot)
    brought_in(state, held, lot, entry)
    state.holdings.add(held, lot)
    if held.washes is not None and not lot.acquired_text:
        held.washes.recent.append(lot)
        held.washes.recent.sort(key=lambda other: other.key)


def _first_day(acquired: date | ManyDays | Inherited, day: date) -> date:
    match acquired:
        case ManyDays():
            return BEFORE_ALL
        case Inherited():
            return acquired.day or day
        case date():
            return acquired
        case _:
            assert_never(acquired)


def gift_in(state: State, entry: GiftIn, number: int, day: date) -> None:
    """The donor's basis and date; the value at the gift where it is lower decides losses (26 USC 1015, 1223(2)).

    It takes its place in the queue by the day it was received (DECISIONS.md, A-21).
    """
    held = state.holdings.at(entry.account, entry.asset)
    basis = atoms(entry.basis if entry.basis is not None else ZERO)
    lot = _new_lot(held, entry, number, day, basis)
    if entry.basis is None:
        state.problems.warn(
            entry,
            "Basis",
            "GIFT_WITHOUT_RECORDS",
            f"the donor's basis of {entry.asset} is not known: taken as zero, held since the gift (Pub. 550).",
            "Enter the donor's Basis and Acquired, or say in column Note why zero is right.",
            blocks_filing=not entry.note,
        )
    elif entry.value is None:
        state.problems.unvalued_gifts.add(entry.row)
    elif entry.value < entry.basis:
        lot.special = Special(day, atoms(entry.value))
    if isinstance(entry.acquired, ManyDays):
        _of_many_days(state, lot, entry, entry.acquired)
        lot.key = (datetime.combine(BEFORE_ALL, entry.at.time()), number, 0)
    elif entry.acquired is not None and entry.basis is not None:
        lot.hold_since(entry.acquired)
    state.holdings.add(held, lot)


def inherit(state: State, entry: Inherit, number: int, day: date) -> None:
    """Value at death is the basis (26 USC 1014); always long-term (26 USC 1223(9))."""
    held = state.holdings.at(entry.account, entry.asset)
    lot = _new_lot(held, entry, number, day, atoms(entry.amount) + atoms(entry.fee))
    _always_long(lot)
    state.holdings.add(held, lot)


def _always_long(lot: Lot) -> None:
    """Inherited units, whenever they are sold (26 USC 1223(9))."""
    lot.acquired_text, lot.stated_term = INHERITED, Term.LONG


def _of_many_days(state: State, lot: Lot, entry: Opening | GiftIn, days: ManyDays) -> None:
    """Column (b) is VARIOUS and the term as stated; such units go before dated ones and are in no wash-sale window."""
    lot.acquired = BEFORE_ALL
    lot.hold_since(BEFORE_ALL)
    lot.acquired_text, lot.stated_term = VARIOUS, days.term
    if days.is_unknown:
        state.problems.warn(
            entry,
            "Acquired",
            "ACQUIRED_UNKNOWN",
            f"when the {entry.asset} were acquired is not known: VARIOUS is printed and {days.term.value}-term taken.",
            "Enter the date if it can be found, or say in column Note why the term is right.",
            blocks_filing=not entry.note,
        )


def _new_lot(held: Holding, entry: Acquisition, number: int, day: date, basis: int) -> Lot:
    units = held.measure.units(entry.quantity)
    return Lot(units, basis, (entry.at, number, 0), day, entry.asset, entry.account, entry.row, entry.lot or entry.id)
