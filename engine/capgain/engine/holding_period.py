"""When a holding turns long-term, counted by the calendar."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from capgain.engine.classes import Term

LAST_ORDINAL = date.max.toordinal()


def long_term_from(held_since: date) -> date:
    """The first day on which a sale is long-term.

    Counting starts the day after acquisition and includes the day of sale; more than one year is long-term
    (26 USC 1222; Rev. Rul. 66-7; Pub. 550 "Holding Period"). Acquired on the last day of a month: long-term from the
    first day of that month a year later (Caspe v. United States, 694 F.2d 1116).
    """
    start = date.fromordinal(min(held_since.toordinal() + 1, LAST_ORDINAL))
    if start.year == date.max.year:
        return date.max
    if start.month == 2 and start.day == 29:
        return date(start.year + 1, 3, 1)
    return start.replace(year=start.year + 1)


@lru_cache(maxsize=1 << 15)
def first_long_ordinal(held_since: date) -> int:
    """long_term_from as a day number, remembered: many lots share a day."""
    return long_term_from(held_since).toordinal()


def term(held_since: date, sold: date) -> Term:
    """Short-term or long-term of units held since one day and sold on another."""
    return Term.LONG if sold >= long_term_from(held_since) else Term.SHORT


def six_months_after(day: date) -> date:
    """The last day of a holding of six months or less that began with an acquisition on `day` (26 USC 852(b)(4))."""
    month = day.month + 6
    year = day.year + (month - 1) // 12
    month = (month - 1) % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th day")
