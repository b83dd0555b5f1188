"""Tick marks, sign-offs and initials that people entered stay with their rows when the workpapers are made again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineWorkbook

from capgain.workbook.sheets import Book, Cell, Formula, Row, Sheet, address

CHANGED = " ?"
"""Put behind a kept mark whose row shows other figures than when it was set."""

Identity = tuple[str, ...]
Figures = tuple[str, ...]

_STATES = frozenset({"PASS", "FAIL", "Yes", "No", "Skip"})
"""Words that are results: they may change like a figure."""

_RESULTS = frozenset({"#", "Result", "Class", "Explanation", "Ledger rows", "What to do", "Blocks filing"})
"""Headings of columns that number rows or tell results, and so do not name a row."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The new book with the old entries, and sentences about entries that found no row or whose figures changed."""

    book: Book
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    cell: str
    content: str
    figures: Figures


def kept_entries(book: Book, before: Path) -> Kept:
    """Carry what people entered in `before`, an earlier workbook of the same making, over to `book`."""
    old = CalamineWorkbook.from_path(before)
    remarks: list[str] = []
    sheets: list[Sheet] = []
    for sheet in book.sheets:
        if sheet.name not in old.sheet_names:
            sheets.append(sheet)
            continue
        places = _entry_columns(sheet)
        if not places:
            sheets.append(sheet)
            continue
        apart = places | _link_columns(sheet) | _result_columns(sheet)
        values = old.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        kept, said = _carried(sheet, _entered(values, places, apart), places, apart)
        sheets.append(kept)
        remarks.extend(said)
    return Kept(replace(book, sheets=tuple(sheets)), tuple(remarks))


def _entry_columns(sheet: Sheet) -> frozenset[int]:
    """Columns in which a person may enter something."""
    return frozenset(
        place for row in sheet.rows for place, cell in enumerate(row) if cell is not None and cell.style.unlocked
    )


def _link_columns(sheet: Sheet) -> frozenset[int]:
    """Columns that lead to ledger rows, whose numbers shift when a row is put in above."""
    return frozenset(
        place
        for row in sheet.rows
        for place, cell in enumerate(row)
        if cell is not None and isinstance(cell.content, Formula) and cell.content.text.startswith("=HYPERLINK(")
    )


def _result_columns(sheet: Sheet) -> frozenset[int]:
    """Columns that do not name a row, by their headings."""
    return frozenset(
        place
        for row in sheet.rows
        for place, cell in enumerate(row)
        if cell is not None and cell.style.bold and cell.content in _RESULTS
    )


def _entered(
    values: Sequence[Sequence[object]], places: frozenset[int], apart: frozenset[int]
) -> dict[tuple[Identity, int, int], _Entry]:
    """What stands in entry columns, by the row's identity, its n-th occurrence, and the column."""
    found: dict[tuple[Identity, int, int], _Entry] = {}
    seen: defaultdict[Identity, int] = defaultdict(int)
    for number, row in enumerate(values, start=1):
        identity, figures = _identity(enumerate(row), apart)
        seen[identity] += 1
        for place in places:
            content = row[place] if place < len(row) else ""
            if content not in ("", None):
                found[identity, seen[identity], place] = _Entry(address(number, place + 1), _text(content), figures)
    return found


def _carried(
    sheet: Sheet,
    found: Mapping[tuple[Identity, int, int], _Entry],
    places: frozenset[int],
    apart: frozenset[int],
) -> tuple[Sheet, list[str]]:
    left = dict(found)
    remarks: list[str] = []
    rows: list[Row] = []
    seen: defaultdict[Identity, int] = defaultdict(int)
    for number, row in enumerate(sheet.rows, start=1):
        shown = ((place, _shown(cell)) for place, cell in enumerate(row))
        identity, figures = _identity(shown, apart)
        seen[identity] += 1
        cells = list(row)
        for place in places:
            entry = left.get((identity, seen[identity], place))
            if entry is None or place >= len(cells):
                continue
            cell = cells[place]
            if cell is None or not cell.style.unlocked:
                continue
            del left[identity, seen[identity], place]
            if entry.content == _text(cell.content):
                continue
            content = entry.content
            if entry.figures != figures and not content.endswith(CHANGED):
                content += CHANGED
                remarks.append(
                    f"{sheet.name} {address(number, place + 1)}: the figures of this row changed since "
                    f"{entry.content!r} was entered; it is marked with a question mark."
                )
            cells[place] = Cell(content, cell.style)
        rows.append(cells)
    remarks += [
        f"{sheet.name}: {entry.content!r} was entered in {entry.cell} at a row that is not there any more."
        for (identity, _, _), entry in left.items()
        if any(identity)
    ]
    return replace(sheet, rows=rows), remarks


def _identity(cells: Iterator[tuple[int, object]], apart: frozenset[int]) -> tuple[Identity, Figures]:
    """A row's words and dates, which name it, and its figures and results, which may change."""
    words: list[str] = []
    figures: list[str] = []
    for place, value in cells:
        if place in apart or value is None or value == "":
            continue
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            if value:
                figures.append(f"{value:.6f}")
        elif value in _STATES:
            figures.append(str(value))
        else:
            words.append(_text(value))
    return tuple(words), tuple(figures)


def _shown(cell: Cell | None) -> object:
    if cell is None:
        return None
    return cell.content.expected if isinstance(cell.content, Formula) else cell.content


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if not (value.hour or value.minute or value.second) else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
