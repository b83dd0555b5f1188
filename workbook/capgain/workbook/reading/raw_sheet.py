"""A sheet as it was read: its rows of cells, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from capgain.workbook.written.looks import CellLooks
from capgain.workbook.written.misread import Cell


@dataclass(frozen=True, slots=True)
class RawSheet:
    """Rows of cells as read, header and all; the first cell of the first of them stands in `first_row`, `first_column`.

    Both count from 1. `delimiter` is what separates the cells of a text file, "" for a sheet. The places in
    `looks` count from the sheet's first cell.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    first_row: int = 1
    first_column: int = 1
    delimiter: str = ""
    looks: CellLooks = field(default_factory=CellLooks)
