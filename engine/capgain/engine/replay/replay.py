"""The one chronological pass: every row once, day by day (contract, section 3, Order)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import localcontext
from typing import assert_never

from capgain.engine.classes import AssetClass
from capgain.engine.classification import Place
from capgain.engine.identical_assets import identical_groups, one_asset
from capgain.engine.ledger import Ledger
from capgain.engine.money import EXACT
from capgain.engine.policy import STANDARD, Policy
from capgain.engine.pool_orders import pool_orders
from capgain.engine.problems import Problem
from capgain.engine.replay import acquisitions, corporate_actions, disposals, short_sales, transfers
from capgain.engine.replay.bad_debts import bad_debt
from capgain.engine.replay.contracts_1256 import Contracts, book_contract, counted_twice, mark, mark_as_planned
from capgain.engine.replay.conversions import convert
from capgain.engine.replay.debt import mature, sell_for_dollars
from capgain.engine.replay.form_rows import with_disallowed_losses
from capgain.engine.replay.holdings import Holdings
from capgain.engine.replay.income_kinds import tell_of_kinds_unstated
from capgain.engine.replay.liquidity import into_pool, out_of_pool
from capgain.engine.replay.mergers import merge
from capgain.engine.replay.open_lots import open_lots, open_shorts
from capgain.engine.replay.opportunity_funds import check_gains_deferred, defer, include, include_the_rest
from capgain.engine.replay.options import assign, exercise, expire
from capgain.engine.replay.orders_in_parts import averaged_costs, fills_of_orders, purchases_of_one_order
from capgain.engine.replay.orders_to_tell import tell_of_orders_in_books
from capgain.engine.replay.protocols import through_protocol
from capgain.engine.replay.relief import Refused
from capgain.engine.replay.renaming import rename
from capgain.engine.replay.rest_of_day import RestOfDay
from capgain.engine.replay.short_washes import wash_by_sales
from capgain.engine.replay.standing_orders import StandingOrders, recorded_late
from capgain.engine.replay.state import Booked, Problems, State
from capgain.engine.replay.stock_pay import add_basis, exercise_iso, minimum_tax_items
from capgain.engine.replay.straddles import tell_of_straddles
from capgain.engine.replay.trust_sales import note_trusts_held, sold_by_trust
from capgain.engine.replay.wallets import switch_to_wallets
from capgain.engine.replay.wash_book import WashBook
from capgain.engine.replay.wash_matches import WashMatches
from capgain.engine.replay.wash_sales import end_of_day
from capgain.engine.replay.worthless import book_worthless, worthless
from capgain.engine.results.contracts import ContractResult, OpenContract
from capgain.engine.results.departures import Departure
from capgain.engine.results.dispositions import Disposition, Kind
from capgain.engine.results.held import OpenLot, OpenShort
from capgain.engine.results.income import IncomeItem
from capgain.engine.results.minimum_tax import MinimumTaxItem
from capgain.engine.search_for_cycles import without_search_for_cycles
from capgain.engine.transactions import (
    AddBasis,
    Allocation,
    Assign,
    BadDebt,
    Bridge,
    Buy,
    CapitalGainDistribution,
    ContractGain,
    ContractLoss,
    Conversion,
    Cover,
    Dividend,
    Donate,
    ExemptInterestDividend,
    Exercise,
    Expire,
    Fee,
    GiftIn,
    GiftOut,
    GlobalAllocation,
    Income,
    Inherit,
    Interest,
    ISOExercise,
    LendBack,
    LendOut,
    Lost,
    Maturity,
    Merger,
    MethodOrder,
    Opening,
    PoolIn,
    PoolOut,
    QOFDeferral,
    QOFInclusion,
    Reinvest,
    Rename,
    ReturnOfCapital,
    Sell,
    ShortSell,
    Spend,
    SpinOff,
    Split,
    Stake,
    StockDividend,
    Trade,
    Transaction,
    Transfer,
    TrustSale,
    Unstake,
    Unwrap,
    Worthless,
    Wrap,
)

PROGRESS_EVERY = 2000
"""Rows between two calls of a progress callback."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the pass leaves: rows of Form 8949, income, lots and shorts held, wash sales, and all problems.

    `opening_lots` are those held at the end of the year before the day that was asked for; None: no day was.
    `trusts_held` are the grantor trusts known here that were held when a year ended.
    """

    dispositions: tuple[Disposition, ...]
    income: tuple[IncomeItem, ...]
    open_lots: tuple[OpenLot, ...]
    open_shorts: tuple[OpenShort, ...]
    wash_sales: WashMatches
    problems: tuple[Problem, ...]
    opening_lots: tuple[OpenLot, ...] | None = None
    departures: tuple[Departure, ...] = ()
    contracts: tuple[ContractResult, ...] = ()
    open_contracts: tuple[OpenContract, ...] = ()
    minimum_tax: tuple[MinimumTaxItem, ...] = ()
    trusts_held: Mapping[int, frozenset[str]] = field(default_factory=dict)
    contracts_without_price: tuple[OpenContract, ...] = ()


def replay(
    ledger: Ledger,
    classes: Mapping[Place, AssetClass],
    *,
    lots_as_of: date | None = None,
    policy: Policy = STANDARD,
    today: date | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Replayed:
    """Walk through the ledger once, in order of time, and book every row.

    `classes` are those that `classify` finds. `lots_as_of` gives the lots held at the end of that day instead of after
    the last row. A row that cannot be booked leaves a problem and changes nothing.
    """
    with localcontext(EXACT), without_search_for_cycles():
        return _walk(ledger, classes, lots_as_of, policy, today or date.today(), progress)


def _walk(
    ledger: Ledger,
    classes: Mapping[Place, AssetClass],
    lots_as_of: date | None,
    policy: Policy,
    now: date,
    progress: Callable[[int, int], None] | None,
) -> Replayed:
    order = in_order_of_time(ledger)
    contracts = Contracts.of(ledger, classes)
    with_contracts = contracts.are_traded
    state = _before_the_first_row(ledger, classes, policy, order)
    switch = datetime.combine(ledger.settings.wallet_basis_from, datetime.min.time())
    held: tuple[tuple[OpenLot, ...], tuple[OpenShort, ...]] | None = None
    opening: tuple[OpenLot, ...] | None = None
    today = date.min
    told = 0
    for number, place in enumerate(order):
        entry = ledger.transactions[place]
        at = entry.at
        day = at.date()
        if day != today:
            _end(today, state)
            _end_of_year(today, day, state)
            _end_of_contract_days(state, contracts, today, day, now)
            if lots_as_of is not None and opening is None and day.year >= lots_as_of.year:
                opening = open_lots(state.holdings)
            if lots_as_of is not None and held is None and day > lots_as_of:
                held = open_lots(state.holdings), open_shorts(state.holdings)
            if state.holdings.is_universal and at >= switch:
                switch_to_wallets(state)
            today = day
            if progress is not None and number >= told:
                progress(number, len(order))
                told = number + PROGRESS_EVERY
        try:
            if with_contracts and contracts.has(entry):
                book_contract(state, contracts, entry, today)
            else:
                _book(state, entry, number, today)
        except Refused:
            continue
    _end(today, state)
    _end_of_year(today, date.max, state)
    _end_of_contract_days(state, contracts, today, date.max, now)
    counted_twice(state, contracts)
    if held is None:
        held = open_lots(state.holdings), open_shorts(state.holdings)
    if lots_as_of is not None and opening is None:
        opening = held[0]
    include_the_rest(state)
    check_gains_deferred(state)
    tell_of_orders_in_books(state)
    tell_of_kinds_unstated(state)
    wash_by_sales(state)
    booked = state.booked
    rows = with_disallowed_losses(booked)
    return Replayed(
        tuple(rows),
        tuple(booked.income),
        *held,
        WashMatches(booked.wash_matches, rows),
        tuple(state.problems.found),
        opening,
        tuple(booked.departures),
        tuple(contracts.results),
        tuple(contracts.open()),
        minimum_tax_items(state),
        {year: frozenset(assets) for year, assets in booked.trusts_held.items()},
        contracts.without_price,
    )


def in_order_of_time(ledger: Ledger) -> list[int]:
    """Places of the transactions by date and time; same-moment rows in the sheet's order, or from the bottom.

    What a trust sold comes first on its day: it is of the shares held at the day's start.
    """
    rows = range(len(ledger.transactions))
    moments = [entry.at for entry in ledger.transactions]
    ordered = sorted(reversed(rows) if ledger.bottom_up else rows, key=moments.__getitem__)
    if not ledger.has(TrustSale):
        return ordered
    by_trusts = [place for place, entry in enumerate(ledger.transactions) if isinstance(entry, TrustSale)]
    for place in by_trusts:
        moments[place] = datetime.combine(moments[place], time.min)
    first = frozenset(by_trusts)
    return sorted(ordered, key=lambda place: (moments[place], place not in first))


def _before_the_first_row(
    ledger: Ledger, classes: Mapping[Place, AssetClass], policy: Policy, order: list[int]
) -> State:
    settings = ledger.settings
    groups = identical_groups(ledger)
    wash = WashBook(groups, RestOfDay(ledger, order, groups))
    fills = fills_of_orders(ledger.transactions, classes)
    wash.fills = purchases_of_one_order(ledger, order, fills)
    names = one_asset(ledger)
    orders = StandingOrders(settings, names)
    holdings = Holdings(
        ledger.accounts, classes, orders, settings.wash_sales, wash, names, settings.collectible_by_asset
    )
    costs = averaged_costs(fills)
    pools = pool_orders(ledger)
    return State(ledger, policy, holdings, wash, Booked(), Problems(ledger.sheet), costs, pool_orders=pools)


def _end(day: date, state: State) -> None:
    """What waits for the last row of a day."""
    if state.wash.active:
        end_of_day(state, day)
    if state.problems.against_shorts:
        short_sales.warn_of_open_boxes(state)


def _end_of_year(day: date, following: date, state: State) -> None:
    """What arises on the last day of a year, once its last row is booked: losses on worthless securities."""
    if following.year > day.year > 1:
        for year in range(day.year, min(following.year, day.year + 2)):
            note_trusts_held(state, year)
    if state.set_apart and following.year > day.year:
        book_worthless(state)
        _end(date(day.year, 12, 31), state)


def _end_of_contract_days(state: State, contracts: Contracts, day: date, following: date, now: date) -> None:
    """After a day's last row: straddles, and the marks of the years that end before the next row and are over."""
    if not any(contracts.positions.values()):
        return
    tell_of_straddles(state, contracts, day)
    marks = state.ledger.planned_marks
    planned = {} if marks is None else marks.prices
    for year in range(day.year, min(following.year, now.year, *planned)):
        mark(state, contracts, year)
    for year, prices in planned.items():
        if day.year <= year < following.year:
            mark_as_planned(contracts, year, prices)


def _book(state: State, entry: Transaction, number: int, day: date) -> None:
    match entry:
        case Buy() | Reinvest():
            acquisitions.buy(state, entry, number, day)
        case Maturity():
            mature(state, entry, day)
        case Sell():
            sell_for_dollars(state, entry, day)
        case Conversion():
            convert(state, entry, number, day)
        case Wrap() | Unwrap() | Bridge() | LendOut() | LendBack() | Stake() | Unstake():
            through_protocol(state, entry, number)
        case PoolIn():
            into_pool(state, entry, number, day)
        case PoolOut():
            out_of_pool(state, entry, number, day)
        case Trade():
            disposals.trade(state, entry, number, day)
        case Income():
            acquisitions.income(state, entry, number, day)
        case Transfer():
            transfers.transfer(state, entry)
        case Spend():
            disposals.sell(state, entry, day, Kind.SPEND)
        case Fee():
            disposals.sell(state, entry, day, Kind.FEE)
        case Dividend() | Interest() | CapitalGainDistribution() | ExemptInterestDividend():
            corporate_actions.pay_out(state, entry, day)
        case Opening():
            acquisitions.opening(state, entry, number, day)
        case GiftIn():
            acquisitions.gift_in(state, entry, number, day)
        case Inherit():
            acquisitions.inherit(state, entry, number, day)
        case GiftOut() | Donate() | Lost():
            disposals.leave(state, entry)
        case BadDebt():
            bad_debt(state, entry, day)
        case Worthless():
            worthless(state, entry)
        case Exercise():
            exercise(state, entry, number, day)
        case Assign():
            assign(state, entry, number, day)
        case Expire():
            expire(state, entry, day)
        case Split():
            corporate_actions.split(state, entry, day)
        case StockDividend() | SpinOff():
            corporate_actions.distribute_shares(state, entry, day)
        case Merger():
            merge(state, entry, day)
        case Rename():
            rename(state, entry)
        case TrustSale():
            sold_by_trust(state, entry, day)
        case ReturnOfCapital():
            corporate_actions.return_capital(state, entry, day)
        case QOFDeferral():
            defer(state, entry, day)
        case QOFInclusion():
            include(state, entry, day)
        case ShortSell():
            short_sales.sell_short(state, entry, number)
        case Cover():
            short_sales.cover(state, entry)
        case ISOExercise():
            exercise_iso(state, entry, number, day)
        case AddBasis():
            add_basis(state, entry)
        case MethodOrder():
            _record_order(state, entry)
        case Allocation() | GlobalAllocation() | ContractGain() | ContractLoss():
            pass
        case _:
            assert_never(entry)


def _record_order(state: State, entry: MethodOrder) -> None:
    if recorded_late(entry):
        made = entry.identified.at if entry.identified is not None else entry.at
        state.problems.error(
            entry,
            "Identified",
            "STANDING_ORDER_BACKDATED",
            f"the order is to act from {entry.at.date()} but was made on {made}: an order cannot be back-dated "
            "(Treas. Reg. 1.1012-1(c)(8), (j)(3)(ii)).",
            "Let Date be the day the order was made, or correct column Identified.",
        )
        return
    holdings = state.holdings
    holdings.record_order(entry)
    for held in holdings.of_asset(entry.asset, entry.account) if entry.asset else list(holdings.by_place.values()):
        if entry.account in ("", held.place) and not entry.method.relief.averages:
            held.pool.leave_average()
