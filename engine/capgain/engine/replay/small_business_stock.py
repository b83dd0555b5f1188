"""Code Q: what section 1202 asks of the holding period, and how much of the gain it leaves out at most."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from capgain.engine.holding_period import long_term_from
from capgain.engine.money import from_cents
from capgain.engine.replay.lots import Lot
from capgain.engine.replay.state import State
from capgain.engine.transactions import Disposal

CODE = "Q"
"""Column (f) of Form 8949: gain on qualified small business stock left out."""

_LAST_OF_OLD_LAW = date(2025, 7, 4)
"""Stock acquired later may be sold after three years for a part (P.L. 119-21 section 70431)."""

_PERCENT_BY_ACQUISITION = (
    (date(2010, 9, 27), Fraction(1)),
    (date(2009, 2, 17), Fraction(3, 4)),
    (date(1993, 8, 10), Fraction(1, 2)),
)
"""The part left out of stock acquired after each day and held more than five years (Instructions for Schedule D)."""

_PERCENT_BY_YEARS = ((5, Fraction(1)), (4, Fraction(3, 4)), (3, Fraction(1, 2)))
"""The part left out of stock acquired after 2025-07-04, by full years held (26 USC 1202(a)(5))."""


def first_day(held_since: date) -> date:
    """The first day on which a sale leaves out any gain: after five years, or at three of stock of the new law."""
    if held_since > _LAST_OF_OLD_LAW:
        return _anniversary(held_since, 3)
    after_a_year = long_term_from(held_since)
    return _anniversary(after_a_year, 4)


def part_left_out(held_since: date, sold: date) -> Fraction:
    """The part of the gain that section 1202(a) leaves out of income, 0 where the stock was not held long enough."""
    if sold < first_day(held_since):
        return Fraction(0)
    if held_since > _LAST_OF_OLD_LAW:
        return next(part for years, part in _PERCENT_BY_YEARS if sold >= _anniversary(held_since, years))
    return next((part for day, part in _PERCENT_BY_ACQUISITION if held_since > day), Fraction(0))


def check_exclusion(
    state: State, entry: Disposal, sold: date, lots: list[tuple[Lot, int]], adjustments: list[int]
) -> None:
    """Refuse code Q on stock not held long enough, and more than section 1202 leaves out of each lot's gain.

    `lots` with the gain of each in cents; `adjustments` are column (g) as stated, negative.
    """
    allowed = 0
    for lot, gain in lots:
        if lot.acquired_text == "VARIOUS":
            _not_held(state, entry, f"when the {entry.asset} of row {lot.row} were acquired is not stated")
            return
        first = first_day(lot.held_since)
        if sold < first:
            law = "three years" if lot.held_since > _LAST_OF_OLD_LAW else "more than five years"
            _not_held(
                state,
                entry,
                f"the {entry.asset} of row {lot.row} are sold on {sold} and section 1202 asks for {law}: {first} or "
                "later",
            )
            return
        allowed += int(max(0, gain) * part_left_out(lot.held_since, sold))
    stated = -sum(adjustments)
    if stated > allowed:
        state.problems.error(
            entry,
            "Adjustment",
            "QSB_TOO_MUCH",
            f"{from_cents(stated):,.2f} are left out with code Q, but section 1202 leaves out "
            f"{from_cents(allowed):,.2f} at most.",
            f"Correct Adjustment to -{from_cents(allowed):,.2f} or less.",
        )


def _not_held(state: State, entry: Disposal, why: str) -> None:
    state.problems.error(
        entry,
        "Code",
        "QSB_NOT_HELD",
        f"code Q leaves out a gain, but {why} (26 USC 1202(a)).",
        "Take Q out of Code, or correct the dates of the purchase.",
    )


def _anniversary(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes 1 March in other years."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
