"""The ledger of an open workbook, read as a cell function would read it."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from capgain.addin.excel.com_values import excel_rows
from capgain.addin.excel.ribbon import native
from capgain.addin.excel.ribbon.formatted_areas import formatted_areas
from capgain.addin.excel.ribbon.written_sheets import by_name
from capgain.addin.functions.cells import Block, InputCell
from capgain.addin.functions.ledgers import Source
from capgain.engine.broker_rows import SHEET as FORM_1099
from capgain.engine.problems import CapgainError
from capgain.workbook.reading import LedgerFile, RawSheet
from capgain.workbook.reading.balances import BALANCES
from capgain.workbook.reading.blocks import ledger_from_sheets
from capgain.workbook.reading.further_sheets import with_forms_1099, with_further_sheets
from capgain.workbook.reading.open_items import OPEN_ITEMS
from capgain.workbook.written.looks import looks_of_areas

LEDGER = "Ledger"
INPUTS = ("Ledger", "Accounts", "Settings", "Prices")


class NoLedger(CapgainError):
    """The workbook has no sheet Ledger."""


def input_sheets(book: Any) -> dict[str, RawSheet]:
    """The input sheets that the workbook has, from A1 to their last used cell, by the names of the contract."""
    return {name: sheet for name in INPUTS if (sheet := live_sheet(book, name)) is not None}


def live_ledger(book: Any) -> LedgerFile:
    """What `read_ledger_file` would give for the workbook as it stands, saved or not. Raises NoLedger."""
    sheets = input_sheets(book)
    if LEDGER not in sheets:
        raise NoLedger("This workbook has no sheet named Ledger. Click New Ledger, or name your sheet Ledger.")
    date_1904 = native.counts_from_1904(book)
    ledger = ledger_from_sheets(
        sheets[LEDGER],
        sheets.get("Accounts"),
        sheets.get("Settings"),
        sheets.get("Prices"),
        date_1904=date_1904,
    )
    ledger, balances = with_further_sheets(
        ledger, live_sheet(book, OPEN_ITEMS), live_sheet(book, BALANCES), date_1904=date_1904
    )
    form = live_sheet(book, FORM_1099)
    ledger = with_forms_1099(ledger, form, date_1904=date_1904)
    content = b"".join(Block.of_sheet(sheet).digest for sheet in sheets.values())
    return LedgerFile(
        Path(book.name), ledger, tuple(sheets.values()), sha256(content).hexdigest(), date_1904, balances, form
    )


def source_of(book: Any) -> Source:
    """The same as the functions get it from a cell of this workbook."""
    date_1904 = native.counts_from_1904(book)
    blocks = {name: Block.of_sheet(sheet, date_1904=date_1904) for name, sheet in input_sheets(book).items()}
    if LEDGER not in blocks:
        raise NoLedger("This workbook has no sheet named Ledger. Click New Ledger, or name your sheet Ledger.")
    form = live_sheet(book, FORM_1099)
    forms = None if form is None else Block.of_sheet(form, date_1904=date_1904)
    return Source(blocks[LEDGER], blocks.get("Settings"), blocks.get("Accounts"), blocks.get("Prices"), forms)


def live_sheet(book: Any, name: str) -> RawSheet | None:
    """A sheet of the workbook from A1 to its last used cell, None where there is none of that name."""
    sheet = by_name(book, name)
    if sheet is None:
        return None
    last = sheet.used_range.last_cell
    looks = looks_of_areas(formatted_areas(sheet, last.row, last.column))
    return RawSheet(name, _values(sheet.range((1, 1), (last.row, last.column))), looks=looks)


def _values(cells: Any) -> tuple[tuple[InputCell, ...], ...]:
    """The cells: on Windows as Value2, where no currency format cuts digits, on a Mac as it gives them."""
    if sys.platform == "win32":
        values = cells.api.Value2
        return excel_rows(values if isinstance(values, tuple) else ((values,),))
    rows = cells.options(ndim=2, err_to_str=True).value
    return tuple(tuple(row) for row in rows)
