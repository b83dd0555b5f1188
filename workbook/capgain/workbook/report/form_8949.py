"""The sheets `8949 Short` and `8949 Long`: one part of Form 8949, a block of rows for every box that is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from capgain.engine.classes import Term
from capgain.engine.forms.boxes import schedule_d_line
from capgain.engine.forms.description import describe
from capgain.engine.forms.form_8949 import COLUMNS, PARTS, Form8949
from capgain.engine.money import from_cents
from capgain.engine.results import Disposition
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.form_styles import (
    AMOUNT,
    BOX,
    BOX_TEXT,
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
from capgain.workbook.report.schedule_d_layout import line_cell
from capgain.workbook.sheets import (
    BOLD,
    LINK,
    MUTED,
    PLAIN,
    Cell,
    Formula,
    Row,
    Sheet,
    fitted_heights,
    link_to,
    reference,
)

CHECKED, UNCHECKED = "☒", "☐"
WIDTHS = (34, 13, 13, 15, 18, 10, 14, 18, 9, 9, 7)
HEADING_ROW = 4
"""the column headings, which stay in view and are printed on every page"""

PROCEEDS, BASIS, CODES, ADJUSTMENT, GAIN, SALE_ROW, LOT_ROW, TICK_MARK = "D", "E", "F", "G", "H", "I", "J", "K"
TOTALED = (PROCEEDS, BASIS, ADJUSTMENT, GAIN)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of Form 8949 on its sheet.

    `totals` is the row of line 2 of each box; `rows` the row of a disposition by its identity.
    """

    sheet: Sheet
    totals: Mapping[str, int]
    rows: Mapping[int, int]

    def total_cell(self, box: str, column: str) -> str:
        """Line 2 of a box in one column, as a reference from another sheet."""
        return reference(self.sheet.name, f"{column}{self.totals[box]}")


def part_of_form_8949(papers: Workpapers, form: Form8949, term: Term) -> Part:
    """Part I or Part II for a year."""
    year = form.year
    name = part_name(papers, year.year, term)
    rows: list[Row] = [*_head(papers, form, term)]
    totals: dict[str, int] = {}
    places: dict[int, int] = {}
    breaks = []
    ticked = []
    for box in form.used_boxes(term):
        if totals:
            breaks.append(len(rows))
        rows += _checks(form, term, box)
        first = len(rows) + 1
        for disposition in form.rows(box):
            number = len(rows) + 1
            rows.append(_row(papers, disposition, number))
            places[id(disposition)] = number
            papers.remember((disposition.row, disposition.lot_row), name, f"A{number}")
        totals[box] = len(rows) + 1
        rows.append(_line_2(papers, form, term, box, first, len(rows)))
        ticked.append((first, totals[box]))
        rows.append(())
    if not totals:
        rows += _checks(form, term, "")
        rows.append((Cell("No transactions in this part.", MUTED),))
    return Part(
        Sheet(
            name=name,
            rows=rows,
            widths=WIDTHS,
            heights=fitted_heights(rows[:HEADING_ROW], WIDTHS),
            freeze=(HEADING_ROW, 0),
            page=papers.page(
                f"Form 8949 ({year.year}) {'Part I' if term is Term.SHORT else 'Part II'}",
                landscape=True,
                repeat=(1, HEADING_ROW),
                breaks=tuple(breaks),
            ),
            tab="1F3864",
            gridlines=False,
            protected=True,
            validations=tuple(tick_choices(f"{TICK_MARK}{first}:{TICK_MARK}{last}") for first, last in ticked),
        ),
        totals,
        places,
    )


def part_name(papers: Workpapers, year: int, term: Term) -> str:
    return papers.name("8949 Short" if term is Term.SHORT else "8949 Long", year)


def _head(papers: Workpapers, form: Form8949, term: Term) -> list[Row]:
    """Title, taxpayer, the part's bar and the column headings."""
    bar = PARTS[term]
    part, _, words = bar.partition("Short-Term." if term is Term.SHORT else "Long-Term.")
    kind = "Short-Term." if term is Term.SHORT else "Long-Term."
    title: list[Cell | None] = [None] * 11
    title[0] = Cell("Form 8949", FORM_TITLE)
    title[1] = Cell("Sales and Other Dispositions of Capital Assets", FORM_TITLE)
    title[7] = Cell(form.year.year, FORM_YEAR)
    name: list[Cell | None] = [None] * 11
    name[0] = Cell("Name(s) shown on return", MUTED)
    name[1] = Cell(papers.taxpayer or "(Settings: Name)", BOLD if papers.taxpayer else MUTED)
    name[6] = Cell("SSN", MUTED)
    name[7] = Cell(papers.ssn or "(Settings: SSN)", BOLD if papers.ssn else MUTED)
    bar_row = [
        Cell(part.strip(), PART_BAR),
        Cell(f"{kind}{words}", PART_BAR),
        *(Cell(None, PART_BAR) for _ in range(9)),
    ]
    headings = [Cell(f"({letter})\n{text}", FORM_HEADING) for letter, text in COLUMNS.items()]
    extra = [Cell(text, FORM_HEADING) for text in ("Ledger row of sale", "Ledger row of lot", "Tick mark")]
    return [title, name, bar_row, [*headings, *extra]]


def _checks(form: Form8949, term: Term, checked: str) -> list[Row]:
    """The check boxes of the part with their words; the year's boxes in printed order."""
    layout = form.year.form_8949
    return [
        (
            Cell(f"{CHECKED if box == checked else UNCHECKED} ({box})", BOX),
            Cell(layout.boxes[box], BOX_TEXT_CHECKED if box == checked else BOX_TEXT),
        )
        for box in layout.boxes_of(term)
    ]


def _row(papers: Workpapers, row: Disposition, number: int) -> Row:
    """Columns (a) to (h) of a disposition, with links to its ledger rows."""
    sale = papers.transactions.get(row.row)
    gain = f"=ROUND({PROCEEDS}{number}-{BASIS}{number}+{ADJUSTMENT}{number},2)"
    acquired: str | date = row.acquired_text or row.acquired
    return (
        Cell(describe(row, sale.id if sale else ""), DESCRIPTION),
        Cell(acquired, DATED),
        Cell(row.sold, DATED),
        Cell(from_cents(row.proceeds_cents), AMOUNT),
        Cell(from_cents(row.basis_cents), AMOUNT),
        Cell(row.codes or None, CODE),
        Cell(from_cents(row.adjustment_cents) if row.codes or row.adjustment_cents else None, AMOUNT),
        Cell(Formula(gain, from_cents(row.gain_cents)), AMOUNT),
        papers.ledger_link(row.row),
        papers.ledger_link(row.lot_row) or Cell("none", PLAIN),
        Cell(None, TICK),
    )


def _line_2(papers: Workpapers, form: Form8949, term: Term, box: str, first: int, last: int) -> Row:
    """Line 2: the totals of the box, and a link to the line of Schedule D that takes them."""
    totals = form.boxes[box]
    expected = dict(zip(TOTALED, (totals.proceeds, totals.basis, totals.adjustment, totals.gain), strict=True))
    line = schedule_d_line(box, form.year.year)
    target = papers.name("Schedule D", form.year.year)
    cells: list[Cell | None] = [
        Cell(f"2  Totals of box {box}", TOTAL_TEXT),
        Cell(None, TOTAL_TEXT),
        Cell(None, TOTAL_TEXT),
    ]
    for letter in (PROCEEDS, BASIS, CODES, ADJUSTMENT, GAIN):
        if letter in expected:
            cells.append(Cell(Formula(f"=SUM({letter}{first}:{letter}{last})", expected[letter]), TOTAL_AMOUNT))
        else:
            cells.append(Cell(None, TOTAL_TEXT))
    return [*cells, link_to(target, line_cell(line), f"Line {line}", LINK)]
