"""The report workbook as sheets that any writer can put somewhere, in their order (contract, section 6)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from capgain.engine.classes import Term
from capgain.engine.report import TaxReport, YearReport
from capgain.workbook.report import to_fix
from capgain.workbook.report.calendar_sheet import calendar_sheet
from capgain.workbook.report.carryover import carried_in_cells, carryover
from capgain.workbook.report.checks import Check, checks_sheet
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.estimates import estimates
from capgain.workbook.report.form_6781 import form_6781
from capgain.workbook.report.form_8949 import Part, part_of_form_8949
from capgain.workbook.report.gains import gains
from capgain.workbook.report.harvest import harvest_sheet
from capgain.workbook.report.harvest_plan import Ticks, harvest_plan
from capgain.workbook.report.held_sheets import HeldSheets
from capgain.workbook.report.income import income
from capgain.workbook.report.income_checks import income_checks
from capgain.workbook.report.ledger_copy import LedgerCells, copy_of, ledger_cells, ledger_copy
from capgain.workbook.report.ledger_proof import LedgerProof
from capgain.workbook.report.list_checks import ledger_as_read, list_checks, worksheet_checks
from capgain.workbook.report.listing import Listing
from capgain.workbook.report.looked_from import day_looked_from
from capgain.workbook.report.lot_proof import Sheets as ProofLists
from capgain.workbook.report.prices_sheet import NAME as PRICES
from capgain.workbook.report.proof_checks import gain_columns, ledger_ties, proof_checks, proof_of
from capgain.workbook.report.readme import Outcome, readme
from capgain.workbook.report.schedule_d import ScheduleDSheet
from capgain.workbook.report.summary import Lists, summary
from capgain.workbook.report.tax import rate_28_cell, tax_name, tax_sheet
from capgain.workbook.report.tie_outs import YearSheets, ledger_checks, year_checks
from capgain.workbook.report.wash_sales import wash_sales
from capgain.workbook.report.years_sheet import years_sheet
from capgain.workbook.sheets import Book, Sheet

if TYPE_CHECKING:
    from capgain.workbook.reading import LedgerFile

__all__ = ["draft_book", "report_book"]


def report_book(
    report: TaxReport,
    source: LedgerFile,
    year: int | None,
    *,
    show_ssn: bool = False,
    ticks: Ticks | None = None,
    copies_ledger: bool = True,
) -> Book:
    """The report workbook of one tax year, or of all of them with `year` None.

    With errors in the ledger there are no numbers to report: the book is then `draft_book`. `show_ssn` prints the
    social security number in full; `ticks` are lots ticked on the sheet Harvest from the start. Without
    `copies_ledger` the book is written beside the ledger itself, which has no working columns, and refers to none.
    Raises UnknownYear for a year that the report does not have, or has no forms for.
    """
    if report.has_errors:
        return draft_book(report, source, show_ssn=show_ssn)
    papers = Workpapers.of(report, source, year, show_ssn=show_ssn)
    cells = ledger_cells(papers, with_proof=copies_ledger)
    ledger = None if cells is None else cells.proof
    years = tuple(_YearOfSheets(papers, report.years[shown], ledger) for shown in papers.years)
    last = years[-1] if years else None
    held = HeldSheets(papers, None if last is None else (last.year, last.gains))
    proven = None
    if last is not None and ledger is not None:
        lists_of_year = ProofLists(last.gains, held.lots, last.wash_sales, None)
        proven = proof_of(papers, report.years[last.year], ledger, lists_of_year)
    checked = checks_sheet(
        papers,
        [
            *(check for sheets in years for check in sheets.checks),
            *(() if proven is None or last is None else proof_checks(report.years[last.year], proven, last.wash_sales)),
            *ledger_checks(papers, held.lots),
            *(() if cells is None or ledger is None else ledger_as_read(cells)),
            *held.checks,
        ],
    )
    lists = Lists(
        gains={sheets.year: sheets.gains for sheets in years},
        income={sheets.year: sheets.income for sheets in years},
        wash_sales={sheets.year: sheets.wash_sales for sheets in years},
        open_lots=held.lots,
        places=held.places,
    )
    body = [
        summary(papers, lists),
        *([to_fix.to_fix(papers)] if to_fix.needed(papers) else []),
        *([] if held.portfolio is None else [held.portfolio]),
        *_where_there_is_one(years_sheet(papers, lists.gains, lists.income)),
        *(sheets.schedule_d for sheets in years if sheets.schedule_d is not None),
        *(sheets.parts[Term.SHORT].sheet for sheets in years if sheets.parts),
        *(sheets.parts[Term.LONG].sheet for sheets in years if sheets.parts),
        *(sheets.form_6781 for sheets in years if sheets.form_6781 is not None),
        *(sheets.carryover for sheets in years if sheets.carryover is not None),
        *(sheets.tax.sheet for sheets in years if sheets.tax is not None),
        *(sheets.estimates for sheets in years if sheets.estimates is not None),
        *(sheets.gains.sheet for sheets in years),
        held.lots.sheet,
        *([] if proven is None else [proven.lots.listing.sheet, proven.rolled.listing.sheet]),
        *(sheets.income.sheet for sheets in years),
        *(sheets.wash_sales.sheet for sheets in years),
        *_where_there_is_one(_harvest(papers, years, held, ticks or {})),
        *_where_there_is_one(None if held.portfolio is None else calendar_sheet(papers, held.places)),
        checked.sheet,
        *(sheet for sheet in _as_read(papers, cells) if sheet.name != PRICES),
        *([] if held.prices is None else [held.prices.sheet]),
    ]
    first = readme(
        papers, tuple(sheet.name for sheet in body), Outcome(checked.all_pass_cell, checked.failed, checked.count)
    )
    return replace(_book(papers, (first, *body)), names=held.names)


def draft_book(report: TaxReport, source: LedgerFile, *, show_ssn: bool = False) -> Book:
    """What can be shown of a ledger with errors: Readme, To Fix, and the Ledger with its problem cells marked."""
    papers = Workpapers.of(report, source, None, show_ssn=show_ssn)
    body = [to_fix.to_fix(papers), *_as_read(papers, ledger_cells(papers, with_proof=False))[:1]]
    return _book(papers, (readme(papers, tuple(sheet.name for sheet in body), None), *body))


def _book(papers: Workpapers, sheets: tuple[Sheet, ...]) -> Book:
    return Book(
        sheets=sheets,
        title=f"Capital gains and losses {papers.period}".strip(),
        created=papers.created,
        subject="Form 8949, Schedule D and the working papers behind them",
        comments=f"Made from {papers.source.path.name}, SHA-256 {papers.source.sha256}",
    )


class _YearOfSheets:
    """All sheets of one year, laid out in the order in which they refer to one another."""

    def __init__(self, papers: Workpapers, year: YearReport, ledger: LedgerProof | None) -> None:
        self.year = year.year
        self.parts: dict[Term, Part] = {}
        if year.form_8949 is not None:
            self.parts = {term: part_of_form_8949(papers, year.form_8949, term) for term in Term}
        rows = [(part.sheet.name, part.rows) for part in self.parts.values()]
        self.gains: Listing = gains(papers, year, rows, ledger)
        self.income: Listing = income(papers, year)
        self.wash_sales: Listing = wash_sales(papers, year)
        self.schedule_d: Sheet | None = None
        self.carryover: Sheet | None = None
        if year.schedule_d is not None:
            carried = carried_in_cells(papers, year.year)
            rate_28 = tax_name(papers, year.year), rate_28_cell()
            self.schedule_d = ScheduleDSheet(papers, year.schedule_d, self.parts, self.gains, carried, rate_28).sheet()
            self.carryover = carryover(papers, year)
        self.form_6781 = form_6781(papers, year)
        self.estimates = estimates(papers, year, day_looked_from(papers))
        self.tax = tax_sheet(papers, year, self.gains)
        name = self.schedule_d.name if self.schedule_d is not None else ""
        self.checks: tuple[Check, ...] = (
            *(() if ledger is None else ledger_ties(papers, year, ledger, self.gains)),
            *gain_columns(year, self.gains),
            *list_checks(year, (self.gains, self.wash_sales, self.income)),
            *year_checks(papers, year, YearSheets(self.parts, self.gains, self.wash_sales, name)),
            *(() if ledger is None else income_checks(papers, year, ledger, self.income)),
            *(self.tax.checks if self.tax is not None else ()),
            *worksheet_checks(year, self.carryover, None if self.tax is None else self.tax.sheet),
        )


def _where_there_is_one(sheet: Sheet | None) -> list[Sheet]:
    return [] if sheet is None else [sheet]


def _harvest(papers: Workpapers, years: tuple[_YearOfSheets, ...], held: HeldSheets, ticks: Ticks) -> Sheet | None:
    """The sheet Harvest of the last year, where something can be sold."""
    if held.portfolio is None:
        return None
    plan = harvest_plan(papers, held.places.held.as_of, ticks)
    if plan is None:
        return None
    tax = years[-1].tax
    return harvest_sheet(papers, plan, held.places, None if tax is None else tax.cells)


def _as_read(papers: Workpapers, cells: LedgerCells | None) -> list[Sheet]:
    """Ledger, Accounts, Settings and Prices in the order of the contract, those that were read."""
    by_name = {raw.name.lower(): raw for raw in papers.source.raw}
    sheets = [] if cells is None else [ledger_copy(papers, cells)]
    sheets += [copy_of(papers, by_name[name]) for name in ("accounts", "settings", "prices") if name in by_name]
    return sheets
