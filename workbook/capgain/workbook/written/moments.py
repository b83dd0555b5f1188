"""A cell as a moment: Excel's dates and serial numbers, ISO text, US text, and time stamps brought to the tax zone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import NamedTuple

from capgain.workbook.written.misread import Cell, Misread, error_value, is_blank, shown
from capgain.workbook.written.time_zones import UnknownZone, ZoneByYear, in_zone

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Dates outside these years are slips of the finger, such as 2205 for 2025."""

_DAY_ZERO_1900 = datetime(1899, 12, 30)
"""Serial 61 is 1900-03-01; Excel's calendar has a 29 February 1900, serial 60, that never was."""
_LEAP_SERIAL = 60
_DAY_ZERO_1904 = datetime(1904, 1, 1)
_MILLISECONDS_A_DAY = 86_400_000
_LAST_SERIAL = 2_958_465

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = r"(?:(?:\s*,\s*|\s+|T)(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
_OFFSET = r"\s*(?P<offset>Z|UTC|GMT|[+-]\d{2}:?\d{2}(?::?\d{2})?)?"
_ISO = re.compile(r"(?P<year>\d{4})([-/])(?P<month>\d{1,2})\2(?P<day>\d{1,2})" + _TIME + _OFFSET)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})" + _TIME + _OFFSET)
_US = re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})" + _TIME + _OFFSET)
_MONTH_FIRST = re.compile(r"(?P<name>[A-Za-z]{3,9})\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})" + _TIME + _OFFSET)
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[-\s](?P<name>[A-Za-z]{3,9})\.?[-\s](?P<year>\d{4})" + _TIME + _OFFSET)
_FORMS = (_ISO, _US, _COMPACT, _MONTH_FIRST, _DAY_FIRST)
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


class Calendar(NamedTuple):
    """What turns a cell into a moment: the workbook's date system, and the tax zone by tax year."""

    date_1904: bool = False
    zones: ZoneByYear | None = None


def read_moment(cell: Cell, calendar: Calendar) -> Moment | Misread | None:
    """The moment in a cell, None when it is blank."""
    if isinstance(cell, str):
        if len(cell) >= 10 and cell[4] == "-" == cell[7] and (len(cell) == 10 or cell[10] in " T"):
            try:
                at = datetime.fromisoformat(cell)
            except ValueError:
                return _from_text(cell, calendar)
            return _in_reach(at, len(cell) > 10, cell, calendar)
        return _from_text(cell, calendar)
    if cell is None:
        return None
    if isinstance(cell, datetime):
        return _in_reach(cell, cell.time() != time(0), cell, calendar)
    if isinstance(cell, date):
        return _in_reach(datetime(cell.year, cell.month, cell.day), False, cell, calendar)
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        return _not_a_date(cell)
    return _from_serial(cell, calendar)


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


def _from_serial(serial: float | Decimal, calendar: Calendar) -> Moment | Misread:
    if isinstance(serial, Decimal):
        serial = float(serial)
    if not 0 <= serial < _LAST_SERIAL:  # also false for a NaN
        return _not_a_date(serial)
    if serial < 1 and not (calendar.date_1904 and serial == 0):
        return Misread(f"{shown(serial)} is a time of day without a date.", _HOW_TO_WRITE, "TIME_WITHOUT_DATE")
    if calendar.date_1904:
        zero = _DAY_ZERO_1904
    elif int(serial) == _LEAP_SERIAL:
        return Misread(
            "The cell holds 29 February 1900, a day that Excel has and the calendar has not.",
            "Enter the right date.",
            "IMPOSSIBLE_DATE",
        )
    else:
        zero = _DAY_ZERO_1900 if serial > _LEAP_SERIAL else _DAY_ZERO_1900 + timedelta(days=1)
    thousandths = round(serial * _MILLISECONDS_A_DAY)
    return _in_reach(
        zero + timedelta(milliseconds=thousandths), thousandths % _MILLISECONDS_A_DAY != 0, serial, calendar
    )


def _from_text(cell: str, calendar: Calendar) -> Moment | Misread | None:
    if is_blank(cell):
        return None
    problem = error_value(cell)
    if problem is not None:
        return problem
    text = cell.strip(" \t\r\n\xa0\u202f\u200b\ufeff").replace("\xa0", " ").replace("\u202f", " ")
    for form in _FORMS:
        parts = form.fullmatch(text)
        if parts:
            return _from_parts(parts.groupdict(), cell, calendar)
    return _unreadable_text(text, cell)


def _from_parts(parts: Mapping[str, str | None], cell: str, calendar: Calendar) -> Moment | Misread:
    name = parts.get("name")
    if name is not None:
        if name[:3].lower() not in _MONTHS:
            return _not_a_date(cell)
        month = _MONTHS.index(name[:3].lower()) + 1
    else:
        month = int(parts["month"] or 0)
    clock, half, offset = parts["time"], parts["half"], parts["offset"]
    try:
        day = date(int(parts["year"] or 0), month, int(parts["day"] or 0))
        of_day = _time_of_day(clock, half) if clock else time(0)
        zone = _offset(offset) if offset else None
    except ValueError:
        return _impossible(cell, month)
    if zone is not None and not clock:
        return _not_a_date(cell)
    return _in_reach(datetime.combine(day, of_day, zone), bool(clock), cell, calendar)


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


def _in_reach(at: datetime, has_time: bool, cell: Cell, calendar: Calendar) -> Moment | Misread:
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        return Misread(
            f"{shown(cell)} lies in the year {at.year}.",
            f"Enter a date between {FIRST_YEAR} and {LAST_YEAR}.",
            "DATE_OUT_OF_RANGE",
        )
    if at.tzinfo is None:
        return Moment(at, has_time)
    if calendar.zones is None:
        return NO_TIME_ZONE
    try:
        return Moment(in_zone(at, calendar.zones), True)
    except UnknownZone:
        return NO_TIME_ZONE


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
