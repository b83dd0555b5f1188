"""From a ledger to the tax report: the whole story on one screen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from capgain.engine.classes import FilingStatus
from capgain.engine.classification import classify
from capgain.engine.forms.form_8949 import Form8949
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.ledger import SCHEDULE_D_INPUT_LINES, Ledger
from capgain.engine.money import ZERO
from capgain.engine.policy import STANDARD, Policy
from capgain.engine.problems import Problem
from capgain.engine.replay.replay import Replayed, replay
from capgain.engine.report import TaxReport, YearReport
from capgain.engine.results import Carryover, Disposition, IncomeItem
from capgain.engine.search_for_cycles import without_search_for_cycles
from capgain.engine.warnings import settings_warnings, unreadable_rows_note, wash_sales_to_review, year_warnings
from capgain.engine.years import has_tax_year, tax_year

NOTHING_CARRIED = Carryover(ZERO, ZERO)


def compute(
    ledger: Ledger,
    *,
    through: int | None = None,
    lots_as_of: date | None = None,
    policy: Policy = STANDARD,
    progress: Callable[[int, int], None] | None = None,
) -> TaxReport:
    """Everything that follows from a ledger, from its first row's tax year to its last row's, and on to year `through`.

    What each asset is, then the rows day by day: lots, wash sales and rows of Form 8949; then the forms year by year.
    With an error in the ledger nothing but the problems is reported: a chain with a hole has no total. `lots_as_of`
    gives the lots held at the end of that day; `progress` is called with rows done and rows in all.
    """
    with without_search_for_cycles():
        classes, doubts = classify(ledger)
        replayed = replay(ledger, classes, lots_as_of=lots_as_of, policy=policy, progress=progress)
        booking = unreadable_rows_note(ledger.problems, (*doubts, *replayed.problems))
        problems = (*ledger.problems, *settings_warnings(ledger), *booking)
        if any(problem.is_error for problem in problems):
            return TaxReport(ledger, {}, (), (), (), problems)
        years, by_year = _years(ledger, replayed, through)
        to_review = wash_sales_to_review(ledger, replayed.dispositions, replayed.wash_sales)
        return TaxReport(
            ledger,
            years,
            replayed.open_lots,
            replayed.open_shorts,
            replayed.wash_sales,
            (*problems, *to_review, *by_year),
            lots_as_of,
        )


def _years(ledger: Ledger, replayed: Replayed, through: int | None) -> tuple[dict[int, YearReport], list[Problem]]:
    """One report a year, the carryover chained from each into the next (26 USC 1212(b))."""
    dated = [entry.at.year for entry in ledger.transactions]
    if not dated:
        return {}, []
    sold: dict[int, list[Disposition]] = defaultdict(list)
    for row in replayed.dispositions:
        sold[row.sold.year].append(row)
    earned: dict[int, list[IncomeItem]] = defaultdict(list)
    for item in replayed.income:
        earned[item.day.year].append(item)
    years: dict[int, YearReport] = {}
    problems: list[Problem] = []
    carried = NOTHING_CARRIED
    first = min(dated)
    asked = first if through is None else through
    for year in range(min(first, asked), max(max(dated), asked) + 1):
        status = ledger.settings.filing_status.of(year) or FilingStatus.SINGLE
        off_return = ledger.off_the_return(status)
        rows = tuple(row for row in sold[year] if row.account not in off_return) if off_return else tuple(sold[year])
        income = tuple(item for item in earned[year] if item.account not in off_return)
        carried = _stated(ledger, year, carried, first)
        report = _one_year(ledger, year, status, rows, income, carried)
        years[year] = report
        problems.extend(year_warnings(ledger, report, is_asked=year == through))
        carried = _filed(ledger, year, report.carryover or NOTHING_CARRIED)
    return years, problems


def _one_year(
    ledger: Ledger,
    year: int,
    status: FilingStatus,
    rows: tuple[Disposition, ...],
    income: tuple[IncomeItem, ...],
    carried: Carryover,
) -> YearReport:
    if not has_tax_year(year):
        return YearReport(year, status, rows, income, None, None, None, None, carried)
    data = tax_year(year)
    settings = ledger.settings
    stated = {line: settings.schedule_d_line(line, year) for line in SCHEDULE_D_INPUT_LINES}
    stated["13"] += sum((item.amount for item in income if item.is_capital_gain_distribution), ZERO)
    form_8949 = Form8949.of(rows, data, exception_1=settings.exception_1.of(year))
    schedule_d = ScheduleD(
        form_8949=form_8949,
        carried_in=carried,
        stated=stated,
        status=status,
        year=data,
        qualified_dividends=settings.qualified_dividends.of(year),
        in_whole_dollars=settings.whole_dollars.of(year),
    )
    worksheet = schedule_d.carryover_worksheet(_taxable_income(ledger, year, schedule_d))
    carryover = Carryover(worksheet.short, worksheet.long)
    return YearReport(year, status, rows, income, form_8949, schedule_d, worksheet, carryover, carried)


def _taxable_income(ledger: Ledger, year: int, schedule_d: ScheduleD) -> Decimal | None:
    """Form 1040 taxable income as stated, or what other income and the year's gains come to; None: not known."""
    stated, other = ledger.settings.taxable_income.of(year), ledger.settings.other_income.of(year)
    if stated is None and other is not None:
        return other + schedule_d.form_1040_gain
    return stated


def _stated(ledger: Ledger, year: int, chained: Carryover, first: int) -> Carryover:
    """A carryover stated for the year, or without a year into the first one with data."""
    short = _stated_for(ledger.settings.carryover_short.years.get(year), chained.short)
    long = _stated_for(ledger.settings.carryover_long.years.get(year), chained.long)
    if year >= first and has_tax_year(year) and not any(has_tax_year(earlier) for earlier in range(first, year)):
        short = (
            short if year in ledger.settings.carryover_short.years else ledger.settings.carryover_short.default or short
        )
        long = long if year in ledger.settings.carryover_long.years else ledger.settings.carryover_long.default or long
    return Carryover(short, long)


def _stated_for(stated: Decimal | None, otherwise: Decimal) -> Decimal:
    return otherwise if stated is None else stated


def _filed(ledger: Ledger, year: int, computed: Carryover) -> Carryover:
    """The carryover that was filed out of a year chains on, whatever the ledger gives today (contract, Settings)."""
    return Carryover(
        _stated_for(ledger.settings.filed_carryover_short.years.get(year), computed.short),
        _stated_for(ledger.settings.filed_carryover_long.years.get(year), computed.long),
    )
