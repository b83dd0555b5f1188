"""The cells of an open Calc document. UNO hands them over as tuples of rows of doubles and texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from capgain.addin.functions.cells import Block, ErrorCode, Failure, InputCell
from capgain.addin.functions.conversion import ERROR_IN_CELL
from capgain.addin.functions.formula import Area
from capgain.workbook.written.looks import FormattedArea, looks_of_areas, words_of_format

_ERRORS = 4
"""com.sun.star.sheet.FormulaResult.ERROR"""

_ERROR_TEXTS = {
    32767: "#N/A",
    503: "#NUM!",
    519: "#VALUE!",
    521: "#NULL!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
}
"""What Excel shows for Calc's error numbers."""

_NO_LINE = (0, 6)
"""com.sun.star.awt.FontStrikeout.NONE, and DONTKNOW where only a part of the text has a line."""

LAST_ROW, LAST_COLUMN = 1_048_576, 1_024


def uno_rows(values: Sequence[Sequence[Any]]) -> tuple[tuple[InputCell, ...], ...]:
    """A range's `getDataArray`: an empty cell is an empty text there."""
    return tuple(tuple(None if cell == "" else cell for cell in row) for row in values)


def block_of(document: Any, cells: Any, date_1904: bool) -> Block:
    """A range, cut at the last used row and column of its sheet; errors in cells as the text Excel shows."""
    sheet = cells.getSpreadsheet()
    where = cells.getRangeAddress()
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    used = cursor.getRangeAddress()
    bottom = max(0, min(where.EndRow, used.EndRow) - where.StartRow)
    right = max(0, min(where.EndColumn, used.EndColumn) - where.StartColumn)
    inside = cells.getCellRangeByPosition(0, 0, right, bottom)
    rows = [list(row) for row in uno_rows(inside.getDataArray())]
    for part in inside.queryFormulaCells(_ERRORS).getRangeAddresses():
        for row in range(part.StartRow, part.EndRow + 1):
            for column in range(part.StartColumn, part.EndColumn + 1):
                code = sheet.getCellByPosition(column, row).getError()
                rows[row - where.StartRow][column - where.StartColumn] = _ERROR_TEXTS.get(code, ERROR_IN_CELL)
    for row, first, last in _rows_of_totals(document, where.Sheet):
        if where.StartRow <= row < where.StartRow + len(rows):
            for column in range(max(first, where.StartColumn), min(last, where.StartColumn + right) + 1):
                rows[row - where.StartRow][column - where.StartColumn] = None
    return Block(
        tuple(map(tuple, rows)),
        sheet=sheet.Name,
        first_row=where.StartRow + 1,
        date_1904=date_1904,
        address=cells.AbsoluteName,
        first_column=where.StartColumn + 1,
        looks=looks_of_areas(_areas(document.NumberFormats, inside)),
    )


def _rows_of_totals(document: Any, sheet: int) -> Iterator[tuple[int, int, int]]:
    """The row of totals of each Excel table on a sheet, with its first and last column, from 0: no row of a ledger."""
    for name in document.DatabaseRanges.ElementNames:
        found = document.DatabaseRanges.getByName(name)
        if found.DataArea.Sheet == sheet and getattr(found, "TotalsRow", False):
            yield found.DataArea.EndRow, found.DataArea.StartColumn, found.DataArea.EndColumn


def _areas(number_formats: Any, cells: Any) -> Iterator[FormattedArea]:
    """The cells whose formats say something; LibreOffice puts those of one format together."""
    for alike in cells.getUniqueCellFormatRanges():
        shown = number_formats.getByKey(alike.NumberFormat).FormatString
        is_struck = alike.CharStrikeout not in _NO_LINE
        if not is_struck and not words_of_format(shown):
            continue
        for part in alike.getRangeAddresses():
            yield FormattedArea(
                part.StartRow + 1, part.StartColumn + 1, part.EndRow + 1, part.EndColumn + 1, shown, is_struck
            )


def sheet_block(document: Any, name: str, date_1904: bool) -> Block | None:
    """The used cells of a sheet, None where the document has none of that name."""
    for known in document.Sheets.ElementNames:
        if known.casefold() == name.casefold():
            return block_of(document, document.Sheets.getByName(known), date_1904)
    return None


class DocumentCells:
    """Where the references of a formula lead that stands on the sheet `home`."""

    def __init__(self, document: Any, home: str, date_1904: bool) -> None:
        self._document = document
        self._home = home
        self._date_1904 = date_1904

    def area(self, area: Area) -> Block:
        """The cells of an area. Raises Failure where there is no such sheet."""
        return block_of(self._document, self._range(area), self._date_1904)

    def formula_of(self, area: Area) -> str:
        """The formula in the first cell of an area, "" where there is none."""
        formula = self._range(area).getCellByPosition(0, 0).getFormula()
        return formula if formula.startswith("=") else ""

    def table(self, name: str, part: str) -> Block:
        """A database range (an Excel table) or named range. Raises Failure for an unknown name."""
        for ranges in (self._document.DatabaseRanges, self._document.NamedRanges):
            for known in ranges.ElementNames:
                if known.casefold() == name.casefold():
                    found = ranges.getByName(known)
                    where = found.DataArea if hasattr(found, "DataArea") else found.ReferredCells.getRangeAddress()
                    top = where.StartRow + (1 if part == "#Data" and hasattr(found, "DataArea") else 0)
                    bottom = where.StartRow if part == "#Headers" else where.EndRow
                    sheet = self._document.Sheets.getByIndex(where.Sheet)
                    cells = sheet.getCellRangeByPosition(where.StartColumn, top, where.EndColumn, bottom)
                    return block_of(self._document, cells, self._date_1904)
        raise Failure(ErrorCode.VALUE, f"This document has no range named {name!r}.")

    def _range(self, area: Area) -> Any:
        name = area.sheet or self._home
        if not self._document.Sheets.hasByName(name):
            raise Failure(ErrorCode.VALUE, f"This document has no sheet {name!r}.")
        return self._document.Sheets.getByName(name).getCellRangeByPosition(
            max(area.left, 1) - 1,
            max(area.top, 1) - 1,
            (area.right or LAST_COLUMN) - 1,
            (area.bottom or LAST_ROW) - 1,
        )
