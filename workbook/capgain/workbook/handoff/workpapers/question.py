"""A question to the taxpayer, and what the questions of a year are drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from capgain.engine.planning.accounts_abroad import AccountAbroad
from capgain.engine.report import YearReport
from capgain.workbook.handoff.workpapers.gifts_and_losses import Given
from capgain.workbook.handoff.workpapers.income_by_kind import KindOfIncome
from capgain.workbook.report.context import Workpapers

MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `key` never changes; `is_open_point`: the return rests on the answer."""

    key: str
    text: str
    why: str
    is_open_point: bool = False


@dataclass(frozen=True, slots=True)
class AskedOf:
    """What the questions of a year are drawn from; `reported_1099` are accounts that a row of sheet 1099 covers,
    `outside` those outside the United States."""

    papers: Workpapers
    year: YearReport
    given: Sequence[Given]
    kinds: Sequence[KindOfIncome]
    reported_1099: frozenset[str]
    is_over: bool
    outside: Sequence[AccountAbroad] = ()


def listed(names: Sequence[str]) -> str:
    """The names; of many the first, and how many more there are."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
