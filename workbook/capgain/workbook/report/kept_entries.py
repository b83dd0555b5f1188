"""Tick marks, sign-offs and initials that people entered stay with their rows when the workpapers are made again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from openpyxl import load_workbook
from openpyxl.cell.read_only import ReadOnlyCell

from capgain.workbook.sheets import Book, Cell, Formula, Row, Sheet, address

CHANGED = " ?"
"""Put behind a kept mark whose row shows other figures than when it was set."""

Identity = tuple[str, ...]
Figures = Mapping[int, str]

_STATES = frozenset({"PASS", "FAIL", "Yes", "No", "Skip"})
"""Words that are results: they may change like a figure."""

_RESULTS = frozenset({"#", "Result", "Class", "Explanation", "Ledger rows", "What to do", "Blocks filing"})
"""Headings of columns that number rows or tell results, and so do not name a row."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The new book with the old entries, and sentences about entries that found no row or whose figures changed."""

    book: Book
    remarks: tuple[str, ...]


class _Value(NamedTuple):
    """What a cell shows; `is_open`: people may enter something there. `is_formula` is known of new cells only."""

    content: object
    is_open: bool
    is_formula: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    cell: str
    content: str
    figures: Figures


def kept_entries(book: Book, before: Path) -> Kept:
    """Carry what people entered in `before`, an earlier workbook of the same making, over to `book`.

    A row is found again by its words and dates, the n-th among equal ones; ledger row numbers may have shifted.
    """
    remarks: list[str] = []
    sheets: list[Sheet] = []
    old = load_workbook(before, read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in book.sheets:
            if sheet.name in old.sheetnames and any(_is_open(cell) for row in sheet.rows for cell in row):
                apart = _columns_apart(sheet)
                width = max(len(row) for row in sheet.rows)
                found = _entered(_old_rows(old[sheet.name].iter_rows(max_col=width)), apart)
                kept, said = _carried(sheet, found, apart)
                sheets.append(kept)
                remarks.extend(said)
            else:
                sheets.append(sheet)
    finally:
        old.close()
    return Kept(replace(book, sheets=tuple(sheets)), tuple(remarks))


def _old_rows(rows: Iterable[Iterable[object]]) -> Iterator[list[_Value]]:
    for row in rows:
        yield [
            _Value(cell.value, not cell.protection.locked) if isinstance(cell, ReadOnlyCell) else _Value(None, False)
            for cell in row
        ]


def _new_row(row: Row) -> list[_Value]:
    values = []
    for cell in row:
        content = cell.content if cell is not None else None
        if isinstance(content, Formula):
            values.append(_Value(content.expected, _is_open(cell), True))
        else:
            values.append(_Value(content, _is_open(cell)))
    return values


def _is_open(cell: Cell | None) -> bool:
    return cell is not None and cell.style.unlocked


def _columns_apart(sheet: Sheet) -> frozenset[int]:
    """Columns that do not name a row: results, and links to ledger rows, whose numbers shift with the ledger."""
    found = set()
    for row in sheet.rows:
        for place, cell in enumerate(row):
            if cell is None:
                continue
            if isinstance(cell.content, Formula):
                if cell.content.text.startswith("=HYPERLINK("):
                    found.add(place)
            elif cell.style.bold and cell.content in _RESULTS:
                found.add(place)
    return frozenset(found)


def _entered(rows: Iterable[list[_Value]], apart: frozenset[int]) -> dict[tuple[Identity, int, int], _Entry]:
    """What stands in open cells, by the row's identity, its n-th occurrence, and the column."""
    found: dict[tuple[Identity, int, int], _Entry] = {}
    seen: defaultdict[Identity, int] = defaultdict(int)
    for number, row in enumerate(rows, start=1):
        identity, figures = _identity(row, apart)
        seen[identity] += 1
        for place, value in enumerate(row):
            if value.is_open and value.content not in ("", None):
                entry = _Entry(address(number, place + 1), _text(value.content), figures)
                found[identity, seen[identity], place] = entry
    return found


def _carried(
    sheet: Sheet, found: Mapping[tuple[Identity, int, int], _Entry], apart: frozenset[int]
) -> tuple[Sheet, list[str]]:
    left = dict(found)
    remarks: list[str] = []
    rows: list[Row] = []
    seen: defaultdict[Identity, int] = defaultdict(int)
    for number, row in enumerate(sheet.rows, start=1):
        shown = _new_row(row)
        identity, figures = _identity(shown, apart)
        seen[identity] += 1
        cells = list(row)
        for place, cell in enumerate(cells):
            entry = left.pop((identity, seen[identity], place), None) if _is_open(cell) else None
            if entry is None or cell is None or entry.content == _text(cell.content):
                continue
            content = entry.content
            if _differ(entry.figures, figures, shown) and not content.endswith(CHANGED):
                content += CHANGED
                remarks.append(
                    f"{sheet.name} {address(number, place + 1)}: the figures of this row changed since "
                    f"{entry.content!r} was entered; it is marked with a question mark."
                )
            cells[place] = Cell(content, cell.style)
        rows.append(cells)
    remarks += [
        f"{sheet.name}: {entry.content!r} was entered in {entry.cell} at a row that is not there any more."
        for entry in left.values()
    ]
    return replace(sheet, rows=rows), remarks


def _differ(before: Figures, after: Figures, shown: list[_Value]) -> bool:
    """Whether a row's figures changed; a formula whose value the other program did not store says nothing."""
    return any(
        before.get(place) != after.get(place)
        for place in {*before, *after}
        if before.get(place) is not None or not (place < len(shown) and shown[place].is_formula)
    )


def _identity(row: Iterable[_Value], apart: frozenset[int]) -> tuple[Identity, Figures]:
    """A row's words and dates, which name it, and its figures and results, which may change."""
    words: list[str] = []
    figures: dict[int, str] = {}
    for place, (value, is_open, _) in enumerate(row):
        if place in apart or is_open or value is None or value == "":
            continue
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            if value:
                figures[place] = f"{value:.6f}"
        elif value in _STATES:
            figures[place] = str(value)
        else:
            words.append(_text(value))
    return tuple(words), figures


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if not (value.hour or value.minute or value.second) else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
