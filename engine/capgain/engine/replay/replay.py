"""The one chronological pass: every row once, day by day (contract, section 3, Order)."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, localcontext
from typing import assert_never

from capgain.engine.classes import Method
from capgain.engine.classification import classify
from capgain.engine.ledger import Ledger
from capgain.engine.money import EXACT
from capgain.engine.policy import STANDARD, Policy
from capgain.engine.problems import Problem
from capgain.engine.replay import acquisitions, corporate_actions, disposals, short_sales
from capgain.engine.replay.form_rows import with_disallowed_losses
from capgain.engine.replay.open_lots import open_lots, open_shorts
from capgain.engine.replay.orders_in_parts import averaged_costs
from capgain.engine.replay.relief import Refused, leave_average
from capgain.engine.replay.standing_orders import StandingOrders, recorded_late
from capgain.engine.replay.state import Books
from capgain.engine.replay.wallets import switch_to_wallets
from capgain.engine.replay.wash_sales import end_of_day
from capgain.engine.replay.wash_trial import RestOfDay
from capgain.engine.results import Disposition, IncomeItem, Kind, OpenLot, OpenShort, WashSale
from capgain.engine.transactions import (
    Allocation,
    Buy,
    CapitalGainDistribution,
    Cover,
    Dividend,
    Donate,
    ExemptInterestDividend,
    Fee,
    GiftIn,
    GiftOut,
    GlobalAllocation,
    Income,
    Inherit,
    Interest,
    Lost,
    Merger,
    MethodOrder,
    Opening,
    Reinvest,
    ReturnOfCapital,
    Sell,
    ShortSell,
    Spend,
    SpinOff,
    Split,
    StockDividend,
    Trade,
    Transaction,
    Transfer,
    Worthless,
)

PROGRESS_EVERY = 2000
"""Rows between two calls of a progress callback."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the pass leaves: rows of Form 8949, income, lots and shorts held, wash sales, and all problems."""

    dispositions: tuple[Disposition, ...]
    income: tuple[IncomeItem, ...]
    distributions: tuple[tuple[int, str, Decimal], ...]
    open_lots: tuple[OpenLot, ...]
    open_shorts: tuple[OpenShort, ...]
    wash_sales: tuple[WashSale, ...]
    problems: tuple[Problem, ...]


def replay(
    ledger: Ledger,
    *,
    lots_as_of: date | None = None,
    policy: Policy = STANDARD,
    progress: Callable[[int, int], None] | None = None,
) -> Replayed:
    """Walk through the ledger once, in order of time, and book every row.

    `lots_as_of` gives the lots held at the end of that day instead of after the last row. A row that cannot be booked
    leaves a problem and changes nothing.
    """
    with localcontext(EXACT), without_search_for_cycles():
        return _walk(ledger, lots_as_of, policy, progress)


@contextmanager
def without_search_for_cycles() -> Iterator[None]:
    """The pass makes many values and no cycles: looking for cycles among them takes a third of its time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _walk(
    ledger: Ledger, lots_as_of: date | None, policy: Policy, progress: Callable[[int, int], None] | None
) -> Replayed:
    classes, problems = classify(ledger)
    books = Books(ledger, policy, dict(classes), StandingOrders(ledger.settings), problems=list(problems))
    allocations = [entry for entry in ledger.transactions if isinstance(entry, Allocation | GlobalAllocation)]
    order = in_order_of_time(ledger)
    costs = averaged_costs(ledger.transactions, classes)
    rest_of_day = RestOfDay(ledger, order)
    switch = datetime.combine(ledger.settings.wallet_basis_from, datetime.min.time())
    snapshot: tuple[tuple[OpenLot, ...], tuple[OpenShort, ...]] | None = None
    today = date.min
    for done, number in enumerate(order):
        entry = ledger.transactions[number]
        at = entry.at
        day = at.date()
        if day != today:
            if books.active:
                end_of_day(books, today)
            if books.against_shorts:
                short_sales.warn_of_open_boxes(books)
            if lots_as_of is not None and snapshot is None and day > lots_as_of:
                snapshot = open_lots(books), open_shorts(books)
            if books.is_universal and at >= switch:
                switch_to_wallets(books, allocations)
            today = day
            if progress is not None and done % PROGRESS_EVERY < 1:
                progress(done, len(order))
        try:
            _book(books, entry, done, today, costs, rest_of_day)
        except Refused:
            continue
    end_of_day(books, today)
    short_sales.warn_of_open_boxes(books)
    if snapshot is None:
        snapshot = open_lots(books), open_shorts(books)
    return Replayed(
        tuple(with_disallowed_losses(books)),
        tuple(books.income),
        tuple(books.distributions),
        *snapshot,
        tuple(books.wash_sales),
        tuple(books.problems),
    )


def in_order_of_time(ledger: Ledger) -> list[int]:
    """Places of the transactions by date and time; same-moment rows in the sheet's order, or from the bottom.

    Securities that become worthless count on 31 December of the row's year (26 USC 165(g)).
    """
    rows = range(len(ledger.transactions))
    moments = [
        disposals.last_day_of_year(entry.at) if isinstance(entry, Worthless) else entry.at
        for entry in ledger.transactions
    ]
    return sorted(reversed(rows) if ledger.bottom_up else rows, key=moments.__getitem__)


def _book(
    books: Books, entry: Transaction, number: int, day: date, costs: dict[int, int], rest_of_day: RestOfDay
) -> None:
    match entry:
        case Buy() | Reinvest():
            acquisitions.buy(
                books, entry, number, day, costs.get(entry.row) if costs else None, rest_of_day=rest_of_day
            )
        case Sell():
            disposals.sell(books, entry, day, Kind.SALE)
        case Trade():
            disposals.trade(books, entry, number, day, rest_of_day=rest_of_day)
        case Income():
            acquisitions.income(books, entry, number, day, rest_of_day=rest_of_day)
        case Transfer():
            disposals.transfer(books, entry)
        case Spend():
            disposals.sell(books, entry, day, Kind.SPEND)
        case Fee():
            disposals.sell(books, entry, day, Kind.FEE)
        case Dividend() | Interest() | CapitalGainDistribution() | ExemptInterestDividend():
            corporate_actions.pay_out(books, entry, day)
        case Opening():
            acquisitions.opening(books, entry, number, day)
        case GiftIn():
            acquisitions.gift_in(books, entry, number, day)
        case Inherit():
            acquisitions.inherit(books, entry, number, day)
        case GiftOut() | Donate() | Lost():
            disposals.leave(books, entry)
        case Worthless():
            disposals.worthless(books, entry)
        case Split():
            corporate_actions.split(books, entry, day)
        case StockDividend() | SpinOff():
            corporate_actions.distribute_shares(books, entry)
        case Merger():
            corporate_actions.merge(books, entry, day)
        case ReturnOfCapital():
            corporate_actions.return_capital(books, entry, day)
        case ShortSell():
            short_sales.sell_short(books, entry, number)
        case Cover():
            short_sales.cover(books, entry)
        case MethodOrder():
            _record_order(books, entry)
        case Allocation() | GlobalAllocation():
            pass
        case _:
            assert_never(entry)


def _record_order(books: Books, entry: MethodOrder) -> None:
    if recorded_late(entry):
        made = entry.identified.at if entry.identified is not None else entry.at
        books.error(
            entry,
            "Identified",
            "STANDING_ORDER_BACKDATED",
            f"the order is to act from {entry.at.date()} but was made on {made}: an order cannot be back-dated "
            "(Treas. Reg. 1.1012-1(c)(8), (j)(3)(ii)).",
            "Let Date be the day the order was made, or correct column Identified.",
        )
        return
    books.record_order(entry)
    for held in books.of_asset(entry.asset, entry.account) if entry.asset else list(books.holdings.values()):
        if entry.account in ("", held.place) and entry.method is not Method.AVERAGE:
            leave_average(held.pool, books)
