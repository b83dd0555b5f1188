"""A sheet that CapGain wrote into an open workbook, as the person left it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from capgain.addin.excel.ribbon import native
from capgain.addin.excel.ribbon.written_sheets import written_area
from capgain.workbook.report.kept_entries import EarlierSheet, Shown
from capgain.workbook.sheets import Note, Sheet, address

Corners = tuple[tuple[int, int], tuple[int, int]]


def earlier_sheet(target: Any, sheet: Sheet) -> EarlierSheet:
    """What is on the xlwings sheet `target`, which `sheet` is to replace: open cells, cells beside and below, notes."""
    last = target.used_range.last_cell
    values = target.range((1, 1), (last.row, last.column)).options(ndim=2).value
    rows = [[Shown(value) for value in row] for row in values]
    height, width = written_area(target) or (last.row, sheet.width)
    for top_left, bottom_right in _theirs(target, min(height, last.row), width, last.row, last.column):
        formulas = target.range(top_left, bottom_right).formula
        block = formulas if isinstance(formulas, list | tuple) else [[formulas]]
        for row, cells in enumerate(block, start=top_left[0] - 1):
            for column, formula in enumerate(cells, start=top_left[1] - 1):
                value = rows[row][column].value
                is_formula = isinstance(formula, str) and formula.startswith("=") and formula != value
                rows[row][column] = Shown(value, True, formula if is_formula else "")
    notes = [Note(address(note.location.row, note.location.column), note.text) for note in target.notes]
    return EarlierSheet(rows, notes, height)


def _theirs(target: Any, height: int, width: int, last_row: int, last_column: int) -> Iterator[Corners]:
    """The corners of the blocks of cells that are the person's to fill."""
    if last_column > width:
        yield (1, width + 1), (height, last_column)
    if last_row > height:
        yield (height + 1, 1), (last_row, last_column)
    yield from _open_cells(target, (1, 1), (height, min(width, last_column)))


def _open_cells(target: Any, first: tuple[int, int], last: tuple[int, int]) -> Iterator[Corners]:
    """The blocks of open cells between two corners, halved by columns and then by rows where only some are open."""
    is_locked = native.is_locked(target.range(first, last))
    if is_locked is False:
        yield first, last
    elif is_locked is None and first != last:
        (top, left), (bottom, right) = first, last
        if left < right:
            middle = (left + right) // 2
            halves = (first, (bottom, middle)), ((top, middle + 1), last)
        else:
            middle = (top + bottom) // 2
            halves = (first, (middle, right)), ((middle + 1, left), last)
        for half in halves:
            yield from _open_cells(target, *half)
