"""The Prices sheet: what a unit of an asset was worth on a day, or is worth when no day is given."""

from __future__ import annotations

from decimal import Decimal

from capgain.engine.ledger import Price
from capgain.engine.problems import Problem, Severity
from capgain.workbook.reading.columns import PRICE_COLUMNS, find_header
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.written.columns_of_cells import Names
from capgain.workbook.written.misread import Misread, is_blank, shown
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
        wrong: dict[str, Misread] = {}
        asset = assets.canonical(cells["Asset"])
        if not asset:
            wrong["Asset"] = Misread("Asset is blank.", "Enter the symbol of the asset.", "MISSING_VALUE")
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
