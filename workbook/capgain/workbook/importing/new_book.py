"""The workbook that imported rows go into when there is none yet: that of `capgain new`, without its examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from capgain.workbook.importing.ledger_rows import SOURCE_COLUMNS
from capgain.workbook.reading.balances import BALANCE_COLUMNS, BALANCES
from capgain.workbook.sheets import HEADING, PLAIN, Cell, Page, Row, Sheet, Table, address
from capgain.workbook.template import DAY, TEXT, template_book
from capgain.workbook.xlsx.writer import write_book

_TIME = DAY.but("CapGain Time Entry", number_format="yyyy-mm-dd hh:mm:ss")
_SOURCE_WIDTHS = (28.0, 12.0, 30.0)
_DATE_WIDTH = 19.0


def write_new_book(path: Path, *, accounts: Mapping[str, str], time_zone: str, created: datetime) -> None:
    """A workbook whose Ledger has its header and one empty row.

    `accounts` are names with their kinds; `time_zone` goes into Settings, "" leaves it blank.
    """
    book = template_book(created.date())
    ledger, named, prices = book.sheet("Ledger"), book.sheet("Accounts"), book.sheet("Prices")
    lines: list[Row] = [[Cell(name, TEXT), Cell(kind, TEXT), Cell("taxpayer", TEXT)] for name, kind in accounts.items()]
    changed = {
        "Ledger": _with_sources(ledger),
        "Accounts": _with_rows(named, lines or [_blank(named.rows[1])]),
        "Settings": _with_time_zone(book.sheet("Settings"), time_zone),
        "Prices": _with_rows(prices, [_blank(prices.rows[1])]),
    }
    sheets = tuple(changed.get(sheet.name, sheet) for sheet in book.sheets)
    write_book(replace(book, sheets=(*sheets[:-1], _balances(), sheets[-1]), created=created), path)


def _with_sources(ledger: Sheet) -> Sheet:
    """The Ledger with its header, the columns that say where rows came from, and one empty row."""
    header = [*ledger.rows[0], *(Cell(name, HEADING) for name in SOURCE_COLUMNS)]
    blank = [*_blank(ledger.rows[1]), *(Cell(None, PLAIN) for _ in SOURCE_COLUMNS)]
    dates = next(place for place, cell in enumerate(header) if cell is not None and cell.content == "Date")
    blank[dates] = Cell(None, _TIME)
    widths = [*ledger.widths, *_SOURCE_WIDTHS]
    widths[dates] = max(widths[dates], _DATE_WIDTH)
    return replace(
        ledger, rows=[header, blank], widths=tuple(widths), table=Table("Ledger", f"A1:{address(2, len(header))}")
    )


def _with_rows(sheet: Sheet, rows: Sequence[Row]) -> Sheet:
    table = None if sheet.table is None else Table(sheet.table.name, f"A1:{address(len(rows) + 1, len(sheet.rows[0]))}")
    return replace(sheet, rows=[sheet.rows[0], *rows], table=table)


def _with_time_zone(settings: Sheet, time_zone: str) -> Sheet:
    rows = []
    for row in settings.rows:
        name, value = row[0], row[1]
        if name is not None and value is not None and name.content == "Time Zone":
            row = [name, value._replace(content=time_zone or None), *row[2:]]
        rows.append(row)
    return replace(settings, rows=rows)


def _blank(row: Row) -> list[Cell | None]:
    return [None if cell is None else Cell(None, cell.style) for cell in row]


def _balances() -> Sheet:
    """Where the user states what an account held on a day, for `capgain balances`."""
    return Sheet(
        name=BALANCES,
        rows=[[Cell(name, HEADING) for name in BALANCE_COLUMNS]],
        widths=(24.0, 16.0, 20.0, 14.0),
        freeze=(1, 0),
        page=Page(header=(BALANCES, "", ""), footer=("CapGain", "", "Page &P of &N"), repeat=(1, 1)),
    )
