"""Cells as each spreadsheet hands them over, turned into blocks and back. No face converts anywhere else.

Excel (COM): what `Range.Value2` gives crosses as tuples of rows; numbers are doubles, dates serial numbers, errors
32-bit integers (nothing else is an integer). LibreOffice (UNO): tuples of rows of doubles and texts. xlwings Lite and
Server (`convert="raw"`): lists of rows as JavaScript had them, errors as texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from capgain.addin.functions.arguments import Given, Missing
from capgain.addin.functions.cells import Answer, Block, CellError, InputCell, OutputCell
from capgain.workbook.written.serials import serial_of

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

ERROR_MARK = "\x01"
"""Stands before an error's text on the way to VBA, which makes a real error of it. No cell can hold it."""

ERROR_IN_CELL = "#UNKNOWN!"
"""An error of a kind unknown here."""


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


def number_or_text(cell: OutputCell, date_1904: bool) -> float | str | bool:
    """A cell without an error as a double, a text or a truth value. A double holds every cent below 90 trillion."""
    if cell is None:
        return ""
    if isinstance(cell, bool | str):
        return cell
    if isinstance(cell, Decimal | int):
        return float(cell)
    if isinstance(cell, date):
        serial = serial_of(cell, date_1904=date_1904)
        return serial if isinstance(serial, str) else float(serial)
    raise AssertionError(f"an error stands where a value is expected: {cell}")


def table_of(answer: Answer) -> Sequence[Sequence[OutputCell]]:
    """An answer as rows, a single value as one row of one."""
    if answer is None or isinstance(answer, str | bool | int | Decimal | date | CellError):
        return ((answer,),)
    return answer


def uno_rows(values: Sequence[Sequence[Any]]) -> tuple[tuple[InputCell, ...], ...]:
    """A range's `getDataArray`: an empty cell is an empty text there."""
    return tuple(tuple(None if cell == "" else cell for cell in row) for row in values)


def lite_given(value: Any) -> Given:
    """An argument of an xlwings function with `convert="raw"`: rows of cells, or nothing."""
    if value is None:
        return Missing.MISSING
    if not isinstance(value, list | tuple):
        return value  # type: ignore[no-any-return]
    rows = value if value and isinstance(value[0], list | tuple) else [value]
    return Block([[None if cell == "" else cell for cell in row] for row in rows])
