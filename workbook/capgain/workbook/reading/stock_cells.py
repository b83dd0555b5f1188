"""Cells of Excel's Stocks and Currencies type on the sheet Prices: the symbol, price and day that Excel fetched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from capgain.workbook.reading.columns import PRICE_COLUMNS, find_header
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.written.misread import Cell
from capgain.workbook.written.moments import Calendar, read_day
from capgain.workbook.written.numbers import read_number
from capgain.workbook.xlsx.rich_values import DISPLAYED, Fields

SYMBOLS = ("Ticker symbol", "From currency")
PRICE, CURRENCY, TRADED = "Price", "Currency", "Last trade time"
DOLLARS = "USD"
_TICKER = re.compile(r"\(\w+:([^()]+)\)$")
"""as in `MICROSOFT CORPORATION (XNAS:MSFT)`"""


def with_stocks(sheet: RawSheet, cells: Mapping[tuple[int, int], Fields], *, date_1904: bool) -> RawSheet:
    """The sheet with such cells as what they stand for; one that does not tell it in dollars stays an error."""
    header = find_header(sheet.rows, PRICE_COLUMNS, ("Asset", "Price"))
    if header is None or not cells:
        return sheet
    rows = [list(row) for row in sheet.rows]
    for (row, column), fields in cells.items():
        place, at = row - sheet.first_row, column - sheet.first_column
        name = next((name for name, known in header.columns.items() if known == at), "")
        if header.place < place < len(rows) and at < len(rows[place]):
            told = _told(name, fields, Calendar(date_1904))
            rows[place][at] = rows[place][at] if told is None else told
    return replace(sheet, rows=rows)


def _told(column: str, fields: Fields, calendar: Calendar) -> Cell:
    """The value of a cell under a heading, None where the fields do not tell it."""
    shown = fields.get(DISPLAYED, "")
    if column == "Asset":
        symbol = next((fields[name] for name in SYMBOLS if fields.get(name)), "")
        ticker, pair = _TICKER.search(shown), shown.partition("/")
        return symbol or (ticker[1] if ticker else pair[0].strip() if pair[1] else None)
    if column == "Price" and (fields.get(CURRENCY) or shown.partition("/")[2].strip() or DOLLARS) == DOLLARS:
        price = read_number(fields.get(PRICE, ""))
        return price if isinstance(price, Decimal) else None
    if column == "Date":
        serial = read_number(fields.get(TRADED, ""))
        day = read_day(float(serial), calendar) if isinstance(serial, Decimal) else None
        return day if isinstance(day, date) else None
    return None
