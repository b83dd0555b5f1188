"""The cells of a ledger file, so that a formula can be evaluated against it as if it stood in the workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from capgain.addin.functions.caller import Caller
from capgain.addin.functions.cells import Block, ErrorCode, Failure, InputCell
from capgain.addin.functions.formula import Area
from capgain.workbook.reading import LedgerFile
from capgain.workbook.reading.columns import find_ledger_header
from capgain.workbook.reading.overrides import header_place
from capgain.workbook.reading.raw_sheet import RawSheet

WORKBOOKS = (".xlsx", ".xlsm")


class FileCells:
    """Where references lead: to the sheets that were read as part of the ledger, and to any other sheet of the file."""

    def __init__(self, file: LedgerFile) -> None:
        self._file = file
        self._sheets = {sheet.name.casefold(): sheet for sheet in file.raw}

    @property
    def caller(self) -> Caller:
        """A cell of the workbook that asks."""
        return Caller(
            settings=self._block("Settings"),
            accounts=self._block("Accounts"),
            prices=self._block("Prices"),
            forms_1099=None if self._file.sheet_1099 is None else self._block_of(self._file.sheet_1099),
            date_1904=self._file.date_1904,
        )

    def area(self, area: Area) -> Block:
        """The cells of an area, cut at the last used row and column. Raises Failure where there is no such sheet."""
        sheet = self._sheet(area.sheet or "Ledger")
        top, left = max(area.top, 1), max(area.left, 1)
        first = max(top - sheet.first_row, 0)
        # What stands left of a table, or above it, was not read.
        before = [None] * (sheet.first_column - 1)
        below = sheet.rows[first : area.bottom - sheet.first_row + 1 if area.bottom else None]
        width = area.right - left + 1 if area.right else max(map(len, below), default=1) + len(before)
        rows = [_cut([*before, *row], left, width) for row in below] or [_cut((), left, width)]
        return Block(
            rows,
            sheet=sheet.name,
            first_row=max(top, sheet.first_row),
            date_1904=self._file.date_1904,
            address=f"{sheet.name}!R{top}C{left}",
            first_column=left,
            looks=sheet.looks,
        )

    def table(self, name: str, part: str) -> Block:
        """The table of a sheet: all of it, without its header, or its header alone."""
        block = self._block(name)
        if block is None:
            raise Failure(
                ErrorCode.VALUE,
                f"The file has no table {name!r}. Those read are: {', '.join(sheet.name for sheet in self._file.raw)}.",
            )
        header = self._header(name, block)
        if part == "#All":
            return block
        rows = block.rows[header + 1 :] if part == "#Data" else block.rows[header : header + 1]
        first_row = block.first_row + header + (1 if part == "#Data" else 0)
        return replace(block, rows=rows, first_row=first_row)

    def formula_of(self, area: Area) -> str:
        """The formula in the first cell of an area, "" where there is none or the file is no workbook."""
        if self._file.path.suffix.lower() == ".ods":
            from capgain.workbook.reading.workbook_file import opendocument_formula

            return opendocument_formula(self._file.path, area.sheet or "Ledger", max(area.top, 1), max(area.left, 1))
        if self._file.path.suffix.lower() not in WORKBOOKS:
            return ""
        # Only CAPGAIN_WHY of a cell needs the formulas, which are not read with the ledger.
        from openpyxl import load_workbook

        book = load_workbook(self._file.path, read_only=True, keep_links=False)
        try:
            names = {sheet.title.casefold(): sheet for sheet in book.worksheets}
            sheet = names.get((area.sheet or "Ledger").casefold())
            if sheet is None:
                raise Failure(ErrorCode.VALUE, f"The file has no sheet {area.sheet!r}.")
            row, column = max(area.top, 1), max(area.left, 1)
            asked = sheet.iter_rows(min_row=row, max_row=row, min_col=column, max_col=column, values_only=True)
            value = next((cell for cells in asked for cell in cells), None)
            return value if isinstance(value, str) and value.startswith("=") else ""
        finally:
            book.close()

    def _block(self, name: str) -> Block | None:
        sheet = self._sheets.get(name.casefold())
        return None if sheet is None else self._block_of(sheet)

    def _block_of(self, sheet: RawSheet) -> Block:
        address = f"{sheet.name}!R{sheet.first_row}C{sheet.first_column}"
        return Block.of_sheet(sheet, date_1904=self._file.date_1904, address=address)

    def _sheet(self, name: str) -> RawSheet:
        sheet = self._sheets.get(name.casefold())
        if sheet is None:
            raise Failure(
                ErrorCode.VALUE,
                f"The file has no sheet {name!r}. Those read are: {', '.join(known.name for known in self._file.raw)}.",
            )
        return sheet

    @staticmethod
    def _header(name: str, block: Block) -> int:
        if name.casefold() == "settings":
            place = header_place(block.rows)
            return 0 if place is None else place
        found = find_ledger_header(block.rows)
        return 0 if found is None else found.place


def _cut(row: Sequence[Any], left: int, width: int) -> list[InputCell]:
    """The cells of a row from column `left` on, filled up to `width`."""
    cells = list(row[left - 1 : left - 1 + width])
    return cells + [None] * (width - len(cells))
