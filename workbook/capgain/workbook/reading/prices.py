"""The Prices sheet: what a unit of an asset was worth on a day, or is worth when no day is given.

No price of it enters a return, so that a cell that shows an error or text takes its row out, with a warning.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from capgain.engine.ledger import Price
from capgain.engine.problems import Problem, Severity
from capgain.workbook.reading import symbols
from capgain.workbook.reading.cell_looks import misread_by_format
from capgain.workbook.reading.columns import PRICE_COLUMNS, find_header
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.written.columns_of_cells import Names, text_of
from capgain.workbook.written.misread import UNCALCULATED, Cell, Misread, error_value, is_blank, shown
from capgain.workbook.written.moments import Calendar, read_day
from capgain.workbook.written.numbers import read_number


def prices_of(sheet: RawSheet, assets: Names, calendar: Calendar) -> tuple[tuple[Price, ...], list[Problem]]:
    """The prices in the order of the sheet, and what is wrong with it. A row without a Price is passed over."""
    rows = sheet.rows
    if all(is_blank(cell) for row in rows for cell in row):
        return (), []
    header = find_header(rows, PRICE_COLUMNS, ("Asset", "Price"))
    if header is None:
        return (), [
            Problem(
                Severity.ERROR,
                sheet.name,
                sheet.first_row,
                "Asset",
                "No header with the columns Asset and Price was found.",
                f"Give the sheet a header with the columns {', '.join(PRICE_COLUMNS)}.",
                "PRICES_HEADER",
            )
        ]
    prices: list[Price] = []
    problems: list[Problem] = []
    stated: dict[tuple[str, object], Decimal] = {}
    for row_number, row in enumerate(rows[header.place + 1 :], sheet.first_row + header.place + 1):
        cells = {name: row[at] if at < len(row) else None for name, at in header.columns.items()}
        if is_blank(cells["Price"]):
            continue
        passed_over = _passed_over(sheet.name, row_number, cells)
        if passed_over is not None:
            problems.append(passed_over)
            continue
        wrong: dict[str, Misread] = {}
        problems += _of_nothing(sheet.name, row_number, text_of(cells["Asset"]), assets)
        asset = assets.canonical(cells["Asset"])
        if not asset:
            wrong["Asset"] = Misread("Asset is blank.", "Enter the symbol of the asset.", "MISSING_VALUE")
        foreign = misread_by_format(sheet, row_number, header.columns["Price"], "Price") if sheet.looks else None
        if foreign is not None and isinstance(cells["Price"], int | float | Decimal):
            said = f"{foreign.message} The row is passed over."
            problems.append(
                Problem(Severity.WARNING, sheet.name, row_number, "Price", said, foreign.remedy, "PRICE_PASSED_OVER")
            )
            continue
        price = read_number(cells["Price"])
        if isinstance(price, Decimal) and price < 0:
            price = Misread(f"{shown(cells['Price'])} is negative.", "Enter dollars per unit.", "NEGATIVE_VALUE")
        if isinstance(price, Misread):
            wrong["Price"] = price
        day = read_day(cells.get("Date"), calendar)
        if isinstance(day, Misread):
            wrong["Date"] = day
        if isinstance(price, Decimal) and not isinstance(day, Misread) and asset:
            if stated.setdefault((asset, day), price) != price:
                wrong["Price"] = Misread(
                    f"{asset} has another price for the same day above.", "Keep one of the two rows.", "DUPLICATE_PRICE"
                )
            prices.append(Price(asset, price, day))
        problems += [
            Problem(Severity.ERROR, sheet.name, row_number, column, *misread) for column, misread in wrong.items()
        ]
    return tuple(prices), problems


def _of_nothing(sheet: str, row: int, name: str, assets: Names) -> list[Problem]:
    """The warning about a price under a name that the ledger does not know while it knows one much like it."""
    if not name or assets.knows(name):
        return []
    ticker = name.rpartition(":")[2].strip(" )")
    meant = [one for one in (symbols.coin_quoted(name), symbols.other_name_of_coin(name), ticker) if one]
    letters = _letters(name)
    meant += [one for one in assets.spelt if letters and _letters(one) == letters]
    known = next((assets.canonical(one) for one in meant if assets.knows(one)), "")
    if not known:
        return []
    return [
        Problem(
            Severity.WARNING,
            sheet,
            row,
            "Asset",
            f"No row of the ledger names {shown(name)}: its prices count for nothing.",
            f"If it is {known}, write {known} here.",
            "PRICE_OF_NOTHING",
        )
    ]


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _passed_over(sheet: str, row: int, cells: Mapping[str, Cell]) -> Problem | None:
    """The warning about a row that gives no price because a cell of it shows an error, or its price is text."""
    for column, cell in cells.items():
        if error_value(cell) is not None:
            message, remedy = _why_error(str(cell).strip().upper(), column)
            return Problem(Severity.WARNING, sheet, row, column, message, remedy, "PRICE_PASSED_OVER")
    price = cells["Price"]
    if isinstance(price, str) and isinstance(read_number(price), Misread):
        return Problem(
            Severity.WARNING,
            sheet,
            row,
            "Price",
            f"{shown(price)} is no number: the row is passed over.",
            "Enter dollars for one unit as a plain number.",
            "PRICE_PASSED_OVER",
        )
    return None


def _why_error(error: str, column: str) -> tuple[str, str]:
    """What an error in a cell of Prices mostly comes from, and what to do."""
    if error == UNCALCULATED:
        return (
            "The cell holds a formula that was never calculated: the row is passed over.",
            "Open the workbook in Excel or LibreOffice and save it there; or type the value.",
        )
    said = f"The cell shows {error}: the row is passed over."
    if error in ("#BUSY!", "#CONNECT!", "#GETTING_DATA"):
        return said, "Excel had not fetched it when the file was saved. Open it in Excel, wait, and save it again."
    if error == "#NAME?":
        return said, "This Excel or LibreOffice does not know the formula (STOCKHISTORY?). Type the number."
    if error == "#VALUE!" and column == "Asset":
        return said, (
            "If it is a Stocks data type, only Excel can look into it: type the symbol, or write "
            "=A2.[Ticker symbol] beside it and use that."
        )
    if error == "#VALUE!":
        return said, (
            "If it is a Stocks data type, only Excel can look into it: write =B2.Price there with its own cell, or "
            "type the number, press Enter and save."
        )
    return said, "Mend the formula in that cell, or type the value."
