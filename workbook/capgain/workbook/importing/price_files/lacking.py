"""The assets and days for which a workbook has no dollars: rows of its Ledger, and of Open Items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from capgain.workbook.reading import LedgerFile
from capgain.workbook.reading.columns import find_header, find_ledger_header
from capgain.workbook.reading.open_items import OPEN_ITEMS
from capgain.workbook.reading.workbook_file import read_sheet
from capgain.workbook.written.columns_of_cells import text_of
from capgain.workbook.written.misread import Cell
from capgain.workbook.written.moments import Calendar, read_day

ASSETS = ("Asset", "Received Asset", "Fee Asset")
DOLLARS = frozenset({"Amount", "Price", "Fee"})


def without_dollars(file: LedgerFile) -> Iterator[tuple[str, date]]:
    """Every asset and day of a row that a problem says lacks its dollars, or that waits on Open Items."""
    calendar = Calendar(file.date_1904)
    ledger = file.raw[0]
    header = find_ledger_header(ledger.rows)
    rows = {one.row for one in file.ledger.problems if one.code == "MISSING_VALUE" and one.column in DOLLARS}
    if header is not None:
        for number, row in enumerate(ledger.rows, ledger.first_row):
            if number in rows:
                yield from _assets(row, header.columns, calendar)
    if file.path.suffix.casefold() in (".xlsx", ".xlsm"):
        items = read_sheet(file.path, OPEN_ITEMS)
        found = None if items is None else find_header(items.rows, ("Date", *ASSETS), ("Date", "Asset"))
        if items is not None and found is not None:
            for row in items.rows[found.place + 1 :]:
                yield from _assets(row, found.columns, calendar)


def _assets(row: Sequence[Cell], columns: Mapping[str, int], calendar: Calendar) -> Iterator[tuple[str, date]]:
    at = columns.get("Date")
    day = read_day(row[at], calendar) if at is not None and at < len(row) else None
    for name in ASSETS:
        place = columns.get(name)
        asset = text_of(row[place]) if place is not None and place < len(row) else ""
        if asset and isinstance(day, date):
            yield asset, day
