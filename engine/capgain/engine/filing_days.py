"""When returns and estimated tax are due: the days of the code, moved past weekends and legal holidays."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from capgain.engine.market_days import last_monday_of_may, nth_weekday

_ONE_DAY = timedelta(days=1)


def moved(day: date) -> date:
    """The day itself, or the next that is no Saturday, Sunday or legal holiday in the District of Columbia.

    26 USC 7503; Treas. Reg. 301.7503-1(b).
    """
    while day.weekday() > 4 or day in legal_holidays(day.year):
        day += _ONE_DAY
    return day


def estimated_tax_days(year: int) -> tuple[date, date, date, date]:
    """The days on which the four payments of estimated tax of a year are due (26 USC 6654(c)(2), 7503)."""
    return moved(date(year, 4, 15)), moved(date(year, 6, 15)), moved(date(year, 9, 15)), moved(date(year + 1, 1, 15))


def last_installment_not_needed_by(year: int) -> date:
    """Who files the return and pays by this day need not make the fourth payment (26 USC 6654(h), 7503)."""
    return moved(date(year + 1, 1, 31))


def return_due(year: int) -> date:
    """The day on which the return of a calendar year is due (26 USC 6072(a), 7503)."""
    return moved(date(year + 1, 4, 15))


@lru_cache(maxsize=64)
def legal_holidays(year: int) -> frozenset[date]:
    """Legal holidays in the District of Columbia as they are observed: 5 USC 6103, and D.C. Code 28-2701.

    A holiday on a Saturday is observed on the Friday before, one on a Sunday on the Monday after.
    """
    fixed = [date(year, 1, 1), date(year + 1, 1, 1), date(year, 4, 16), date(year, 7, 4), date(year, 11, 11)]
    fixed.append(date(year, 12, 25))
    if year >= 2021:
        fixed.append(date(year, 6, 19))
    if year % 4 == 1:
        fixed.append(date(year, 1, 20))
    found = {_observed(day) for day in fixed}
    found |= {
        nth_weekday(year, 1, 0, 3),
        nth_weekday(year, 2, 0, 3),
        last_monday_of_may(year),
        nth_weekday(year, 9, 0, 1),
        nth_weekday(year, 10, 0, 2),
        nth_weekday(year, 11, 3, 4),
    }
    return frozenset(day for day in found if day.year == year)


def _observed(day: date) -> date:
    if day.weekday() == 5:
        return day - _ONE_DAY
    return day + _ONE_DAY if day.weekday() == 6 else day
