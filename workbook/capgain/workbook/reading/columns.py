"""The columns of a ledger and of the tables beside it, found by name in any order."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from capgain.workbook.reading.currencies import is_in_another_unit
from capgain.workbook.written.misread import Cell, Misread, is_blank
from capgain.workbook.written.numbers import read_number
from capgain.workbook.written.words import plain

HEADER_ROWS = 20
"""The header is looked for in so many rows from the top."""

LEDGER_COLUMNS = (
    "Date",
    "Type",
    "Asset",
    "Quantity",
    "Price",
    "Amount",
    "Fee",
    "Fee Asset",
    "Fee Quantity",
    "Account",
    "To Account",
    "Received Asset",
    "Received Quantity",
    "Lot",
    "Identified",
    "Method",
    "Class",
    "Acquired",
    "Basis",
    "Reported",
    "Reported Proceeds",
    "Reported Basis",
    "Reported Term",
    "Compensation",
    "Order",
    "Underlying",
    "Multiplier",
    "Kind",
    "Code",
    "Adjustment",
    "Note",
    "ID",
)
"""The columns of the Ledger sheet, in the order in which CapGain writes them."""

KEY_COLUMNS = ("Date", "Type", "Asset")
"""The first row that holds these is the header."""

ACCOUNT_COLUMNS = ("Account", "Kind", "Owner", "Method", "Reported", "Country")
PRICE_COLUMNS = ("Asset", "Price", "Date")

WRITTEN = tomllib.loads(Path(__file__).with_name("column_names.toml").read_text(encoding="utf-8"))
"""What people call the columns, and what other columns mean to the reader."""

NET = "Net"
"""Dollars after the fee, which are no column of the ledger: the reader works Amount out of them."""

_CANONICAL = {plain(name): name for name in LEDGER_COLUMNS}
_STRONG = {plain(word): name for name, words in WRITTEN["names"].items() for word in words}
_WEAK = {name: frozenset(map(plain, words)) for name, words in WRITTEN["weak"].items()}
_NET = frozenset(map(plain, WRITTEN["net"]))
_BY_CONTENT = frozenset(map(plain, WRITTEN["by_content"]))
_OURS = frozenset(map(plain, WRITTEN["ours"]))
_OURS_TOGETHER = tuple(map(plain, WRITTEN["ours_together"]))


@dataclass(frozen=True, slots=True)
class Header:
    """Where a table begins: the header's place among the rows and each known column's place in it.

    `repeated` are the columns that occur more than once; `rivals` those without a heading of their own name, with the
    headings that may all mean them. `net` is the place of the dollars after the fee, -1 for none. `others` are the
    headings that are read as no column, by their places.
    """

    place: int
    columns: Mapping[str, int]
    repeated: tuple[str, ...] = ()
    rivals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    net: int = -1
    others: Mapping[int, str] = field(default_factory=dict)


def find_ledger_header(rows: Sequence[Sequence[Cell]], ignored: Collection[str] = ()) -> Header | None:
    """The first of the top rows that holds Date, Type and Asset; by their own names first, then by other names.

    Headings of `ignored` are read as no column.
    """
    skipped = frozenset(map(_word, ignored))
    for own_names_only in (True, False):
        for place, row in enumerate(rows[:HEADER_ROWS]):
            held = {_CANONICAL.get(word) for _, word in _words(row)} if own_names_only else set()
            if own_names_only and not held.issuperset(KEY_COLUMNS):
                continue
            header = _ledger_header(rows, place, skipped)
            if all(key in header.columns for key in KEY_COLUMNS):
                return header
    return None


def nearest_ledger_header(rows: Sequence[Sequence[Cell]]) -> Header | None:
    """The top row that holds the most known columns, for the message when none is the header."""
    found = [_ledger_header(rows, place, frozenset()) for place in range(min(len(rows), HEADER_ROWS))]
    best = max(found, key=lambda header: len(header.columns), default=None)
    return best if best is not None and len(best.columns) >= 2 else None


def find_header(rows: Sequence[Sequence[Cell]], names: Sequence[str], required: Sequence[str]) -> Header | None:
    """The first of the top rows that holds all `required` columns of a small table."""
    canonical = {plain(name): name for name in names}
    for place, row in enumerate(rows[:HEADER_ROWS]):
        columns: dict[str, int] = {}
        repeated: list[str] = []
        for position, word in _words(row):
            name = canonical.get(word)
            if name in columns:
                repeated.append(name)
            elif name is not None:
                columns[name] = position
        if all(name in columns for name in required):
            return Header(place, columns, tuple(dict.fromkeys(repeated)))
    return None


def names_a_column(cell: Cell, column: str) -> bool:
    """Whether a cell is a heading of that ledger column rather than a value in it."""
    word = plain(cell) if isinstance(cell, str) else ""
    return _CANONICAL.get(word) == column or _STRONG.get(word) == column


def column_called(heading: str) -> str | None:
    """The ledger's column that a heading is a name of; None where it is none, or one by a weak name alone."""
    word = _word(heading)
    return _CANONICAL.get(word) or _STRONG.get(word)


def _word(heading: str) -> str:
    """A heading without case, blanks and signs, unless one of its signs says that its numbers are no dollars."""
    if is_in_another_unit(heading):
        return heading.strip()
    # Greenwich time is UTC in whatever writes a heading.
    return plain(heading.replace("(GMT)", "(UTC)")) or heading.strip()


def _words(row: Sequence[Cell]) -> Iterator[tuple[int, str]]:
    """The headings of a row without case, blanks and signs, by their places."""
    for position, cell in enumerate(row):
        if isinstance(cell, str) and not is_blank(cell):
            yield position, _word(cell)


def _ledger_header(rows: Sequence[Sequence[Cell]], place: int, ignored: frozenset[str]) -> Header:
    row = rows[place]
    words = {position: word for position, word in _words(row) if word not in ignored}
    ours = set(_OURS)
    if all(word in words.values() for word in _OURS_TOGETHER[:2]):
        ours.update(_OURS_TOGETHER)
    last = {word: position for position, word in words.items()}
    words = {
        position: word
        for position, word in words.items()
        if word not in ours or (word in _OURS_TOGETHER and position != last[word])
    }
    columns, repeated = _own_names(words)
    rivals: dict[str, tuple[str, ...]] = {}
    read = set(columns.values())
    for position, word in words.items():
        if word in _BY_CONTENT:
            column = "Fee" if _holds_numbers(rows[place + 1 :], position) else "Account"
            if column not in columns:
                columns[column] = position
                read.add(position)
    weak = _weak_names(words)
    for names in (_strong_names(words), weak):
        for column, positions in names:
            free = [position for position in positions if position not in read]
            if column in columns or not free:
                continue
            columns[column] = free[0]
            read.update(free[:1])
            if len(free) > 1 and not (column == "Note" and names is weak):
                read.update(free)
                rivals[column] = tuple(str(row[position]).strip() for position in free)
    net = [position for position, word in words.items() if word in _NET and position not in read]
    if len(net) > 1:
        rivals[NET] = tuple(str(row[position]).strip() for position in net)
    others = {position: str(row[position]).strip() for position in words if position not in (*read, *net)}
    own_again = {position for position, word in words.items() if _CANONICAL.get(word) in repeated}
    return Header(
        place,
        columns,
        repeated,
        rivals,
        net[0] if net else -1,
        {position: heading for position, heading in others.items() if position not in own_again},
    )


def _own_names(words: Mapping[int, str]) -> tuple[dict[str, int], tuple[str, ...]]:
    columns: dict[str, int] = {}
    repeated: list[str] = []
    for position, word in words.items():
        name = _CANONICAL.get(word)
        if name in columns:
            repeated.append(name)
        elif name is not None:
            columns[name] = position
    return columns, tuple(dict.fromkeys(repeated))


def _strong_names(words: Mapping[int, str]) -> Iterator[tuple[str, list[int]]]:
    by_column: dict[str, list[int]] = {}
    for position, word in words.items():
        if word in _STRONG:
            by_column.setdefault(_STRONG[word], []).append(position)
    yield from by_column.items()


def _weak_names(words: Mapping[int, str]) -> Iterator[tuple[str, list[int]]]:
    """In the order of the ledger's columns, as one heading may be a weak name of two."""
    for column in LEDGER_COLUMNS:
        weak = _WEAK.get(column, frozenset())
        yield column, [position for position, word in words.items() if word in weak]


def _holds_numbers(rows: Sequence[Sequence[Cell]], position: int) -> bool:
    """Whether what stands in a column are numbers throughout."""
    cells = [row[position] for row in rows if len(row) > position and not is_blank(row[position])]
    return bool(cells) and not any(isinstance(read_number(cell), Misread) for cell in cells)
