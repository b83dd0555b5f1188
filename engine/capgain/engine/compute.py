"""From a ledger to the tax report: the whole story on one screen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from capgain.engine.classes import AssetClass, FilingStatus
from capgain.engine.classification import Place, classify
from capgain.engine.contract_warnings import contract_warnings
from capgain.engine.forms.form_1099.answered import answered
from capgain.engine.forms.form_1099.boxes_assumed import still_assumed
from capgain.engine.forms.form_6781 import Form6781
from capgain.engine.forms.form_8949 import Form8949
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.forms.stated_income import StatedIncome
from capgain.engine.forms.tax_on_gains import line_15_with_gains
from capgain.engine.gifts_and_losses import values_missing
from capgain.engine.ledger import Ledger
from capgain.engine.money import ZERO
from capgain.engine.nft_questions import nft_questions
from capgain.engine.open_options import open_options
from capgain.engine.open_windows import open_windows
from capgain.engine.optional_reporting import optional_reporting
from capgain.engine.policy import STANDARD, Policy
from capgain.engine.problems import Problem
from capgain.engine.replay.replay import Replayed, replay
from capgain.engine.report import TaxReport, YearReport, default_year, year_meant
from capgain.engine.results.carryovers import Carryover
from capgain.engine.results.contracts import ContractResult
from capgain.engine.results.dispositions import Disposition
from capgain.engine.results.income import IncomeItem
from capgain.engine.search_for_cycles import without_search_for_cycles
from capgain.engine.settings import SCHEDULE_D_INPUT_LINES
from capgain.engine.stated_figures import iso_items_stated, results_compared
from capgain.engine.stated_washes import stated_washes_not_carried
from capgain.engine.transactions import AddBasis
from capgain.engine.trust_sales_missing import trust_sales_missing
from capgain.engine.trusts import trust_warnings
from capgain.engine.warnings import figures_of_no_year, settings_warnings, unreadable_rows_note, wash_sales_to_review
from capgain.engine.year_warnings import year_warnings
from capgain.engine.years import has_tax_year, tax_year

NOTHING_CARRIED = Carryover(ZERO, ZERO)


def compute(
    ledger: Ledger,
    *,
    through: int | None = None,
    lots_as_of: date | None = None,
    policy: Policy = STANDARD,
    today: date | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> TaxReport:
    """Everything that follows from a ledger, from its first row's tax year to its last row's.

    Years go on to `through`, the year asked for, and to Settings `Tax Year`, and begin with a carryover that is stated
    for an earlier one. Whether the year is over is told by `today` (default: this machine's date).

    What each asset is, then the rows day by day: lots, wash sales and rows of Form 8949; then the forms year by year.
    With an error in the ledger nothing but the problems is reported: a chain with a hole has no total. `lots_as_of`
    gives the lots held at the end of that day; `progress` is called with rows done and rows in all.
    """
    with without_search_for_cycles():
        classes, doubts = classify(ledger)
        replayed = replay(ledger, classes, lots_as_of=lots_as_of, policy=policy, today=today, progress=progress)
        forms = answered(
            ledger,
            replayed.dispositions,
            replayed.wash_sales.across(),
            _year_of_forms(ledger, replayed, through, today or date.today()),
            lambda: replay_as_brokers_do(ledger, classes),
        )
        of_rows = still_assumed(ledger, forms.dispositions, replayed.problems)
        booking = unreadable_rows_note(ledger.problems, (*doubts, *of_rows, *forms.problems))
        problems = (*ledger.problems, *settings_warnings(ledger), *trust_warnings(ledger, classes), *booking)
        if any(problem.is_error for problem in problems):
            return TaxReport(ledger, {}, (), (), (), problems)
        booked = replace(replayed, dispositions=forms.dispositions, income=(*replayed.income, *forms.income))
        years, by_year = _years(ledger, booked, through, today or date.today())
        to_review = wash_sales_to_review(ledger, replayed.wash_sales)
        still_open = open_windows(ledger, forms.dispositions, forms.forms)
        optional = optional_reporting(ledger, forms.dispositions)
        second_basis = iso_items_stated(ledger, replayed.minimum_tax)
        unvalued = values_missing(ledger, replayed.departures)
        tokens = nft_questions(ledger, forms.dispositions) if AssetClass.NFT in classes.values() else ()
        unsold = trust_sales_missing(ledger, replayed.trusts_held, years, today or date.today())
        left_open = open_options(ledger, replayed.open_lots, replayed.open_shorts, today or date.today())
        return TaxReport(
            ledger,
            years,
            replayed.open_lots,
            replayed.open_shorts,
            replayed.wash_sales,
            (
                *problems,
                *to_review,
                *stated_washes_not_carried(ledger, forms.dispositions),
                *results_compared(ledger, forms.dispositions),
                *still_open,
                *optional,
                *left_open,
                *unsold,
                *tokens,
                *unvalued,
                *second_basis,
                *contract_warnings(ledger, years, replayed.open_contracts, today or date.today()),
                *by_year,
            ),
            lots_as_of,
            replayed.opening_lots,
            replayed.departures,
            replayed.minimum_tax,
            replayed.open_contracts,
            forms.forms,
            replayed.contracts_without_price,
        )


def _year_of_forms(ledger: Ledger, replayed: Replayed, through: int | None, today: date) -> int | None:
    """The year that the sheet 1099 is about: Settings `Tax Year`, else the year asked for, else the default year.

    None where there is no such sheet.
    """
    if ledger.forms_1099 is None:
        return None
    if ledger.settings.tax_year is None and through is not None:
        return through
    with_results = {row.sold.year for row in replayed.dispositions} | {one.closed.year for one in replayed.contracts}
    return year_meant(ledger, with_results, today)


def replay_as_brokers_do(ledger: Ledger, classes: Mapping[Place, AssetClass]) -> tuple[Disposition, ...]:
    """Rows of Form 8949 with wash sales within one account and one security (Treas. Reg. 1.6045-1(d)(6)(iii)).

    Pay added to basis is not known to the broker.
    """
    rows = tuple(entry for entry in ledger.transactions if not isinstance(entry, AddBasis))
    alone = replace(ledger, transactions=rows, settings=replace(ledger.settings, identical=()))
    return replay(alone, classes, policy=Policy(wash_across_accounts=False)).dispositions


def _years(
    ledger: Ledger, replayed: Replayed, through: int | None, today: date
) -> tuple[dict[int, YearReport], list[Problem]]:
    """One report a year, the carryover chained from each into the next (26 USC 1212(b))."""
    dated = ledger.years
    if not dated:
        return {}, []
    sold: dict[int, list[Disposition]] = defaultdict(list)
    for row in replayed.dispositions:
        sold[row.sold.year].append(row)
    earned: dict[int, list[IncomeItem]] = defaultdict(list)
    for item in replayed.income:
        earned[item.day.year].append(item)
    ended: dict[int, list[ContractResult]] = defaultdict(list)
    for result in replayed.contracts:
        ended[result.closed.year].append(result)
    years: dict[int, YearReport] = {}
    carried = NOTHING_CARRIED
    asked = [year for year in (through, ledger.settings.tax_year) if year is not None]
    for year in range(min([*dated, *sold, *asked, *_years_carried_into(ledger)]), max([*dated, *asked, *ended]) + 1):
        status = ledger.settings.filing_status.of(year) or FilingStatus.SINGLE
        off_return = ledger.off_the_return(status)
        rows = tuple(row for row in sold[year] if row.account not in off_return) if off_return else tuple(sold[year])
        items = tuple(item for item in earned[year] if item.account not in off_return)
        stated = ledger.stated_carryover(year)
        carried = Carryover(_stated_for(stated[0], carried.short), _stated_for(stated[1], carried.long))
        contracts = tuple(one for one in ended[year] if one.account not in off_return)
        report = _one_year(ledger, year, status, rows, items, carried, contracts)
        years[year] = report
        carried = _filed(ledger, year, report.carryover or NOTHING_CARRIED)
    shown = through if through is not None else default_year(ledger, years, today)
    problems = [*figures_of_no_year(ledger, shown)]
    bearing = _bearing_on(ledger, years, shown)
    for year, report in years.items():
        problems.extend(year_warnings(ledger, report, is_asked=year == shown, bears_on_it=year in bearing, today=today))
    return years, problems


def _bearing_on(ledger: Ledger, years: Mapping[int, YearReport], shown: int | None) -> range:
    """The year shown and those before it, from the last on whose two carryovers are stated."""
    if shown is None:
        return range(0)
    stated = [year for year in years if year <= shown and None not in ledger.stated_carryover(year)]
    return range(max(stated, default=min(years)), shown + 1)


def _years_carried_into(ledger: Ledger) -> list[int]:
    """The years for which Settings state what came into them: a carryover, or what the year before filed as its own."""
    settings = ledger.settings
    into = [*settings.carryover_short.years, *settings.carryover_long.years]
    filed = [*settings.filed_carryover_short.years, *settings.filed_carryover_long.years]
    return [year for year in (*into, *filed) if has_tax_year(year)]


def _one_year(
    ledger: Ledger,
    year: int,
    status: FilingStatus,
    rows: tuple[Disposition, ...],
    income: tuple[IncomeItem, ...],
    carried: Carryover,
    contracts: tuple[ContractResult, ...],
) -> YearReport:
    if not has_tax_year(year):
        return YearReport(year, status, rows, income, None, None, None, None, carried, contracts)
    data = tax_year(year)
    settings = ledger.settings
    stated = {line: settings.schedule_d_line(line, year) for line in SCHEDULE_D_INPUT_LINES}
    stated["13"] += sum((item.amount for item in income if item.is_capital_gain_distribution), ZERO)
    form_8949 = Form8949.of(rows, data, exception_1=settings.exception_1.of(year))
    adjustments = settings.form_6781_4.of(year)
    form_6781 = Form6781(data, status, contracts, adjustments or ZERO) if contracts or adjustments else None
    schedule_d = ScheduleD(
        form_8949=form_8949,
        carried_in=carried,
        stated=stated,
        status=status,
        year=data,
        form_6781=form_6781,
        qualified_dividends=settings.qualified_dividends.of(year),
        in_whole_dollars=settings.whole_dollars.of(year),
    )
    taxable_income = line_15_with_gains(schedule_d, StatedIncome.of(settings, year, income, ()))
    worksheet = schedule_d.carryover_worksheet(taxable_income)
    carryover = Carryover(worksheet.short, worksheet.long)
    return YearReport(year, status, rows, income, form_8949, schedule_d, worksheet, carryover, carried, contracts)


def _stated_for(stated: Decimal | None, otherwise: Decimal) -> Decimal:
    return otherwise if stated is None else stated


def _filed(ledger: Ledger, year: int, computed: Carryover) -> Carryover:
    """The carryover that was filed out of a year chains on, whatever the ledger gives today (contract, Settings)."""
    return Carryover(
        _stated_for(ledger.settings.filed_carryover_short.years.get(year), computed.short),
        _stated_for(ledger.settings.filed_carryover_long.years.get(year), computed.long),
    )
