"""Which treatment a row gets: by what stands in its columns, else by the kind that its source calls it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from capgain.workbook.importing.source_files import SourceRow
from capgain.workbook.importing.source_tables import SourceTable, SpecialRows, Treatment, normal
from capgain.workbook.importing.table_columns import TableColumns

_Special = tuple[tuple[tuple[int, re.Pattern[str]], ...], Treatment]


class KindsOfRows:
    """The treatments of one table; `rows` are all of its rows, for what is said only where there are others of a kind.

    `looks_beside`: some of them ask for a row beside.
    """

    def __init__(self, table: SourceTable, columns: TableColumns, rows: Sequence[SourceRow]) -> None:
        self._table = table
        self._columns = columns
        self._special = self._special_rows(rows)
        places = columns.places.get("kind", ())
        self._kind_at = places[0] if len(places) == 1 else -1
        self._special_of: dict[str, list[_Special]] = {}
        self._known: dict[str, tuple[Treatment | None, str, bool]] = {}
        treatments = (
            *table.kinds.values(),
            *(treated for _, treated, _ in table.kind_patterns),
            *(special.treatment for special in table.special),
        )
        self.looks_beside = any(treated.beside is not None for treated in treatments)

    def treatment(self, kind: str, cells: Sequence[str]) -> tuple[Treatment | None, str, bool]:
        """What is done with a row of that kind, the kind's short name, and whether it is known through `*` alone."""
        special = self._special_of.get(kind)
        if special is None:
            special = self._special_of[kind] = [*self._special_for(normal(kind))]
        for conditions, treatment in special:
            for place, pattern in conditions:
                if not pattern.fullmatch(normal(cells[place]) if place < len(cells) else ""):
                    break
            else:
                return treatment, kind, False
        try:
            return self._known[kind]
        except KeyError:
            name = normal(kind)
            found: tuple[Treatment | None, str, bool] = (self._table.kinds.get(name), kind, False)
            if found[0] is None:
                matches = (
                    (treated, label, True)
                    for pattern, treated, label in self._table.kind_patterns
                    if pattern.fullmatch(name)
                )
                found = next(matches, found)
            self._known[kind] = found
            return found

    def _special_for(self, kind: str) -> Iterator[_Special]:
        """Those that a row of that kind can be, by conditions of other columns than its kind's."""
        for conditions, treatment in self._special:
            if all(pattern.fullmatch(kind) for place, pattern in conditions if place == self._kind_at):
                yield tuple(one for one in conditions if one[0] != self._kind_at), treatment

    def _special_rows(self, rows: Sequence[SourceRow]) -> list[_Special]:
        """Conditions by the column's place; without those of columns that the file lacks."""
        found = []
        for special in self._table.special:
            places = [self._columns.place(column) for column, _ in special.when]
            known = [place for place in places if place is not None]
            if len(known) == len(places) and self._has_any(special, rows):
                patterns = (pattern for _, pattern in special.when)
                found.append((tuple(zip(known, patterns, strict=True)), special.treatment))
        return found

    def _has_any(self, special: SpecialRows, rows: Sequence[SourceRow]) -> bool:
        """Whether any row is as the special treatment of others needs it."""
        wanted = [(self._columns.place(column), pattern) for column, pattern in special.if_any]
        return not wanted or any(
            all(
                at is not None and at < len(row.cells) and pattern.fullmatch(normal(row.cells[at]))
                for at, pattern in wanted
            )
            for row in rows
        )
