"""Open section 1256 contracts at their prices of a year that is not over: they count at the year's end, sold or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from capgain.engine.compute import compute
from capgain.engine.explain import explain
from capgain.engine.explain_forms import FORM_AND_LINE
from capgain.engine.explanation import EVERY_ROW, Explanation, Step, Telling
from capgain.engine.forms.tax_on_gains import StatedIncome, TaxOnGains, tax_on_gains
from capgain.engine.ledger import Ledger, PlannedMarks
from capgain.engine.money import dollars, from_cents
from capgain.engine.planning.prices import prices_on
from capgain.engine.problems import UnknownYear
from capgain.engine.replay.contracts_1256 import mark_day
from capgain.engine.report import TaxReport, YearReport
from capgain.engine.results.contracts import ContractEnd, ContractResult
from capgain.engine.units import quantity_text

NOTHING_STATED: Mapping[str, Decimal] = {}
CONTRACTS_FORM = "6781"
"""Has what is closed alone until the year is over."""


def at_prices(
    ledger: Ledger,
    year: int,
    day: date | None = None,
    *,
    stated: Mapping[str, Decimal] = NOTHING_STATED,
    today: date | None = None,
) -> Ledger:
    """The ledger with the prices at which a plan counts contracts open in `year`: the latest of that year, or to `day`.

    One without a date is of the day looked from. `stated`, by asset in casefold, stand in for prices that are missing.
    A year that is over `today` counts its own marks, unless it is seen from a `day` before them. A year before the
    plan's that is not over is marked too, at its own latest prices: the plan's year counts from there.
    """
    now = (today or date.today()).year
    is_over = year < now and (day is None or day >= mark_day(year))
    if ledger.planned_marks is not None or is_over:
        return ledger
    marks = {one: _prices_of(ledger, one, None) for one in range(now, year)}
    marks[year] = {**stated, **_prices_of(ledger, year, day)}
    return replace(ledger, planned_marks=PlannedMarks(marks))


def _prices_of(ledger: Ledger, year: int, day: date | None) -> dict[str, Decimal]:
    """The latest price of each asset in a year, up to a day of it."""
    found = prices_on(ledger.prices, day or date(year, 12, 31)).items()
    return {asset: price.price for asset, price in found if price.day is None or price.day.year == year}


def counted_at_prices(
    report: TaxReport,
    year: int,
    day: date | None = None,
    *,
    stated: Mapping[str, Decimal] = NOTHING_STATED,
    today: date | None = None,
) -> TaxReport:
    """The report with those contracts counted; itself where there are none, or the year is over."""
    if not any(report.contract_assets):
        return report
    ledger = at_prices(report.ledger, year, day, stated=stated, today=today)
    if ledger is report.ledger:
        return report
    return compute(ledger, through=max(report.years, default=year), lots_as_of=report.lots_as_of, today=today)


def marked_at_prices(report: TaxReport, year: int) -> tuple[ContractResult, ...]:
    """The contracts that a plan counts though they are open."""
    planned, found = report.ledger.planned_marks, report.years.get(year)
    if planned is None or year not in planned.prices or found is None:
        return ()
    return tuple(one for one in found.contracts if one.end is ContractEnd.MARKED)


def said_of_contracts(report: TaxReport, year: int) -> Iterator[str]:
    """What a plan has to say of contracts that are open: what those with a price come to, and which have none."""
    marked = marked_at_prices(report, year)
    if marked:
        gain = from_cents(sum(one.gain_cents for one in marked))
        yield (
            f"Open section 1256 contracts ({_names(one.asset for one in marked)}) are counted at their prices of "
            f"{year}: {dollars(gain)}, 40% of it short-term and 60% long-term, as if marked at the year's end "
            "(26 USC 1256(a))."
        )
    found = report.years.get(year)
    hidden = frozenset() if found is None else report.ledger.off_the_return(found.status)
    unpriced = [one.asset for one in report.contracts_without_price if one.account not in hidden]
    if unpriced:
        yield (
            f"No price of {_names(unpriced)} in {year}: what these open section 1256 contracts come to at the year's "
            "end is not in these figures. Add to Prices a row with Asset, Price and Date."
        )
    yield from _said_of_years_before(report, year)


def _said_of_years_before(report: TaxReport, year: int) -> Iterator[str]:
    """From what a plan counts contracts held since a year before its own that is not over yet."""
    planned, found = report.ledger.planned_marks, report.years.get(year)
    if planned is None or found is None:
        return
    for before, prices in planned.prices.items():
        held = [one.asset for one in found.contracts if one.opened.year <= before < year]
        marked = [asset for asset in held if asset.casefold() in prices]
        if marked:
            yield (
                f"{before} is not over: {_names(marked)} count in {year} from their prices of {before}, as if "
                "marked at its end."
            )
        if len(marked) < len(held):
            yield (
                f"No price of {_names({*held} - {*marked})} in {before}, which is not over: {year} counts from what "
                f"they cost or the last mark. Add to Prices a row with Asset, Price and a Date in {before}."
            )


def contracts_open(report: TaxReport) -> str:
    """The section 1256 contracts that are open, in words; "" for none, and for a day before the ledger's last row."""
    last = max((entry.at.date() for entry in report.ledger.transactions), default=date.min)
    if report.lots_as_of is not None and report.lots_as_of < last:
        return ""
    units: dict[tuple[str, str], int] = {}
    for one in report.open_contracts:
        place = one.asset, one.account or "(blank)"
        units[place] = units.get(place, 0) + (-one.units if one.is_short else one.units)
    held = {place: f"{quantity_text(abs(count))}{' sold first' if count < 0 else ''}" for place, count in units.items()}
    return ", ".join(f"{asset} in {account}: {count}" for (asset, account), count in held.items())


def _names(assets: Iterable[str]) -> str:
    return ", ".join(sorted(set(assets)))


def tax_of_year(report: TaxReport, year: int, stated: StatedIncome | None = None) -> TaxOnGains:
    """The tax on the gains of a year, with the contracts that are open still; raises what tax_on_gains raises.

    `stated` is what is said of the rest of the return: by default the ledger's Settings.
    """
    counted = counted_at_prices(report, year)
    found = counted.years.get(year)
    if found is None or found.schedule_d is None:
        raise UnknownYear(f"There is no Schedule D for {year}, so no tax on its gains. Ask for another with --year.")
    if stated is None:
        stated = stated_income(report, found)
    tax = tax_on_gains(found.schedule_d, stated)
    return replace(tax, assumptions=(*said_of_contracts(counted, year), *tax.assumptions))


def explained(report: TaxReport, year: int, line: str, telling: Telling = EVERY_ROW) -> Explanation:
    """A line of Schedule D or of a form behind the tax, as `explain` has it; those of the tax with what it counts."""
    of_form = FORM_AND_LINE.fullmatch(line.strip())
    if of_form is None or of_form["form"] == CONTRACTS_FORM or report.has_errors:
        return explain(report, year, line, telling)
    counted = counted_at_prices(report, year)
    found = explain(counted, year, line, telling)
    return replace(found, steps=(*found.steps, *(Step(0, words) for words in said_of_contracts(counted, year))))


def stated_income(report: TaxReport, found: YearReport) -> StatedIncome:
    """What Settings and the ledger's own income say of the rest of a year's return."""
    return StatedIncome.of(report.ledger.settings, found.year, found.income, report.minimum_tax)
