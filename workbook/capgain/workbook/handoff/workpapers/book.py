"""The whole workbook of one year, sheet by sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from capgain.engine.broker_rows import SHEET as FORM_1099
from capgain.engine.forms.boxes import BOX_LINES, boxes_of_line
from capgain.engine.forms.form_8949 import Form8949
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.planning.accounts_abroad import AccountAbroad
from capgain.engine.planning.portfolio import portfolio
from capgain.engine.report import YearReport
from capgain.workbook.handoff.closing import Closing
from capgain.workbook.handoff.explanations import Explanation
from capgain.workbook.handoff.official_forms.read_back import ReadBack
from capgain.workbook.handoff.reconciliation.reconcile import Reconciliation
from capgain.workbook.handoff.status import Status
from capgain.workbook.handoff.workpapers.accounts_abroad_sheet import abroad, accounts_abroad_sheet
from capgain.workbook.handoff.workpapers.adjustments import adjustments
from capgain.workbook.handoff.workpapers.box_sheets import BoxSheet, box_sheets, parts_by_box
from capgain.workbook.handoff.workpapers.change_log import Change, change_log
from capgain.workbook.handoff.workpapers.client_questions import questions
from capgain.workbook.handoff.workpapers.closing_checks import closing_checks
from capgain.workbook.handoff.workpapers.cover import CoverFacts, cover
from capgain.workbook.handoff.workpapers.cover_figures import LaidOut, figures_of
from capgain.workbook.handoff.workpapers.elections import elections
from capgain.workbook.handoff.workpapers.explanation_sheet import explanation_sheet
from capgain.workbook.handoff.workpapers.form_checks import adjustment_checks, box_checks, opening_checks
from capgain.workbook.handoff.workpapers.gifts_and_losses import Given, gifts_and_losses, units_given
from capgain.workbook.handoff.workpapers.income_by_kind import KindOfIncome, income_by_kind, kinds_of_income
from capgain.workbook.handoff.workpapers.open_points import OpenPoints, open_points
from capgain.workbook.handoff.workpapers.opening_rows import opening_sheet
from capgain.workbook.handoff.workpapers.package_checks import (
    earlier_years_filed,
    official_8949_checks,
    official_checks,
    reconciliation_checks,
    statement_checks,
)
from capgain.workbook.handoff.workpapers.question import AskedOf
from capgain.workbook.handoff.workpapers.question_sheet import Answered, QuestionSheet, question_sheet
from capgain.workbook.handoff.workpapers.readme import PackageFacts, package_readme
from capgain.workbook.handoff.workpapers.reconciliation_sheet import reconciliation_sheet
from capgain.workbook.handoff.workpapers.statements import statement_sheets
from capgain.workbook.handoff.workpapers.sums_over_gains import SumsOverGains
from capgain.workbook.handoff.workpapers.user_sheets import UserSheets, with_notes
from capgain.workbook.handoff.workpapers.zero_basis import zero_basis
from capgain.workbook.reading.form_1099 import header_of
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.report import to_fix
from capgain.workbook.report.carryover import carried_in_cells, carryover
from capgain.workbook.report.checks import FAIL, FIRST_ROW, Check, ChecksSheet, checks_sheet
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.estimates import estimates
from capgain.workbook.report.form_6781 import form_6781
from capgain.workbook.report.form_8949 import GAIN
from capgain.workbook.report.gains import gains
from capgain.workbook.report.income import income
from capgain.workbook.report.income_checks import income_checks
from capgain.workbook.report.ledger_copy import LedgerCells, copy_of, ledger_cells, ledger_copy
from capgain.workbook.report.list_checks import (
    as_read_checks,
    cell_checks,
    ledger_as_read,
    list_checks,
    sheet_checks,
    worksheet_checks,
)
from capgain.workbook.report.listing import Listing
from capgain.workbook.report.looked_from import day_looked_from
from capgain.workbook.report.lot_proof import Sheets
from capgain.workbook.report.open_lots import open_lots
from capgain.workbook.report.portfolio_layout import Places
from capgain.workbook.report.printed_rows import PrintedForm
from capgain.workbook.report.proof_checks import gain_columns, ledger_ties, proof_checks, proof_of
from capgain.workbook.report.schedule_d import ScheduleDSheet
from capgain.workbook.report.schedule_d_layout import LINE_ROWS, TRACE
from capgain.workbook.report.summary import Lists, summary
from capgain.workbook.report.tax import rate_28_cell, tax_name, tax_sheet
from capgain.workbook.report.tie_outs import YearSheets, ledger_checks, year_checks
from capgain.workbook.report.wash_sales import wash_sales
from capgain.workbook.sheets import Book, Sheet, link_to, position

_AS_READ = ("Accounts", "Settings", "Prices", FORM_1099)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a year's workpapers are made of. `printed` keeps cents; `read_back` are the amounts of the official PDFs.

    `before` is what last year's package says was held at its end, `addresses` where missing forms are found, `answers`
    those of the last workbook by the key of their question; `ends` is the last day that the figures know of.
    """

    papers: Workpapers
    year: YearReport
    form: Form8949
    schedule_d: ScheduleD
    printed: PrintedForm
    reconciliation: Reconciliation | None
    explanations: Sequence[Explanation]
    facts: PackageFacts
    changes: Sequence[Change]
    user: UserSheets
    raw_1099: RawSheet | None
    made_on: str
    is_over: bool
    ends: str
    answers: Mapping[str, Answered]
    read_back: ReadBack = field(default_factory=ReadBack)
    before: Closing | None = None
    addresses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Laid:
    """The workbook laid out, its checks, what is open and asked, and the income by kind."""

    book: Book
    checks: ChecksSheet
    status: Status
    points: OpenPoints
    asked: QuestionSheet
    kinds: tuple[KindOfIncome, ...]
    failed: tuple[str, ...]


def workpapers_book(contents: Contents) -> Laid:
    """Lay out the workbook: Cover, forms, statements, reconciliation, lists, proof, sources, log."""
    papers, year, form = contents.papers, contents.year, contents.form
    cells = ledger_cells(papers, with_proof=True)
    ledger = None if cells is None else cells.proof
    statements = statement_sheets(papers, contents.printed.statements)
    boxes = box_sheets(papers, form, contents.printed, statements)
    realized = gains(papers, year, [(one.sheet.name, one.rows) for one in boxes.values()], ledger)
    matched = wash_sales(papers, year)
    earned = income(papers, year)
    kinds = kinds_of_income(papers, year)
    by_kind = income_by_kind(papers, year, kinds)
    given = units_given(papers, year)
    left = gifts_and_losses(papers, year, given)
    no_basis = zero_basis(papers, year)
    outside = abroad(papers, year.year)
    foreign = accounts_abroad_sheet(papers, year, outside)
    in_words = explanation_sheet(papers, contents.explanations, year.year)
    carried_over = carryover(papers, year)
    carried = carried_in_cells(papers, year.year)
    held = Places(portfolio(papers.report, day_looked_from(papers)), 0)
    lots = open_lots(papers, held, is_live=False)
    opening = opening_sheet(papers, papers.report.open_lots, year.year + 1)
    adjusted = adjustments(papers, year)
    taxed = tax_sheet(papers, year, realized)
    if taxed is not None and taxed.cells is None and contents.schedule_d.rate_28_gain_worksheet is None:
        taxed = None
    rate_28 = (tax_name(papers, year.year), rate_28_cell())
    schedule_d = _traced(
        ScheduleDSheet(papers, contents.schedule_d, parts_by_box(form, boxes), realized, carried, rate_28).sheet(),
        contents.schedule_d,
        boxes,
    )
    compared = reconciliation_sheet(
        papers, year, SumsOverGains(realized, year, form), contents.reconciliation, contents.raw_1099
    )
    proven = None if ledger is None else proof_of(papers, year, ledger, Sheets(realized, lots, matched, left))
    contracts, estimated = _form_6781(papers, year), _estimates(papers, year)
    found = [
        *(() if ledger is None else ledger_ties(papers, year, ledger, realized)),
        *gain_columns(year, realized),
        *box_checks(year, boxes, contents.printed, realized),
        *adjustment_checks(year, adjusted, realized, form),
        *list_checks(year, (realized, matched, earned, adjusted, left, lots, *_there_are(no_basis, foreign, in_words))),
        *year_checks(papers, year, YearSheets({}, realized, matched, schedule_d.name)),
        *(() if ledger is None else income_checks(papers, year, ledger, earned)),
        *(() if proven is None else proof_checks(year, proven, matched)),
        *closing_checks(papers, year, contents.before, None if proven is None else proven.rolled),
        *ledger_checks(papers, lots),
        *opening_checks(year, opening, lots),
        *(() if taxed is None else taxed.checks),
        *worksheet_checks(year, carried_over, None if taxed is None else taxed.sheet),
        *cell_checks(str(year.year), "every amount and count is the engine's", by_kind.sheet, "CE"),
        *(check for sheet in (*contracts, *estimated) for check in sheet_checks(str(year.year), sheet)),
        *(() if cells is None or ledger is None else ledger_as_read(cells)),
        *_form_1099_as_read(contents),
        *earlier_years_filed(papers, year),
        *statement_checks(year, statements.values(), boxes),
        *reconciliation_checks(year, compared),
        *official_8949_checks(year.year, contents.schedule_d, contents.printed, contents.read_back.form_8949, boxes),
        *official_checks(year.year, contents.schedule_d, contents.read_back.schedule_d, schedule_d.name),
    ]
    checked = checks_sheet(papers, found)
    asked = question_sheet(papers, year.year, questions(_asked_of(contents, given, kinds, outside)), contents.answers)
    failed = [(FIRST_ROW + place, check) for place, check in enumerate(found) if check.result == FAIL]
    points = open_points(papers, failed, asked.unanswered)
    is_ready = not (points.blocking or checked.failed)
    status = Status.YEAR_NOT_OVER if not contents.is_over else Status.READY if is_ready else Status.NOT_READY
    lists = Lists({year.year: realized}, {year.year: earned}, {year.year: matched}, lots, held)
    body = [
        points.sheet,
        *([to_fix.to_fix(papers)] if to_fix.needed(papers) else []),
        asked.sheet,
        checked.sheet,
        schedule_d,
        *(one.sheet for one in boxes.values()),
        *(one.listing.sheet for one in statements.values()),
        *contracts,
        carried_over,
        *([] if taxed is None else [taxed.sheet]),
        *estimated,
        compared.sheet,
        adjusted.sheet,
        *([] if in_words is None else [in_words.sheet]),
        realized.sheet,
        matched.sheet,
        earned.sheet,
        by_kind.sheet,
        left.sheet,
        *(one.sheet for one in _there_are(no_basis, foreign)),
        lots.sheet,
        *([] if proven is None else [proven.rolled.listing.sheet, proven.lots.listing.sheet]),
        opening.sheet,
        elections(papers, year),
        summary(papers, lists, has_portfolio=False),
        *_sources(contents, cells),
        *contents.user.sheets,
        change_log(papers, contents.changes),
    ]
    first = cover(
        papers,
        CoverFacts(
            status=status, made_on=contents.made_on, ends=contents.ends, checked=checked, points=points, asked=asked
        ),
        figures_of(
            LaidOut(
                papers=papers,
                year=year,
                form=form,
                schedule_d=contents.schedule_d,
                schedule_d_sheet=schedule_d.name,
                boxes=boxes,
                gains=realized,
                wash_sales=matched,
                kinds=kinds,
                income_rows=by_kind.rows,
                checked=checked,
                found=found,
                compared=compared,
                has_tax=taxed is not None,
                addresses=contents.addresses,
            )
        ),
    )
    body = [with_notes(sheet, contents.user.notes.get(sheet.name, ())) for sheet in body]
    second = package_readme(papers, [first.name, *(sheet.name for sheet in body)], checked, contents.facts)
    return Laid(
        _book(papers, (first, second, *body), year.year),
        checked,
        status,
        points,
        asked,
        kinds,
        tuple(check.what for _, check in failed),
    )


def _book(papers: Workpapers, sheets: tuple[Sheet, ...], year: int) -> Book:
    return Book(
        sheets=sheets,
        title=f"Workpapers: capital gains and losses {year}",
        created=papers.created,
        subject="Form 8949, Schedule D and what stands behind them",
        comments=f"Made from {papers.source.path.name}, SHA-256 {papers.source.sha256}",
    )


def _estimates(papers: Workpapers, year: YearReport) -> list[Sheet]:
    sheet = estimates(papers, year, day_looked_from(papers))
    return [] if sheet is None else [sheet]


def _form_6781(papers: Workpapers, year: YearReport) -> list[Sheet]:
    sheet = form_6781(papers, year)
    return [] if sheet is None else [sheet]


def _asked_of(
    contents: Contents, given: Sequence[Given], kinds: Sequence[KindOfIncome], outside: Sequence[AccountAbroad]
) -> AskedOf:
    compared = contents.reconciliation
    reported = {name for one in compared.reconciled for name in one.accounts} if compared is not None else set()
    return AskedOf(contents.papers, contents.year, given, kinds, frozenset(reported), contents.is_over, outside)


def _sources(contents: Contents, cells: LedgerCells | None) -> Iterator[Sheet]:
    """Ledger, Accounts, Settings, Prices and 1099 as they were read."""
    by_name = {raw.name.lower(): raw for raw in contents.papers.source.raw}
    if contents.raw_1099 is not None:
        by_name.setdefault(FORM_1099.lower(), contents.raw_1099)
    if cells is not None:
        yield ledger_copy(contents.papers, cells)
    for name in _AS_READ:
        if name.lower() in by_name:
            yield copy_of(contents.papers, by_name[name.lower()])


def _there_are(*lists: Listing | None) -> list[Listing]:
    return [one for one in lists if one is not None]


def _form_1099_as_read(contents: Contents) -> Iterator[Check]:
    """The columns of sheet 1099, on its copy."""
    raw = contents.raw_1099
    if raw is not None:
        place, columns = header_of(raw)
        yield from as_read_checks(raw.name, copy_of(contents.papers, raw).rows, raw.first_row + place, columns or {})


def _traced(sheet: Sheet, form: ScheduleD, boxes: Mapping[str, BoxSheet]) -> Sheet:
    """Schedule D with its traces leading to the sheet of the line's first box."""
    rows = [list(row) for row in sheet.rows]
    place = position(f"{TRACE}1")[1] - 1
    for line in BOX_LINES:
        used = [box for box in boxes_of_line(line, form.year.form_8949) if box in boxes]
        if used:
            one = boxes[used[0]]
            shown = f"8949 {' + '.join(used)}"
            rows[LINE_ROWS[line] - 1][place] = link_to(one.sheet.name, f"{GAIN}{one.total}", shown)
    return replace(sheet, rows=rows)
