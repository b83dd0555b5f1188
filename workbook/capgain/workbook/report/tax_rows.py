"""The sheet `Tax` as it grows: headings, bars, lines with one cell for each column, and where each line stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from capgain.engine.forms.schedule_d import ScheduleD
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.form_styles import FORM_TITLE, FORM_YEAR, LINE_AMOUNT, LINE_NUMBER, LINE_TEXT, PART_BAR
from capgain.workbook.report.listing import Listing
from capgain.workbook.report.schedule_d_layout import FORM_1040_ROW, line_cell
from capgain.workbook.sheets import NOTICE, WRAP, Cell, Formula, Row, Sheet, Style, fitted_heights, reference

WIDTHS = (6, 63, 16, 16, 11, 11)
WITH, WITHOUT = "C", "D"
RATE = Style(name="CapGain Rate", number_format="0.0##%", border="b")


def live(text: str, expected: Decimal) -> Cell:
    """An amount worked out by a formula (without `=`), rounded to the cent."""
    return Cell(Formula(f"=ROUND({text},2)", expected), LINE_AMOUNT)


def both(cell: Cell) -> dict[str, Cell]:
    """The same in both columns."""
    return {WITH: cell, WITHOUT: cell}


@dataclass(slots=True)
class TaxRows:
    """The sheet as it is built, top down. `at` is the row of each input and line that formulas refer to, `law` are
    those of them that stand in the first column for both."""

    name: str
    papers: Workpapers
    form: ScheduleD
    gains: Listing
    rows: list[Row] = field(default_factory=list)
    at: dict[str, int] = field(default_factory=dict)
    law: set[str] = field(default_factory=set)
    brackets: tuple[int, int] = (0, 0)
    schedule_d: dict[str, str] = field(default_factory=dict)
    """Cells of this sheet that stand for lines of Schedule D, by number; `1040` is what goes to Form 1040."""

    def of_schedule_d(self, number: str) -> str:
        """The cell of a line of Schedule D, or of what stands for it here."""
        if number in self.schedule_d:
            return self.schedule_d[number]
        cell = f"G{FORM_1040_ROW}" if number == "1040" else line_cell(number)
        return reference(self.papers.name("Schedule D", self.form.year.year), cell)

    @property
    def next(self) -> int:
        return len(self.rows) + 1

    def head(self) -> None:
        year = self.form.year.year
        words = (
            "The tax on the return with the year's capital gains, and what it would be without any. An estimate as far "
            "as it goes: credits, other taxes and state tax are not in it."
        )
        self.rows += [(Cell(f"Tax on the gains of {year}", FORM_TITLE), None, Cell(year, FORM_YEAR)), (), ()]
        self.rows[1] = (None, Cell(words, WRAP))

    def bar(self, text: str) -> None:
        self.rows.append([Cell(None, PART_BAR), Cell(text, PART_BAR), *(Cell(None, PART_BAR) for _ in WIDTHS[2:])])

    def gap(self) -> None:
        self.rows.append(())

    def line(self, key: str, number: str, text: str, both: Mapping[str, Cell]) -> None:
        """One row; `both` is the cell of each column."""
        self.at[key] = self.next
        cells: list[Cell | None] = [Cell(number or None, LINE_NUMBER), Cell(text, LINE_TEXT)]
        cells += [both.get(WITH), both.get(WITHOUT)]
        self.rows.append(cells)

    def cell(self, key: str, column: str) -> str:
        return f"{column}{self.at[key]}"

    def cells(self, column: str) -> dict[str, str]:
        """The cell of every input and line for the formulas of a column."""
        return {key: f"{WITH}${row}" if key in self.law else f"{column}{row}" for key, row in self.at.items()}

    def missing(self, words: str) -> None:
        self.bar("What is missing")
        self.rows.append((None, Cell(words, NOTICE)))
        self.rows.append(
            (None, Cell("Add the amounts to sheet Settings of the ledger and make the report again.", WRAP))
        )

    def sheet(self) -> Sheet:
        year = self.form.year.year
        return Sheet(
            name=self.name,
            rows=self.rows,
            widths=WIDTHS,
            heights=fitted_heights(self.rows, WIDTHS),
            page=self.papers.page(f"Tax on the gains {year}"),
            tab="1F3864",
            gridlines=False,
            protected=True,
        )
