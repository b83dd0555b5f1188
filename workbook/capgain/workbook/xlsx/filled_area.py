"""How far the filled cells of a sheet reach, read from its XML in time linear in its length.

Readers of values make a block of all cells up to the last row and column that hold anything: one stray value in
XFD1048576 makes it 17 thousand million cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

from capgain.workbook.sheets import column_letter
from capgain.workbook.xlsx.elements import IN_TAG
from capgain.workbook.xlsx.unreadable import MOST_CELLS, MOST_COLUMNS, UnreadableFile

LAST_ROW, LAST_COLUMN = 1_048_576, MOST_COLUMNS
SURELY_SMALL = 2_000_000
SPARSEST = 40
"""A block of more than `SURELY_SMALL` cells has at most so many for each that is filled."""

_ONE_LETTER = 26
_ROWS = re.compile(rb'<c r="[A-Za-z]+(\d*)')
_WIDE = re.compile(rb'<c r="([A-Za-z]{2,})')
_C = re.compile(rb"<(?:[^\s<>/:]+:)?c(?=[\s/>])")
_BEGUN = re.compile(rb"<(?:[^\s<>/:]+:)?(?:row|c)(?=[\s/>])")
_TAG = re.compile(rb"<(/?)(?:[^\s<>/:]+:)?(row|c|v|is|f)(?=[\s/>])(" + IN_TAG + rb")(/?)>")
_ATTRIBUTE = re.compile(rb"([^\s=]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_PLACE = re.compile(rb"([A-Za-z]*)(\d*)")
_FORMULA = re.compile(rb"<(?:[^\s<>/:]+:)?f(?=[\s/>])")
_EARLY = re.compile(rb"v>-(?:\d{12}|[\d.]*[eE]\+?\d)")


class Reach(NamedTuple):
    """At most how many rows and columns a sheet has up to its last filled cell, and how many cells that are filled.

    `lacks_values`: some may show an error or hold a formula; `before_all_time`: some a number that as a date lies
    before all time.
    """

    rows: int = 0
    columns: int = 0
    filled: int = 0
    lacks_values: bool = False
    before_all_time: bool = False

    @property
    def fits(self) -> bool:
        """Whether the sheet can be read without more than its cells deserve."""
        return self.rows <= LAST_ROW and self.columns <= LAST_COLUMN and not self.is_sparse and self.area <= MOST_CELLS

    @property
    def area(self) -> int:
        return self.rows * self.columns

    @property
    def is_sparse(self) -> bool:
        return self.area > max(SURELY_SMALL, SPARSEST * self.filled)


class FilledCells:
    """The filled cells of a sheet, counted one after the other; rows and columns from 1."""

    def __init__(self) -> None:
        self._rows: set[int] = set()
        self._columns: set[int] = set()
        self._lowest = self._rightmost = (0, 0)
        self._count = 0

    def add(self, row: int, column: int, repeated: int = 1, rows: int = 1) -> None:
        """A filled cell, or several that are alike beside and below one another."""
        last, lowest = column + repeated - 1, row + rows - 1
        self._count += repeated * rows
        self._columns |= {column, last}
        self._lowest = max(self._lowest, (lowest, last))
        if last > self._rightmost[1]:
            self._rightmost = row, last
        if rows == 1 or self.is_beyond_any_sheet:
            self._rows |= {row, lowest}
        else:
            self._rows.update(range(row, lowest + 1))

    @property
    def reach(self) -> Reach:
        return Reach(self._lowest[0], self._rightmost[1], self._count)

    @property
    def is_beyond_any_sheet(self) -> bool:
        return self._lowest[0] > LAST_ROW or self._rightmost[1] > LAST_COLUMN or self._count > MOST_CELLS

    @property
    def farthest(self) -> str:
        """The cell that stands farthest from the others."""
        rows, columns, *_ = self.reach
        emptier_below = rows * len(self._columns) > columns * len(self._rows)
        row, column = self._lowest if rows > LAST_ROW or emptier_below else self._rightmost
        return f"{column_letter(column)}{row}"


def reach(pieces: Iterable[bytes]) -> Reach | None:
    """The reach of a sheet as programs write them; None for one written otherwise, which `filled_cells` reads.

    `pieces` begin with a tag and make up the part together.
    """
    rows = columns = filled = 0
    lacks_values = before_all_time = False
    for piece in pieces:
        cells = piece.count(b'<c r="')
        if (piece.count(b"<c") != cells or b":c" in piece) and len(_C.findall(piece)) != cells:
            return None
        filled += cells
        stated = re.match(rb"\d{1,12}", piece[piece.rfind(b'<row r="') + 8 :][:12])
        last, beyond = _beyond(max(rows, int(stated[0]) if stated else 0))
        if beyond.search(piece):
            last = max(map(_row, set(_ROWS.findall(piece))))
        if cells:
            columns = max(columns, _ONE_LETTER, *map(_column, set(_WIDE.findall(piece))))
        rows = max(rows, last)
        may_lack = (b"<f" in piece or b":f" in piece) and _FORMULA.search(piece) is not None
        lacks_values = lacks_values or may_lack or b'"e"' in piece or (b"'" in piece and b"'e'" in piece)
        before_all_time = before_all_time or _EARLY.search(piece) is not None
    return Reach(rows, columns, filled, lacks_values, before_all_time)


def filled_cells(pieces: Iterable[bytes]) -> FilledCells:
    """The filled cells of a sheet however it is written. Raises BadZipFile for XML that is damaged."""
    found = FilledCells()
    row, column = 1, 1
    place: tuple[int, int] | None = None
    for piece in pieces:
        begun = 0
        for ends, name, attributes, empty in _TAG.findall(piece):
            if name in (b"v", b"is", b"f"):
                if place is not None and not ends:
                    found.add(*place)
                    place = None
                continue
            begun += not ends
            stated = None if ends else _stated(attributes)
            if name == b"row":
                row = _row(stated[2]) if stated else row
                if ends or empty:
                    row, column = row + 1, 1
                continue
            if ends:
                place = None
                continue
            at = (_row(stated[2]), _column(stated[1])) if stated else (row, column)
            column = at[1] + 1
            place = None if empty else at
        if begun != len(_BEGUN.findall(piece)):
            raise BadZipFile("a cell without the end of its tag")
    return found


def _stated(attributes: bytes) -> re.Match[bytes] | None:
    """The place that a cell or row states, its letters and its digits."""
    for name, quoted, single in _ATTRIBUTE.findall(attributes):
        if name == b"r":
            return _PLACE.match(quoted or single)
    return None


def refuse_stray(path: Path, sheet: str, cells: FilledCells) -> None:
    """Raise UnreadableFile for a sheet whose cells reach farther than they can be read."""
    found = cells.reach
    if found.fits:
        return
    if found.rows > LAST_ROW or found.columns > LAST_COLUMN or found.is_sparse:
        raise UnreadableFile(
            f"{path}: in sheet {sheet} something stands in {cells.farthest}, far from all else. "
            "Delete that row and that column, or keep the ledger on a sheet of its own."
        )
    raise UnreadableFile(
        f"{path}: sheet {sheet} reaches to {cells.farthest}, which is more than {MOST_CELLS:,} cells. "
        "Keep the ledger on a sheet of its own."
    )


@lru_cache(maxsize=4)
def _beyond(row: int) -> tuple[int, re.Pattern[bytes]]:
    """The next round number from a row on, and a cell below that row."""
    digits = str(row)
    if row < 10**6 and len(digits) > 2:
        digits = digits[:2] + "9" * (len(digits) - 2)
    elif row <= LAST_ROW:
        digits = str(max(row, 99)) if row < 10**6 else str(LAST_ROW)
    higher = [rb"\d{%d}" % (len(digits) + 1)]
    for place, digit in enumerate(digits):
        if digit != "9":
            higher.append(b"%s[%d-9]" % (digits[:place].encode(), int(digit) + 1) + rb"\d" * (len(digits) - place - 1))
    return int(digits), re.compile(rb'<c r="[A-Za-z]+(?:' + b"|".join(higher) + rb")")


def _row(digits: bytes) -> int:
    return int(digits or b"0") if len(digits) < 13 else 10**12


def _column(letters: bytes) -> int:
    if len(letters) > 8:
        return 26**8
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
