"""The cells of a sheet of an open workbook by their formats, with few questions to Excel.

Excel gives one answer for many cells, and none where they differ: those are looked at in parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from capgain.addin.excel.ribbon.native import is_struck, number_format_of
from capgain.workbook.written.looks import FormattedArea


def formatted_areas(sheet: Any, last_row: int, last_column: int) -> Iterator[FormattedArea]:
    """The cells from A1 on, in areas of one format."""
    # Most columns have one format under a heading of another.
    for first, last in ((1, 1), (2, last_row)):
        if first <= last:
            yield from _areas(sheet, first, 1, last, last_column)


def _areas(sheet: Any, top: int, left: int, bottom: int, right: int) -> Iterator[FormattedArea]:
    cells = sheet.range((top, left), (bottom, right))
    shown, struck = number_format_of(cells), is_struck(cells)
    if (top, left) == (bottom, right) or (shown is not None and struck is not None):
        yield FormattedArea(top, left, bottom, right, shown or "", bool(struck))
    elif left < right:
        middle = (left + right) // 2
        yield from _areas(sheet, top, left, bottom, middle)
        yield from _areas(sheet, top, middle + 1, bottom, right)
    else:
        middle = (top + bottom) // 2
        yield from _areas(sheet, top, left, middle, right)
        yield from _areas(sheet, middle + 1, left, bottom, right)
