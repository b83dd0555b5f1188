"""A sheet's cells gathered into rectangles of one style, so that Excel is told once for each and not once a cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from capgain.workbook.sheets import Row, Style


@dataclass(frozen=True, slots=True)
class StyleArea:
    """Rows `top` to `bottom` and columns `left` to `right`, counted from 1, all of one style."""

    top: int
    left: int
    bottom: int
    right: int
    style: Style

    @property
    def corners(self) -> tuple[tuple[int, int], tuple[int, int]]:
        return (self.top, self.left), (self.bottom, self.right)


def style_areas(rows: tuple[Row, ...] | list[Row]) -> Iterator[StyleArea]:
    """Rectangles that cover every cell of the rows once: runs down each column, joined with equal runs beside them."""
    open_runs: dict[tuple[int, int, int], StyleArea] = {}
    width = max((len(row) for row in rows), default=0)
    for column in range(1, width + 1):
        grown: dict[tuple[int, int, int], StyleArea] = {}
        for top, bottom, style in _runs(rows, column):
            key = (top, bottom, id(style))
            before = open_runs.pop(key, None)
            left = column if before is None else before.left
            grown[key] = StyleArea(top, left, bottom, column, style)
        yield from open_runs.values()
        open_runs = grown
    yield from open_runs.values()


def _runs(rows: tuple[Row, ...] | list[Row], column: int) -> Iterator[tuple[int, int, Style]]:
    top, style = 0, None
    for number, row in enumerate(rows, start=1):
        cell = row[column - 1] if column <= len(row) else None
        here = None if cell is None else cell.style
        if here is not style:
            if style is not None:
                yield top, number - 1, style
            top, style = number, here
    if style is not None:
        yield top, len(rows), style
