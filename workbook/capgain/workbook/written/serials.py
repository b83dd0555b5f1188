"""Excel's numbers for days, in the two date systems: a day and, as its fraction, the time of day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

LEAP_SERIAL = 60
"""29 February 1900, which Excel has and the calendar has not; serial 61 is 1 March 1900."""

_ZERO_1900 = datetime(1899, 12, 30)
_ZERO_1904 = datetime(1904, 1, 1)
_FIRST_1900 = datetime(1900, 3, 1)
_END = 2_958_465
"""The number of 9999-12-31 in the 1900 system."""
_MILLISECONDS_A_DAY = 86_400_000
_SECONDS_A_DAY = 86_400


def moment_of_serial(serial: float, *, date_1904: bool = False) -> datetime | None:
    """The moment to the millisecond; None for a time without a day, for 29 February 1900, and beyond Excel's days."""
    if not 1 <= serial < _END and not (date_1904 and serial == 0):  # so it is for a NaN
        return None
    zero = _ZERO_1904 if date_1904 else _ZERO_1900
    if not date_1904 and serial < LEAP_SERIAL + 1:
        if serial >= LEAP_SERIAL:
            return None
        zero += timedelta(days=1)
    try:
        return zero + timedelta(milliseconds=round(serial * _MILLISECONDS_A_DAY))
    except OverflowError:
        return None


def serial_of(moment: date, *, date_1904: bool = False) -> float | str:
    """The number under which a workbook stores a day or moment, whole for a day; ISO text where there is no true one.

    That is before 1 March 1900, and in the 1904 system before 1 January 1904.
    """
    at = moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)
    if at < (_ZERO_1904 if date_1904 else _FIRST_1900):
        return str(moment)
    passed = at - (_ZERO_1904 if date_1904 else _ZERO_1900)
    if not passed.seconds and not passed.microseconds:
        return passed.days
    return passed.days + (passed.seconds + passed.microseconds / 1e6) / _SECONDS_A_DAY


def day_number(day: date) -> int:
    """The number that a cell of the 1900 system holds for a day from March 1900 on, for sums of days."""
    return (day - _ZERO_1900.date()).days
