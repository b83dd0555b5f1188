"""The sheets `Ledger`, `Accounts`, `Settings` and `Prices` as they were read, row for row.

The copy of the ledger is itself a ledger: same rows, same values, one more column that leads to Form 8949.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from capgain.engine.problems import Problem
from capgain.workbook.reading.columns import Header, find_ledger_header
from capgain.workbook.report.context import LEDGER, Workpapers, masked
from capgain.workbook.report.ledger_proof import HEADINGS, LedgerProof, Place
from capgain.workbook.report.listing import across
from capgain.workbook.sheets import (
    BAD,
    BOLD_IS_WIDER,
    DATE,
    HEADING,
    LINK,
    NOTICE,
    PLAIN,
    TIME,
    WRAP,
    Cell,
    Note,
    Row,
    Sheet,
    Style,
    Table,
    address,
    at_top,
    fitted_heights,
    link_to,
    quantity_cell,
    shared_cell,
)

if TYPE_CHECKING:
    from capgain.workbook.reading import RawSheet

LINK_COLUMN = "Form 8949"
"""Heading of the column that leads from a ledger row to its first row of Form 8949; the ledger reader ignores it."""

MOST_NOTES = 500
WIDEST, NARROWEST = 40, 7
WIDEST_TEXT = 70
"""on a sheet beside the ledger, which has few columns"""

FILTER_BUTTON = 2.5
"""the width of the button in a heading that filters"""

MOST_ROWS_MEASURED = 200


def copy_of(papers: Workpapers, raw: RawSheet) -> Sheet:
    """A sheet beside the ledger, as read; a social security number in Settings is masked like everywhere else."""
    rows: list[Row] = [()] * (raw.first_row - 1)
    for values in raw.rows:
        rows.append(tuple(_beside_text(_cell(value)) for value in _with_masked_ssn(papers, values)))
    heading = raw.first_row - 1
    if raw.rows:
        rows[heading] = tuple(cell and Cell(cell.content, HEADING) for cell in rows[heading])
    widths = _widths(rows, heading, WIDEST_TEXT)
    return Sheet(
        name=raw.name,
        rows=rows,
        widths=widths,
        heights=fitted_heights(rows, widths),
        freeze=(raw.first_row, 0),
        page=papers.page(f"{raw.name} as read", repeat=(raw.first_row, raw.first_row)),
        tab="7F7F7F",
    )


@dataclass(frozen=True, slots=True)
class LedgerCells:
    """The ledger's cells as read, without the columns that CapGain added to an earlier copy.

    `proof` has the working columns that come to stand beside them, None where the copy has none.
    """

    rows: list[list[Cell | None]]
    columns: Mapping[str, int]
    title_row: int
    width: int
    proof: LedgerProof | None


def ledger_cells(papers: Workpapers, *, with_proof: bool) -> LedgerCells | None:
    """The cells of the sheet Ledger; None where none was read."""
    raw = next((one for one in papers.source.raw if _is_ledger(one)), None)
    if raw is None:
        return None
    header = find_ledger_header(raw.rows)
    rows: list[list[Cell | None]] = [[] for _ in range(raw.first_row - 1)]
    own = _own_columns(raw, header)
    for values in raw.rows:
        rows.append([_cell(value) for place, value in enumerate(values) if place not in own])
    width = max((len(row) for row in rows), default=0)
    title_row = raw.first_row + header.place if header else raw.first_row
    columns = _letters(header, own)
    proof = None
    if with_proof and header is not None:
        proof = LedgerProof(papers, Place(columns, title_row, len(rows), width + 1), rows)
    return LedgerCells(rows, columns, title_row, width, proof)


def ledger_copy(papers: Workpapers, cells: LedgerCells) -> Sheet:
    """The ledger as read, with problem cells marked, a link from each row to Form 8949, and the working columns."""
    rows, title_row, width = cells.rows, cells.title_row, cells.width
    if cells.columns and (papers.places or cells.proof is not None):
        _add_links(papers, rows, title_row, width)
        width += 1
    printed = width
    own_problems = tuple(found for found in papers.report.problems if found.sheet == papers.report.ledger.sheet)
    notes = _mark(own_problems, rows, title_row, cells.columns)
    headings = rows[title_row - 1] if len(rows) >= title_row else []
    for place, cell in enumerate(headings):
        headings[place] = Cell(cell.content if cell else None, HEADING)
    if cells.proof is not None:
        _add_working_columns(cells.proof, rows, title_row, width)
        width += len(HEADINGS)
    widths = _widths(rows, title_row - 1)
    return Sheet(
        name=LEDGER,
        rows=rows,
        widths=widths,
        heights=fitted_heights(rows[:title_row], widths),
        freeze=(title_row, 0),
        page=replace(
            across(papers.page("Ledger as read", landscape=True, repeat=(title_row, title_row)), widths[:printed], 3),
            area=f"A1:{address(max(len(rows), 1), max(printed, 1))}" if cells.proof is not None else "",
        ),
        tab="7F7F7F",
        table=_table(rows, title_row, width),
        autofilter=f"A{title_row}:{address(max(len(rows), title_row + 1), max(width, 1))}",
        notes=notes,
        numbers_as_text=f"A{title_row + 1}:{address(max(len(rows), title_row + 1), max(width, 1))}",
    )


def problem_cell(papers: Workpapers, problem: Problem) -> tuple[str, str] | None:
    """Sheet and cell to which a problem belongs; None where it belongs to no cell of the book.

    A draft, which is all there is of a ledger with errors, holds no other sheet as read than the Ledger.
    """
    if problem.row < 1:
        return None
    for raw in papers.source.raw:
        if raw.name.lower() == problem.sheet.lower() or (
            problem.sheet == papers.report.ledger.sheet and _is_ledger(raw)
        ):
            if not _is_ledger(raw):
                return None if papers.report.has_errors else (raw.name, f"A{problem.row}")
            header = find_ledger_header(raw.rows)
            place = _letters(header, _own_columns(raw, header)).get(problem.column, 0)
            return LEDGER, address(problem.row, place + 1)
    return None


def _is_ledger(raw: RawSheet) -> bool:
    return raw.name.lower() == LEDGER.lower()


def _own_columns(raw: RawSheet, header: Header | None) -> frozenset[int]:
    """The places of the link column and of the working columns right of it in the ledger of an earlier report."""
    if header is None:
        return frozenset()
    headings = raw.rows[header.place]
    link = next((place for place, heading in enumerate(headings) if heading == LINK_COLUMN), len(headings))
    return frozenset(
        place for place, heading in enumerate(headings) if place == link or (place > link and heading in HEADINGS)
    )


def _letters(header: Header | None, own: frozenset[int]) -> Mapping[str, int]:
    """The place of each ledger column in the copy."""
    if header is None:
        return {}
    return {name: place - sum(left < place for left in own) for name, place in header.columns.items()}


def _with_masked_ssn(papers: Workpapers, values: Sequence[object]) -> Sequence[object]:
    if papers.show_ssn or not values or not isinstance(values[0], str) or values[0].strip().upper() != "SSN":
        return values
    return (values[0], *(masked(str(value)) if value is not None else None for value in values[1:]))


def _cell(value: object) -> Cell | None:
    """One cell as read: dates as dates, text as text, numbers with all their decimals."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return shared_cell(value)
    if isinstance(value, bool):
        return Cell(value)
    if isinstance(value, datetime):
        return shared_cell(value, TIME if value.time() != time() else DATE)
    if isinstance(value, date):
        return shared_cell(value, DATE)
    if isinstance(value, int | float):
        return Cell(value, _number_style(value))
    if isinstance(value, Decimal):
        return quantity_cell(value)
    if isinstance(value, time | timedelta):
        return Cell(str(value))
    return Cell(str(value))


@cache
def _decimals_style(decimals: int) -> Style:
    return Style(name=f"CapGain Read {decimals}", number_format="0." + "0" * decimals if decimals else "0")


def _number_style(value: float) -> Style:
    """All decimals a number was typed with; General would drop those beyond the tenth."""
    text = repr(float(value))
    if "e" in text or "n" in text:
        return PLAIN
    decimals = text.partition(".")[2].rstrip("0")
    return _decimals_style(min(len(decimals), 15)) if len(decimals) > 2 else PLAIN


def _add_links(papers: Workpapers, rows: list[list[Cell | None]], title_row: int, width: int) -> None:
    for number in (title_row, *papers.places):
        row = rows[number - 1] if number <= len(rows) else None
        if row is None:
            continue
        row += [None] * (width - len(row))
        if number == title_row:
            row.append(Cell(LINK_COLUMN))
        else:
            sheet, cell = papers.places[number]
            row.append(link_to(sheet, cell, f"{sheet} row {cell[1:]}", LINK))


def _add_working_columns(proof: LedgerProof, rows: list[list[Cell | None]], title_row: int, width: int) -> None:
    for number, cells in ((title_row, proof.headings()), *proof.cells_of.items()):
        row = rows[number - 1]
        row += [None] * (width - len(row))
        row += cells


def _mark(
    problems: tuple[Problem, ...], rows: list[list[Cell | None]], title_row: int, letters: Mapping[str, int]
) -> tuple[Note, ...]:
    """Colour the cells that problems are about, and say there what is wrong."""
    said: dict[str, list[str]] = {}
    for problem in problems:
        if not title_row < problem.row <= len(rows):
            continue
        row, place = rows[problem.row - 1], letters.get(problem.column, 0)
        row += [None] * (place + 1 - len(row))
        cell = row[place]
        style = BAD if problem.is_error else NOTICE
        content = cell.content if cell else None
        shown = style.but(f"{style.name} {cell.style.name}", number_format=cell.style.number_format) if cell else style
        row[place] = Cell(content, _marked(style, cell.style) if cell else shown)
        said.setdefault(address(problem.row, place + 1), []).append(f"{problem.message} {problem.remedy}".strip())
    return tuple(Note(cell, "\n".join(texts)) for cell, texts in list(said.items())[:MOST_NOTES])


@cache
def _marked(mark: Style, style: Style) -> Style:
    """A mark that keeps the number format of the cell below it."""
    return mark.but(f"{mark.name} {style.name}", number_format=style.number_format, align=style.align)


def _table(rows: list[list[Cell | None]], title_row: int, width: int) -> Table | None:
    """The Excel table `Ledger`, where the headings allow one: text, unique, none missing."""
    headings = [cell.content if cell else None for cell in rows[title_row - 1]] if len(rows) >= title_row else []
    names = [heading.strip().lower() for heading in headings if isinstance(heading, str) and heading.strip()]
    if not names or len(names) != width or len(set(names)) != width or len(rows) <= title_row:
        return None
    return Table(LEDGER, f"A{title_row}:{address(len(rows), width)}")


def _beside_text(cell: Cell | None) -> Cell | None:
    """A text too long for its column in several lines, so that print shows all of it, and what stands beside it."""
    if cell and isinstance(cell.content, str) and len(cell.content) > WIDEST_TEXT:
        return Cell(cell.content, WRAP)
    return cell and Cell(cell.content, at_top(cell.style))


def _widths(rows: list[list[Cell | None]] | list[Row], title: int, widest: int = WIDEST) -> tuple[float, ...]:
    """Wide enough for what the first rows hold, and for the longest word of each heading, which wraps."""
    widths: list[float] = []
    for number, row in enumerate(rows[: max(MOST_ROWS_MEASURED, title + 1)]):
        widths += [NARROWEST] * (len(row) - len(widths))
        for place, cell in enumerate(row):
            if cell is not None:
                length = _longest_word(cell) + FILTER_BUTTON if number == title else _shown_length(cell) + 2
                widths[place] = max(widths[place], min(length, widest))
    return tuple(widths)


def _longest_word(heading: Cell) -> float:
    return max((len(word) for word in str(heading.content).split()), default=0) * BOLD_IS_WIDER


def _shown_length(cell: Cell) -> int:
    content = cell.content
    if isinstance(content, datetime):
        return 19 if cell.style is TIME else 10
    if isinstance(content, date):
        return 10
    return len(str(getattr(content, "expected", content)))
