"""The sheet `Carryover`: losses brought into the year, and the worksheet that carries them into the next."""

from __future__ import annotations

from decimal import Decimal

from capgain.engine.forms.worksheets.carryover import CarryoverWorksheet
from capgain.engine.report import YearReport
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.form_styles import (
    FORM_TITLE,
    FORM_YEAR,
    LINE_AMOUNT,
    LINE_ANSWER,
    LINE_INPUT,
    LINE_NUMBER,
    LINE_TEXT,
    LINE_TOTAL,
    PART_BAR,
    TICK,
    tick_choices,
)
from capgain.workbook.report.line_formulas import Rendering
from capgain.workbook.report.schedule_d_layout import line_cell
from capgain.workbook.sheets import LINK, MUTED, Cell, Formula, Row, Sheet, fitted_heights, link_to, reference

WIDTH = 5
WIDTHS = (6, 71, 17, 24, 6)
TITLE_ROWS = 2
CARRIED_IN_ROWS = {"short": TITLE_ROWS + 2, "long": TITLE_ROWS + 3}
WORKSHEET_ROW = TITLE_ROWS + 5
"""The bar above the worksheet into the next year."""

_INPUTS = ("7", "15", "16", "21")
NEEDED = len(_INPUTS) + 1
LINES = tuple(line.number for line in CarryoverWorksheet.lines)


def block_cell(start: int, line: str) -> str:
    """The amount of a worksheet line in a block whose bar is in row `start`; `D7` is Schedule D's line 7."""
    if line.startswith("D"):
        return f"C{start + 1 + _INPUTS.index(line[1:])}"
    return f"C{start + NEEDED + 1 + LINES.index(line)}"


def carryover_name(papers: Workpapers, year: int) -> str:
    return papers.name("Carryover", year)


def carried_in_cells(papers: Workpapers, year: int) -> dict[str, tuple[str, str]]:
    """Sheet and cell of the losses carried into a year."""
    name = carryover_name(papers, year)
    return {character: (name, f"C{row}") for character, row in CARRIED_IN_ROWS.items()}


def carryover(papers: Workpapers, year: YearReport) -> Sheet:
    """The year's carryover sheet. Year data must exist."""
    worksheet = year.carryover_worksheet
    rows: list[Row] = _head(year.year)
    previous = papers.previous(year.year)
    earlier = previous.carryover_worksheet if previous is not None else None
    after = WORKSHEET_ROW + NEEDED + len(LINES) + 2
    in_book = year.year - 1 in papers.years
    rows += _carried_in(papers, year, previous, after, in_book)
    if worksheet is not None:
        rows += _block(papers, worksheet, WORKSHEET_ROW, from_sheet=True)
    if earlier is not None and not in_book:
        rows += [()] * (after - 1 - len(rows))
        rows += _block(papers, earlier, after, from_sheet=False)
    return Sheet(
        name=carryover_name(papers, year.year),
        rows=rows,
        widths=WIDTHS,
        heights=fitted_heights(rows, WIDTHS),
        page=papers.page(f"Capital loss carryover {year.year}"),
        tab="1F3864",
        gridlines=False,
        protected=True,
        validations=(tick_choices(f"E{TITLE_ROWS + 2}:E{len(rows)}"),),
    )


def _head(year: int) -> list[Row]:
    title: list[Cell | None] = [Cell("Capital Loss Carryover", FORM_TITLE), None, Cell(year, FORM_YEAR)]
    return [title, (Cell("Lines 6 and 14 of Schedule D; 26 USC 1212(b). Losses are positive amounts here.", MUTED),)]


def _carried_in(
    papers: Workpapers, year: YearReport, previous: YearReport | None, after: int, in_book: bool
) -> list[Row]:
    """The losses brought in: from last year's worksheet where it was made here, else as stated or filed."""
    rows: list[Row] = [_bar(f"Carried into {year.year}")]
    stated = papers.report.ledger.stated_carryover(year.year)
    both = (("short", "8", "Short-term"), ("long", "13", "Long-term"))
    for (character, line, text), of_settings in zip(both, stated, strict=True):
        amount: Decimal = getattr(year.carried_in, character)
        source: Cell | None = Cell("Settings", MUTED)
        cell = Cell(amount, LINE_INPUT)
        made = previous is not None and previous.carryover_worksheet is not None
        if of_settings is not None:
            source = Cell("stated (Settings)", MUTED)
        elif previous is not None and made and getattr(previous.carryover, character) == amount:
            if in_book:
                name = carryover_name(papers, year.year - 1)
                at = block_cell(WORKSHEET_ROW, line)
                cell = Cell(Formula(f"={reference(name, at)}", amount), LINE_AMOUNT)
            else:
                name = carryover_name(papers, year.year)
                at = block_cell(after, line)
                cell = Cell(Formula(f"={at}", amount), LINE_AMOUNT)
            source = link_to(name, at, f"Worksheet, line {line}", LINK)
        elif made:
            source = Cell("as filed (Settings)", MUTED)
        elif not amount:
            source = Cell("nothing stated", MUTED)
        to_line = "6" if character == "short" else "14"
        words = f"{text} capital loss carryover into {year.year}, to Schedule D line {to_line}"
        rows.append([Cell(to_line, LINE_NUMBER), Cell(words, LINE_TEXT), cell, source, Cell(None, TICK)])
    return [*rows, ()]


def _bar(text: str) -> Row:
    return [Cell(None, PART_BAR), Cell(text, PART_BAR), *(Cell(None, PART_BAR) for _ in range(WIDTH - 2))]


def _block(papers: Workpapers, worksheet: CarryoverWorksheet, start: int, *, from_sheet: bool) -> list[Row]:
    """The worksheet at row `start`: what it takes from Schedule D, whether it is needed, and its lines."""
    last_year = worksheet.into_year - 1
    rows: list[Row] = [_bar(f"{worksheet.title}: from {last_year} to {worksheet.into_year}")]
    schedule_d = papers.name("Schedule D", last_year)
    for taken in _INPUTS:
        amount: Decimal = getattr(worksheet, f"d{taken}")
        text = f"{last_year} Schedule D, line {taken}"
        if from_sheet:
            cell = Cell(Formula(f"={reference(schedule_d, line_cell(taken))}", amount), LINE_AMOUNT)
            source: Cell | None = link_to(schedule_d, line_cell(taken), f"Schedule D line {taken}", LINK)
        else:
            cell, source = Cell(amount, LINE_INPUT), Cell(f"report for {last_year}", MUTED)
        rows.append([Cell(f"D{taken}", LINE_NUMBER), Cell(text, LINE_TEXT), cell, source, Cell(None, TICK)])
    return [*rows, *_lines(worksheet, start), ()]


def _lines(worksheet: CarryoverWorksheet, start: int) -> list[Row]:
    """Whether the worksheet is needed, and its lines.

    Without a taxable income line 1 is no number and line 3 is line 2: the whole deduction is taken to be used.
    """
    at = {f"d{taken}": block_cell(start, f"D{taken}") for taken in _INPUTS}
    at |= {f"L{number}": block_cell(start, number) for number in LINES}
    at |= {"is_needed": f"C{start + NEEDED}", "taxable_income": at["L1"]}
    known = worksheet.taxable_income
    rendering = Rendering(frozenset() if known is not None else frozenset({"taxable_income"}))
    is_needed = CarryoverWorksheet.is_needed
    text = f'=IF({rendering.condition(is_needed.condition)},"Yes","No")'.format_map(at)
    answer = Cell(Formula(text, "Yes" if worksheet.is_needed else "No"), LINE_ANSWER)
    rows: list[Row] = [[None, Cell(is_needed.text, LINE_TEXT), answer, None, Cell(None, TICK)]]
    for line in CarryoverWorksheet.lines:
        source: Cell | None = None
        if line is CarryoverWorksheet.line_1:
            cell = Cell("not stated" if known is None else known, LINE_INPUT)
            source = Cell("taken to be enough" if known is None else "Settings: Taxable Income", MUTED)
        else:
            is_line_2 = known is None and line is CarryoverWorksheet.line_3
            text = "{L2}" if is_line_2 else f"ROUND({rendering.arithmetic(line)},2)"
            text = rendering.unless_skipped(line, text).format_map(at)
            style = LINE_TOTAL if line.number in ("8", "13") else LINE_AMOUNT
            cell = Cell(Formula(f"={text}", getattr(worksheet, line.name)), style)
        words = worksheet.text(line)
        rows.append([Cell(line.number, LINE_NUMBER), Cell(words, LINE_TEXT), cell, source, Cell(None, TICK)])
    return rows


def carried_out_cell(papers: Workpapers, year: int, character: str) -> tuple[str, str]:
    """Sheet and cell of the loss carried into the next year."""
    return carryover_name(papers, year), block_cell(WORKSHEET_ROW, "8" if character == "short" else "13")
