"""What crosses the border between a spreadsheet's cells and the engine, whichever spreadsheet it is."""

from __future__ import annotations

import marshal
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cached_property
from hashlib import blake2b
from typing import Any

from capgain.engine.problems import CapgainError
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.written.looks import CellLooks

InputCell = None | str | bool | int | float | Decimal | date | datetime
"""A cell as read. Dates may be serial numbers in the date system of the block they stand in."""


class ErrorCode(Enum):
    """The Excel errors CapGain answers with, by meaning."""

    VALUE = "#VALUE!"
    """an argument of the wrong kind, or a ledger with errors"""
    NOT_AVAILABLE = "#N/A"
    """nothing is known of what was asked for: an asset, a price, a year's form, a handle"""
    NUMBER = "#NUM!"
    """a number or date out of its range"""


@dataclass(frozen=True, slots=True)
class CellError:
    """An error a cell shows, and why. `stale_handle` is the handle that nothing is known of, if that is why."""

    code: ErrorCode
    reason: str
    stale_handle: str = ""


class Failure(CapgainError):
    """A function cannot answer: becomes a `CellError`."""

    def __init__(self, code: ErrorCode, reason: str, stale_handle: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.stale_handle = stale_handle


OutputCell = None | str | bool | int | Decimal | date | datetime | CellError
Table = Sequence[Sequence[OutputCell]]
"""Rows of one width, spilled into cells."""
Answer = OutputCell | Table


@dataclass(frozen=True)
class Block:
    """A rectangle of cells. `first_row` and `first_column` are where its first cell stands on the sheet `sheet`.

    The places in `looks` count from the sheet's first cell.
    """

    rows: Sequence[Sequence[InputCell]]
    sheet: str = ""
    first_row: int = 1
    date_1904: bool = False
    address: str = field(default="", compare=False)
    """where it stands, `[Book.xlsx]Sheet!A1:K99`, "" where it is no reference"""
    first_column: int = 1
    looks: CellLooks = field(default_factory=CellLooks)

    @classmethod
    def of_sheet(cls, sheet: RawSheet, *, date_1904: bool = False, address: str = "") -> Block:
        """All that was read of a sheet."""
        rows: Sequence[Sequence[Any]] = sheet.rows
        return cls(rows, sheet.name, sheet.first_row, date_1904, address, sheet.first_column, sheet.looks)

    def as_sheet(self, otherwise: str = "") -> RawSheet:
        """The block as a sheet to read; `otherwise` is the name of one that is no reference."""
        return RawSheet(self.sheet or otherwise, self.rows, self.first_row, self.first_column, looks=self.looks)

    @cached_property
    def digest(self) -> bytes:
        """The same for the same content at the same place, and for no other: a key for results."""
        plain = [
            [cell if type(cell) in _MARSHALLED else (type(cell).__name__, str(cell)) for cell in row]
            for row in self.rows
        ]
        # Version 2 has no references between equal objects, so that equal content gives equal bytes.
        looks = sorted(self.looks.words.items()), sorted(self.looks.struck)
        content = marshal.dumps((plain, self.sheet, self.first_row, self.first_column, self.date_1904, looks), 2)
        return blake2b(content, digest_size=16).digest()

    @property
    def single(self) -> InputCell:
        """The cell of a block that has only one. Raises Failure for a wider one."""
        if len(self.rows) == 1 and len(self.rows[0]) == 1:
            return self.rows[0][0]
        raise Failure(ErrorCode.VALUE, f"One cell is wanted, and {self.address or 'a range'} has several.")


_MARSHALLED = frozenset({type(None), str, bool, int, float})
