"""An answer as plain values, for whichever spreadsheet shows it. What is peculiar to one of them stands in its face."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from capgain.addin.functions.cells import Answer, CellError, OutputCell
from capgain.workbook.written.serials import serial_of

ERROR_IN_CELL = "#UNKNOWN!"
"""An error of a kind unknown here."""


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
