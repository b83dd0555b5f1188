"""A ledger in an .xlsx, .xlsm or .ods workbook: the values of its sheets and tables by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from capgain.engine.broker_rows import SHEET as FORM_1099
from capgain.engine.problems import Problem
from capgain.workbook.reading.balances import BALANCES
from capgain.workbook.reading.open_items import OPEN_ITEMS
from capgain.workbook.reading.other_sheets import sheets_not_read
from capgain.workbook.reading.overrides import with_overrides
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.reading.setting_rows import ignored_sheets
from capgain.workbook.reading.stock_cells import with_stocks
from capgain.workbook.reading.trade_lines import transactions_on
from capgain.workbook.written.misread import Cell
from capgain.workbook.xlsx.filled_area import LAST_ROW
from capgain.workbook.xlsx.opendocument import formula_in
from capgain.workbook.xlsx.package_parts import Table
from capgain.workbook.xlsx.package_size import opened_package
from capgain.workbook.xlsx.rich_values import METADATA, Fields, rich_values
from capgain.workbook.xlsx.unreadable import ZIP, NoLedgerSheet, read_bytes, refuse_foreign_formats
from capgain.workbook.xlsx.values import WorkbookValues, workbook_values

LEDGER, SIDE_TABLES = "Ledger", ("Accounts", "Settings", "Prices")


class WorkbookSheets(NamedTuple):
    """The sheets of a workbook that make a ledger: `sheet` is the real name of the one that holds it.

    `whole` are all rows of that sheet from its first cell on, where `ledger` is cut to its table.
    """

    sheet: str
    whole: Sequence[Sequence[Cell]]
    ledger: RawSheet
    accounts: RawSheet | None
    settings: RawSheet | None
    prices: RawSheet | None
    date_1904: bool
    open_items: RawSheet | None = None
    balances: RawSheet | None = None
    form_1099: RawSheet | None = None
    not_read: tuple[Problem, ...] = ()


def read_workbook_file(path: Path, data: bytes, overrides: Sequence[tuple[str, str]] = ()) -> WorkbookSheets:
    """The Ledger, Accounts, Settings and Prices of a workbook, each a sheet or an Excel table of that name.

    The ledger may also be the only sheet. `overrides` are merged into Settings. Raises UnreadableFile.
    """
    with workbook_values(path, data) as values:
        book = _LedgerSheets(values)
        ledger = book.named(LEDGER)
        if ledger is None:
            others = {name.casefold() for name in SIDE_TABLES}
            candidates = [name for name in book.parts.sheets if name.casefold() not in others]
            if len(candidates) != 1:
                gather = ""
                if sum(transactions_on(values.rows_if_readable(name)) is not None for name in candidates) > 1:
                    gather = (
                        ", and gather on it the rows of all, with Account and Asset filled in where a sheet is of one"
                    )
                raise NoLedgerSheet(
                    f"{path} has no sheet or table named Ledger; its sheets are {', '.join(book.parts.sheets)}. "
                    f"Name the sheet that holds the ledger Ledger{gather}."
                )
            ledger = candidates[0], RawSheet(LEDGER, book.rows(candidates[0]), looks=values.looks(candidates[0]))
        sheet, cut = ledger
        book.taken.add(sheet)
        beside = [book.named(name) for name in (*SIDE_TABLES, OPEN_ITEMS, BALANCES, FORM_1099)]
        accounts, settings, prices, open_items, balances, forms = (found and found[1] for found in beside)
        date_1904 = book.parts.date_1904
        if prices is not None:
            prices = with_stocks(prices, book.behind("Prices"), date_1904=date_1904)
        settings = with_overrides(settings, overrides)
        not_read = sheets_not_read(values, book.taken, ignored_sheets(settings))
        return WorkbookSheets(
            sheet, book.rows(sheet), cut, accounts, settings, prices, date_1904, open_items, balances, forms, not_read
        )


def read_sheet(path: Path, name: str) -> RawSheet | None:
    """One further sheet or Excel table of a workbook by name, in any case; None where there is none.

    Raises UnreadableFile.
    """
    data = read_bytes(path)
    refuse_foreign_formats(path, data)
    if not data.startswith(ZIP):
        return None
    with workbook_values(path, data) as values:
        found = _LedgerSheets(values).named(name)
        return None if found is None else found[1]


def opendocument_formula(path: Path, sheet: str, row: int, column: int) -> str:
    """The formula of a cell of an .ods file, "" where it has none. Raises UnreadableFile."""
    data = read_bytes(path)
    refuse_foreign_formats(path, data)
    with workbook_values(path, data) as values:
        name = next((name for name in values.parts.sheets if name.casefold() == sheet.casefold()), sheet)
    with opened_package(path, data) as package:
        return formula_in(package, name, row, column)


class _LedgerSheets:
    """The sheets and tables of a workbook by the names that a ledger gives them."""

    def __init__(self, values: WorkbookValues) -> None:
        self.parts = values.parts
        self.rows = values.rows
        self._looks = values.looks
        self._package = values.package
        self.taken: set[str] = set()

    def named(self, name: str) -> tuple[str, RawSheet] | None:
        """The sheet of that name, from the top of the Excel table of that name where it holds one; else the table."""
        table = self.parts.table(name)
        sheet = next((sheet for sheet in self.parts.sheets if sheet.casefold() == name.casefold()), None)
        self.taken |= {one for one in (sheet, table and table.sheet) if one}
        if sheet is None:
            return None if table is None else (table.sheet, self._table(table, name))
        if table is not None and table.sheet == sheet:
            return sheet, self._table(table, name)
        return sheet, RawSheet(name, self.rows(sheet), looks=self._looks(sheet))

    def behind(self, name: str) -> Mapping[tuple[int, int], Fields]:
        """What Excel keeps behind cells of the sheet, or of the one with the table, of that name."""
        table = self.parts.table(name)
        sheet = next((one for one in self.parts.sheets if one.casefold() == name.casefold()), table and table.sheet)
        part = self.parts.sheets.get(sheet or "", "")
        return rich_values(self._package, part) if METADATA in self._package.namelist() and part else {}

    def _table(self, table: Table, name: str) -> RawSheet:
        """The columns of a table from its header down, without its row of totals.

        Rows typed below a table that did not grow with them are still rows of the ledger, or of the sheet that has the
        table's name: there it ends where another table begins. On a sheet of another name a side table ends with
        itself.
        """
        end = table.bottom
        if name == LEDGER or table.sheet.casefold() == name.casefold():
            below = [
                other.top - 1
                for other in self.parts.tables
                if other.sheet == table.sheet
                and other.top > table.bottom
                and other.left <= table.right
                and other.right >= table.left
            ]
            end = min(below, default=LAST_ROW)
        whole = self.rows(table.sheet)[:end]
        totals = range(table.bottom - table.totals_rows, table.bottom)
        width = table.right - table.left + 1
        return RawSheet(
            name,
            [
                [None] * width if at in totals else row[table.left - 1 : table.right]
                for at, row in enumerate(whole[table.top - 1 :], table.top - 1)
            ],
            table.top,
            table.left,
            looks=self._looks(table.sheet),
        )
