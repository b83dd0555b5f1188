"""The sheets `Ledger`, `Accounts`, `Settings` and `Prices` as they were read, row for row.

The copy of the ledger is itself a ledger: same rows, same values, one more column that leads to Form 8949.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from capgain.engine.problems import Problem
from capgain.workbook.long_rows import LongRows, Stretch
from capgain.workbook.reading.columns import Header, find_ledger_header
from capgain.workbook.report.column_tally import tally_as_read
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


class LedgerCells:
    """The ledger's cells as read, without the columns that CapGain added to an earlier copy; each made when asked for.

    `columns` are the places of the ledger's columns, `width` the length of the longest row, `first` the first in use,
    `height` the last row, `in_order` and `tallies` the columns by place and what each comes to. `proof` has the working
    columns that come to stand beside them, None where the copy has none.
    """

    def __init__(self, papers: Workpapers, raw: RawSheet, *, with_proof: bool) -> None:
        header = find_ledger_header(raw.rows)
        own = _own_columns(raw, header)
        self._raw = raw
        self._kept = [place for place in range(max(map(len, raw.rows), default=0)) if place not in own] if own else None
        self.columns = _letters(header, own)
        self.title_row = raw.first_row + header.place if header else raw.first_row
        self.height = raw.first_row - 1 + len(raw.rows)
        self.in_order = sorted(self.columns.items(), key=lambda one: one[1])
        self.tallies = [tally_as_read(heading) for heading, _ in self.in_order]
        self.proof: LedgerProof | None = None
        self.width, self.first = self._look_through()
        if with_proof and header is not None:
            place = Place(self.columns, self.title_row, self.height, self.width + 1)
            self.proof = LedgerProof(papers, place, self.content)

    def row(self, number: int) -> list[Cell | None]:
        """The cells of a row."""
        return [_cell(value) for value in self._values(number)]

    def content(self, row: int, place: int) -> object:
        """What the cell at a place of a row holds; None for an empty one."""
        values = self._raw.rows[row - self._raw.first_row]
        if self._kept is not None:
            place = self._kept[place] if place < len(self._kept) else len(values)
        cell = _cell(values[place]) if place < len(values) else None
        return None if cell is None else cell.content

    def _values(self, number: int) -> Sequence[object]:
        values: Sequence[object] = () if number < self._raw.first_row else self._raw.rows[number - self._raw.first_row]
        if self._kept is None:
            return values
        return [values[place] for place in self._kept if place < len(values)]

    def _look_through(self) -> tuple[int, int]:
        """Note what the columns come to; the length of the longest row, and the first column in use."""
        noted = [
            (place, tally) for (_, place), tally in zip(self.in_order, self.tallies, strict=True) if tally is not None
        ]
        width, first = 0, max(map(len, self._raw.rows), default=0)
        for number in range(self._raw.first_row, self.height + 1):
            values = self._values(number)
            width = max(width, len(values))
            if first:
                first = next((place for place, value in enumerate(values[:first]) if value not in (None, "")), first)
            if number > self.title_row:
                for place, tally in noted:
                    cell = _cell(values[place]) if place < len(values) else None
                    if cell is not None:
                        tally.add(number, cell)
        return width, first


def ledger_cells(papers: Workpapers, *, with_proof: bool) -> LedgerCells | None:
    """The cells of the sheet Ledger; None where none was read."""
    raw = next((one for one in papers.source.raw if _is_ledger(one)), None)
    return None if raw is None else LedgerCells(papers, raw, with_proof=with_proof)


def ledger_copy(papers: Workpapers, cells: LedgerCells) -> Sheet:
    """The ledger as read, with problem cells marked, a link from each row to Form 8949, and the working columns."""
    laid = _CopiedRows(papers, cells)
    rows = laid.rows()
    title_row, printed, width = cells.title_row, laid.printed, laid.width
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
        notes=laid.notes,
        numbers_as_text=f"A{title_row + 1}:{address(max(len(rows), title_row + 1), max(width, 1))}",
    )


class _CopiedRows:
    """The rows of the copy.

    `printed` of its `width` columns are the ledger's and the links; `notes` say what is wrong.
    """

    def __init__(self, papers: Workpapers, cells: LedgerCells) -> None:
        self._papers = papers
        self._cells = cells
        self._has_links = bool(cells.columns) and (bool(papers.places) or cells.proof is not None)
        self.printed = cells.width + self._has_links
        self.width = self.printed + (0 if cells.proof is None else len(HEADINGS))
        own = tuple(found for found in papers.report.problems if found.sheet == papers.report.ledger.sheet)
        self._marks, self.notes = _marks(own, cells)

    def rows(self) -> LongRows:
        """Those down to the headings, those below them as they are asked for, and the empty ones at the end."""
        cells = self._cells
        rows = LongRows(self._row(number) for number in range(1, min(cells.title_row, cells.height) + 1))
        first, last = len(rows) + 1, cells.height
        while first <= last and not any(self._row(first)):
            rows.append(self._row(first))
            first += 1
        while last >= first and not any(self._row(last)):
            last -= 1
        if last >= first:
            columns = range(cells.first, self.width) if cells.proof is not None else self._reach(first, last)
            body = range(first, last + 1)
            rows.extend(Stretch(body, lambda number, _: self._row(number), first, columns, self.width))
        rows.extend(() for _ in range(last, cells.height))
        return rows

    def _reach(self, first: int, last: int) -> range:
        """The columns that hold cells in some rows."""
        used = {
            place
            for number in range(first, last + 1)
            for place, cell in enumerate(self._row(number))
            if cell is not None
        }
        return range(min(used), max(used) + 1)

    def _row(self, number: int) -> list[Cell | None]:
        cells, title_row = self._cells, self._cells.title_row
        row = cells.row(number)
        link = self._papers.places.get(number) if self._has_links and number != title_row else None
        if link is not None:
            row += [None] * (cells.width - len(row))
            row.append(link_to(link[0], f"A{link[1]}", f"{link[0]} row {link[1]}", LINK))
        if self._has_links and number == title_row:
            row += [None] * (cells.width - len(row))
            row.append(Cell(LINK_COLUMN))
        for place, style in self._marks.get(number, ()):
            row += [None] * (place + 1 - len(row))
            cell = row[place]
            row[place] = Cell(cell.content if cell else None, _marked(style, cell.style) if cell else style)
        if number == title_row:
            row = [Cell(cell.content if cell else None, HEADING) for cell in row]
        if cells.proof is not None:
            working = cells.proof.headings() if number == title_row else cells.proof.cells_of(number)
            if working:
                row += [None] * (self.printed - len(row))
                row += working
        return row


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


def _marks(
    problems: tuple[Problem, ...], cells: LedgerCells
) -> tuple[Mapping[int, Sequence[tuple[int, Style]]], tuple[Note, ...]]:
    """The cells that problems are about with their colours by row, and what is wrong there."""
    said: dict[str, list[str]] = {}
    marks: dict[int, list[tuple[int, Style]]] = {}
    for problem in problems:
        if not cells.title_row < problem.row <= cells.height:
            continue
        place = cells.columns.get(problem.column, 0)
        marks.setdefault(problem.row, []).append((place, BAD if problem.is_error else NOTICE))
        said.setdefault(address(problem.row, place + 1), []).append(f"{problem.message} {problem.remedy}".strip())
    return marks, tuple(Note(cell, "\n".join(texts)) for cell, texts in list(said.items())[:MOST_NOTES])


@cache
def _marked(mark: Style, style: Style) -> Style:
    """A mark that keeps the number format of the cell below it."""
    return mark.but(f"{mark.name} {style.name}", number_format=style.number_format, align=style.align)


def _table(rows: Sequence[Row], title_row: int, width: int) -> Table | None:
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


def _widths(rows: Sequence[Row], title: int, widest: int = WIDEST) -> tuple[float, ...]:
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
