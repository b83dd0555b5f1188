"""Cells as Excel hands them over and takes them, by COM: turned into blocks and back.

What `Range.Value2` gives crosses as tuples of rows; numbers are doubles, dates serial numbers, errors 32-bit integers
(nothing else is an integer).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from capgain.addin.functions.arguments import Given, Missing
from capgain.addin.functions.cells import Answer, CellError, InputCell, OutputCell
from capgain.addin.functions.conversion import ERROR_IN_CELL, number_or_text, table_of
from capgain.workbook.written.looks import CellLooks, FormattedArea, looks_of_areas

EXCEL_ERRORS = {
    2000: "#NULL!",
    2007: "#DIV/0!",
    2015: "#VALUE!",
    2023: "#REF!",
    2029: "#NAME?",
    2036: "#NUM!",
    2042: "#N/A",
    2043: "#GETTING_DATA",
    2045: "#SPILL!",
    2046: "#CONNECT!",
    2047: "#BLOCKED!",
    2048: "#UNKNOWN!",
    2049: "#FIELD!",
    2050: "#CALC!",
}
"""What `CVErr` takes, and what a cell shows."""

_COM_ERROR_BASE = -2146828288
"""0x800A0000 as a signed 32-bit integer: COM hands an error over as this plus its `CVErr` number."""

_COM_MISSING = -2147352572
"""DISP_E_PARAMNOTFOUND: an argument left out."""

_FIELD_END, _AREA_END = "\x01", "\x02"

ERROR_MARK = "\x01"
"""Stands before an error's text on the way to VBA, which makes a real error of it. No cell can hold it."""


def excel_cell(value: Any) -> InputCell:
    """One cell as COM hands it over."""
    if type(value) is int:
        return EXCEL_ERRORS.get(value - _COM_ERROR_BASE, ERROR_IN_CELL)
    return value  # type: ignore[no-any-return]


def excel_rows(values: Sequence[Sequence[Any]]) -> tuple[tuple[InputCell, ...], ...]:
    """A range's `Value2`. Only rows with an integer are looked through for errors."""
    return tuple(
        tuple(excel_cell(cell) for cell in row) if int in set(map(type, row)) else tuple(row) for row in values
    )


def excel_array(values: Any) -> tuple[tuple[InputCell, ...], ...]:
    """An array argument, one-dimensional where Excel made a row of it."""
    if values and isinstance(values[0], tuple | list):
        return excel_rows(values)
    return excel_rows((tuple(values),))


def excel_looks(formats: str) -> CellLooks:
    """The looks of a range's cells, from the areas that VBA's module CapGainFormats found."""
    return looks_of_areas(map(_area, formats.split(_AREA_END)[:-1]))


def _area(text: str) -> FormattedArea:
    top, left, bottom, right, is_struck, number_format = text.split(_FIELD_END, 5)
    return FormattedArea(int(top), int(left), int(bottom), int(right), number_format, is_struck == "1")


def excel_scalar(value: Any) -> Given:
    """An argument typed into a formula, or the result of another function."""
    return Missing.MISSING if value == _COM_MISSING and type(value) is int else excel_cell(value)


def excel_answer(answer: Answer, date_1904: bool) -> list[list[float | str | bool]]:
    """An answer as rows for VBA: errors marked, dates as serial numbers, nothing as an empty text."""
    return [[_excel_out(cell, date_1904) for cell in row] for row in table_of(answer)]


def _excel_out(cell: OutputCell, date_1904: bool) -> float | str | bool:
    if isinstance(cell, CellError):
        return ERROR_MARK + cell.code.value
    return number_or_text(cell, date_1904)
