"""Rows of a sheet that are made while they are looked at, so that a long sheet never stands in memory as a whole."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, overload

Row = Sequence[Any]
"""Cells, left to right."""

Make = Callable[[Any, int], Row]
"""Makes the row of a thing from it and the number of its row on the sheet."""


class Stretch(Sequence[Row]):
    """One row for each of `things`, made anew each time it is asked for; `first` is the sheet's row of the first.

    The first and the last row have a cell, and no row is a title. `columns` are those that the cells lie in, counted
    from 0; `width` is the length of the longest row.
    """

    def __init__(self, things: Sequence[Any], make: Make, first: int, columns: range, width: int = 0) -> None:
        self.columns = columns
        self.width = max(width, columns.stop)
        self._things = things
        self._make = make
        self.first = first

    def __len__(self) -> int:
        return len(self._things)

    def changed(self, change: Callable[[Row], Row]) -> Stretch:
        """The same rows, each as `change` gives it, with cells in the same columns."""
        make = self._make
        return Stretch(self._things, lambda thing, row: change(make(thing, row)), self.first, self.columns, self.width)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        at = place + len(self) if place < 0 else place
        return self._make(self._things[at], self.first + at)

    def __iter__(self) -> Iterator[Row]:
        return map(self._make, self._things, range(self.first, self.first + len(self._things)))


class LongRows(Sequence[Row]):
    """Rows that are there, and stretches of rows that are made, one below the other."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self.parts: list[list[Row] | Stretch] = [list(rows)]
        self._starts = [0]
        self._length = len(self.parts[0])

    def append(self, row: Row) -> None:
        self.extend((row,))

    def extend(self, rows: Iterable[Row]) -> None:
        """These rows below the others. A stretch begins on the row that is next."""
        if isinstance(rows, Stretch):
            assert rows.first == self._length + 1, "a stretch made for other rows of the sheet"
            if rows:
                self._add(rows)
                self._length += len(rows)
            return
        last = self.parts[-1]
        if isinstance(last, Stretch):
            last = []
            self._add(last)
        before = len(last)
        last += rows
        self._length += len(last) - before

    def _add(self, part: list[Row] | Stretch) -> None:
        self.parts.append(part)
        self._starts.append(self._length)

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(self._length))]
        at = place + self._length if place < 0 else place
        if not 0 <= at < self._length:
            raise IndexError(place)
        part = bisect_right(self._starts, at) - 1
        return self.parts[part][at - self._starts[part]]

    def __iter__(self) -> Iterator[Row]:
        for part in self.parts:
            yield from part


def rows_at_hand(rows: Sequence[Row]) -> Iterator[tuple[int, Row]]:
    """The rows that are there already, each with its number."""
    if not isinstance(rows, LongRows):
        yield from enumerate(rows, start=1)
        return
    number = 1
    for part in rows.parts:
        if not isinstance(part, Stretch):
            yield from enumerate(part, start=number)
        number += len(part)


def stretches(rows: Sequence[Row]) -> Iterator[Stretch]:
    """The stretches of rows that are made."""
    if isinstance(rows, LongRows):
        yield from (part for part in rows.parts if isinstance(part, Stretch))


def widest(rows: Sequence[Row]) -> int:
    """The length of the longest row."""
    return max((*(made.width for made in stretches(rows)), *(len(row) for _, row in rows_at_hand(rows))), default=0)
