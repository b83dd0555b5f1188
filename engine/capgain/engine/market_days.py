"""The days on which United States stock exchanges settle trades."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

SETTLEMENT_DAYS = ((date(2024, 5, 28), 1), (date(2017, 9, 5), 2), (date.min, 3))
"""Business days from trade to settlement under SEC Rule 15c6-1, by the first trade date they apply to."""

_ONE_DAY = timedelta(days=1)


def settlement_day(traded: date) -> date:
    """The day a trade of that date settles under Rule 15c6-1."""
    days = next(days for since, days in SETTLEMENT_DAYS if traded >= since)
    day = traded
    while days:
        day += _ONE_DAY
        if day.weekday() < 5 and day not in market_holidays(day.year):
            days -= 1
    return day


def last_trading_day(year: int) -> date:
    """The last day of a year on which exchanges are open: a sale counts by its trade date (Rev. Rul. 66-97)."""
    day = date(year, 12, 31)
    while day.weekday() > 4 or day in market_holidays(year):
        day -= _ONE_DAY
    return day


@lru_cache(maxsize=64)
def market_holidays(year: int) -> frozenset[date]:
    """The exchanges' regular holidays; single closings for mourning or storms are not among them."""
    holidays = [
        _observed(date(year, 1, 1)),
        nth_weekday(year, 1, 0, 3),
        nth_weekday(year, 2, 0, 3),
        _easter(year) - timedelta(days=2),
        last_monday_of_may(year),
        _observed(date(year, 7, 4)),
        nth_weekday(year, 9, 0, 1),
        nth_weekday(year, 11, 3, 4),
        _observed(date(year, 12, 25)),
    ]
    if year >= 2022:
        holidays.append(_observed(date(year, 6, 19)))
    return frozenset(holidays)


def _observed(day: date) -> date:
    if day.weekday() == 5 and (day.month, day.day) != (1, 1):
        return day - _ONE_DAY
    return day + _ONE_DAY if day.weekday() == 6 else day


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth Monday (0) to Sunday (6) of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def last_monday_of_may(year: int) -> date:
    """Memorial Day."""
    last = date(year, 5, 31)
    return last - timedelta(days=last.weekday())


def _easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar, by the anonymous computus (Meeus, Jones, Butcher)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leaps, century_rest = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    leap_rest, year_rest = divmod(rest, 4)
    weekday = (32 + 2 * century_rest + 2 * leap_rest - moon - year_rest) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
