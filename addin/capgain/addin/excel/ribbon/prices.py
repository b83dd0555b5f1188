"""The sheet Prices of an open workbook: it belongs to the person, and rows are only put below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from capgain.addin.excel.ribbon.cell_contents import entered
from capgain.addin.excel.ribbon.live_writer import write_sheet
from capgain.addin.excel.ribbon.written_sheets import by_name
from capgain.workbook.sheets import Sheet

PRICES = "Prices"


def fill_up_prices(book: Any, wanted: Sequence[Sheet], *, date_1904: bool) -> None:
    """Add the sheet where it is missing, or the rows to fill in that it lacks; whatever stands there stays."""
    for sheet in wanted:
        target = by_name(book, sheet.name)
        if target is None:
            active = book.sheets.active
            write_sheet(book.sheets.add(sheet.name, after=book.sheets[-1]), sheet, date_1904=date_1904)
            active.activate()
            continue
        last = target.used_range.last_cell.row
        for number, row in enumerate(sheet.rows, start=1):
            for column, cell in enumerate(row, start=1):
                if cell is None or number <= last:
                    continue
                target.range((number, column)).formula = entered(cell, date_1904=date_1904)
                if cell.style.fill:
                    target.range((number, column)).color = f"#{cell.style.fill}"
