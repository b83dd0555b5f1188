"""Units that come in: bought, earned, given, inherited, brought forward."""

from __future__ import annotations

from datetime import date, datetime

from capgain.engine.money import ZERO
from capgain.engine.replay.disposals import pay_coin_fee
from capgain.engine.replay.lots import Lot, Special
from capgain.engine.replay.short_sales import bought_against_short
from capgain.engine.replay.state import Books, Holding, atoms, costs_of
from capgain.engine.replay.wash_sales import purchased
from capgain.engine.replay.wash_trial import RestOfDay
from capgain.engine.results import IncomeItem
from capgain.engine.transactions import Acquisition, Buy, GiftIn, Income, Inherit, Opening, Reinvest


def buy(
    books: Books, entry: Buy | Reinvest, number: int, day: date, cost: int | None, *, rest_of_day: RestOfDay
) -> None:
    """A purchase: basis is its cost with the costs of buying (26 USC 1012; Pub. 550, Cost Basis).

    `cost` replaces the row's own cost where an order's fills are averaged (R-LOT-8).
    """
    held = books.holding(entry.account, entry.asset)
    if cost is None:
        cost = atoms(entry.amount) + costs_of(entry)
    units = held.book.units(entry.quantity)
    lot = Lot(units, cost, (entry.at, number, 0), day, entry.asset, entry.account, entry.row, entry.lot or entry.id)
    books.add_lot(held, lot)
    if entry.coin_fee is not None:
        pay_coin_fee(books, entry, entry.coin_fee, from_lot=lot if entry.coin_fee.asset == entry.asset else None)
    if held.washes is not None:
        purchased(books, held, lot, day, entry, rest_of_day)
    if books.shorts and not held.is_ira:
        bought_against_short(books, entry, lot)
    if isinstance(entry, Buy) and entry.underlying and not held.is_ira:
        _option_bought(books, held, lot, entry, day, rest_of_day)


def _option_bought(books: Books, held: Holding, lot: Lot, entry: Buy, day: date, rest_of_day: RestOfDay) -> None:
    """An option to acquire replaces the shares it covers (26 USC 1091(a), (f); R-WASH-15)."""
    group = books.replacements_for(entry.underlying)
    if group is None or group is held.washes:
        return
    books.covers[lot.number] = int(entry.underlying_units) or 1
    own, held.washes = held.washes, group
    purchased(books, held, lot, day, entry, rest_of_day)
    held.washes = own


def income(books: Books, entry: Income, number: int, day: date, *, rest_of_day: RestOfDay) -> None:
    """Income at fair market value when dominion is gained; that value is the basis (Notice 2014-21, Q-3, Q-8).

    What was paid to receive the units is added, as a cost of acquiring them (Treas. Reg. 1.1012-1(h)(2)).
    """
    held = books.holding(entry.account, entry.asset)
    lot = _new_lot(held, entry, number, day, atoms(entry.amount) + costs_of(entry))
    books.add_lot(held, lot)
    if not held.is_ira:
        books.income.append(
            IncomeItem(entry.row, "Income", entry.asset, entry.account, day, entry.quantity, entry.amount)
        )
    if entry.coin_fee is not None:
        pay_coin_fee(books, entry, entry.coin_fee, from_lot=lot if entry.coin_fee.asset == entry.asset else None)
    if held.washes is not None and books.policy.pay_is_purchase:
        purchased(books, held, lot, day, entry, rest_of_day)


def opening(books: Books, entry: Opening, number: int, day: date) -> None:
    """A lot from earlier records, in its old place in the order of acquisition."""
    held = books.holding(entry.account, entry.asset)
    acquired = entry.acquired
    if acquired > day:
        books.error(
            entry,
            "Acquired",
            "ACQUIRED_AFTER_DATE",
            f"the opening lot was acquired on {acquired}, after the row's date {day}.",
            "Correct Acquired, or the row's Date.",
        )
        return
    lot = _new_lot(held, entry, number, acquired, atoms(entry.basis) + atoms(entry.fee))
    lot.key = (datetime(acquired.year, acquired.month, acquired.day), number, 0)
    books.add_lot(held, lot)
    if held.washes is not None:
        held.washes.recent.append(lot)
        held.washes.recent.sort(key=lambda other: other.key)


def gift_in(books: Books, entry: GiftIn, number: int, day: date) -> None:
    """The donor's basis and date; the value at the gift where it is lower decides losses (26 USC 1015, 1223(2)).

    It takes its place in the queue by the day it was received (DECISIONS.md, A-21).
    """
    held = books.holding(entry.account, entry.asset)
    basis = atoms(entry.basis if entry.basis is not None else ZERO)
    lot = _new_lot(held, entry, number, day, basis)
    if entry.basis is None:
        books.warn(
            entry,
            "Basis",
            "GIFT_WITHOUT_RECORDS",
            f"the donor's basis of {entry.asset} is not known: taken as zero, held since the gift (Pub. 550).",
            "Enter the donor's Basis and Acquired, or say in column Note why zero is right.",
            blocks_filing=not entry.note,
        )
    elif entry.value is None:
        books.unvalued_gifts.add(entry.row)
    elif entry.value < entry.basis:
        lot.special = Special(day, atoms(entry.value))
    if entry.acquired is not None and entry.basis is not None:
        lot.hold_since(entry.acquired)
    books.add_lot(held, lot)


def inherit(books: Books, entry: Inherit, number: int, day: date) -> None:
    """Value at death is the basis (26 USC 1014); always long-term (26 USC 1223(9))."""
    held = books.holding(entry.account, entry.asset)
    lot = _new_lot(held, entry, number, day, atoms(entry.amount) + atoms(entry.fee))
    lot.inherited = True
    books.add_lot(held, lot)


def _new_lot(held: Holding, entry: Acquisition, number: int, day: date, basis: int) -> Lot:
    units = held.book.units(entry.quantity)
    return Lot(units, basis, (entry.at, number, 0), day, entry.asset, entry.account, entry.row, entry.lot or entry.id)
