"""A ledger in an .xlsx, .xlsm or .ods workbook.

Values come from calamine itself: pandas over calamine takes twice as long, and its NaN and its own guesses at types
would have to be undone. What calamine leaves out (errors in cells, formulas never calculated, tables with a row of
totals, the date system) is read from the package.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from capgain.engine.broker_rows import SHEET as FORM_1099
from capgain.workbook.reading.balances import BALANCES
from capgain.workbook.reading.open_items import OPEN_ITEMS
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.written.misread import Cell
from capgain.workbook.xlsx.error_words import with_known_errors
from capgain.workbook.xlsx.opendocument import formula_in, is_opendocument, read_opendocument
from capgain.workbook.xlsx.package_parts import PackageParts, Table, cells_without_value, read_parts
from capgain.workbook.xlsx.unreadable import (
    ZIP,
    NoLedgerSheet,
    UnreadableFile,
    read_bytes,
    refuse_foreign_formats,
    refuse_foreign_package,
)

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

WithoutValue = Callable[[str], dict[tuple[int, int], str]]

LEDGER, SIDE_TABLES = "Ledger", ("Accounts", "Settings", "Prices")
LAST_ROW = 1_048_576
_DAMAGED = "Open it in Excel or LibreOffice, which may repair it, and save it again; or take an older copy."


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
    forms_1099: RawSheet | None = None


def read_workbook_file(path: Path, data: bytes) -> WorkbookSheets:
    """The Ledger, Accounts, Settings and Prices of a workbook, each a sheet or an Excel table of that name.

    The ledger may also be the only sheet. Raises UnreadableFile.
    """
    with _opened(path, data) as book:
        ledger = book.named(LEDGER)
        if ledger is None:
            others = {name.casefold() for name in SIDE_TABLES}
            candidates = [name for name in book.parts.sheets if name.casefold() not in others]
            if len(candidates) != 1:
                raise NoLedgerSheet(
                    f"{path} has no sheet or table named Ledger; its sheets are {', '.join(book.parts.sheets)}. "
                    "Name the sheet that holds the ledger Ledger."
                )
            ledger = candidates[0], RawSheet(LEDGER, book.rows(candidates[0]))
        sheet, cut = ledger
        beside = [book.named(name) for name in (*SIDE_TABLES, OPEN_ITEMS, BALANCES, FORM_1099)]
        accounts, settings, prices, open_items, balances, forms_1099 = (found and found[1] for found in beside)
        date_1904 = book.parts.date_1904
        return WorkbookSheets(
            sheet, book.rows(sheet), cut, accounts, settings, prices, date_1904, open_items, balances, forms_1099
        )


def read_sheet(path: Path, name: str) -> RawSheet | None:
    """One further sheet or Excel table of a workbook by name, in any case; None where there is none.

    Raises UnreadableFile.
    """
    data = read_bytes(path)
    refuse_foreign_formats(path, data)
    if not data.startswith(ZIP):
        return None
    with _opened(path, data) as book:
        found = book.named(name)
        return None if found is None else found[1]


def opendocument_formula(path: Path, sheet: str, row: int, column: int) -> str:
    """The formula of a cell of an .ods file, "" where it has none. Raises UnreadableFile."""
    data = read_bytes(path)
    refuse_foreign_formats(path, data)
    with _opened(path, data) as book:
        name = next((name for name in book.parts.sheets if name.casefold() == sheet.casefold()), sheet)
    with ZipFile(io.BytesIO(data)) as package:
        return formula_in(package, name, row, column)


@contextmanager
def _opened(path: Path, data: bytes) -> Iterator[_OpenedBook]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with ZipFile(io.BytesIO(data)) as package:
            parts, without_value = _parts(path, package)
            with CalamineWorkbook.from_filelike(io.BytesIO(data)) as values:
                yield _OpenedBook(parts, without_value, values, data)
    except (BadZipFile, CalamineError, ParseError, KeyError, ValueError, EOFError, OSError, ZlibError) as error:
        raise UnreadableFile(f"{path} is damaged or incomplete. {_DAMAGED}") from error
    except RuntimeError as error:  # how zipfile says that a member is encrypted
        raise UnreadableFile(f"{path} is an archive protected by a password. Save it without one.") from error


def _parts(path: Path, package: ZipFile) -> tuple[PackageParts, WithoutValue]:
    """Sheets and tables of a workbook, and what tells the cells of a sheet that show an error or no result."""
    if is_opendocument(package):
        document = read_opendocument(path, package)
        return document.parts, lambda sheet: document.without_value[sheet]
    refuse_foreign_package(path, frozenset(package.namelist()))
    parts = read_parts(package)
    return parts, lambda sheet: cells_without_value(package, parts.sheets[sheet])


class _OpenedBook:
    """A workbook while it is read; each of its sheets is read once."""

    def __init__(self, parts: PackageParts, without_value: WithoutValue, values: CalamineWorkbook, data: bytes) -> None:
        self.parts = parts
        self._data = data
        self._without_value = without_value
        self._values = values
        self._read: dict[str, Sequence[Sequence[Cell]]] = {}

    def rows(self, sheet: str) -> Sequence[Sequence[Cell]]:
        """A whole sheet from its first cell on, without blank rows at the end."""
        if sheet not in self._read:
            self._read[sheet] = _filled_in(self._values_of(sheet), self._without_value(sheet))
        return self._read[sheet]

    def _values_of(self, sheet: str) -> list[list[Cell]]:
        """The values; an error whose word calamine does not know is no damage."""
        from python_calamine import CalamineError, CalamineWorkbook

        try:
            found = self._values.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        except CalamineError:
            with CalamineWorkbook.from_filelike(io.BytesIO(with_known_errors(self._data))) as values:
                found = values.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        return cast(list[list[Cell]], found)

    def named(self, name: str) -> tuple[str, RawSheet] | None:
        """The sheet of that name, from the top of the Excel table of that name where it holds one; else the table."""
        table = self.parts.table(name)
        sheet = next((sheet for sheet in self.parts.sheets if sheet.casefold() == name.casefold()), None)
        if sheet is None:
            return None if table is None else (table.sheet, self._table(table, name))
        if table is not None and table.sheet == sheet:
            return sheet, self._table(table, name)
        return sheet, RawSheet(name, self.rows(sheet))

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
        )


def _filled_in(rows: list[list[Cell]], missing: dict[tuple[int, int], str]) -> Sequence[Sequence[Cell]]:
    """The rows without blank ones at the end, and with the errors that were read as blanks put back."""
    for (row, column), text in missing.items():
        while len(rows) < row:
            rows.append([])
        cells = rows[row - 1]
        cells += [None] * (column - len(cells))
        cells[column - 1] = text
    end = len(rows)
    while end and not any(rows[end - 1]):
        end -= 1
    return rows[:end]
