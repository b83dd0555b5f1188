"""What a person added to a sheet CapGain wrote stays with its row: marks, sign-offs, notes, cells beside the table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from capgain.workbook.sheets import PLAIN, Cell, Formula, Row, Sheet, address

CHANGED = " ?"
"""Put behind a kept mark whose row shows other figures than when it was set."""

Notes = list[tuple[str, str]]
Identity = tuple[tuple[str, ...], int]


@dataclass(frozen=True, slots=True)
class _RowOnSheet:
    """Where a row stands, and the figures in it by column."""

    number: int
    figures: Mapping[int, str]


def kept_marks(target: Any, sheet: Sheet) -> tuple[Sheet, Notes]:
    """The sheet with what was entered on the xlwings sheet `target`, and the person's notes at their rows' new places.

    A row is found again by the words and dates in it, the n-th among equal ones; its figures may have changed.
    """
    last = target.used_range.last_cell
    values = target.range((1, 1), (last.row, last.column)).options(ndim=2).value
    apart = _columns_apart(sheet)
    before = _rows(values, apart, sheet.width)
    after = _rows([[_shown(cell) for cell in row] for row in sheet.rows], apart, sheet.width)
    rows: list[Row] = list(sheet.rows)
    moved: dict[int, int] = {}
    for identity, old in before.items():
        new = after.get(identity)
        if new is not None:
            moved[old.number] = new.number
            is_changed = old.figures != new.figures
            rows[new.number - 1] = _with_entries(
                target, rows[new.number - 1], values, old.number, sheet.width, is_changed
            )
    kept = replace(sheet, rows=rows)
    return kept, _notes(target, kept, moved)


def _columns_apart(sheet: Sheet) -> frozenset[int]:
    """Columns that do not name a row: open ones, and formulas, whose results may change and whose row numbers shift."""
    return frozenset(
        place
        for row in sheet.rows
        for place, cell in enumerate(row)
        if cell is not None and (cell.style.unlocked or isinstance(cell.content, Formula))
    )


def _rows(rows: Sequence[Sequence[object]], apart: frozenset[int], width: int) -> dict[Identity, _RowOnSheet]:
    found: dict[Identity, _RowOnSheet] = {}
    seen: defaultdict[tuple[str, ...], int] = defaultdict(int)
    for number, row in enumerate(rows, start=1):
        words: list[str] = []
        figures: dict[int, str] = {}
        for place, value in enumerate(row[:width]):
            if place in apart or value in (None, ""):
                continue
            if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
                figures[place] = f"{value:.6f}"
            else:
                words.append(_word(value))
        if words:
            key = tuple(words)
            seen[key] += 1
            found[key, seen[key]] = _RowOnSheet(number, figures)
    return found


def _word(value: object) -> str:
    iso = getattr(value, "isoformat", None)
    return str(iso())[:10] if iso is not None else str(value)


def _shown(cell: Cell | None) -> object:
    return None if cell is None or isinstance(cell.content, Formula) else cell.content


def _with_entries(
    target: Any, row: Row, values: Sequence[Sequence[object]], number: int, width: int, is_changed: bool
) -> Row:
    """A new row with what stood in its open cells, and in the cells to the right of the sheet's own."""
    old = values[number - 1]
    cells = list(row)
    for place, cell in enumerate(row):
        if cell is not None and cell.style.unlocked and place < len(old) and old[place] not in (None, ""):
            content = old[place]
            if content == _shown(cell):
                continue
            if is_changed and isinstance(content, str) and not content.endswith(CHANGED):
                content += CHANGED
            cells[place] = Cell(content, cell.style)  # type: ignore[arg-type]
    for place in range(width, len(old)):
        if old[place] not in (None, ""):
            cells += [None] * (place + 1 - len(cells))
            formula = target.range((number, place + 1)).formula
            is_formula = isinstance(formula, str) and formula.startswith("=")
            cells[place] = Cell(Formula(formula, old[place]) if is_formula else old[place], PLAIN)  # type: ignore[arg-type]
    return cells


def _notes(target: Any, sheet: Sheet, moved: Mapping[int, int]) -> Notes:
    taken = {note.cell for note in sheet.notes}
    ours = {note.text for note in sheet.notes}
    found: Notes = []
    for note in target.notes:
        place = moved.get(note.location.row)
        cell = address(place, note.location.column) if place is not None else ""
        if cell and cell not in taken and note.text not in ours:
            taken.add(cell)
            found.append((cell, note.text))
    return found
