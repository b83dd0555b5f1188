"""The sheet `Prices`: prices as read, in cells that formulas can use, and a row to fill in for all that has none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from capgain.engine.planning.portfolio import Portfolio
from capgain.workbook.reading import RawSheet
from capgain.workbook.reading.columns import PRICE_COLUMNS, find_header
from capgain.workbook.report.context import Workpapers
from capgain.workbook.sheets import (
    DATE,
    DATE_FORMAT,
    HEADING,
    MUTED,
    AtLeast,
    Cell,
    Row,
    Sheet,
    Style,
    column_letter,
    reference,
)
from capgain.workbook.written.columns_of_cells import text_of
from capgain.workbook.written.misread import Cell as RawCell
from capgain.workbook.written.misread import is_blank
from capgain.workbook.written.moments import Calendar, read_day
from capgain.workbook.written.numbers import read_number

NAME = "Prices"
SOURCE = "Source"
TO_FILL_IN = "type its price here"
ROWS_BELOW = 200
"""Rows under the last price that the formulas already look at."""

FIRST_DAY = date(2009, 1, 3)
PRICE = Style(name="CapGain Stated Price", number_format="#,##0.00######", colour="0000FF")
BLANK_PRICE = PRICE.but("CapGain Price To Fill In", fill="FFFFE0", unlocked=True)
BLANK_DAY = DATE.but("CapGain Day To Fill In", fill="FFFFE0", unlocked=True)
WIDTHS = {"Asset": 12.0, "Price": 16.0, "Date": 12.0, SOURCE: 34.0}
DAY_IN_TIME = Style(name="CapGain Stated Day", number_format=DATE_FORMAT, align="center")


@dataclass(frozen=True, slots=True)
class PricesSheet:
    """The sheet, the defined names of its columns, and how many rows they cover.

    `added` are the rows below the prices as read: an asset, blank, blank, what to do.
    """

    sheet: Sheet
    names: dict[str, str]
    rows: int
    added: tuple[str, ...]


def prices_sheet(papers: Workpapers, assets: Iterable[str]) -> PricesSheet:
    """The Prices of the ledger, with a row to fill in for each of the `assets` held that none is of."""
    raw = next((one for one in papers.source.raw if one.name.casefold() == NAME.casefold()), None)
    if raw is None or find_header(raw.rows, PRICE_COLUMNS, ("Asset", "Price")) is None:
        raw = RawSheet(NAME, [[*PRICE_COLUMNS, SOURCE]])
    header = find_header(raw.rows, (*PRICE_COLUMNS, SOURCE), ("Asset", "Price"))
    assert header is not None
    at = dict(header.columns)
    free = max((len(row) for row in raw.rows), default=0)
    for name in ("Date", SOURCE):
        if name not in at:
            at[name], free = free, free + 1
    calendar = Calendar(papers.source.date_1904)
    rows: list[Row] = [()] * (raw.first_row - 1)
    left = raw.first_column - 1
    for place, values in enumerate(raw.rows):
        read = _row(values, at, calendar) if place > header.place else _heading(values, at, place == header.place)
        rows.append([*(None,) * left, *read])
    named = {text_of(row[at["Asset"]]).casefold() for row in raw.rows[header.place + 1 :] if len(row) > at["Asset"]}
    added = tuple(dict.fromkeys(asset for asset in assets if asset.casefold() not in named))
    for asset in added:
        cells: list[Cell | None] = [None] * (max(at.values()) + 1)
        cells[at["Asset"]] = Cell(asset)
        cells[at["Price"]], cells[at["Date"]] = Cell(None, BLANK_PRICE), Cell(None, BLANK_DAY)
        cells[at[SOURCE]] = Cell(TO_FILL_IN, MUTED)
        rows.append([*(None,) * left, *cells])
    first = raw.first_row + header.place + 1
    last = len(rows) + ROWS_BELOW
    letters = {name: column_letter(left + place + 1) for name, place in at.items()}
    names = {
        name: f"={reference(NAME, f'${letters[column]}${first}:${letters[column]}${last}')}"
        for name, column in (("Price_Asset", "Asset"), ("Price_Dollars", "Price"), ("Price_Date", "Date"))
    }
    width = left + max(at.values()) + 1
    widths = [12.0] * width
    for name, place in at.items():
        widths[left + place] = WIDTHS[name]
    sheet = Sheet(
        name=NAME,
        rows=rows,
        widths=tuple(widths),
        freeze=(first - 1, 0),
        page=papers.page(NAME, repeat=(first - 1, first - 1)),
        tab="7F7F7F",
        validations=(
            AtLeast(
                f"{letters['Price']}{first}:{letters['Price']}{last}", 0, "Price", "Dollars for one unit, zero or more."
            ),
            AtLeast(
                f"{letters['Date']}{first}:{letters['Date']}{last}",
                FIRST_DAY,
                "Date",
                "The day of the price, such as 12/10/2025; blank means now.",
            ),
        ),
    )
    return PricesSheet(sheet, names, last - first + 1, added)


def _heading(values: Iterable[RawCell], at: dict[str, int], is_header: bool) -> list[Cell | None]:
    cells: list[Cell | None] = [None if is_blank(one) else Cell(text_of(one)) for one in values]
    if not is_header:
        return cells
    cells = [one and Cell(one.content, HEADING) for one in cells]
    for name in ("Date", SOURCE):
        place = at[name]
        cells += [None] * (place + 1 - len(cells))
        cells[place] = Cell(name, HEADING)
    return cells


def _row(values: Iterable[RawCell], at: dict[str, int], calendar: Calendar) -> list[Cell | None]:
    """A row as read: what is a price becomes a number and what is a day a date, however they were typed."""
    cells: list[Cell | None] = [None if is_blank(one) else _as_read(one) for one in values]
    given = list(values)
    for name, place in at.items():
        if place >= len(given) or is_blank(given[place]):
            continue
        if name == "Price":
            price = read_number(given[place])
            cells[place] = Cell(price if isinstance(price, Decimal) else text_of(given[place]), PRICE)
        elif name == "Date":
            day = read_day(given[place], calendar)
            cells[place] = Cell(day if isinstance(day, date) else text_of(given[place]), DAY_IN_TIME)
        else:
            cells[place] = Cell(text_of(given[place]))
    return cells


def _as_read(value: RawCell) -> Cell:
    return Cell(value) if isinstance(value, int | float | Decimal | date) else Cell(text_of(value))


def wanted_prices(held: Portfolio) -> tuple[str, ...]:
    """The assets whose prices the sheets ask for, in their order."""
    return tuple(one.priced_as for one in held.assets)
