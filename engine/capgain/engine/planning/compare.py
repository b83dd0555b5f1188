"""A whole year under each order of lots: what it would have done to the tax and to the lots carried forward."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from capgain.engine.classes import METHODS_OF_A_PLAN, AssetClass, FilingStatus, Method, Term
from capgain.engine.compute import compute
from capgain.engine.ledger import Ledger
from capgain.engine.money import EXACT, ZERO, from_cents, to_the_cent
from capgain.engine.planning.contracts_at_price import counted_at_prices
from capgain.engine.planning.refused import PlanRefused
from capgain.engine.planning.year_at_hand import YearAtHand, all_gains, year_at_hand
from capgain.engine.problems import InvalidLedger, Problem
from capgain.engine.report import TaxReport
from capgain.engine.results.carryovers import Carryover
from capgain.engine.results.held import OpenLot
from capgain.engine.transactions import Disposal, MethodOrder, Transaction

NOT_AVAILABLE = "not available for sales already made"
WHY = (
    "An order other than the one in force must have existed before the sale (Treas. Reg. 1.1012-1(c)(8), (j)(3)(ii)): "
    "this shows what another order would have done, and what a standing order made today does for sales to come."
)


@dataclass(frozen=True, slots=True)
class HeldAsset:
    """What is left of an asset at the year's end: units, their basis, and how many of them are long-term then."""

    asset: str
    quantity: Decimal
    basis: Decimal
    lots: int
    long_term: Decimal


@dataclass(frozen=True, slots=True)
class YearUnder:
    """The year under one order of lots, `method` None as the ledger has it; dollars, losses negative.

    `short` and `long` are the year's sales, `net` Schedule D line 16. `tax` is that of the whole return with them, None
    where not known. `held` is what the year leaves at its end.
    """

    method: Method | None
    short: Decimal
    long: Decimal
    disallowed: Decimal
    net: Decimal | None
    tax: Decimal | None
    carryover: Carryover | None
    held: tuple[HeldAsset, ...]

    @property
    def basis_held(self) -> Decimal:
        """The basis of everything held at the year's end."""
        return sum((asset.basis for asset in self.held), ZERO)

    @property
    def lots_held(self) -> int:
        return sum(asset.lots for asset in self.held)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A year as entered and under every order. `heading` says for which sales the choice is gone.

    `sales_made` and `sales_to_come` count the year's disposals up to and after the day of asking. `refused` are orders
    that the year's rows do not allow, with the reason.
    """

    year: int
    at_hand: YearAtHand
    as_entered: YearUnder
    under: tuple[YearUnder, ...]
    refused: tuple[tuple[Method, Problem], ...]
    heading: str
    sales_made: int
    sales_to_come: int
    notes: tuple[str, ...]

    @property
    def status(self) -> FilingStatus:
        return self.at_hand.status

    @property
    def missing(self) -> str:
        """What has to be stated before dollars of tax can be told; "" where nothing is."""
        return self.at_hand.missing

    def tax_difference(self, other: YearUnder) -> Decimal | None:
        """What an order adds to the tax as entered; negative: it saves."""
        if other.tax is None or self.as_entered.tax is None:
            return None
        return other.tax - self.as_entered.tax

    def basis_difference(self, other: YearUnder) -> Decimal:
        """How much more basis an order carries into the next year than the year as entered."""
        return other.basis_held - self.as_entered.basis_held


def compare(
    ledger: Ledger, year: int, *, today: date, progress: Callable[[int, int], None] | None = None
) -> Comparison:
    """The disposals of `year` under each order, everything before that year as it is.

    `progress` is called with the orders tried and all of them. Raises PlanRefused for a year without a disposal, and
    InvalidLedger.
    """
    end = date(year, 12, 31)
    entered = compute(ledger, through=year, lots_as_of=end)
    if entered.has_errors:
        raise InvalidLedger(entered.problems)
    entered = counted_at_prices(entered, year)
    ledger = entered.ledger
    contracts = entered.contract_assets
    disposals = [entry for entry in ledger.transactions if entry.at.year == year and _goes_by_order(entry, contracts)]
    if not disposals:
        said = " Section 1256 contracts close first in, first out." if any(contracts) else ""
        raise PlanRefused(f"Nothing was sold, spent or moved in {year}: there is nothing to compare.{said}")
    at_hand = year_at_hand(entered, year)
    funds = any(lot.asset_class is AssetClass.FUND for lot in entered.years[year].dispositions)
    under = []
    refused = []
    methods = [method for method in METHODS_OF_A_PLAN if funds or not method.relief.averages]
    for done, method in enumerate(methods):
        if progress is not None:
            progress(done, len(methods))
        found = compute(under_method(ledger, year, method, entered), through=year, lots_as_of=end)
        error = next((problem for problem in found.problems if problem.is_error), None)
        if error is not None:
            refused.append((method, error))
        else:
            under.append(_year_under(found, at_hand, year, method))
    made = sum(1 for entry in disposals if entry.at.date() <= today)
    to_come = len(disposals) - made
    heading = f"What if: {year} under another order of lots"
    if made:
        heading += f" - {NOT_AVAILABLE}" if not to_come else f" - {NOT_AVAILABLE} ({made} of {len(disposals)})"
    return Comparison(
        year=year,
        at_hand=at_hand,
        as_entered=_year_under(entered, at_hand, year, None),
        under=tuple(under),
        refused=tuple(refused),
        heading=heading,
        sales_made=made,
        sales_to_come=to_come,
        notes=(WHY, *at_hand.assumptions),
    )


def under_method(ledger: Ledger, year: int, method: Method, report: TaxReport) -> Ledger:
    """A copy in which every disposal of `year` takes lots by `method`; average basis falls to funds alone.

    Lots named and orders made within the year are put aside. The order stands from the year's first moment for every
    account and asset, so that fees paid in coin go by it too.
    """
    start = datetime(year, 1, 1)
    contracts = report.contract_assets
    places = dict.fromkeys(place for place in _places(ledger) if place[1] not in contracts)
    funds = {lot.asset for found in report.years.values() for lot in found.dispositions if _is_fund(lot.asset_class)}
    funds |= {lot.asset for lot in report.open_lots if _is_fund(lot.asset_class)}

    def order(asset: str) -> Method:
        return method if asset in funds or not method.relief.averages else Method.FIFO

    orders = tuple(
        MethodOrder(row=0, at=start, account=account, asset=asset, method=order(asset)) for account, asset in places
    )

    def as_ordered(entry: Transaction) -> Transaction:
        if isinstance(entry, Disposal) and entry.at.year == year and _goes_by_order(entry, contracts):
            return replace(entry, method=order(entry.asset), lots=(), identified=None)
        return entry

    kept = tuple(
        as_ordered(entry)
        for entry in ledger.transactions
        if not (isinstance(entry, MethodOrder) and entry.at.year == year)
    )
    rows = (*kept, *orders) if ledger.bottom_up else (*orders, *kept)
    return replace(ledger, transactions=rows)


def _is_fund(asset_class: AssetClass) -> bool:
    return asset_class is AssetClass.FUND


def _goes_by_order(entry: Transaction, contracts: Collection[str]) -> bool:
    """Whether an order of lots decides for the row; short sales and covers name their lots, contracts have none."""
    return isinstance(entry, Disposal) and entry.goes_by_order and entry.asset not in contracts


def _places(ledger: Ledger) -> Iterator[tuple[str, str]]:
    """Every account with every asset that a row takes out of it."""
    for entry in ledger.transactions:
        if isinstance(entry, Disposal):
            yield entry.account, entry.asset
            if entry.coin_fee is not None:
                yield entry.account, entry.coin_fee.asset


def _year_under(found: TaxReport, at_hand: YearAtHand, year: int, method: Method | None) -> YearUnder:
    of_year = found.years[year]
    by_term = {
        term: from_cents(sum(row.gain_cents for row in of_year.dispositions if row.term is term)) for term in Term
    }
    schedule_d = of_year.schedule_d
    tax = None
    if at_hand.rest is not None and schedule_d is not None:
        tax = at_hand.rest.tax(all_gains(schedule_d)).total
    return YearUnder(
        method=method,
        short=by_term[Term.SHORT],
        long=by_term[Term.LONG],
        disallowed=from_cents(sum(row.wash_cents for row in of_year.dispositions)),
        net=None if schedule_d is None else schedule_d.line_16,
        tax=tax,
        carryover=of_year.carryover,
        held=_held(found.open_lots, date(year, 12, 31)),
    )


def _held(lots: tuple[OpenLot, ...], day: date) -> tuple[HeldAsset, ...]:
    """The taxable lots at the year's end, summed by asset."""
    by_asset: dict[str, list[OpenLot]] = {}
    for lot in lots:
        if not lot.is_ira:
            by_asset.setdefault(lot.asset, []).append(lot)
    found = []
    for asset, held in by_asset.items():
        quantity = basis = long_term = ZERO
        for lot in held:
            quantity = EXACT.add(quantity, lot.quantity)
            basis = EXACT.add(basis, lot.basis)
            if lot.term(day) is Term.LONG:
                long_term = EXACT.add(long_term, lot.quantity)
        cents = to_the_cent(basis)
        found.append(HeldAsset(asset, quantity, cents, len(held), long_term))
    return tuple(found)
