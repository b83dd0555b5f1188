"""Where the fields of a table's rows stand below its header, and the text of each field in a row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from capgain.workbook.importing.row_fields import RowFields
from capgain.workbook.importing.source_files import DELIMITERS, LONGEST_CELL, SourceRow
from capgain.workbook.importing.source_tables import SourceTable, Treatment, place_of, places_by_name
from capgain.workbook.reading.shifted_rows import IN_QUOTES, too_wide

_IN_BRACES = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class _FieldsOfKind:
    """Where the rows of one treatment have their fields; later ones go before earlier ones."""

    constants: tuple[tuple[str, str], ...]
    alone: tuple[tuple[str, int], ...]
    several: tuple[tuple[str, tuple[int, ...]], ...]
    beside_group: str
    """What the reference of a row's group is followed by."""
    patterns: tuple[tuple[int, re.Pattern[str]], ...]
    stated: Mapping[str, str]


class TableColumns:
    """The columns of one table, by the format's fields.

    `headings` are the header's cells, `index` each column's place by its normal name, `places` those of each field that
    the table has. `comma_is_doubtful`: a lone comma in a number may mark decimals. `usual_width`: how many cells
    the lines of a text file have, where a delimiter within a cell shifts those after it; 0 for rows of other files.
    """

    def __init__(self, table: SourceTable, header: SourceRow, *, comma_is_doubtful: bool, usual_width: int = 0) -> None:
        self.headings = [cell.strip().lstrip("\ufeff") for cell in header.cells]
        self.index = places_by_name(self.headings)
        self.places = self._places(table.columns)
        self._table = table
        self._comma_is_doubtful = comma_is_doubtful
        self._constants = self._texts(table.columns)
        self._of_kind: dict[int, _FieldsOfKind] = {}
        self._compared = self._places(table.compare)
        self._usual = usual_width
        self._needed = max(self.places.get("at", (-1,))[-1], min(self.places.get("kind", (-1,))))

    def place(self, column: str) -> int | None:
        """The place of the column that a format names."""
        return place_of(column, self.index)

    def text(self, field: str, cells: Sequence[str]) -> str:
        """The text of a field, whatever the row's kind; "" where it has none."""
        places = self.places.get(field)
        return "" if places is None else self._text(field, places, cells)

    def fields(self, treatment: Treatment, cells: Sequence[str]) -> RowFields:
        """All fields of a row that is treated so."""
        of_kind = self._of_kind.get(id(treatment))
        if of_kind is None:
            of_kind = self._of_kind[id(treatment)] = self._fields_of(treatment)
        text = RowFields()
        text.comma_is_doubtful = self._comma_is_doubtful
        for field, said in of_kind.constants:
            text[field] = self.filled_in(said, cells) if "{" in said else said
        width = len(cells)
        for field, place in of_kind.alone:
            if place < width and (found := cells[place].strip()):
                text[field] = found
        for field, places in of_kind.several:
            if found := self._text(field, places, cells):
                text[field] = found
        if beside := of_kind.beside_group:
            text["group"] = f"{text['group']} / {beside}" if "group" in text else beside
        for place, form in of_kind.patterns:
            match = form.search(cells[place]) if place < width else None
            if match is not None:
                text.update({field: found.strip() for field, found in match.groupdict().items() if found})
        text.update(of_kind.stated)
        return text

    def by_heading(self, cells: Sequence[str]) -> dict[str, str]:
        """The row's cells by the names above them."""
        return {name: cells[at].strip() for at, name in enumerate(self.headings) if name and at < len(cells)}

    def own_figures(self, cells: Sequence[str]) -> dict[str, str]:
        """The source's own figures of a sale, by the words of `compare`."""
        return {figure: self._text(figure, places, cells) for figure, places in self._compared.items()}

    def filled_in(self, said: str, cells: Sequence[str]) -> str:
        """A text with the cells of the columns that stand in it in braces."""

        def cell(found: re.Match[str]) -> str:
            place = self.place(found[1])
            return cells[place].strip() if place is not None and place < len(cells) else ""

        return " ".join(_IN_BRACES.sub(cell, said).split())

    def damage(self, row: SourceRow) -> tuple[str, str] | None:
        """What keeps a line from being read at all, and what to do about it."""
        cells = row.cells
        if len(cells) <= self._needed:
            return self._cut_off(cells), "Export the file again, or complete the line by hand."
        if self._usual and len(cells) > len(self.headings) and (wrong := too_wide(cells, self.headings, self._usual)):
            return wrong, IN_QUOTES
        if row.too_long:
            headings = dict(enumerate(self.headings, 1))
            column = headings.get(row.too_long) or f"Column {row.too_long}"
            return (
                f"{column} has more than {LONGEST_CELL:,} characters.",
                "Shorten it in the file, or enter the row by hand.",
            )
        return None

    def _cut_off(self, cells: Sequence[str]) -> str:
        if len(cells) == 1 and len(self.headings) > 1:
            for delimiter in DELIMITERS:
                if cells[0].count(delimiter) >= len(self.headings) // 2:
                    return f"The line is separated by {delimiter!r}, the header is not."
        return f"The line is cut off: it has {len(cells)} cells, the header has {len(self.headings)}."

    def _text(self, field: str, places: Sequence[int], cells: Sequence[str]) -> str:
        filled = (text for place in places if place < len(cells) and (text := cells[place].strip()))
        return " / ".join(filled) if field in self._table.joined else next(filled, "")

    def _fields_of(self, treatment: Treatment) -> _FieldsOfKind:
        own = treatment.columns
        constants = self._constants if own is None else self._texts(own)
        places = dict(self.places)
        if own is not None:
            places = {field: at for field, at in places.items() if field not in own} | self._places(own)
        return _FieldsOfKind(
            constants=tuple(
                (field, said)
                for field, said in (self._constants | constants).items()
                if field != "group" or field not in constants
            ),
            alone=tuple((field, at[0]) for field, at in places.items() if len(at) == 1),
            several=tuple((field, at) for field, at in places.items() if len(at) > 1),
            beside_group=constants.get("group", ""),
            patterns=tuple((at, form) for column, form in treatment.read if (at := self.place(column)) is not None),
            stated=treatment.stated,
        )

    def _places(self, columns: Mapping[str, Sequence[str]]) -> dict[str, tuple[int, ...]]:
        found = {
            field: tuple(place for column in names if (place := self.place(column)) is not None)
            for field, names in columns.items()
        }
        return {field: places for field, places in found.items() if places}

    def _texts(self, columns: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """The texts that stand in place of columns, by field."""
        return {
            field: self._of_heading(name[1:])
            for field, names in columns.items()
            for name in names
            if name.startswith("=")
        }

    def _of_heading(self, said: str) -> str:
        """A text that stands in a column's heading, such as the coin of `Value(ETH)`, where the format points there."""
        if not said.startswith("heading "):
            return said
        form = re.compile(said.removeprefix("heading ").removeprefix("re:"), re.IGNORECASE)
        return next((found[1].upper() for name in self.headings if (found := form.search(name)) is not None), "")
