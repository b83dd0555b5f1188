"""Rows of cells that grow to the right where further columns stand beside a list."""

from __future__ import annotations

from collections.abc import Iterable

from capgain.workbook.sheets import Cell

Grid = list[list[Cell | None]]


def put(grid: Grid, row: int, column: int, *cells: Cell | None) -> None:
    """Put cells side by side from a row and column on, both counted from 1."""
    while len(grid) < row:
        grid.append([])
    line = grid[row - 1]
    line += [None] * (column - 1 + len(cells) - len(line))
    line[column - 1 : column - 1 + len(cells)] = cells


def put_all(grid: Grid, placed: Iterable[tuple[int, int, Cell]]) -> None:
    """Put cells by row and column."""
    for row, column, cell in placed:
        put(grid, row, column, cell)
