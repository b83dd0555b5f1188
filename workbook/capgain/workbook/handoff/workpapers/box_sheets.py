"""A sheet for each box of Form 8949, in pages as the form has them, each page with its totals of line 2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from capgain.engine.classes import Term
from capgain.engine.forms.boxes import schedule_d_line
from capgain.engine.forms.form_8949 import COLUMNS, PARTS, Form8949, Totals
from capgain.workbook.handoff.workpapers.statements import StatementSheet
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.form_8949 import Part
from capgain.workbook.report.form_styles import (
    AMOUNT,
    BOX_TEXT_CHECKED,
    CODE,
    DATED,
    DESCRIPTION,
    FORM_HEADING,
    FORM_TITLE,
    FORM_YEAR,
    PART_BAR,
    TICK,
    TOTAL_AMOUNT,
    TOTAL_TEXT,
    tick_choices,
)
from capgain.workbook.report.printed_rows import PrintedForm, PrintedPage, PrintedRow, printed_totals
from capgain.workbook.report.schedule_d_layout import line_cell
from capgain.workbook.sheets import BOLD, MUTED, Cell, Formula, Row, Sheet, fitted_heights, link_to, reference

PROCEEDS, BASIS, CODES, ADJUSTMENT, GAIN, SALE_ROW, LOT_ROW, TICK_MARK = "DEFGHIJK"
WIDTHS = (38, 12, 12, 15, 16, 12, 14, 15, 9, 9, 7)
WIDTH = len(WIDTHS)
HEADING_ROW = 5
FIRST_ROW = HEADING_ROW + 1


@dataclass(frozen=True, slots=True)
class BoxSheet:
    """One box on its sheet. `total` is the row with the totals of all its pages, `rows` the row of each disposition by
    identity."""

    box: str
    sheet: Sheet
    total: int
    rows: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class PartByBox(Part):
    """A part of Form 8949 of which each box stands on a sheet of its own."""

    sheet_of: Mapping[str, str]

    def total_cell(self, box: str, column: str) -> str:
        return reference(self.sheet_of[box], f"{column}{self.totals[box]}")


def box_name(box: str) -> str:
    """The name of a box's sheet."""
    return f"8949 {box}"


def box_sheets(
    papers: Workpapers, form: Form8949, printed: PrintedForm, statements: Mapping[tuple[str, str], StatementSheet]
) -> dict[str, BoxSheet]:
    """The sheets of all boxes used, in form order. `statements` by account and box. Amounts with their cents."""
    return {box: _box_sheet(papers, form, printed, box, statements) for box in printed.rows}


def parts_by_box(form: Form8949, sheets: Mapping[str, BoxSheet]) -> dict[Term, Part]:
    """The sheets as the two parts that Schedule D adds up."""
    parts: dict[Term, Part] = {}
    for term in Term:
        of_part = {box: sheets[box] for box in form.used_boxes(term)}
        first = next((one.sheet for one in of_part.values()), Sheet(name=box_name("none"), rows=()))
        parts[term] = PartByBox(
            first,
            {box: one.total for box, one in of_part.items()},
            {identity: row for one in of_part.values() for identity, row in one.rows.items()},
            {box: one.sheet.name for box, one in of_part.items()},
        )
    return parts


def _box_sheet(
    papers: Workpapers,
    form: Form8949,
    printed: PrintedForm,
    box: str,
    statements: Mapping[tuple[str, str], StatementSheet],
) -> BoxSheet:
    name = box_name(box)
    rows: list[Row] = _head(papers, form, box)
    places: dict[int, int] = {}
    page_totals: list[int] = []
    breaks: list[int] = []
    pages = [page for page in printed.pages if page.box == box]
    for page in pages:
        first = len(rows) + 1
        for row in page.rows:
            number = len(rows) + 1
            statement = statements.get((row.account, box)) if row.is_summary else None
            rows.append(_row(papers, row, number, statement))
            for disposition in row.behind:
                places[id(disposition)] = number
                papers.remember((disposition.row, disposition.lot_row), name, f"A{number}")
        rows.append(_page_totals(page, first, len(rows)))
        page_totals.append(len(rows))
        breaks.append(len(rows))
    rows.append(_box_totals(form, printed, box, page_totals))
    total = len(rows)
    sheet = Sheet(
        name=name,
        rows=rows,
        widths=WIDTHS,
        heights=fitted_heights(rows[:HEADING_ROW], WIDTHS),
        freeze=(HEADING_ROW, 1),
        page=papers.page(
            f"Form 8949 ({form.year.year}) {_part(form, box)} Box {box}",
            landscape=True,
            repeat=(1, HEADING_ROW),
            breaks=tuple(breaks[:-1]),
        ),
        tab="1F3864",
        gridlines=False,
        protected=True,
        validations=(tick_choices(f"{TICK_MARK}{FIRST_ROW}:{TICK_MARK}{total}"),),
    )
    return BoxSheet(box, sheet, total, places)


def _part(form: Form8949, box: str) -> str:
    return "Part I" if form.year.form_8949.term_of(box) is Term.SHORT else "Part II"


def _head(papers: Workpapers, form: Form8949, box: str) -> list[Row]:
    """Title, taxpayer, the part's bar, the box that is checked, and the column headings."""
    title: list[Cell | None] = [None] * WIDTH
    title[0] = Cell("Form 8949", FORM_TITLE)
    title[1] = Cell("Sales and Other Dispositions of Capital Assets", FORM_TITLE)
    title[7] = Cell(form.year.year, FORM_YEAR)
    name: list[Cell | None] = [None] * WIDTH
    name[0] = Cell("Name(s) shown on return", MUTED)
    name[1] = Cell(papers.taxpayer or "(Settings: Name)", BOLD if papers.taxpayer else MUTED)
    name[6] = Cell("SSN", MUTED)
    name[7] = Cell(papers.ssn or "(Settings: SSN)", BOLD if papers.ssn else MUTED)
    term = form.year.form_8949.term_of(box)
    bar: list[Cell | None] = [Cell(None, PART_BAR) for _ in range(WIDTH)]
    bar[0] = Cell(PARTS[term], PART_BAR)
    checked = (Cell(f"☒ ({box})  {form.year.form_8949.boxes[box]}", BOX_TEXT_CHECKED),)
    headings = [f"({letter})\n{text}" for letter, text in COLUMNS.items()]
    headings += ["Ledger row of sale", "Ledger row of lot", "Tick mark"]
    return [title, name, bar, checked, [Cell(text, FORM_HEADING) for text in headings]]


def _row(papers: Workpapers, row: PrintedRow, number: int, statement: StatementSheet | None) -> Row:
    """One row of the form; a row that stands for a statement takes its amounts from there."""
    gain = Formula(f"=ROUND({PROCEEDS}{number}-{BASIS}{number}+{ADJUSTMENT}{number},2)", row.gain)
    values = {PROCEEDS: row.proceeds, BASIS: row.basis, ADJUSTMENT: row.adjustment}
    amounts: Mapping[str, Decimal | Formula] = values
    leads: tuple[Cell, Cell]
    if statement is not None:
        amounts = {letter: statement.total(letter, amount) for letter, amount in values.items()}
        leads = (link_to(statement.name, "A1", "list"), link_to(statement.name, "A1", "list"))
    else:
        (disposition,) = row.behind
        leads = (
            papers.ledger_link(disposition.row) or Cell("none"),
            papers.ledger_link(disposition.lot_row) or Cell("none"),
        )
    sold = row.behind[0]
    return (
        Cell(row.description, DESCRIPTION),
        Cell(sold.acquired if _is_date(row.acquired) else row.acquired or None, DATED),
        Cell(sold.sold if row.sold else None, DATED),
        Cell(amounts[PROCEEDS], AMOUNT),
        Cell(amounts[BASIS], AMOUNT),
        Cell(row.codes or None, CODE),
        Cell(amounts[ADJUSTMENT] if row.codes or row.adjustment else None, AMOUNT),
        Cell(gain, AMOUNT),
        *leads,
        Cell(None, TICK),
    )


def _is_date(text: str) -> bool:
    return text[:1].isdigit()


def _totals(totals: Totals, label: str, texts: Mapping[str, str], lead: Cell | None) -> Row:
    expected = {
        PROCEEDS: totals.proceeds,
        BASIS: totals.basis,
        ADJUSTMENT: totals.adjustment,
        GAIN: totals.gain,
    }
    cells: list[Cell | None] = [Cell(label, TOTAL_TEXT), Cell(None, TOTAL_TEXT), Cell(None, TOTAL_TEXT)]
    for letter in (PROCEEDS, BASIS, CODES, ADJUSTMENT, GAIN):
        if letter == CODES:
            cells.append(Cell(None, TOTAL_TEXT))
        else:
            cells.append(Cell(Formula(texts[letter], expected[letter]), TOTAL_AMOUNT))
    return [*cells, lead, None, Cell(None, TICK)]


def _page_totals(page: PrintedPage, first: int, last: int) -> Row:
    """Line 2 of one page."""
    texts = {letter: f"=SUM({letter}{first}:{letter}{last})" for letter in (PROCEEDS, BASIS, ADJUSTMENT, GAIN)}
    return _totals(page.totals, f"2  Totals, page {page.number} of {page.of}", texts, None)


def _box_totals(form: Form8949, printed: PrintedForm, box: str, pages: Sequence[int]) -> Row:
    """The totals of all pages of the box, which go to Schedule D."""
    rows = printed.rows[box]
    totals = printed_totals(rows, in_whole_dollars=False)
    texts = {}
    for letter in (PROCEEDS, BASIS, ADJUSTMENT, GAIN):
        if len(pages) == 1:
            texts[letter] = f"={letter}{pages[0]}"
        else:
            column = f"{letter}{FIRST_ROW}:{letter}{pages[-1]}"
            labels = f"$A{FIRST_ROW}:$A{pages[-1]}"
            texts[letter] = f'=SUMIFS({column},{labels},"2  Totals, page *")'
    line = schedule_d_line(box, form.year.year)
    lead = link_to("Schedule D", line_cell(line), f"Line {line}")
    return _totals(totals, f"Box {box}, all pages", texts, lead)
