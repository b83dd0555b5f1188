"""A column of times of day beside column Date, and a zone in its heading: together they are one moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from capgain.workbook.reading.columns import WRITTEN, Header
from capgain.workbook.written.misread import Cell, is_blank
from capgain.workbook.written.moments import SourceMoment, read_source_moment
from capgain.workbook.written.words import plain

_TIMES = frozenset(map(plain, WRITTEN["time_of_day"]))
_SECONDS_OF_A_DAY = 86_400


def with_times_of_day(rows: Sequence[Sequence[Cell]], header: Header) -> tuple[Sequence[Sequence[Cell]], Header]:
    """The rows below the header with the time in their dates, and the header without the column it came from.

    A date that has a time of its own keeps it; what is no time is joined too, and the reader of dates reports it.
    """
    found = [
        position
        for position, heading in header.others.items()
        if plain(heading.split("(")[0].replace("GMT", "UTC")) in _TIMES
    ]
    at_date = header.columns.get("Date")
    if at_date is None or len(found) != 1:
        return rows, header
    at_time = found[0]
    zone = " UTC" if is_in_utc(header.others[at_time]) else ""
    joined = [
        row
        if at_time >= len(row) or is_blank(row[at_time])
        else [*row[:at_date], _joined(row[at_date], row[at_time], zone), *row[at_date + 1 :]]
        for row in rows
    ]
    others: Mapping[int, str] = {place: name for place, name in header.others.items() if place != at_time}
    return joined, replace(header, others=others)


def in_zone_of_heading(
    rows: Sequence[Sequence[Cell]], header: Header, heading: Cell, *, date_1904: bool
) -> Sequence[Sequence[Cell]]:
    """The rows with UTC in every time of column Date where its heading says `UTC`, as in `Date (UTC)`.

    A date without a time is a day, and a time with a zone of its own keeps it.
    """
    at_date = header.columns.get("Date")
    if at_date is None or not isinstance(heading, str) or not is_in_utc(heading):
        return rows
    return [
        [*row[:at_date], _in_utc(row[at_date], date_1904=date_1904), *row[at_date + 1 :]] if at_date < len(row) else row
        for row in rows
    ]


def _in_utc(cell: Cell, *, date_1904: bool) -> Cell:
    found = read_source_moment(cell, date_1904=date_1904)
    if not isinstance(found, SourceMoment) or not found.has_time or found.at.tzinfo is not None:
        return cell
    return found.at.replace(tzinfo=UTC)


def is_in_utc(heading: str) -> bool:
    """Whether a heading says that its times are in UTC: `Date (UTC)`, `Time GMT`."""
    return "UTC" in heading.upper() or "GMT" in heading.upper()


def _joined(day: Cell, clock: Cell, zone: str) -> Cell:
    if isinstance(clock, datetime):
        clock = clock.time()
    if isinstance(clock, int | float) and not isinstance(clock, bool) and 0 <= clock < 1:
        clock = (datetime.min + timedelta(seconds=round(clock * _SECONDS_OF_A_DAY))).time()
    if isinstance(day, datetime):
        if day.time() != time(0):
            return day
        day = day.date()
    if isinstance(day, date):
        day = day.isoformat()
    if not isinstance(day, str) or is_blank(day) or ":" in day:
        return day
    said = clock.isoformat("seconds") if isinstance(clock, time) else str(clock).strip()
    # words are no zone: in brackets the reader of dates finds no date in them, and shows both cells
    return f"{day.strip()} {said}{zone}" if any(map(str.isdigit, said)) else f"{day.strip()} ({said})"
