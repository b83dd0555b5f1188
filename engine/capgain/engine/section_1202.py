"""Section 1202: how long small business stock must be held, and which part of its gain is left out of income."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from capgain.engine.holding_period import long_term_from

CODE = "Q"
"""Column (f) of Form 8949: gain on qualified small business stock left out."""

LAST_OF_OLD_LAW = date(2025, 7, 4)
"""Stock acquired later may be sold after three years for a part (P.L. 119-21 section 70431)."""

NOT_UP_TO = date(1993, 8, 10)
"""Stock issued up to this day is not qualified (26 USC 1202(c)(1))."""

_PERCENT_BY_ACQUISITION = (
    (date(2010, 9, 27), Fraction(1)),
    (date(2009, 2, 17), Fraction(3, 4)),
    (NOT_UP_TO, Fraction(1, 2)),
)
"""The part left out of stock acquired after each day and held more than five years (Instructions for Schedule D)."""

_PERCENT_BY_YEARS = ((5, Fraction(1)), (4, Fraction(3, 4)), (3, Fraction(1, 2)))
"""The part left out of stock acquired after 2025-07-04, by full years held (26 USC 1202(a)(5))."""


def first_day(held_since: date) -> date:
    """The first day on which a sale leaves out any gain: after five years, or at three of stock of the new law."""
    if held_since > LAST_OF_OLD_LAW:
        return _anniversary(held_since, 3)
    after_a_year = long_term_from(held_since)
    return _anniversary(after_a_year, 4)


def part_left_out(held_since: date, sold: date) -> Fraction:
    """The part of the gain that section 1202(a) leaves out of income, 0 where the stock was not held long enough."""
    if sold < first_day(held_since):
        return Fraction(0)
    if held_since > LAST_OF_OLD_LAW:
        return next(part for years, part in _PERCENT_BY_YEARS if sold >= _anniversary(held_since, years))
    return next((part for day, part in _PERCENT_BY_ACQUISITION if held_since > day), Fraction(0))


def share_at_28_percent(part: Fraction) -> Fraction:
    """The share of an exclusion on line 2 of the 28% Rate Gain Worksheet: all of 50%, a third of 75%, none of 100%."""
    return {Fraction(1, 2): Fraction(1), Fraction(3, 4): Fraction(1, 3)}.get(part, Fraction(0))


LAST_WITH_PREFERENCE = date(2010, 9, 27)
"""Stock acquired up to this day: a part of what is left out counts for the minimum tax (26 USC 57(a)(7))."""


def preference_of(held_since: date, left_out: int) -> int:
    """Cents on line 2h of Form 6251 of so many left out: 7%, half a cent up (26 USC 57(a)(7), 1202(a)(4)(C))."""
    return (14 * left_out + 100) // 200 if held_since <= LAST_WITH_PREFERENCE else 0


def limit_of_one_issuer(held_since: date, *, is_separate: bool) -> int:
    """The dollars of gain on one issuer's stock that count at most; half for separate returns (26 USC 1202(b)(1), (3)).

    15,000,000 for stock acquired after 2025-07-04 (P.L. 119-21 section 70431); indexed from 2027, which is left out.
    """
    limit = 15_000_000 if held_since > LAST_OF_OLD_LAW else 10_000_000
    return limit // 2 if is_separate else limit


def _anniversary(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes 1 March in other years."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
