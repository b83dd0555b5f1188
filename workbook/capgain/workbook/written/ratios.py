"""A cell as an exact ratio, guarded against what Excel makes of a typed one."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction
from math import gcd

from capgain.workbook.written.misread import LONGEST, Cell, Misread, is_blank, shown
from capgain.workbook.written.numbers import read_number
from capgain.workbook.written.serials import moment_of_serial

_TWO_PARTS = re.compile(r"([^/:]*?)(?:/|:|[\s-]+for[\s-]+)([^/:]*)", re.IGNORECASE)
_FIRST_DAY, _LAST_DAY = 36_526, 73_051
"""Excel's numbers for the days of 2000 to 2099: a typed 3/2 becomes a day of the current year."""
_MINUTES_A_DAY = 1440
_SIMPLE = 1_000
_NEARLY = 100_000_000


def read_ratio(cell: Cell) -> Fraction | Misread | None:
    """Units per unit as an exact fraction: `2`, `0.1`, `25/75`, `1:3` or `2 for 1`; None when blank.

    A float that is the double nearest to a small fraction is that fraction. Excel makes a date of a typed 3/2 and a
    time of a typed 1:3; both are recognised and not read.
    """
    if is_blank(cell):
        return None
    if isinstance(cell, str) and len(cell) <= LONGEST and (two := _TWO_PARTS.fullmatch(cell)) is not None:
        return _from_two_parts(cell, two[1], two[2])
    if isinstance(cell, date):
        return _became_a_date(cell, f"{cell.month}/{cell.day}")
    if isinstance(cell, time):
        return _became_a_date(cell, f"{cell.hour}:{cell.minute}")
    if isinstance(cell, timedelta):
        return _became_a_date(cell, "1:3")
    number = read_number(cell)
    if not isinstance(number, Decimal):
        return number if number is not None and number.code != "NOT_A_NUMBER" else _not_a_ratio(cell)
    ratio = Fraction(number)
    if isinstance(cell, float | int):
        typed = _typed_as(ratio)
        if typed:
            return _became_a_date(cell, typed)
        simple = nearest_simple_ratio(ratio)
        if simple is not None and float(simple) == cell:
            return simple
    return ratio


def nearest_simple_ratio(ratio: Fraction) -> Fraction | None:
    """The small fraction that a decimal like 0.3333333333 was meant to be; None where the decimal is itself simple."""
    if ratio.denominator <= 10 * _SIMPLE:
        return None
    simple = ratio.limit_denominator(_SIMPLE)
    return simple if simple and abs(simple - ratio) * _NEARLY < ratio else None


def _from_two_parts(cell: str, new: str, old: str) -> Fraction | Misread:
    above, below = read_number(new), read_number(old)
    if not isinstance(above, Decimal) or not isinstance(below, Decimal) or not below:
        return _not_a_ratio(cell)
    return Fraction(above) / Fraction(below)


def _typed_as(ratio: Fraction) -> str:
    """The ratio of which Excel made this number by taking it for a date or a time; "" where it hardly did."""
    if ratio.denominator == 1:
        day = moment_of_serial(int(ratio)) if _FIRST_DAY <= ratio < _LAST_DAY else None
        return "" if day is None else f"{day.month}/{day.day}"
    hours, minutes = divmod(round(ratio * _MINUTES_A_DAY), 60)
    is_time = abs(ratio * _MINUTES_A_DAY - (60 * hours + minutes)) < Fraction(1, _NEARLY)
    in_lowest_terms = hours and gcd(hours, minutes) == 1
    has_few_decimals = (ratio * 10_000).denominator == 1
    return f"{hours}:{minutes}" if is_time and in_lowest_terms and not has_few_decimals else ""


def _not_a_ratio(cell: Cell) -> Misread:
    return Misread(
        f"{shown(cell)} is not a ratio.",
        "Write units after per unit before, such as 2, 0.1, 25/75 or 1:3.",
        "NOT_A_RATIO",
    )


def _became_a_date(cell: Cell, typed: str) -> Misread:
    return Misread(
        f"The cell holds {shown(cell)}, a date or time, which Excel makes of a typed ratio such as {typed}.",
        f"Type an apostrophe first ('{typed}), so that the ratio stays text.",
        "RATIO_IS_A_DATE",
    )
