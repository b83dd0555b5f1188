"""The sheets `8949 Short` and `8949 Long`, and how any sheet of Form 8949 is laid out: its rows and its totals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar

from capgain.engine.classes import Term
from capgain.engine.forms.boxes import schedule_d_line
from capgain.engine.forms.form_8949 import COLUMNS, PARTS, Form8949, Totals, printed_together
from capgain.engine.results.dispositions import Disposition
from capgain.workbook.long_rows import LongRows, Stretch
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
from capgain.workbook.report.printed_rows import PrintedRow, amounts, printed_row
from capgain.workbook.report.schedule_d_layout import line_cell
from capgain.workbook.sheets import (
    BOLD,
    MUTED,
    PLAIN,
    Cell,
    Formula,
    Row,
    Sheet,
    Style,
    fitted_height,
    fitted_heights,
    link_to,
    reference,
    shared_cell,
)

CHECKED, UNCHECKED = "☒", "☐"
WIDTHS = (34, 13, 13, 15, 18, 10, 14, 18, 9, 9, 7)
WIDTH = len(WIDTHS)
SHORT = 30
"""Letters of a description that fit one line of column (a)."""
WIDER_THAN_TEXT = 1.25
"""Digits, capitals and unbroken ids beside running text."""
HEADING_ROW = 4
"""the column headings, which stay in view and are printed on every page"""

PROCEEDS, BASIS, CODES, ADJUSTMENT, GAIN, TICK_MARK = "DEFGHK"
"""Columns (a) to (h) of the form are columns A to H of its sheets."""


class RowLook(NamedTuple):
    """The styles of a row of the form: columns (a), (b) and (c), (f), amounts, and where there is no lot."""

    text: Style
    date: Style
    code: Style
    amount: Style
    missing: Style


T = TypeVar("T")
_TICK = Cell(None, TICK)
ON_FORM = RowLook(DESCRIPTION, DATED, CODE, AMOUNT, PLAIN)


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
    year = form.year.year
    laid = FormSheet(papers, form, part_name(papers, year, term), _head(papers, year, term))
    totals: dict[str, int] = {}
    for box in form.used_boxes(term):
        if totals:
            laid.breaks.append(len(laid.rows))
        laid.rows.extend(_checks(form, term, box))
        first = len(laid.rows) + 1
        laid.add_all(list(printed_together(form.rows(box))), lambda rows: _printed(papers, rows), lambda rows: rows)
        last = len(laid.rows)
        totals[box] = last + 1
        lead = laid.line_of_schedule_d(box, papers.name("Schedule D", year))
        laid.add_totals(f"2  Totals of box {box}", form.boxes[box], f"=SUM(@{first}:@{last})", lead)
        laid.ticked.append((first, totals[box]))
        laid.rows.append(())
    if not totals:
        laid.rows.extend(_checks(form, term, ""))
        laid.rows.append((Cell("No transactions in this part.", MUTED),))
    title = f"Form 8949 ({year}) {PART_NUMBER[term]}"
    return Part(laid.sheet(title, WIDTHS, HEADING_ROW, frozen_columns=0), totals, laid.places)


def _printed(papers: Workpapers, rows: Sequence[Disposition]) -> PrintedRow:
    sale = papers.transactions.get(rows[0].row)
    return printed_row(*rows, transaction_id=sale.id if sale else "")


PART_NUMBER = {Term.SHORT: "Part I", Term.LONG: "Part II"}
_KIND = {Term.SHORT: "Short-Term.", Term.LONG: "Long-Term."}


class FormSheet:
    """A sheet of Form 8949 while it is laid out: rows below a head, and the row of each disposition by its identity."""

    def __init__(self, papers: Workpapers, form: Form8949, name: str, head: Sequence[Row]) -> None:
        self.papers, self.form, self.name = papers, form, name
        self.rows = LongRows(head)
        self.places: dict[int, int] = {}
        self.breaks: list[int] = []
        self.ticked: list[tuple[int, int]] = []
        """first and last rows that take tick marks"""
        self.long: dict[int, str] = {}
        """descriptions that may take more than one line, by row"""

    def add(self, row: PrintedRow, summed: Mapping[str, Formula], leads: Sequence[Cell]) -> None:
        """A row that stands for a statement: the formulas of its amounts, and links to it."""
        number = len(self.rows) + 1
        cells = form_cells(self.papers, row, number, ON_FORM, summed)
        self.rows.append((*cells[: len(cells) - len(leads)], *leads, Cell(None, TICK)))
        self._remember(number, row.behind)

    def add_all(
        self, things: Sequence[T], printed: Callable[[T], PrintedRow], behind: Callable[[T], Sequence[Disposition]]
    ) -> None:
        """A row of the form for each of `things`, made when it is written, and the dispositions behind it."""
        first = len(self.rows) + 1

        def row(thing: T, number: int) -> Row:
            return (*form_cells(self.papers, printed(thing), number, ON_FORM), _TICK)

        self.rows.extend(Stretch(things, row, first, range(WIDTH)))
        for number, thing in enumerate(things, start=first):
            self._remember(number, behind(thing))
            description = printed(thing).description
            if len(description) > SHORT:
                self.long[number] = description

    def _remember(self, number: int, behind: Sequence[Disposition]) -> None:
        for disposition in behind:
            self.places[id(disposition)] = number
            self.papers.remember((disposition.row, disposition.lot_row), self.name, number)

    def add_totals(self, label: str, totals: Totals, formula: str, *rest: Cell | None) -> None:
        """A row of totals and what stands right of them; in `formula` @ is the letter of the column."""
        expected = amounts(totals)
        self.rows.append(
            (
                Cell(label, TOTAL_TEXT),
                *(
                    Cell(Formula(formula.replace("@", letter.upper()), expected[letter]), TOTAL_AMOUNT)
                    if letter in expected
                    else Cell(None, TOTAL_TEXT)
                    for letter in "bcdefgh"
                ),
                *rest,
            )
        )

    def line_of_schedule_d(self, box: str, sheet: str) -> Cell:
        """A link to the line that takes the totals of a box."""
        line = schedule_d_line(box, self.form.year.year)
        return link_to(sheet, line_cell(line), f"Line {line}")

    def _heights_of_long(self, widths: Sequence[float]) -> dict[int, float]:
        narrow = [widths[0] / WIDER_THAN_TEXT]
        fitted = {n: fitted_height((Cell(text, DESCRIPTION),), narrow) for n, text in self.long.items()}
        return {number: height for number, height in fitted.items() if height}

    def sheet(self, title: str, widths: tuple[float, ...], heading_row: int, *, frozen_columns: int) -> Sheet:
        """The sheet, its head down to the column headings in view and on every page."""
        return Sheet(
            name=self.name,
            rows=self.rows,
            widths=widths,
            heights={**fitted_heights(self.rows[:heading_row], widths), **self._heights_of_long(widths)},
            freeze=(heading_row, frozen_columns),
            page=self.papers.page(title, landscape=True, repeat=(1, heading_row), breaks=tuple(self.breaks)),
            tab="1F3864",
            gridlines=False,
            protected=True,
            validations=tuple(tick_choices(f"{TICK_MARK}{first}:{TICK_MARK}{last}") for first, last in self.ticked),
        )


def form_cells(
    papers: Workpapers, row: PrintedRow, number: int, look: RowLook, summed: Mapping[str, Formula] | None = None
) -> list[Cell | None]:
    """Columns (a) to (h) in row `number` of a sheet, the gain as a formula, and links to the ledger rows."""
    first = row.behind[0]
    shown = summed or amounts(row)
    of_amounts = "" if "d" in row.words else f"{PROCEEDS}{number}"
    of_amounts += "" if "e" in row.words else f"-{BASIS}{number}"
    gain = Formula(f"=ROUND({of_amounts}+{ADJUSTMENT}{number},2)", row.gain)
    return [
        Cell(row.description, look.text),
        _day(first.acquired if row.acquired[:1].isdigit() else row.acquired, look.date),
        _day(first.sold if row.sold else "", look.date),
        Cell((row.words["d"] or None) if "d" in row.words else shown["d"], look.amount),
        Cell((row.words["e"] or None) if "e" in row.words else shown["e"], look.amount),
        Cell(row.codes or None, look.code),
        Cell(shown["g"] if row.codes or row.adjustment else None, look.amount),
        Cell(gain, look.amount),
        papers.ledger_link(first.row),
        papers.ledger_link(first.lot_row) or shared_cell("none", look.missing),
    ]


def _day(day: date | str, style: Style) -> Cell:
    return shared_cell(day, style) if day else Cell(None, style)


def titles(papers: Workpapers, year: int) -> list[Row]:
    """The form's name and year, and the taxpayer."""
    title: list[Cell | None] = [None] * WIDTH
    title[0] = Cell("Form 8949", FORM_TITLE)
    title[1] = Cell("Sales and Other Dispositions of Capital Assets", FORM_TITLE)
    title[7] = Cell(year, FORM_YEAR)
    name: list[Cell | None] = [None] * WIDTH
    name[0] = Cell("Name(s) shown on return", MUTED)
    name[1] = Cell(papers.taxpayer or "(Settings: Name)", BOLD if papers.taxpayer else MUTED)
    name[6] = Cell("SSN", MUTED)
    name[7] = Cell(papers.ssn or "(Settings: SSN)", BOLD if papers.ssn else MUTED)
    return [title, name]


def part_bar(*words: str) -> Row:
    """The black bar that names the part."""
    return [Cell(text, PART_BAR) for text in (*words, *([None] * (WIDTH - len(words))))]


def headings() -> Row:
    """The headings of the form's columns, and of ours."""
    words = [f"({letter})\n{text}" for letter, text in COLUMNS.items()]
    return [Cell(text, FORM_HEADING) for text in (*words, "Ledger row of sale", "Ledger row of lot", "Tick mark")]


def part_name(papers: Workpapers, year: int, term: Term) -> str:
    return papers.name("8949 Short" if term is Term.SHORT else "8949 Long", year)


def _head(papers: Workpapers, year: int, term: Term) -> list[Row]:
    part, kind, words = PARTS[term].partition(_KIND[term])
    return [*titles(papers, year), part_bar(part.strip(), f"{kind}{words}"), headings()]


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
