"""The ledger of an open workbook, read as a cell function would read it."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from capgain.addin.excel.com_values import excel_rows
from capgain.addin.excel.ribbon import native
from capgain.addin.excel.ribbon.formatted_areas import formatted_areas
from capgain.addin.excel.ribbon.written_sheets import by_name, is_ours
from capgain.addin.functions.cells import Block, InputCell
from capgain.addin.functions.ledgers import Source
from capgain.engine.broker_rows import SHEET as FORM_1099
from capgain.engine.problems import CapgainError, Problem
from capgain.workbook.reading import LedgerFile, RawSheet
from capgain.workbook.reading.balances import BALANCES
from capgain.workbook.reading.blocks import ledger_from_sheets
from capgain.workbook.reading.further_sheets import with_forms_1099, with_further_sheets
from capgain.workbook.reading.named_sheets import LEDGER, NamedSheets
from capgain.workbook.reading.open_items import OPEN_ITEMS
from capgain.workbook.reading.other_sheets import sheets_not_read
from capgain.workbook.reading.setting_rows import ignored_sheets
from capgain.workbook.written.looks import CellLooks, looks_of_areas
from capgain.workbook.xlsx.package_parts import Table

INPUTS = ("Ledger", "Accounts", "Settings", "Prices")


class NoLedger(CapgainError):
    """The workbook has no sheet Ledger."""


class LiveSheets:
    """The sheets and tables of an open workbook as they would be read from its file, each once."""

    def __init__(self, book: Any) -> None:
        self._sheets = {sheet.name: sheet for sheet in book.sheets}
        self._rows: dict[str, tuple[tuple[InputCell, ...], ...]] = {}
        self._named = NamedSheets(tuple(self._sheets), tuple(_tables(self._sheets)), self._rows_of, self._looks_of)

    def named(self, name: str) -> RawSheet | None:
        """A sheet, or the table of that name on it; None where there is no sheet of that name."""
        sheet, _ = self._named.place_of(name)
        found = self._named.named(name) if sheet is not None else None
        return None if found is None else found[1]

    def inputs(self) -> dict[str, RawSheet]:
        """The input sheets that the workbook has, by the names of the contract. Raises NoLedger."""
        found = {name: sheet for name in INPUTS if (sheet := self.named(name)) is not None}
        if LEDGER not in found:
            raise NoLedger("This workbook has no sheet named Ledger. Click New Ledger, or name your sheet Ledger.")
        return found

    def not_read(self, ignored: Collection[str]) -> tuple[Problem, ...]:
        """What is said of other sheets with transactions: of the person's own, as the report's are ours."""
        ours = [name for name, sheet in self._sheets.items() if is_ours(sheet)]
        return sheets_not_read(tuple(self._sheets), self._rows_of, {*self._named.taken, *ours}, ignored)

    def _rows_of(self, name: str) -> tuple[tuple[InputCell, ...], ...]:
        if name not in self._rows:
            sheet = self._sheets[name]
            last = sheet.used_range.last_cell
            self._rows[name] = _values(sheet.range((1, 1), (last.row, last.column)))
        return self._rows[name]

    def _looks_of(self, name: str) -> CellLooks:
        last = self._sheets[name].used_range.last_cell
        return looks_of_areas(formatted_areas(self._sheets[name], last.row, last.column))


def _tables(sheets: Mapping[str, Any]) -> Iterator[Table]:
    for name, sheet in sheets.items():
        for table in sheet.tables:
            cells = table.range
            last, totals = cells.last_cell, int(bool(table.show_totals))
            yield Table(table.name, "", name, cells.row, cells.column, last.row, last.column, totals)


def live_ledger(book: Any) -> LedgerFile:
    """What `read_ledger_file` would give for the workbook as it stands, saved or not. Raises NoLedger."""
    live = LiveSheets(book)
    sheets = live.inputs()
    date_1904 = native.counts_from_1904(book)
    ledger = ledger_from_sheets(
        sheets[LEDGER],
        sheets.get("Accounts"),
        sheets.get("Settings"),
        sheets.get("Prices"),
        date_1904=date_1904,
    )
    further = live.named(OPEN_ITEMS), live.named(BALANCES), live.named(FORM_1099)
    not_read = live.not_read(ignored_sheets(sheets.get("Settings")))
    ledger = replace(ledger, problems=(*ledger.problems, *not_read))
    ledger, balances = with_further_sheets(ledger, further[0], further[1], date_1904=date_1904)
    ledger = with_forms_1099(ledger, further[2], date_1904=date_1904)
    content = b"".join(Block.of_sheet(sheet).digest for sheet in sheets.values())
    return LedgerFile(
        Path(book.name), ledger, tuple(sheets.values()), sha256(content).hexdigest(), date_1904, balances, further[2]
    )


def source_of(book: Any) -> Source:
    """The same as the functions get it from a cell of this workbook."""
    date_1904 = native.counts_from_1904(book)
    live = LiveSheets(book)
    blocks = {name: Block.of_sheet(sheet, date_1904=date_1904) for name, sheet in live.inputs().items()}
    form = live.named(FORM_1099)
    forms = None if form is None else Block.of_sheet(form, date_1904=date_1904)
    return Source(blocks[LEDGER], blocks.get("Settings"), blocks.get("Accounts"), blocks.get("Prices"), forms)


def live_sheet(book: Any, name: str) -> RawSheet | None:
    """A sheet of the workbook from A1 to its last used cell, None where there is none of that name."""
    sheet = by_name(book, name)
    if sheet is None:
        return None
    last = sheet.used_range.last_cell
    return RawSheet(name, _values(sheet.range((1, 1), (last.row, last.column))))


def _values(cells: Any) -> tuple[tuple[InputCell, ...], ...]:
    """The cells: on Windows as Value2, where no currency format cuts digits, on a Mac as it gives them."""
    if sys.platform == "win32":
        values = cells.api.Value2
        return excel_rows(values if isinstance(values, tuple) else ((values,),))
    rows = cells.options(ndim=2, err_to_str=True).value
    return tuple(tuple(row) for row in rows)
