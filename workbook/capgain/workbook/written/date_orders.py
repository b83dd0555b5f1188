"""Dates in figures whose order of day, month and year no single cell tells: `03/04/2025`, `05.01.2024`, `25-03-04`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from enum import Enum

_DATE = re.compile(r"(?<![\d/.:-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/.-]|:)", re.ASCII)


class DateOrder(Enum):
    """Which part stands where."""

    MONTH_FIRST = "mdy"
    DAY_FIRST = "dmy"
    YEAR_FIRST = "ymd"
    """a year of two digits in front"""

    @property
    def shape(self) -> str:
        return {"mdy": "MM/DD", "dmy": "DD/MM", "ymd": "YY/MM/DD"}[self.value]


_YEAR_LAST = (DateOrder.MONTH_FIRST, DateOrder.DAY_FIRST)


class UndecidedDates(ValueError):
    """The dates of a file can be read in two orders, or in none; `first` is the first of them."""

    def __init__(self, first: str, message: str) -> None:
        self.first = first
        super().__init__(message)


def is_day_first(cell: object) -> bool:
    """Whether a text is a date with the day in front and can be none with the month there: `25/12/2025`."""
    found = _DATE.match(cell.strip()) if isinstance(cell, str) else None
    return found is not None and _is_date(found, DateOrder.DAY_FIRST) and not _is_date(found, DateOrder.MONTH_FIRST)


def may_be_day_first(cell: object) -> bool:
    """Whether a date that was read with the month in front may have the day there, in text or as a program took it."""
    if isinstance(cell, date):
        return cell.day <= 12 and cell.day != cell.month
    found = _DATE.match(cell.strip()) if isinstance(cell, str) else None
    return (
        found is not None
        and found[2] == "/"
        and not _same_both_ways(found[0])
        and all(_is_date(found, order) for order in _YEAR_LAST)
    )


def date_order(
    texts: Iterable[str], *, stated: DateOrder | None = None, usual: DateOrder | None = None
) -> DateOrder | None:
    """The one order in which all of these dates are dates; None where none of them needs one.

    `stated` is what the user says, which the dates may not contradict; `usual` what the source is known to write, which
    holds as far as the dates leave it open.

    Raises:
        UndecidedDates: two orders are left, or none.
    """
    possible = list(DateOrder)
    if stated is None and usual is not None:
        possible = [DateOrder.YEAR_FIRST] if usual is DateOrder.YEAR_FIRST else list(_YEAR_LAST)
    example = decisive = ""
    for text in texts:
        if text[4:5] == "-" == text[7:8] or (found := _DATE.search(text)) is None:
            continue
        reading = [order for order in DateOrder if _is_date(found, order)]
        left = [order for order in possible if order in reading]
        if not left and reading:
            decided = decisive or " and ".join(order.shape for order in possible)
            raise UndecidedDates(text, f"The date {text} contradicts {decided}: no order of the parts reads both.")
        if left and len(left) < len(possible):
            possible, decisive = left, text
        if not example or found[1] != found[3]:
            example = example if example and not _same_both_ways(example) else text
    if not example:
        return None
    if stated is not None:
        if stated not in possible:
            raise UndecidedDates(decisive, f"The date {decisive} is none as {stated.shape}.")
        return stated
    if len(possible) == 1:
        return possible[0]
    if usual in possible:
        return usual
    found = _DATE.search(example)
    assert found is not None
    readings = {"-".join(reversed(_three(found, order))): order for order in reversed(possible)}
    if len(readings) == 1:
        return possible[0]
    both = " or ".join(f"{day} ({order.shape})" for day, order in reversed(readings.items()))
    raise UndecidedDates(example, f"{example} can be {both}, and no date of the file decides it.")


def in_order(text: str, order: DateOrder) -> str:
    """The text with its dates in figures written as 2025-03-31."""
    return _DATE.sub(lambda found: "-".join(reversed(_three(found, order))), text)


def _three(found: re.Match[str], order: DateOrder) -> tuple[str, str, str]:
    """(day, month, year)."""
    first, second, third = found[1], found[3], found[4]
    if order is DateOrder.MONTH_FIRST:
        day, month, year = second, first, third
    elif order is DateOrder.DAY_FIRST:
        day, month, year = first, second, third
    else:
        day, month, year = third, second, first
    return day.zfill(2), month.zfill(2), year if len(year) == 4 else f"20{year}"


def _is_date(found: re.Match[str], order: DateOrder) -> bool:
    if order is DateOrder.MONTH_FIRST and found[2] == ".":
        return False
    if order is DateOrder.YEAR_FIRST and (found[2] != "-" or len(found[1]) + len(found[4]) != 4):
        return False
    day, month, _ = _three(found, order)
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 31


def _same_both_ways(text: str) -> bool:
    found = _DATE.search(text)
    return found is None or found[1].zfill(2) == found[3].zfill(2)
