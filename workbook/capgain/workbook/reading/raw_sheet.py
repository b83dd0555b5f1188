"""A sheet as it was read: its rows of cells, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from capgain.workbook.written.misread import Cell


@dataclass(frozen=True, slots=True)
class RawSheet:
    """Rows of cells as read, header and all; `first_row` is the sheet's row of the first of them."""

    name: str
    rows: Sequence[Sequence[Cell]]
    first_row: int = 1
