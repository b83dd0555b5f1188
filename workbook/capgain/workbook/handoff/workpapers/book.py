"""The whole workbook of one year, sheet by sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from capgain.engine.forms.boxes import BOX_LINES, boxes_of_line
from capgain.engine.forms.form_8949 import Form8949, Totals
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.planning.portfolio import portfolio
from capgain.engine.report import YearReport
from capgain.workbook.handoff.reconciliation.form_1099 import SHEET as FORM_1099
from capgain.workbook.handoff.reconciliation.reconcile import Reconciliation
from capgain.workbook.handoff.workpapers.adjustments import adjustments
from capgain.workbook.handoff.workpapers.box_sheets import BoxSheet, box_sheets, parts_by_box
from capgain.workbook.handoff.workpapers.change_log import Change, change_log
from capgain.workbook.handoff.workpapers.opening_rows import opening_sheet
from capgain.workbook.handoff.workpapers.readme import PackageFacts, package_readme
from capgain.workbook.handoff.workpapers.reconciliation_sheet import ReconciliationSheet, reconciliation_sheet
from capgain.workbook.handoff.workpapers.statements import StatementSheet, statement_sheets
from capgain.workbook.handoff.workpapers.sums_over_gains import SumsOverGains
from capgain.workbook.handoff.workpapers.user_sheets import UserSheets, with_notes
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.report import to_fix
from capgain.workbook.report.carryover import carried_in_cells, carryover
from capgain.workbook.report.checks import Check, ChecksSheet, checks_sheet
from capgain.workbook.report.context import LEDGER, Workpapers
from capgain.workbook.report.form_6781 import form_6781
from capgain.workbook.report.form_8949 import GAIN
from capgain.workbook.report.gains import gains
from capgain.workbook.report.income import income
from capgain.workbook.report.ledger_copy import copy_of, ledger_copy
from capgain.workbook.report.listing import Listing
from capgain.workbook.report.looked_from import day_looked_from
from capgain.workbook.report.open_lots import open_lots
from capgain.workbook.report.portfolio_layout import Places
from capgain.workbook.report.printed_rows import PrintedForm, amounts, printed_totals
from capgain.workbook.report.schedule_d import ScheduleDSheet
from capgain.workbook.report.schedule_d_layout import LINE_ROWS, TRACE, line_cell
from capgain.workbook.report.tie_outs import YearSheets, year_checks
from capgain.workbook.report.wash_sales import wash_sales
from capgain.workbook.sheets import COUNT, Book, Formula, Sheet, link_to, position, reference

_COLUMNS = {"d": "Proceeds", "e": "Basis", "g": "Adjustment", "h": "Gain"}
_AS_READ = ("Accounts", "Settings", "Prices", FORM_1099)
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a year's workpapers are made of. `printed` keeps cents; `filed_amounts` are Schedule D's amounts read back
    from the official PDF, by line, in the rounding of that PDF (empty: no PDF)."""

    papers: Workpapers
    year: YearReport
    form: Form8949
    schedule_d: ScheduleD
    printed: PrintedForm
    reconciliation: Reconciliation | None
    facts: PackageFacts
    changes: Sequence[Change]
    user: UserSheets
    raw_1099: RawSheet | None
    filed_amounts: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Laid:
    """The workbook laid out, and its checks."""

    book: Book
    checks: ChecksSheet


def workpapers_book(contents: Contents) -> Laid:
    """Lay out the workbook: Readme, Checks, forms, statements, reconciliation, lists, sources, log."""
    papers, year = contents.papers, contents.year
    statements = statement_sheets(papers, contents.printed.statements)
    boxes = box_sheets(papers, contents.form, contents.printed, statements)
    parts = parts_by_box(contents.form, boxes)
    places = {identity: (one.sheet.name, f"A{row}") for one in boxes.values() for identity, row in one.rows.items()}
    realized = gains(papers, year, places)
    matched = wash_sales(papers, year)
    carried = carried_in_cells(papers, year.year)
    schedule_d = _traced(
        ScheduleDSheet(papers, contents.schedule_d, parts, realized, carried).sheet(), contents.schedule_d, boxes
    )
    compared = reconciliation_sheet(papers, year, SumsOverGains(realized, year, contents.form), contents.reconciliation)
    sheets = YearSheets({}, realized, matched, schedule_d.name)
    found = [
        *_box_checks(year, boxes, contents.printed, realized),
        *year_checks(papers, year, sheets),
        *_earlier_years_filed(papers, year),
        *_statement_checks(year, statements.values(), boxes),
        *_reconciliation_checks(year, compared),
        *_official_checks(contents, schedule_d.name),
    ]
    checked = checks_sheet(papers, found)
    held = Places(portfolio(papers.report, day_looked_from(papers)), 0)
    body = [
        checked.sheet,
        *([to_fix.to_fix(papers)] if to_fix.needed(papers) else []),
        schedule_d,
        *(one.sheet for one in boxes.values()),
        *(one.listing.sheet for one in statements.values()),
        *_form_6781(papers, year),
        carryover(papers, year),
        compared.sheet,
        realized.sheet,
        matched.sheet,
        adjustments(papers, year).sheet,
        income(papers, year).sheet,
        open_lots(papers, held, is_live=False).sheet,
        opening_sheet(papers, papers.report.open_lots, year.year + 1),
        *_sources(contents),
        *contents.user.sheets,
        change_log(papers, contents.changes),
    ]
    body = [with_notes(sheet, contents.user.notes.get(sheet.name, ())) for sheet in body]
    first = package_readme(contents.papers, [sheet.name for sheet in body], checked, contents.facts)
    book = Book(
        sheets=(first, *body),
        title=f"Workpapers: capital gains and losses {year.year}",
        created=papers.created,
        subject="Form 8949, Schedule D and what stands behind them",
        comments=f"Made from {papers.source.path.name}, SHA-256 {papers.source.sha256}",
    )
    return Laid(book, checked)


def _form_6781(papers: Workpapers, year: YearReport) -> list[Sheet]:
    sheet = form_6781(papers, year)
    return [] if sheet is None else [sheet]


def _sources(contents: Contents) -> Iterator[Sheet]:
    """Ledger, Accounts, Settings, Prices and 1099 as they were read."""
    by_name = {raw.name.lower(): raw for raw in contents.papers.source.raw}
    if contents.raw_1099 is not None:
        by_name.setdefault(FORM_1099.lower(), contents.raw_1099)
    if LEDGER.lower() in by_name:
        yield ledger_copy(contents.papers, by_name[LEDGER.lower()])
    for name in _AS_READ:
        if name.lower() in by_name:
            yield copy_of(contents.papers, by_name[name.lower()])


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


def _box_checks(
    year: YearReport, boxes: Mapping[str, BoxSheet], printed: PrintedForm, realized: Listing
) -> Iterator[Check]:
    """The pages of each box add up to the same rows on Gains, and their number is right."""
    for box, one in boxes.items():
        for letter, expected in amounts(printed_totals(printed.rows[box], in_whole_dollars=False)).items():
            heading, cell = _COLUMNS[letter], f"{letter.upper()}{one.total}"
            gains_of_box = f'=SUMIFS({realized.cells(heading)},{realized.cells("Form line")},"{box}")'
            yield Check(
                str(year.year),
                f"Form 8949 box {box}, column ({letter}): all pages add up to the same rows on Gains",
                Formula(f"={reference(one.sheet.name, cell)}", expected),
                Formula(gains_of_box, expected),
                (one.sheet.name, cell),
            )


def _earlier_years_filed(papers: Workpapers, year: YearReport) -> Iterator[Check]:
    """What Settings say was filed for earlier years, against what the ledger gives for them today."""
    settings = papers.report.ledger.settings
    for earlier, about in papers.report.years.items():
        if earlier >= year.year or about.schedule_d is None:
            continue
        worksheet = about.carryover_worksheet
        stated = (
            ("net short-term gain or loss", settings.filed_short, about.schedule_d.line_7, "Filed Short"),
            ("net long-term gain or loss", settings.filed_long, about.schedule_d.line_15, "Filed Long"),
            (
                "short-term loss carried out",
                settings.filed_carryover_short,
                worksheet.short if worksheet else None,
                "Filed Carryover Short",
            ),
            (
                "long-term loss carried out",
                settings.filed_carryover_long,
                worksheet.long if worksheet else None,
                "Filed Carryover Long",
            ),
        )
        for what, filed, amount, name in stated:
            was_filed = filed.years.get(earlier)
            if was_filed is not None and amount is not None:
                yield Check(
                    str(earlier), f"As filed: {what} (Settings: {name} {earlier}) is the ledger's", amount, was_filed
                )


def _statement_checks(
    year: YearReport, statements: Iterable[StatementSheet], boxes: Mapping[str, BoxSheet]
) -> Iterator[Check]:
    """A row that stands for a statement shows the statement's totals."""
    for one in statements:
        statement = one.statement
        row = boxes[statement.box].rows[id(statement.rows[0].behind[0])]
        yield Check(
            str(year.year),
            f"Statement of {statement.account} to box {statement.box}: its gain is that of the row on Form 8949",
            Formula(f"={reference(boxes[statement.box].sheet.name, f'{GAIN}{row}')}", statement.totals.gain),
            one.totals()["h"],
            (one.name, "A1"),
        )


def _reconciliation_checks(year: YearReport, compared: ReconciliationSheet) -> Iterator[Check]:
    """Every figure of the brokers' forms agrees or is explained."""
    if not compared.result_cells:
        return
    cells = reference(compared.sheet.name, compared.result_cells)
    passed = Decimal(compared.count - compared.failed)
    yield Check(
        str(year.year),
        "Forms 1099: every figure agrees with Form 8949, or its difference is explained",
        Formula(f'=COUNTIF({cells},"PASS")', passed),
        Formula(f"=ROWS({cells})", Decimal(compared.count)),
        (compared.sheet.name, "A1"),
        COUNT,
        HALF,
    )


def _official_checks(contents: Contents, schedule_d: str) -> Iterator[Check]:
    """What the filled official Schedule D says, read back, against the sheet."""
    for line, amount in contents.filed_amounts.items():
        value = getattr(contents.schedule_d, f"line_{line}")
        expected = value.gain if isinstance(value, Totals) else value
        cell = line_cell(line)
        yield Check(
            str(contents.year.year),
            f"Official Schedule D (PDF, read back) line {line}: the amount of this workbook",
            amount,
            Formula(f"=SUM({reference(schedule_d, cell)})", expected),
            (schedule_d, cell),
        )
