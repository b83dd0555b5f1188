"""Sales planned lot by lot: what the year's return would be with them, beside what it is now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from capgain.engine.classes import FilingStatus, Term
from capgain.engine.compute import compute
from capgain.engine.forms.tax import Gains
from capgain.engine.ledger import Ledger
from capgain.engine.money import EXACT, ZERO, from_cents
from capgain.engine.planning.contracts_at_price import at_prices, counted_at_prices
from capgain.engine.planning.copies import booked_by, free_row, sale_at_close, with_rows
from capgain.engine.planning.installment_to_come import change_of_installment, still_due
from capgain.engine.planning.prices import worth
from capgain.engine.planning.refused import PlanRefused
from capgain.engine.planning.year_at_hand import YearAtHand, all_gains, year_at_hand
from capgain.engine.problems import InvalidLedger
from capgain.engine.replay.wash_refusals import WINDOW
from capgain.engine.report import TaxReport
from capgain.engine.results.held import OpenLot
from capgain.engine.transactions import Acquisition, Buy, Income, LotPick, Reinvest, Sell, Trade, Transaction
from capgain.engine.units import plain_quantity


@dataclass(frozen=True, slots=True)
class LotKey:
    """What tells an open lot from every other: the row that first acquired it, where it lies, its id, its day."""

    row: int
    account: str
    lot: str
    acquired: date

    @classmethod
    def of(cls, lot: OpenLot) -> LotKey:
        return cls(lot.row, lot.account, lot.lot, lot.acquired)


@dataclass(frozen=True, slots=True)
class Tick:
    """A lot to sell at `price` dollars a unit; `units` None sells all of it."""

    key: LotKey
    asset: str
    price: Decimal
    units: Decimal | None = None


def lots_named(lots: Iterable[OpenLot], name: str) -> list[OpenLot]:
    """The lots of this id, or acquired in this ledger row, `12` or `row 12`. Raises PlanRefused for none or several."""
    held = [lot for lot in lots if not lot.is_ira]
    found = [lot for lot in held if lot.lot and lot.lot.casefold() == name.strip().casefold()]
    row = name.strip().casefold().removeprefix("row").strip()
    if not found and row.isascii() and row.isdigit():
        found = [lot for lot in held if lot.row == int(row)]
    if not found:
        raise PlanRefused(
            f"No lot {name!r} is held. Name a lot by its id or by the ledger row that acquired it; capgain harvest "
            "lists them."
        )
    places = {(lot.row, lot.asset, lot.account, lot.lot, lot.acquired) for lot in found}
    if len(places) > 1:
        where = "; ".join(f"{asset} of row {row} in {place or '(blank)'}" for row, asset, place, *_ in sorted(places))
        raise PlanRefused(f"{name!r} names more than one lot: {where}. Tick them in the workbook's sheet Harvest.")
    return found


@dataclass(frozen=True, slots=True)
class PlannedSale:
    """What one ticked sale brings: `result` before any wash sale, `not_allowed` (positive) what one takes away."""

    tick: Tick
    units: Decimal
    result: Decimal
    not_allowed: Decimal
    short: Decimal
    long: Decimal

    @property
    def term(self) -> Term:
        return Term.LONG if self.long else Term.SHORT


@dataclass(frozen=True, slots=True)
class ReturnLines:
    """Lines of one return, losses negative; carryovers positive. Income and tax are None where not known."""

    line_7: Decimal
    line_15: Decimal
    line_16: Decimal
    line_21: Decimal
    carry_short: Decimal
    carry_long: Decimal
    taxable_income: Decimal | None
    tax: Decimal | None


@dataclass(frozen=True, slots=True)
class Planned:
    """The return of the year as it stands and with the ticked sales.

    `notes` are what the tax takes for granted, and what the sales do to the next payment of estimated tax.
    """

    as_of: date
    at_hand: YearAtHand
    sold: tuple[PlannedSale, ...]
    now: ReturnLines
    then: ReturnLines
    notes: tuple[str, ...]

    @property
    def tax_saved(self) -> Decimal | None:
        """What the sales take off this year's tax; negative: they add to it; None: not known."""
        return None if self.now.tax is None or self.then.tax is None else self.now.tax - self.then.tax


def planned(ledger: Ledger, as_of: date, ticks: Sequence[Tick]) -> Planned:
    """The ticked sales at the end of `as_of`, booked in a copy of the ledger, so that every rule applies to them.

    Later rows count where they are purchases of the next 30 days, which may replace what is sold. Raises PlanRefused
    for a lot that is not there to sell or a year without a form, and InvalidLedger.
    """
    whole = compute(ledger, through=as_of.year)
    known = at_prices(_with_purchases_to_come(ledger, as_of, whole.contract_assets), as_of.year, as_of)
    report = _computed(known, as_of)
    counted = None if whole.has_errors else counted_at_prices(whole, as_of.year)
    at_hand = year_at_hand(report, as_of.year, whole_year=counted)
    held = compute(booked_by(known, as_of), through=as_of.year, lots_as_of=as_of).open_lots
    then, sales = with_sales(report, held, as_of, ticks)
    sold = tuple(
        _result(then, as_of.year, sale.row, tick, sale.quantity) for sale, tick in zip(sales, ticks, strict=True)
    )
    said = change_of_installment(report, then, as_of, "What is ticked") if sales else still_due(report, as_of)
    notes = (*([said] if said else []), *at_hand.assumptions)
    return Planned(as_of, at_hand, sold, _lines(report, at_hand), _lines(then, at_hand), notes)


def with_sales(
    report: TaxReport, held: Iterable[OpenLot], as_of: date, ticks: Sequence[Tick]
) -> tuple[TaxReport, Sequence[Sell]]:
    """The report of a ledger with the ticked sales of lots `held` booked on a day, and these sales.

    Raises PlanRefused for a lot that is not there to sell, and InvalidLedger where the sales do not add up.
    """
    if not ticks:
        return report, ()
    lots: dict[tuple[LotKey, str], list[OpenLot]] = {}
    for lot in held:
        lots.setdefault((LotKey.of(lot), lot.asset), []).append(lot)
    ledger = report.ledger
    status = report.years[as_of.year].status
    named, ids = _with_ids(ledger, ticks)
    first = free_row(named)
    sales = [
        _sale(first + place, as_of, tick, lots.get((tick.key, tick.asset), []), ids[tick.key], ledger, status)
        for place, tick in enumerate(ticks)
    ]
    return _computed(with_rows(named, sales), as_of), sales


def _with_purchases_to_come(ledger: Ledger, as_of: date, contracts: frozenset[str]) -> Ledger:
    """The ledger of the day with the purchases of the next 30 days; those of section 1256 contracts replace nothing."""
    known = booked_by(ledger, as_of)
    kept = set(map(id, known.transactions))
    rows = tuple(
        entry
        for entry in ledger.transactions
        if id(entry) in kept
        or (
            isinstance(entry, Buy | Reinvest | Income)
            and as_of < entry.at.date() <= as_of + WINDOW
            and entry.asset not in contracts
        )
    )
    return known if len(rows) == len(known.transactions) else replace(known, transactions=rows)


def _computed(ledger: Ledger, as_of: date) -> TaxReport:
    report = compute(ledger, through=as_of.year)
    if report.has_errors:
        raise InvalidLedger(report.problems)
    if report.years[as_of.year].schedule_d is None:
        raise PlanRefused(f"CapGain has no forms for {as_of.year}: there is no return to compare.")
    return report


def _with_ids(ledger: Ledger, ticks: Sequence[Tick]) -> tuple[Ledger, Mapping[LotKey, str]]:
    """A copy in which every ticked lot has an id by which a sale can name it."""
    ids = {tick.key: tick.key.lot or f"\0{tick.key.row}" for tick in ticks}
    unnamed = {key.row for key in ids if not key.lot}

    def named(entry: Transaction) -> Transaction:
        if entry.row not in unnamed:
            return entry
        if isinstance(entry, Trade):
            return replace(entry, received_lot=f"\0{entry.row}")
        return replace(entry, lot=f"\0{entry.row}") if isinstance(entry, Acquisition) else entry

    return replace(ledger, transactions=tuple(map(named, ledger.transactions))) if unnamed else ledger, ids


def _sale(
    row: int, day: date, tick: Tick, lots: Sequence[OpenLot], lot_id: str, ledger: Ledger, status: FilingStatus
) -> Sell:
    where = f"{tick.asset} of ledger row {tick.key.row} in {tick.key.account or '(blank)'}"
    if not lots:
        raise PlanRefused(f"{where} is not held on {day:%m/%d/%Y}. Take its tick out.")
    if tick.key.account in ledger.iras:
        raise PlanRefused(f"{where} lies in an IRA: a sale there is not taxed. Take its tick out.")
    if tick.key.account in ledger.off_the_return(status):
        raise PlanRefused(f"{where} is a spouse's and not on this separate return. Take its tick out.")
    held = ZERO
    for lot in lots:
        held = EXACT.add(held, lot.quantity)
    units = held if tick.units is None else tick.units
    if not ZERO < units <= held:
        raise PlanRefused(f"{plain_quantity(units)} units of {where} cannot be sold: {plain_quantity(held)} are held.")
    proceeds = worth(ledger, tick.asset, units, tick.price)
    sale = sale_at_close(row, day, tick.key.account, tick.asset, units, proceeds, method=None)
    return replace(sale, lots=(LotPick(lot_id, units),))


def _result(report: TaxReport, year: int, row: int, tick: Tick, units: Decimal) -> PlannedSale:
    rows = [one for one in report.years[year].dispositions if one.row == row]
    by_term = {term: from_cents(sum(one.gain_cents for one in rows if one.term is term)) for term in Term}
    not_allowed = from_cents(sum(one.wash_cents for one in rows))
    short, long = by_term[Term.SHORT], by_term[Term.LONG]
    return PlannedSale(tick, units, short + long - not_allowed, not_allowed, short, long)


def _lines(report: TaxReport, at_hand: YearAtHand) -> ReturnLines:
    found = report.years[at_hand.year]
    assert found.schedule_d is not None
    assert found.carryover is not None
    gains: Gains = all_gains(found.schedule_d)
    tax = None if at_hand.rest is None else at_hand.rest.tax(gains)
    carried = found.carryover if tax is None else tax.carryover
    return ReturnLines(
        line_7=found.schedule_d.line_7,
        line_15=found.schedule_d.line_15,
        line_16=found.schedule_d.line_16,
        line_21=found.schedule_d.line_21,
        carry_short=carried.short,
        carry_long=carried.long,
        taxable_income=None if tax is None else tax.taxable_income,
        tax=None if tax is None else tax.total,
    )
