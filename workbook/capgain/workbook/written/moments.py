"""A cell as a moment: Excel's dates and serial numbers, ISO text, US text, and time stamps brought to the tax zone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from typing import NamedTuple

from capgain.workbook.written.misread import LONGEST, Cell, Misread, error_value, is_blank, shown
from capgain.workbook.written.numbers import read_number
from capgain.workbook.written.serials import LEAP_SERIAL, moment_of_serial
from capgain.workbook.written.time_zones import ZoneByYear, in_zone

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Dates outside these years are slips of the finger, such as 2205 for 2025."""

LAST_TAX_YEAR = 2200
"""A loss may be carried into years after the last date."""

_MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905 - a line reads better than a list of quoted words
)
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?"
_TIME = rf"(?:(?:\s*,\s*|\s+|T)(?P<time>{_CLOCK})\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
_OFFSET = r"\s*(?P<offset>Z|UTC|GMT|[+-]\d{2}:?\d{2}(?::?\d{2})?)?"


def _form(day: str) -> re.Pattern[str]:
    """A day written in this way, with or without a time and an offset; its digits are 0 to 9 alone."""
    return re.compile(day + _TIME + _OFFSET, re.ASCII)


_FORMS = (
    _form(r"(?P<year>\d{4})([-/])(?P<month>\d{1,2})\2(?P<day>\d{1,2})"),
    _form(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})"),
    _form(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"),
    _form(r"(?P<name>[A-Za-z]{3,9})\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})"),
    _form(r"(?P<day>\d{1,2})[-\s](?P<name>[A-Za-z]{3,9})\.?(?:[-\s]|,\s*)(?P<year>\d{4})"),
)
_BASIC = re.compile(r"\d{8}[T ]\d{4}(?:\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?", re.ASCII)
"""ISO 8601 without separators: `20250331T160000Z`."""
_TWO_DIGIT_YEAR = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}(?:\D.*)?")
_DOTS_OR_DASHES = re.compile(r"\d{1,2}[.-]\d{1,2}[.-]\d{4}(?:\D.*)?")

_HOW_TO_WRITE = "Write the date as 2025-03-31 or 03/31/2025, or enter it as an Excel date."

NO_TIME_ZONE = Misread(
    "The time stamp carries an offset from UTC, but no Time Zone is set, so its day for tax is not known.",
    "Add the setting Time Zone with your zone, such as America/New_York.",
    "TIME_ZONE_MISSING",
)


class Moment(NamedTuple):
    """Local time in the tax zone; without a time of day it stands at 00:00."""

    at: datetime
    has_time: bool


class SourceMoment(NamedTuple):
    """A moment as its source writes it: `at` carries an offset where one is written or the source's zone is known."""

    at: datetime
    has_time: bool

    def local(self, zones: ZoneByYear | None) -> datetime | None:
        """Naive local time in the tax zone; None where the offset is known and the tax zone of that year is not."""
        if self.at.tzinfo is None:
            return self.at
        return None if zones is None else in_zone(self.at, zones)

    def canonical(self) -> str:
        """The same text for the same moment whatever zone it was written in."""
        if not self.has_time:
            return self.at.date().isoformat()
        return (self.at if self.at.tzinfo is None else self.at.astimezone(UTC)).isoformat()


class Calendar(NamedTuple):
    """What turns a cell into a moment: the workbook's date system, and the tax zone by tax year."""

    date_1904: bool = False
    zones: ZoneByYear | None = None


def read_moment(cell: Cell, calendar: Calendar) -> Moment | Misread | None:
    """The moment in a cell, None when it is blank."""
    found = read_source_moment(cell, date_1904=calendar.date_1904)
    if not isinstance(found, SourceMoment):
        return found
    at = found.local(calendar.zones)
    return NO_TIME_ZONE if at is None else Moment(at, found.has_time)


def read_source_moment(cell: Cell, *, date_1904: bool = False) -> SourceMoment | Misread | None:
    """The moment in a cell as it is written, None when it is blank."""
    if isinstance(cell, str):
        return moment_in_text(cell, cell)
    if cell is None:
        return None
    if isinstance(cell, datetime):
        return _in_reach(cell, cell.tzinfo is not None or cell.time() != time(0), cell)
    if isinstance(cell, date):
        return _in_reach(datetime(cell.year, cell.month, cell.day), False, cell)
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        return _not_a_date(cell)
    return _from_serial(float(cell) if isinstance(cell, Decimal) else cell, date_1904)


def moment_in_text(text: str, written: str) -> SourceMoment | Misread | None:
    """The moment that a text says, None when it is blank; a message quotes what was `written`."""
    if _has_iso_shape(text):
        try:
            # Spelled out, as `fromisoformat` takes offsets and Z but no name of a zone.
            at = datetime.fromisoformat(f"{text[:-4]}Z" if text.endswith(" UTC") else text)
        except ValueError:
            return _from_text(text, written)
        return _in_reach(at, len(text) > 10, written)
    return _from_text(text, written)


def _has_iso_shape(text: str) -> bool:
    if len(text) < 10:
        return False
    if text[4] == "-" == text[7]:
        return len(text) == 10 or text[10] in " T"
    return text[8] in " T" and _BASIC.fullmatch(text) is not None


def read_iso_column(cells: Sequence[Cell]) -> list[datetime] | None:
    """A whole column at once where every cell is ISO text in local time; None where not."""
    if set(map(type, cells)) != {str} or min(map(len, cells)) < 10:  # type: ignore[arg-type]
        return None
    if {cell[4:8:3] for cell in cells} != {"--"} or not {cell[10:11] for cell in cells} <= {"", " ", "T"}:  # type: ignore[index]
        return None
    try:
        moments = list(map(datetime.fromisoformat, cells))  # type: ignore[arg-type]
        years = min(moments).year, max(moments).year
    except (ValueError, TypeError):  # not a moment; or some with an offset and some without
        return None
    return moments if years[0] >= FIRST_YEAR and years[1] <= LAST_YEAR and moments[0].tzinfo is None else None


def read_day(cell: Cell, calendar: Calendar) -> date | Misread | None:
    """The date in a cell, whatever its time."""
    moment = read_moment(cell, calendar)
    return moment.at.date() if isinstance(moment, Moment) else moment


def read_lone_day(cell: Cell, *, date_1904: bool = False) -> date | Misread | None:
    """The date in a cell where no tax zone is at hand, and so none with an offset from UTC."""
    moment = read_source_moment(cell, date_1904=date_1904)
    if not isinstance(moment, SourceMoment):
        return moment
    if moment.at.tzinfo is None:
        return moment.at.date()
    return Misread(f"{shown(cell)} carries an offset from UTC where a day is wanted.", _HOW_TO_WRITE, "DAY_WITH_OFFSET")


def read_year(cell: Cell) -> int | Misread | None:
    """A tax year of four digits, None when blank."""
    number = read_number(cell)
    if isinstance(number, Decimal):
        if number == int(number) and FIRST_YEAR <= number <= LAST_TAX_YEAR:
            return int(number)
        return Misread(f"{shown(cell)} is not a tax year.", "Enter a year such as 2025.", "NOT_A_YEAR")
    return number


def _from_serial(serial: float, date_1904: bool) -> SourceMoment | Misread:
    at = moment_of_serial(serial, date_1904=date_1904)
    if at is not None:
        return _in_reach(at, at.time() != time(0), serial)
    if 0 <= serial < 1:
        return Misread(f"{shown(serial)} is a time of day without a date.", _HOW_TO_WRITE, "TIME_WITHOUT_DATE")
    if LEAP_SERIAL <= serial < LEAP_SERIAL + 1:
        return Misread(
            "The cell holds 29 February 1900, a day that Excel has and the calendar has not.",
            "Enter the right date.",
            "IMPOSSIBLE_DATE",
        )
    return _not_a_date(serial)


def _from_text(text: str, written: str) -> SourceMoment | Misread | None:
    if is_blank(text):
        return None
    problem = error_value(text)
    if problem is not None:
        return problem
    if len(text) > LONGEST:
        return _not_a_date(written)
    text = text.strip(" \t\r\n\xa0\u202f\u200b\ufeff").replace("\xa0", " ").replace("\u202f", " ")
    for form in _FORMS:
        parts = form.fullmatch(text)
        if parts:
            return _from_parts(parts.groupdict(), written)
    return _unreadable_text(text, written)


def _from_parts(parts: Mapping[str, str | None], written: str) -> SourceMoment | Misread:
    name = parts.get("name")
    if name is not None:
        month = next((place for place, known in enumerate(_MONTHS, 1) if known.startswith(name.lower())), 0)
        if not month:
            return _not_a_date(written)
    else:
        month = int(parts["month"] or 0)
    clock, half, offset = parts["time"], parts["half"], parts["offset"]
    try:
        day = date(int(parts["year"] or 0), month, int(parts["day"] or 0))
        of_day = _time_of_day(clock, half) if clock else time(0)
        zone = _offset(offset) if offset else None
    except ValueError:
        return _impossible(written, month)
    if zone is not None and not clock:
        return _not_a_date(written)
    return _in_reach(datetime.combine(day, of_day, zone), bool(clock), written)


def _time_of_day(clock: str, half: str | None) -> time:
    hour, _, rest = clock.partition(":")
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError
        hours = hours % 12 + (12 if half[0] in "Pp" else 0)
    return time.fromisoformat(f"{hours:02d}:{rest}")


def _offset(text: str) -> tzinfo | None:
    plain = "+00:00" if text in ("Z", "UTC", "GMT") else text
    return datetime.fromisoformat(f"2000-01-01T00:00{plain}").tzinfo


def _in_reach(at: datetime, has_time: bool, written: Cell) -> SourceMoment | Misread:
    if FIRST_YEAR <= at.year <= LAST_YEAR:
        return SourceMoment(at, has_time)
    return Misread(
        f"{shown(written)} lies in the year {at.year}.",
        f"Enter a date between {FIRST_YEAR} and {LAST_YEAR}.",
        "DATE_OUT_OF_RANGE",
    )


def _impossible(cell: str, month: int) -> Misread:
    if month > 12 and "/" in cell:
        return Misread(
            f"{shown(cell)} has no month {month}: US dates are month/day/year.",
            _HOW_TO_WRITE,
            "IMPOSSIBLE_DATE",
        )
    return Misread(f"{shown(cell)} is a day or time that does not exist.", _HOW_TO_WRITE, "IMPOSSIBLE_DATE")


def _unreadable_text(text: str, cell: str) -> Misread:
    if _TWO_DIGIT_YEAR.fullmatch(text):
        return Misread(f"{shown(cell)} has a year of two digits.", _HOW_TO_WRITE, "YEAR_OF_TWO_DIGITS")
    if _DOTS_OR_DASHES.fullmatch(text):
        return Misread(
            f"{shown(cell)} could be month first or day first.",
            _HOW_TO_WRITE,
            "AMBIGUOUS_DATE",
        )
    if text.isdigit() and len(text) == 5:
        return Misread(
            f"{shown(cell)} looks like Excel's number for a date, but text does not say from which day it counts.",
            _HOW_TO_WRITE,
            "SERIAL_AS_TEXT",
        )
    if text.lower().startswith(("total", "grand total", "sum", "subtotal")):
        return Misread(
            f"{shown(cell)} is not a date; the row looks like a line of totals.",
            "Remove that row, or keep totals outside the ledger's columns.",
            "LINE_OF_TOTALS",
        )
    head, _, tail = text.rpartition(" ")
    if head and tail.isalpha() and 2 <= len(tail) <= 5 and any(form.fullmatch(head) for form in _FORMS):
        return Misread(
            f"{shown(cell)} names its time zone by letters, which more than one zone shares.",
            "Write the offset from UTC instead, such as 2025-03-31 16:00 -04:00.",
            "ZONE_BY_LETTERS",
        )
    return _not_a_date(cell)


def _not_a_date(cell: Cell) -> Misread:
    return Misread(f"{shown(cell)} is not a date.", _HOW_TO_WRITE, "NOT_A_DATE")
