"""Cells that hold something where the row's type reads nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from capgain.workbook.reading.ledger_cells import US_DOLLARS, LedgerCells
from capgain.workbook.reading.told_of_sales import is_told_of_a_sale
from capgain.workbook.reading.transaction_types import COMMON_COLUMNS, RowType
from capgain.workbook.written.misread import Misread, is_blank, shown

_RECEIVED = frozenset({"Received Asset", "Received Quantity"})


def report_unused_cells(cells: LedgerCells, types: Sequence[object], places: Iterable[int]) -> None:
    """Warn of cells that a row's type does not read; units received on a type that has none are an error."""
    rows_of: defaultdict[str, list[int]] = defaultdict(list)
    for i in places:
        rows_of[cells.types[i]].append(i)
    of_name = {row_type.name: row_type for row_type in types if isinstance(row_type, RowType)}
    for column in cells.columns:
        raw = cells.raw(column)
        if column in COMMON_COLUMNS or not any(raw):
            continue
        for name, rows in rows_of.items():
            if name not in of_name or column in of_name[name].columns:
                continue
            for i in rows:
                cell = raw[i]
                if cell and not is_blank(cell) and cell != 0 and cell != "0":
                    _report_unused_cell(cells, i, column, name)


def _report_unused_cell(cells: LedgerCells, i: int, column: str, type_name: str) -> None:
    cell = cells.raw(column)[i]
    if is_told_of_a_sale(cells, i, column, type_name):
        return
    if column in _RECEIVED:
        if cells.text(i, "Received Asset").upper() in US_DOLLARS:
            return
        cells.wrong(
            i,
            column,
            Misread(
                f"{type_name} does not take {column}, but {shown(cell)} is given.",
                "Use Trade where one asset was given for another; else leave the cell blank.",
                "UNUSED_RECEIPT",
            ),
        )
    else:
        cells.doubt(
            i,
            column,
            Misread(
                f"{type_name} does not use {column}, but {shown(cell)} is given.",
                "Leave the cell blank, or correct the Type.",
                "UNUSED_CELL",
            ),
        )
