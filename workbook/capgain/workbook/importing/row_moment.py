"""When the event of a row happened: the day by its own words, the zone by row, file or user."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, tzinfo

from capgain.workbook.importing.row_fields import RowFields
from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.importing.source_tables import Format
from capgain.workbook.importing.table_columns import TableColumns
from capgain.workbook.written.date_orders import DateOrder, in_order
from capgain.workbook.written.moments import SourceMoment
from capgain.workbook.written.source_text import moment, zone_written
from capgain.workbook.written.time_zones import ZoneByYear

_AS_OF = re.compile(
    r"\bas of\s+(?P<day>[A-Za-z]{3,9}[-. ]\d{1,2}[-, ]+\d{4}|\d{1,2}[-/]\d{1,2}[-/]\d{2,4})", re.IGNORECASE
)
_NAMED_DAY = re.compile(r"([A-Za-z]+)[-. ]+(\d{1,2})[-, ]+(\d{4})")


class TimesWithoutZone(UnreadableImport):
    """Times of a source whose zone only the user knows."""

    def __init__(self, source: str, first: str) -> None:
        super().__init__(
            f"{source}: {first} names no time zone, and the file does not say which it is. Look into your account's "
            f'settings there, and import again with --source-zone "{source}=UTC" or the zone that it is.'
        )


class RowMoments:
    """Reads the moments of one table.

    `zones` are the tax zones (None: times keep their own), `source_zone` the zone of times that name none, `order` that
    of dates in figures.
    """

    def __init__(
        self,
        known: Format,
        columns: TableColumns,
        *,
        zones: ZoneByYear | None,
        source_zone: tzinfo | None,
        order: DateOrder | None,
    ) -> None:
        self._source = known.name
        self._zone_is_asked = known.zone_is_asked
        self._is_broker = known.kind == "brokerage"
        self._is_ledger = known.kind == "ledger"
        self._zones = zones
        self._source_zone = source_zone
        self._order = order
        said_in = known.zone_from.column
        self._zone_column = columns.place(said_in) if said_in else None
        self._words = (*columns.places.get("kind", ()), *columns.places.get("note", ()))

    def happened(self, text: RowFields, cells: Sequence[str]) -> SourceMoment:
        """The row's moment.

        Raises:
            UnreadableValue: nothing is there, or it is no date.
            TimesWithoutZone: only the user knows the zone.
        """
        when = text.get("at", "")
        if "time" in text and ":" not in when:
            when = f"{when} {text['time']}"
        if self._is_broker:
            when = self._day_of(when, cells)
        found = moment(when, self._zone_of(cells), order=self._order, is_ledger=self._is_ledger)
        if self._zone_is_asked and found.has_time and found.at.tzinfo is None:
            raise TimesWithoutZone(self._source, when)
        return found

    def in_figures(self, written: str) -> str:
        """A date of a ledger's further column as every cell may hold it, where the file's own order is another."""
        return written if self._order is None else in_order(written, self._order)

    def day(self, written: str, cells: Sequence[str]) -> date:
        """Another date in the row, in the tax zone. Raises UnreadableValue."""
        found = moment(written, self._zone_of(cells), order=self._order)
        return (found.local(self._zones) or found.at).date()

    def _day_of(self, when: str, cells: Sequence[str]) -> str:
        """The day that the row's own words give the event, where they say `as of`; else when it was booked."""
        if "as of" in when.casefold():
            return when
        for place in self._words:
            found = _AS_OF.search(cells[place]) if place < len(cells) else None
            if found is not None:
                return _NAMED_DAY.sub(r"\1 \2, \3", found["day"])
        return when

    def _zone_of(self, cells: Sequence[str]) -> tzinfo | None:
        if self._zone_column is None or self._zone_column >= len(cells):
            return self._source_zone
        return zone_written(cells[self._zone_column]) or self._source_zone
