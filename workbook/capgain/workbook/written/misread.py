"""A cell that could not be read: what is wrong with it and what to do, before anyone knows where it stands."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import NamedTuple

Cell = object
"""What a cell may hold: None, str, bool, int, float, Decimal, date, datetime, time or timedelta."""

UNCALCULATED = "#UNCALCULATED!"
"""Stands in a cell for a formula whose result no program has saved."""

ERROR_VALUES = frozenset(
    {
        "#N/A",
        "#VALUE!",
        "#REF!",
        "#DIV/0!",
        "#NAME?",
        "#NUM!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
        "#FIELD!",
        "#BLOCKED!",
        "#CONNECT!",
        "#UNKNOWN!",
        "#BUSY!",
        "#PYTHON!",
        UNCALCULATED,
    }
)
"""The errors a cell can show (ECMA-376 part 1, 18.17.3, and those Excel added since)."""

SHOWN = 60
"""So much of a cell's text is quoted in a message."""

LONGEST = 200
"""No number, date or ratio has more characters than this."""


class Misread(NamedTuple):
    """Why a cell has no value, as the message, remedy and code of a Problem."""

    message: str
    remedy: str
    code: str


def shown(cell: Cell) -> str:
    """The cell as a message quotes it."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, str):
        text = cell.strip()
        return f'"{text}"' if len(text) <= SHOWN else f'"{text[:SHOWN]}…"'
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def is_blank(cell: Cell) -> bool:
    """Nothing, or nothing but white space."""
    return cell is None or (isinstance(cell, str) and not cell.strip(" \t\r\n\xa0\u202f\u200b\ufeff"))


def error_value(cell: Cell) -> Misread | None:
    """The complaint about a cell that shows an Excel error."""
    if isinstance(cell, str) and cell.startswith("#") and cell.strip().upper() in ERROR_VALUES:
        if cell == UNCALCULATED:
            return Misread(
                "The cell holds a formula that was never calculated.",
                "Open the workbook in Excel or LibreOffice, save it there, and try again; or type the value.",
                "CELL_NOT_CALCULATED",
            )
        return Misread(
            f"The cell shows the error {cell.strip().upper()}.",
            "Mend the formula in that cell, or type the value.",
            "CELL_ERROR",
        )
    return None
