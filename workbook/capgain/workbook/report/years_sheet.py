"""The sheet `Years`: results, deduction and carryover of the years side by side, and what changed since filing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from capgain.engine.money import ZERO
from capgain.engine.report import YearReport
from capgain.engine.settings import ByYear
from capgain.workbook import frames
from capgain.workbook.report.carryover import carried_out_cell
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.listing import Listing
from capgain.workbook.report.portfolio_layout import AMOUNT, COUNTED, SIGNED
from capgain.workbook.report.schedule_d_layout import line_cell
from capgain.workbook.sheets import (
    HEADING,
    TITLE,
    Cell,
    Chart,
    Formula,
    Note,
    Page,
    Series,
    Sheet,
    Style,
    address,
    column_letter,
    reference,
)

NAME = "Years"
HEADING_ROW = 3
WORDS = {
    "sales": "Sales (rows of Form 8949)",
    "proceeds": "Proceeds",
    "basis": "Basis",
    "wash_disallowed": "Loss disallowed by wash sales",
    "line_7": "Net short-term gain or (loss), carryover in it (line 7)",
    "line_15": "Net long-term gain or (loss), carryover in it (line 15)",
    "line_16": "Net gain or (loss) (line 16)",
    "deducted": "Deducted from other income (line 21)",
    "carry_short": "Short-term loss carried into the next year",
    "carry_long": "Long-term loss carried into the next year",
    "carry_both": "Loss carried into the next year, both",
    "income": "Income (rewards, dividends, interest)",
}
BOLD_ROWS = frozenset({"line_16", "carry_both"})
SIGNED_ROWS = frozenset({"line_7", "line_15", "line_16"})
FILED_AFTER = frozenset({"line_16", "carry_both"})
LABEL = Style(name="CapGain Year Label")
BOLD_LABEL = Style(name="CapGain Year Label Bold", bold=True, border="t")
FILED_LABEL = Style(name="CapGain Year Filed Label", italic=True, colour="595959", indent=1)
BOLD_SIGNED = SIGNED.but("CapGain Year Bold", bold=True, border="t")
BOLD_AMOUNT = AMOUNT.but("CapGain Year Bold Amount", bold=True, border="t")
FILED = SIGNED.but("CapGain Year Filed", italic=True, colour="595959")
SHORT, LONG, CARRIED = "2E75B6", "ED7D31", "C00000"
LABEL_WIDTH, WIDTH = 52.0, 13.0
CHART_COLUMNS = 6
CHART_WIDTH, CHART_HEIGHT, CHART_ROWS = 860, 330, 22
BEFORE = "before"
NOT_HERE = "The sheets of this year are not in this book: its figures are the engine's, as values."


def years_sheet(papers: Workpapers, gains: dict[int, Listing], income: dict[int, Listing]) -> Sheet | None:
    """The sheet, from two years with form data on; formulas where the book has the year's sheets."""
    table = frames.years(papers.report)
    if len(table.columns) < 2:
        return None
    years = [int(year) for year in table.columns]
    before = _carried_before(papers, years[0])
    layout = _Layout(papers, years, has_before=before is not None)
    rows: list[list[Cell | None]] = [[Cell("Year over year", TITLE)], []]
    heads: list[Cell | None] = [Cell(None, HEADING)]
    if before is not None:
        heads.append(Cell(BEFORE, HEADING))
    rows.append([*heads, *(Cell(year, HEADING) for year in years)])
    at: dict[str, int] = {}
    for key, words in WORDS.items():
        at[key] = len(rows) + 1
        label = Cell(words, BOLD_LABEL if key in BOLD_ROWS else LABEL)
        cells: list[Cell | None] = [label]
        if before is not None:
            cells.append(_before(before, key))
        for year in years:
            letter = layout.letter(year)
            value: Decimal = Decimal(table[year][key])
            cells.append(layout.figure(key, year, letter, at, value, gains, income))
        rows.append(cells)
        if key in FILED_AFTER:
            rows += _as_filed(papers, layout, key)
    chart = layout.chart(at, len(rows) + 2)
    width = max(len(years) + 1 + (before is not None), 1 + CHART_COLUMNS)
    return Sheet(
        name=NAME,
        rows=[*map(tuple, rows)],
        widths=(LABEL_WIDTH, *([WIDTH] * (width - 1))),
        heights={1: 24.0},
        freeze=(HEADING_ROW, 1),
        page=_on_one_page(papers, len(rows) + 2 + CHART_ROWS, width),
        tab="FFC000",
        gridlines=False,
        charts=(chart,),
        notes=tuple(
            Note(f"{layout.letter(year)}{HEADING_ROW}", NOT_HERE) for year in years if year not in papers.years
        ),
    )


def _on_one_page(papers: Workpapers, last: int, width: int) -> Page:
    return replace(papers.page(NAME, landscape=True), area=f"A1:{address(last, width)}", pages_tall=1)


def _carried_before(papers: Workpapers, first: int) -> tuple[Decimal, Decimal] | None:
    """The losses that Settings carry into the first year, None where there are none."""
    carried = papers.report.years[first].carried_in
    return (carried.short, carried.long) if carried.short or carried.long else None


def _before(carried: tuple[Decimal, Decimal], key: str) -> Cell | None:
    short, long = carried
    amounts = {"carry_short": short, "carry_long": long, "carry_both": short + long}
    return Cell(amounts[key], BOLD_AMOUNT if key in BOLD_ROWS else AMOUNT) if key in amounts else None


def _as_filed(papers: Workpapers, layout: _Layout, key: str) -> Iterator[list[Cell | None]]:
    """What was filed for the years that Settings state it of."""
    settings = papers.report.ledger.settings
    stated = (
        (settings.filed_short, settings.filed_long)
        if key == "line_16"
        else (settings.filed_carryover_short, settings.filed_carryover_long)
    )
    cells: list[Cell | None] = [Cell(f"{WORDS[key]}: as filed", FILED_LABEL), *([None] if layout.has_before else [])]
    for year in layout.years:
        amount = _filed(stated, year)
        cells.append(None if amount is None else Cell(amount, FILED))
    if any(cell is not None for cell in cells[1:]):
        yield cells


def _filed(stated: tuple[ByYear[Decimal | None], ByYear[Decimal | None]], year: int) -> Decimal | None:
    amounts = [one.years.get(year) for one in stated]
    if all(amount is None for amount in amounts):
        return None
    return sum((amount for amount in amounts if amount is not None), ZERO)


class _Layout:
    """Columns of the years, and where their figures come from."""

    def __init__(self, papers: Workpapers, years: list[int], *, has_before: bool) -> None:
        self.papers = papers
        self.years = years
        self.has_before = has_before

    def letter(self, year: int) -> str:
        return column_letter(self.years.index(year) + 2 + self.has_before)

    def figure(
        self,
        key: str,
        year: int,
        letter: str,
        at: dict[str, int],
        value: Decimal,
        gains: dict[int, Listing],
        income: dict[int, Listing],
    ) -> Cell:
        """A figure as a formula over the year's sheets, or over the rows above; else the value."""
        bold = key in BOLD_ROWS
        style = SIGNED if key in SIGNED_ROWS else COUNTED if key == "sales" else AMOUNT
        if bold:
            style = BOLD_SIGNED if key in SIGNED_ROWS else BOLD_AMOUNT
        if key == "carry_both":
            text = f"=ROUND({letter}{at['carry_short']}+{letter}{at['carry_long']},2)"
            return Cell(Formula(text, value), style)
        found = self.papers.report.years[year]
        text = self._formula(key, found, gains, income) if year in self.papers.years else ""
        return Cell(Formula(text, value) if text else value, style)

    def _formula(self, key: str, found: YearReport, gains: dict[int, Listing], income: dict[int, Listing]) -> str:
        schedule_d = self.papers.name("Schedule D", found.year)
        if key in SIGNED_ROWS:
            return f"={reference(schedule_d, line_cell(key.removeprefix('line_')))}"
        if key == "deducted":
            return f"=-{reference(schedule_d, line_cell('21'))}"
        if key in ("carry_short", "carry_long"):
            sheet, cell = carried_out_cell(self.papers, found.year, key.removeprefix("carry_"))
            return f"={reference(sheet, cell)}"
        heading = {"proceeds": "Proceeds", "basis": "Basis", "wash_disallowed": "Wash disallowed"}.get(key)
        listed = gains[found.year]
        if heading and listed.total:
            return f"={listed.total_cell(heading)}"
        if key == "sales" and listed.total:
            return f"=COUNTA({listed.cells('Asset')})"
        if key == "income" and income[found.year].total:
            return f"={income[found.year].total_cell('Amount')}"
        return ""

    def chart(self, at: dict[str, int], row: int) -> Chart:
        """Both results of every year as columns, what is carried on as a dashed line."""
        first, last = self.letter(self.years[0]), self.letter(self.years[-1])
        heads = self._across(HEADING_ROW, first, last)

        def series(key: str, colour: str) -> Series:
            name = f"={reference(NAME, f'$A${at[key]}')}"
            return Series(name, heads, self._across(at[key], first, last), colour)

        return Chart(
            kind="column",
            title="Net gain or loss by year, and the loss still carried forward",
            series=(series("line_7", SHORT), series("line_15", LONG)),
            lines=(series("carry_both", CARRIED),),
            at=f"A{row}",
            offset=(2, 0),
            description="Net short-term and long-term result of each year and the loss carried forward after it",
            width=CHART_WIDTH,
            height=CHART_HEIGHT,
            number_format="#,##0;-#,##0;0",
            label_format="0",
        )

    def _across(self, row: int, first: str, last: str) -> str:
        return f"={reference(NAME, f'${first}${row}:${last}${row}')}"
