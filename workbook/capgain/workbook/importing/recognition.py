"""Which format a file is of: told by its set of column names, wherever the header row stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from capgain.workbook.importing.source_files import DELIMITERS, SourceFile, SourceRow, UnreadableImport
from capgain.workbook.importing.source_tables import (
    Format,
    SourceTable,
    column_pattern,
    headers_fit,
    is_pattern,
    normal,
    place_of,
    places_by_name,
)


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table of a file: its header and the rows that follow. `table` None: rows before any known header."""

    format: Format
    table: SourceTable | None
    header: SourceRow | None
    rows: tuple[SourceRow, ...]


class UnknownFormat(UnreadableImport):
    """No format has this file's headers; `source` is the file, `header` the row that looks most like one."""

    def __init__(self, source: SourceFile, header: SourceRow) -> None:
        self.source = source
        self.header = header
        columns = ", ".join(cell.strip() for cell in header.cells if cell.strip())
        super().__init__(
            f"{source.name} is of no known format: line {header.line} has the columns {columns}. "
            "Fill in a mapping for it and import again with --format."
        )


def find_tables(source: SourceFile, formats: Sequence[Format]) -> tuple[FoundTable, ...]:
    """The file's tables in order, every row in exactly one of them.

    The format with the most of its column names there wins; all tables of a file are of that one format.

    Raises:
        UnknownFormat: no format knows the file.
        UnreadableImport: its header and its rows are separated by different characters.
    """
    words = {name for known in formats for table in known.tables for generation in table.headers for name in generation}
    anchors = _Anchors(words)
    best: Format | None = None
    most = 0
    for row in source.rows:
        if not any(anchors.hold(cell) for cell in row.cells[: None if row.line <= _TOP else _FEW] if cell):
            continue
        names = set(places_by_name(row.cells))
        for known in formats:
            for table in known.tables:
                fit = _fit(table, names)
                if fit and table.rows_like:
                    fit += 1 if _rows_are_like(table, row, source) else -fit
                if fit > most:
                    best, most = known, fit
        if best is not None:
            break
    if best is None:
        _refuse_mixed_delimiters(source, formats)
        raise UnknownFormat(source, _most_like_a_header(source))
    return tuple(_split(source, best))


def _fit(table: SourceTable, names: set[str]) -> int:
    return max(
        (len(generation) for generation in table.headers if generation <= names or headers_fit(generation, names)),
        default=0,
    )


def _rows_are_like(table: SourceTable, header: SourceRow, source: SourceFile) -> bool:
    """Whether every row has in its columns what tells the table from another one with the same headings."""
    index = places_by_name(header.cells)
    wanted = [(place_of(column, index), pattern) for column, pattern in table.rows_like]
    return all(
        at is None or at >= len(row.cells) or pattern.fullmatch(normal(row.cells[at])) is not None
        for row in source.rows
        if row.line > header.line
        for at, pattern in wanted
    )


def _split(source: SourceFile, known: Format) -> Iterator[FoundTable]:
    anchors = _Anchors(name for table in known.tables for generation in table.headers for name in generation)
    current: SourceTable | None = None
    header: SourceRow | None = None
    rows: list[SourceRow] = []
    for row in source.rows:
        names = set(places_by_name(row.cells)) if _may_be_header(row, anchors, is_first=current is None) else None
        fits = [(fit, table) for table in known.tables if (fit := _fit(table, names))] if names else []
        if fits:
            if header is not None or rows:
                yield FoundTable(known, current, header, tuple(rows))
            current, header, rows = max(fits, key=lambda found: found[0])[1], row, []
            continue
        if current is not None and current.first_cell and row.cells[0].strip() != current.first_cell:
            yield FoundTable(known, current, header, tuple(rows))
            current, header, rows = None, None, [row]
            continue
        rows.append(row)
    yield FoundTable(known, current, header, tuple(rows))


class _Anchors:
    """Names of columns by which headers are told, and patterns of such names."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = set(names)
        forms = [f"(?:{column_pattern(name).pattern})" for name in sorted(self._names) if is_pattern(name)]
        self._form = re.compile("|".join(forms)) if forms else None
        self._end_in_digits = self._form is not None or any(name[-1:].isdigit() for name in self._names)

    def hold(self, cell: str) -> bool:
        """Whether a cell may be the name of such a column."""
        if not self._end_in_digits and cell[-1:].isdigit():
            return False
        name = normal(cell)
        return name in self._names or (self._form is not None and self._form.fullmatch(name) is not None)


_NO_HEADING = frozenset("0123456789-$.")
"""How no column's name begins, and nearly all values do."""

_TOP = 50
_FEW = 3
"""Lines in whose every cell a heading is looked for; below them in these many cells alone."""


def _may_be_header(row: SourceRow, anchors: _Anchors, *, is_first: bool) -> bool:
    most = len(row.cells) if is_first and row.line <= _TOP else _FEW + 1
    filled = 0
    for cell in row.cells:
        if cell:
            if cell[0] in _NO_HEADING or not anchors.hold(cell):
                filled += 1
                if filled > most:
                    return False
            else:
                return True
    return False


def _most_like_a_header(source: SourceFile) -> SourceRow:
    """Of the first twenty rows the first with the most cells that are words, not numbers."""

    def words(row: SourceRow) -> int:
        return sum(1 for cell in row.cells if cell.strip() and not any(letter.isdigit() for letter in cell))

    return max(source.rows[:20], key=words)


def _refuse_mixed_delimiters(source: SourceFile, formats: Sequence[Format]) -> None:
    for row in source.rows[:50]:
        joined = [cell for cell in row.cells if cell]
        for delimiter in DELIMITERS:
            pieces = {normal(piece) for cell in joined for piece in cell.split(delimiter)}
            if len(pieces) > len(joined) and any(_fit(table, pieces) for known in formats for table in known.tables):
                raise UnreadableImport(
                    f"{source.name} mixes separators: line {row.line} is separated by {delimiter!r}, most other lines "
                    "are not. Export it again; do not edit it by hand."
                )
