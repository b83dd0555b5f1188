"""The sales that a person ticked on the sheet Harvest of a report workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from capgain.engine.planning.refused import PlanRefused
from capgain.engine.planning.ticked import LotKey, Tick
from capgain.workbook.reading.columns import Header, find_header
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.reading.workbook_file import read_sheet
from capgain.workbook.written.columns_of_cells import text_of
from capgain.workbook.written.misread import Cell, is_blank
from capgain.workbook.written.moments import Calendar, read_day
from capgain.workbook.written.numbers import read_number

HARVEST, PORTFOLIO = "Harvest", "Portfolio"
COLUMNS = ("Sell", "Asset", "Account", "Quantity", "Acquired", "Price", "Ledger row", "Lot")
COMPARED = {
    "7": "line 7",
    "15": "line 15",
    "16": "line 16",
    "21": "line 21",
    "carry_short": "Short-term loss carried",
    "carry_long": "Long-term loss carried",
    "taxable_income": "Taxable income",
    "tax": "Federal tax",
}
"""The lines above the list, by words in their label."""

HEADER_ROWS = 20
THEN = 9
"""The column (from 0) of the figures with the ticked sales."""


@dataclass(frozen=True, slots=True)
class TickedSheet:
    """What a sheet Harvest holds: the day it looks from, its ticks, and the figures that it shows with them."""

    as_of: date
    ticks: tuple[Tick, ...]
    shown: Mapping[str, Decimal]


def read_ticks(path: Path) -> TickedSheet:
    """Raises UnreadableFile, and PlanRefused for a workbook without the sheet or a tick that cannot be read."""
    return ticks_on(read_sheet(path, HARVEST), read_sheet(path, PORTFOLIO), path.name)


def ticks_on(
    harvest: RawSheet | None, portfolio: RawSheet | None, name: str, *, date_1904: bool = False
) -> TickedSheet:
    """The ticks of a workbook's sheets, whose name messages tell. Raises PlanRefused as `read_ticks` does."""
    if harvest is None or portfolio is None or not portfolio.rows:
        raise PlanRefused(f"{name} has no sheets Harvest and Portfolio. Make them: capgain report {name} -o OUT.xlsx")
    calendar = Calendar(date_1904)
    as_of = read_day(portfolio.rows[0][4] if len(portfolio.rows[0]) > 4 else None, calendar)
    if not isinstance(as_of, date):
        raise PlanRefused(f"Portfolio E1 of {name} holds no date. Enter the day to look from.")
    header = find_header(harvest.rows, COLUMNS, COLUMNS)
    if header is None:
        raise PlanRefused(f"The sheet Harvest of {name} has no list of lots to tick. Make the report again.")
    wrong: list[str] = []
    ticks = []
    for number, row in enumerate(harvest.rows[header.place + 1 :], harvest.first_row + header.place + 1):
        tick = _tick(row, header, number, wrong, calendar)
        if tick is not None:
            ticks.append(tick)
    if wrong:
        raise PlanRefused("\n".join(wrong))
    return TickedSheet(as_of, tuple(ticks), _shown(harvest))


def _tick(row: Sequence[Cell], header: Header, number: int, wrong: list[str], calendar: Calendar) -> Tick | None:
    cells = {name: row[at] if at < len(row) else None for name, at in header.columns.items()}
    if is_blank(cells["Sell"]) or text_of(cells["Sell"]).casefold() == "ticked":
        return None
    place = f"Harvest row {number}"
    acquired, source = read_day(cells["Acquired"], calendar), read_number(cells["Ledger row"])
    price = read_number(cells["Price"])
    if not isinstance(acquired, date) or not isinstance(source, Decimal):
        wrong.append(f"{place}: the lot cannot be told. Make the report again and tick it there.")
        return None
    if not isinstance(price, Decimal) or price < 0:
        wrong.append(f"{place}: {text_of(cells['Asset'])} has no price. Type one in column Price or on sheet Prices.")
        return None
    units: Decimal | None = None
    if text_of(cells["Sell"]).casefold() != "x":
        given = read_number(cells["Sell"])
        if not isinstance(given, Decimal):
            wrong.append(
                f"{place}: {text_of(cells['Sell'])!r} is neither X nor a number of units. Correct column Sell."
            )
            return None
        if not given:
            return None
        units = given
    key = LotKey(int(source), text_of(cells["Account"]), text_of(cells["Lot"]), acquired)
    return Tick(key, text_of(cells["Asset"]), price, units)


def _shown(sheet: RawSheet) -> Mapping[str, Decimal]:
    found: dict[str, Decimal] = {}
    for row in sheet.rows[:HEADER_ROWS]:
        label = text_of(row[0]) if row else ""
        amount = read_number(row[THEN]) if len(row) > THEN else None
        for key, words in COMPARED.items():
            if words in label and isinstance(amount, Decimal):
                found.setdefault(key, amount)
    return found
