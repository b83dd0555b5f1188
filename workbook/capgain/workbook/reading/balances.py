"""The sheet Balances: the units that each account holds, as the user states them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from capgain.engine.problems import Problem, Severity
from capgain.workbook.reading.columns import find_header
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.written.columns_of_cells import text_of
from capgain.workbook.written.misread import Cell, Misread, is_blank
from capgain.workbook.written.moments import Calendar, read_day
from capgain.workbook.written.numbers import read_number

BALANCES = "Balances"
BALANCE_COLUMNS = ("Account", "Asset", "Quantity", "Date")


@dataclass(frozen=True, slots=True)
class StatedBalance:
    """Units of an asset in an account at the end of `day` (None: after the last row). A short position is negative."""

    account: str
    asset: str
    quantity: Decimal
    day: date | None = None


def stated_balances(sheet: RawSheet, calendar: Calendar) -> tuple[tuple[StatedBalance, ...], tuple[Problem, ...]]:
    """What the sheet states, and a warning for each row that cannot be compared."""
    header = find_header(sheet.rows, BALANCE_COLUMNS, ("Account", "Asset", "Quantity"))
    if header is None:
        if all(is_blank(cell) for row in sheet.rows for cell in row):
            return (), ()
        message = "No header with the columns Account, Asset and Quantity was found."
        remedy = f"Give the sheet a header with the columns {', '.join(BALANCE_COLUMNS)}."
        return (), (Problem(Severity.WARNING, sheet.name, sheet.first_row, "", message, remedy, "BALANCES_HEADER"),)
    stated = []
    problems = []
    for number, row in enumerate(sheet.rows[header.place + 1 :], sheet.first_row + header.place + 1):
        cells: dict[str, Cell] = {name: row[at] if at < len(row) else None for name, at in header.columns.items()}
        if all(is_blank(cell) for cell in cells.values()):
            continue
        quantity = read_number(cells["Quantity"])
        day = read_day(cells.get("Date"), calendar)
        for column, value in (("Quantity", quantity), ("Date", day)):
            if isinstance(value, Misread):
                problems.append(
                    Problem(Severity.WARNING, sheet.name, number, column, value.message, value.remedy, "BALANCE_ROW")
                )
        if isinstance(quantity, Decimal) and not isinstance(day, Misread):
            account, asset = text_of(cells["Account"]), text_of(cells["Asset"])
            stated.append(StatedBalance(account, asset, quantity, day))
    return tuple(stated), tuple(problems)
