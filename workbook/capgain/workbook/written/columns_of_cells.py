"""Columns of cells turned into values, each different cell read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from types import NoneType
from typing import Generic, TypeVar

from capgain.workbook.written.misread import Cell, shown
from capgain.workbook.written.numbers import read_number

V = TypeVar("V")


class CellsRead(dict[Cell, V], Generic[V]):
    """Cells as values, each different cell read once."""

    __slots__ = ("_read",)

    def __init__(self, read: Callable[[Cell], V]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: Cell) -> V:
        value = self[cell] = self._read(cell)
        return value

    def column(self, cells: Sequence[Cell]) -> list[V]:
        """A whole column; a TRUE is kept apart from the 1 that equals it."""
        kinds = set(map(type, cells))
        if kinds == {NoneType}:
            return [self[None]] * len(cells)
        if bool in kinds:
            return [self._read(cell) if isinstance(cell, bool) else self[cell] for cell in cells]
        return list(map(self.__getitem__, cells))


class Names(CellsRead[str]):
    """Names of assets or accounts: those that differ in case or spaces alone are one name, spelt as first seen."""

    __slots__ = ("_spelling",)

    def __init__(self, given: Iterable[str] = ()) -> None:
        super().__init__(self.canonical)
        self._spelling: dict[str, str] = {}
        for name in given:
            self.canonical(name)

    def read_as(self, name: str, other: str) -> None:
        """From here on `name`, in any case, is the other."""
        self._spelling[name.casefold()] = self.canonical(other)
        self.clear()

    def knows(self, name: str) -> bool:
        """Whether a name was met before."""
        return " ".join(name.split()).casefold() in self._spelling

    @property
    def spelt(self) -> tuple[str, ...]:
        """Every name met so far, as first seen."""
        return tuple(filter(None, self._spelling.values()))

    def canonical(self, cell: Cell) -> str:
        """The one spelling of a name, "" for a blank cell."""
        name = " ".join(text_of(cell).split())
        return self._spelling.setdefault(name.casefold(), name)


def texts_of(cells: Sequence[Cell]) -> list[str]:
    """A column of cells as text."""
    kinds = set(map(type, cells))
    if kinds == {NoneType}:
        return [""] * len(cells)
    if kinds == {str}:
        return list(map(str.strip, cells))  # type: ignore[arg-type]
    return list(map(text_of, cells))


def text_of(cell: Cell) -> str:
    """A cell as text: numbers in full without a needless `.0`, dates in ISO form, "" when blank."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    if isinstance(cell, float) and isinstance(number := read_number(cell), Decimal):
        return f"{number:f}".removesuffix(".0")
    return shown(cell)
