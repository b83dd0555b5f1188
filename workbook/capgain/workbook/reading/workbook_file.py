"""A ledger in an .xlsx, .xlsm or .ods workbook: the values of its sheets and tables by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from capgain.engine.broker_rows import SHEET as FORM_1099
from capgain.engine.problems import Problem
from capgain.workbook.reading.balances import BALANCES
from capgain.workbook.reading.named_sheets import LEDGER, NamedSheets
from capgain.workbook.reading.open_items import OPEN_ITEMS
from capgain.workbook.reading.other_sheets import sheets_not_read
from capgain.workbook.reading.overrides import with_overrides
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.reading.setting_rows import ignored_sheets
from capgain.workbook.reading.stock_cells import with_stocks
from capgain.workbook.reading.trade_lines import transactions_on
from capgain.workbook.written.misread import Cell
from capgain.workbook.xlsx.opendocument import formula_in
from capgain.workbook.xlsx.package_size import opened_package
from capgain.workbook.xlsx.rich_values import METADATA, Fields, rich_values
from capgain.workbook.xlsx.unreadable import ZIP, NoLedgerSheet, read_bytes, refuse_foreign_formats
from capgain.workbook.xlsx.values import WorkbookValues, workbook_values

SIDE_TABLES = ("Accounts", "Settings", "Prices")


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
        book = _named_sheets(values)
        ledger = book.named(LEDGER)
        if ledger is None:
            others = {name.casefold() for name in SIDE_TABLES}
            candidates = [name for name in values.parts.sheets if name.casefold() not in others]
            if len(candidates) != 1:
                gather = ""
                if sum(transactions_on(values.rows_if_readable(name)) is not None for name in candidates) > 1:
                    gather = (
                        ", and gather on it the rows of all, with Account and Asset filled in where a sheet is of one"
                    )
                raise NoLedgerSheet(
                    f"{path} has no sheet or table named Ledger; its sheets are {', '.join(values.parts.sheets)}. "
                    f"Name the sheet that holds the ledger Ledger{gather}."
                )
            ledger = candidates[0], book.whole(candidates[0], LEDGER)
        sheet, cut = ledger
        book.taken.add(sheet)
        beside = [book.named(name) for name in (*SIDE_TABLES, OPEN_ITEMS, BALANCES, FORM_1099)]
        accounts, settings, prices, open_items, balances, forms = (found and found[1] for found in beside)
        date_1904 = values.parts.date_1904
        if prices is not None:
            prices = with_stocks(prices, _behind(values, book, "Prices"), date_1904=date_1904)
        settings = with_overrides(settings, overrides)
        not_read = sheets_not_read(
            tuple(values.parts.sheets), values.rows_if_readable, book.taken, ignored_sheets(settings)
        )
        return WorkbookSheets(
            sheet, values.rows(sheet), cut, accounts, settings, prices, date_1904, open_items, balances, forms, not_read
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
        found = _named_sheets(values).named(name)
        return None if found is None else found[1]


def opendocument_formula(path: Path, sheet: str, row: int, column: int) -> str:
    """The formula of a cell of an .ods file, "" where it has none. Raises UnreadableFile."""
    data = read_bytes(path)
    refuse_foreign_formats(path, data)
    with workbook_values(path, data) as values:
        name = next((name for name in values.parts.sheets if name.casefold() == sheet.casefold()), sheet)
    with opened_package(path, data) as package:
        return formula_in(package, name, row, column)


def _named_sheets(values: WorkbookValues) -> NamedSheets:
    return NamedSheets(tuple(values.parts.sheets), values.parts.tables, values.rows, values.looks)


def _behind(values: WorkbookValues, sheets: NamedSheets, name: str) -> Mapping[tuple[int, int], Fields]:
    """What Excel keeps behind cells of the sheet, or of the one with the table, of that name."""
    sheet, table = sheets.place_of(name)
    part = values.parts.sheets.get(sheet or (table.sheet if table else ""), "")
    return rich_values(values.package, part) if METADATA in values.package.namelist() and part else {}
