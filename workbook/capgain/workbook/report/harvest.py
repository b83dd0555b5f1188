"""The sheet `Harvest`: tick lots to sell, and see the year's return with and without those sales, live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from capgain.engine.money import ZERO, dollars
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.grid import Grid, put, put_all
from capgain.workbook.report.harvest_compared import Compared, chart_cells
from capgain.workbook.report.harvest_list import COLUMNS, CONTRACT, FIRST, HEADING, list_rows, total_row
from capgain.workbook.report.harvest_plan import MOST_LOTS, HarvestPlan
from capgain.workbook.report.harvest_wash import wash_block
from capgain.workbook.report.listing import name_width
from capgain.workbook.report.portfolio_layout import RED, SENTENCE_STYLE, WORKING, WORKING_HEADING, Places
from capgain.workbook.report.tax import TaxCells
from capgain.workbook.sheets import HEADING as HEADING_STYLE
from capgain.workbook.sheets import (
    MUTED,
    NOTICE,
    TITLE,
    Cell,
    Chart,
    Formula,
    FormulaFormat,
    Note,
    Prompt,
    Series,
    Sheet,
    Style,
    address,
    column_letter,
    reference,
)

NAME = "Harvest"
BLOCK = 35
"""column AI: wash sales among the ticks, beside the list"""
CHART_DATA = 22
"""column V"""

ONE_PAGE = 40
SIGNS_OF_A_LINE = 190
BAR = HEADING_STYLE.but("CapGain Compared Heading", wrap=True)
REMARK = NOTICE.but("CapGain Harvest Remark", wrap=False)
TICKED_ROW = Style(name="CapGain Ticked Row", fill="E2EFDA")
BAD_CELL = Style(name="CapGain Bad Tick", fill="FFC7CE", colour="9C0006", bold=True)
GREY, NAVY = "A6A6A6", "1F3864"
HINT = (
    "Type X (all) or a number of units in the yellow column; a price may be typed over. Gains can be ticked too. The "
    "ledger does not change."
)
ENGINE = "The engine's own answer for the same sales: capgain harvest BOOK --ticked"
DEFERRAL = (
    "State tax is not in it. What is bought back later has a lower basis: to that extent the tax is put off, not gone. "
    "Selling one lot and not the earliest needs that lot named in time (Treas. Reg. 1.1012-1(c), (j))."
)
NO_INCOME = "No income is stated: rows 3 to 8 take it to be enough for the whole deduction."


def harvest_sheet(papers: Workpapers, plan: HarvestPlan, places: Places, tax: TaxCells | None) -> Sheet:
    """The sheet. `tax` is where the law and the rest of the return stand, None without the year's income stated."""
    grid: Grid = [[Cell("Harvest: what would it save?", TITLE)]]
    put(grid, 1, 7, Cell(HINT, MUTED))
    for column in range(1, len(COLUMNS) - 6):
        put(grid, 2, column, Cell(None, BAR))
    for column, words in ((8, "Now"), (10, "With the ticked sales"), (12, "Change")):
        put(grid, 2, column, Cell(words, BAR))
    put_all(grid, Compared(papers, plan, tax).lay())
    _sentences(grid, plan, has_tax=tax is not None)
    put(grid, HEADING, 1, *(Cell(column.heading, HEADING_STYLE) for column in COLUMNS))
    if plan.has_contracts:
        put(grid, HEADING, CONTRACT, Cell("Contract", WORKING_HEADING))
    for number, row in enumerate(list_rows(papers, plan, places, BLOCK), FIRST):
        put(grid, number, 1, *row)
    last = FIRST + len(plan.lots) - 1
    put(grid, last + 1, 1, *total_row(plan))
    put_all(grid, wash_block(plan, BLOCK))
    for number, words, compared in chart_cells():
        put(grid, number, CHART_DATA, Cell(words, WORKING), *_both(grid, compared))
    names = {"Asset": [lot.asset for lot in plan.lots], "Account": [lot.key.account for lot in plan.lots]}
    end = column_letter(len(COLUMNS))
    page = papers.page(f"Harvest {plan.as_of.year}", landscape=True, repeat=(HEADING, HEADING))
    is_one_page = len(plan.lots) <= ONE_PAGE
    return Sheet(
        name=NAME,
        rows=grid,
        widths=tuple(name_width(column.width, names.get(column.heading, ())) for column in COLUMNS),
        heights={1: 24.0, 2: 28.0, HEADING: 40.0},
        freeze=(HEADING, 2),
        page=replace(page, area=f"A1:{end}{last + 1}", pages_tall=1 if is_one_page else 0),
        tab="548235",
        gridlines=False,
        zoom=85,
        autofilter=f"A{HEADING}:{end}{last}",
        validations=(Prompt(f"A{FIRST}:A{last}", "Sell", "X sells the whole lot, a number that many units."),),
        notes=tuple(
            Note(address(HEADING, place), column.note) for place, column in enumerate(COLUMNS, 1) if column.note
        ),
        conditional_formats=(
            FormulaFormat(f"Q{FIRST}:Q{last}", f'=LEFT($Q{FIRST},1)="?"', BAD_CELL),
            FormulaFormat(f"M{FIRST}:M{last}", f"=$M{FIRST}>0", RED),
            FormulaFormat(f"A{FIRST}:{end}{last}", f"=$K{FIRST}>0", TICKED_ROW),
        ),
        charts=(_chart(),),
    )


def _both(grid: Grid, row: int) -> Iterator[Cell]:
    """The figures now and with the ticks, 0 in the chart where there is none."""
    for column in (8, 10):
        cell = grid[row - 1][column - 1]
        assert cell is not None
        content = cell.content
        expected = content.expected if isinstance(content, Formula) else ZERO
        letter = column_letter(column)
        yield Cell(Formula(f"=SUM({letter}{row})", expected), WORKING)


def _sentences(grid: Grid, plan: HarvestPlan, *, has_tax: bool) -> None:
    """What is ticked, which cells could not be read, and what to know before acting."""
    last = FIRST + len(plan.lots) - 1
    ticked = sum(1 for lot in plan.lots if lot.sold)
    sales = sum((lot.proceeds for lot in plan.lots), ZERO)
    factors = ["K", "H", *([column_letter(CONTRACT)] if plan.has_contracts else [])]
    sold = ",".join(f"{letter}{FIRST}:{letter}{last}" for letter in factors)
    washed = sum((plan.not_allowed(place) for place in range(len(plan.lots))), ZERO)
    text = (
        f'="Lots ticked: "&COUNTIF(K{FIRST}:K{last},">0")&"; sales "&TEXT(SUMPRODUCT({sold}),'
        f'"#,##0.00")&"; "&TEXT(SUM(M{FIRST}:M{last}),"#,##0.00")&" of loss not allowed now (wash sales): it '
        'goes into the basis of what was bought."'
    )
    said = f"Lots ticked: {ticked}; sales {dollars(sales)}; {dollars(washed)} of loss not allowed now (wash sales): it "
    put(grid, 13, 1, Cell(Formula(text, f"{said}goes into the basis of what was bought."), MUTED))
    bad = f'COUNTIF(Q{FIRST}:Q{last},"~? no*")'
    unread = sum(1 for lot in plan.lots if lot.tick is not None and lot.price is None)
    words = " cell(s) in column Sell cannot be read or have no price: they count as nothing."
    told = Formula(f'=IF({bad}>0,{bad}&"{words}","{ENGINE}")', f"{unread}{words}" if unread else ENGINE)
    put(grid, 14, 1, Cell(told, SENTENCE_STYLE))
    put(grid, 15, 1, Cell(DEFERRAL, MUTED))
    remarks = []
    if not has_tax:
        remarks.append(f"{plan.found.missing} {NO_INCOME}" if plan.found.missing else NO_INCOME)
    if plan.all_lots > len(plan.lots):
        remarks.append(f"The first {MOST_LOTS} of {plan.all_lots:,} lots are listed; capgain harvest --all lists all.")
    if remarks:
        put(grid, 16, 1, Cell(" ".join(remarks), REMARK))
    if has_tax:
        lines = _lines(plan.found.at_hand.assumptions, 1 if remarks else 2)
        for row, line in enumerate(lines, HEADING - len(lines)):
            put(grid, row, 1, Cell(line, MUTED))


def _lines(sentences: Sequence[str], most: int) -> list[str]:
    """Sentences in lines that a printed page holds; the last takes what is left."""
    lines: list[str] = []
    for sentence in sentences:
        if lines and (len(lines) == most or len(lines[-1]) + len(sentence) < SIGNS_OF_A_LINE):
            lines[-1] = f"{lines[-1]} {sentence}"
        else:
            lines.append(sentence)
    return lines


def _chart() -> Chart:
    def column(offset: int) -> str:
        letter = column_letter(CHART_DATA + offset)
        return f"={reference(NAME, f'${letter}$3:${letter}$5')}"

    names = (f"={reference(NAME, '$H$2')}", f"={reference(NAME, '$J$2')}")
    return Chart(
        kind="column",
        title="",
        series=(Series(names[0], column(0), column(1), GREY), Series(names[1], column(0), column(2), NAVY)),
        at="M2",
        offset=(12, 2),
        description="Net short-term and long-term result and tax, now and with the ticked sales",
        width=560,
        height=228,
        legend="top",
        data_labels="#,##0;-#,##0;0",
        has_value_axis=False,
    )
