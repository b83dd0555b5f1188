"""A plain list on a sheet: headings in row 1, a row a thing, totals in the last row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import ceil
from typing import Any, NamedTuple

from capgain.workbook.long_rows import LongRows, Stretch
from capgain.workbook.report.column_tally import Tally, tally_of_list
from capgain.workbook.report.context import Workpapers
from capgain.workbook.sheets import (
    HEADING,
    MUTED,
    TOTAL,
    TOTAL_LABEL,
    Cell,
    Formula,
    Note,
    Page,
    Row,
    Sheet,
    address,
    at_top,
    column_letter,
    fitted_heights,
    reference,
)

FIRST_ROW = 2
WIDEST_NAME = 30
NAMES = frozenset({"Asset", "Account", "Lot"})
"""Headings of columns that are as wide as their longest name."""


def name_width(least: float, names: Iterable[str]) -> float:
    """The width of a column of names in bold type, none of which is cut up to thirty signs."""
    longest = max((len(name) for name in names), default=0)
    return max(least, min(longest * 1.1 + 2, WIDEST_NAME))


class Column(NamedTuple):
    """A column's heading and width; `note` explains the heading."""

    heading: str
    width: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list on its sheet. `last` is the last row of the list itself, `total` that of the totals (0: none).

    `tallies` are what its columns come to, as far as a check asks.
    """

    sheet: Sheet
    columns: tuple[Column, ...]
    last: int
    total: int
    tallies: tuple[Tally | None, ...]

    def letter(self, heading: str) -> str:
        """The column letter under which a heading stands."""
        return column_letter([column.heading for column in self.columns].index(heading) + 1)

    def cells(self, heading: str) -> str:
        """The whole column of a heading as an absolute reference from another sheet; at least one row."""
        letter = self.letter(heading)
        return reference(self.sheet.name, f"${letter}${FIRST_ROW}:${letter}${max(self.last, FIRST_ROW)}")

    def total_cell(self, heading: str) -> str:
        """The total of a column as a reference from another sheet."""
        return reference(self.sheet.name, f"{self.letter(heading)}{self.total}")


FITTING = 165
"""Widths of columns that a page across takes in a font of eight points or more."""


def across(page: Page, widths: Sequence[float], repeated: int = 2) -> Page:
    """The page set-up of a list, on several pages beside one another where one would shrink it beyond reading."""
    pages = ceil(sum(widths) / FITTING)
    if pages > 1:
        pages = ceil((sum(widths) + (pages - 1) * sum(widths[:repeated])) / FITTING)
    return replace(page, pages_wide=pages, columns_repeated=repeated if pages > 1 else 0)


def of_nothing(page: Page, widths: Sequence[float], last: int) -> Page:
    """The page set-up of a list without rows: one page, of as many headings as fit it."""
    fitting = [place for place in range(1, len(widths) + 1) if sum(widths[:place]) <= FITTING]
    return replace(page, pages_wide=1, columns_repeated=0, area=f"A1:{column_letter(max(fitting, default=1))}{last}")


def list_sheet(
    papers: Workpapers,
    name: str,
    title: str,
    rows: Sequence[Row],
    widths: tuple[float, ...],
    *,
    tab: str,
    heights: Mapping[int, float] | None = None,
    repeated: int = 2,
    **more: Any,
) -> Sheet:
    """A sheet of rows under headings in row 1, which stay in view and are printed on every page; `more` of it.

    Too wide for a page it is printed over two, the `repeated` columns on each.
    """
    return Sheet(
        name=name,
        rows=rows,
        widths=widths,
        heights=fitted_heights(rows, widths) if heights is None else heights,
        freeze=(1, 0),
        page=across(papers.page(title, landscape=True, repeat=(1, 1)), widths, repeated),
        tab=tab,
        **more,
    )


def listing(
    papers: Workpapers,
    name: str,
    title: str,
    columns: tuple[Column, ...],
    rows: Sequence[Row],
    totals: Mapping[str, Decimal],
    *,
    empty: str,
    tab: str = "",
    numbers_as_text: str = "",
    fits_text: bool = False,
    counted: tuple[str, str] = ("", ""),
    below: Sequence[Row] = (),
) -> Listing:
    """Lay out a list. `totals` gives the expected total by heading; `empty` is said where there are no rows.

    A long list gives its rows as a `Stretch` from FIRST_ROW on. With `fits_text` rows are as high as their text.
    With `counted`, a heading and a word, the totals are those of the rows that have the word under it. `below` are rows
    under the totals.
    """
    if fits_text:
        rows = rows.changed(_at_top) if isinstance(rows, Stretch) else [_at_top(row) for row in rows]
    last = FIRST_ROW + len(rows) - 1
    body = LongRows([tuple(Cell(column.heading, HEADING) for column in columns)])
    body.extend(rows)
    total = 0
    if not rows:
        body.append((Cell(empty, MUTED),))
    elif totals:
        total = last + 1
        body.append(_totals(columns, totals, last, counted))
    body.extend(below if rows else ())
    width = len(columns)
    widths, tallies = _looked_through(columns, rows)
    letter = column_letter([column.heading for column in columns].index(numbers_as_text) + 1) if numbers_as_text else ""
    sheet = list_sheet(
        papers,
        name,
        title,
        body,
        widths,
        tab=tab,
        heights=fitted_heights(body if fits_text else body[:1], widths),
        autofilter=f"A1:{address(max(last, FIRST_ROW), width)}" if rows else "",
        notes=tuple(
            Note(address(1, place), column.note) for place, column in enumerate(columns, start=1) if column.note
        ),
        numbers_as_text=f"{letter}{FIRST_ROW}:{letter}{last}" if letter and rows else "",
    )
    if not rows:
        sheet = replace(sheet, page=of_nothing(sheet.page, widths, len(body)))
    return Listing(sheet, columns, last, total, tallies)


def _at_top(row: Row) -> Row:
    return tuple(cell and Cell(cell.content, at_top(cell.style)) for cell in row)


def _looked_through(
    columns: tuple[Column, ...], rows: Sequence[Row]
) -> tuple[tuple[float, ...], tuple[Tally | None, ...]]:
    """The width of each column, those of names as wide as their longest, and its tally."""
    tallies = tuple(tally_of_list(column.heading) for column in columns)
    noted = [(place, tally) for place, tally in enumerate(tallies) if tally is not None]
    longest = {place: "" for place, column in enumerate(columns) if column.heading in NAMES}
    for number, row in enumerate(rows, start=FIRST_ROW):
        for place, tally in noted:
            if place < len(row) and (cell := row[place]) is not None:
                tally.add(number, cell)
        for place, name in longest.items():
            if place < len(row) and (cell := row[place]) is not None and type(cell.content) is str:
                longest[place] = max(name, cell.content, key=len)
    widths = (
        name_width(column.width, (longest[place],)) if place in longest else column.width
        for place, column in enumerate(columns)
    )
    return tuple(widths), tallies


def _totals(columns: tuple[Column, ...], totals: Mapping[str, Decimal], last: int, counted: tuple[str, str]) -> Row:
    cells = []
    heading, word = counted
    of = column_letter([column.heading for column in columns].index(heading) + 1) if heading else ""
    for place, column in enumerate(columns, start=1):
        if column.heading in totals:
            letter = column_letter(place)
            text = f"=SUM({letter}{FIRST_ROW}:{letter}{last})"
            if of:
                text = f'=SUMIF({of}{FIRST_ROW}:{of}{last},"{word}",{letter}{FIRST_ROW}:{letter}{last})'
            cells.append(Cell(Formula(text, totals[column.heading]), TOTAL))
        else:
            cells.append(Cell("Total" if place == 1 else None, TOTAL_LABEL))
    return cells
