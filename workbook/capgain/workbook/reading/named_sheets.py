"""The sheets and tables of a workbook, in a file or open in Excel, by the names that a ledger gives them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.written.looks import CellLooks
from capgain.workbook.written.misread import Cell
from capgain.workbook.xlsx.filled_area import LAST_ROW
from capgain.workbook.xlsx.package_parts import Table

LEDGER = "Ledger"

Rows = Sequence[Sequence[Cell]]


class NamedSheets:
    """`rows` and `looks` give those of a whole sheet, from its first cell on; `taken` are the sheets asked for."""

    def __init__(
        self,
        sheets: Collection[str],
        tables: Collection[Table],
        rows: Callable[[str], Rows],
        looks: Callable[[str], CellLooks],
    ) -> None:
        self._sheets = sheets
        self._tables = tables
        self._rows = rows
        self._looks = looks
        self.taken: set[str] = set()

    def place_of(self, name: str) -> tuple[str | None, Table | None]:
        """The sheet of that name and the table of that name, in any case."""
        table = next((table for table in self._tables if table.name.casefold() == name.casefold()), None)
        return next((sheet for sheet in self._sheets if sheet.casefold() == name.casefold()), None), table

    def named(self, name: str) -> tuple[str, RawSheet] | None:
        """The sheet of that name, from the top of the Excel table of that name where it holds one; else the table."""
        sheet, table = self.place_of(name)
        self.taken |= {one for one in (sheet, table and table.sheet) if one}
        if sheet is None:
            return None if table is None else (table.sheet, self._table(table, name))
        if table is not None and table.sheet == sheet:
            return sheet, self._table(table, name)
        return sheet, self.whole(sheet, name)

    def whole(self, sheet: str, name: str) -> RawSheet:
        """All cells of a sheet, under the name that it has for a ledger."""
        return RawSheet(name, self._rows(sheet), looks=self._looks(sheet))

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
                for other in self._tables
                if other.sheet == table.sheet
                and other.top > table.bottom
                and other.left <= table.right
                and other.right >= table.left
            ]
            end = min(below, default=LAST_ROW)
        whole = self._rows(table.sheet)[:end]
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
