"""The line of a return on which income of a kind belongs, by year.

Schedule 1 has had line 8v for digital assets received as ordinary income since 2024; before, they were other income.
"""

from __future__ import annotations

from collections.abc import Mapping

from capgain.engine.classes import IncomeKind

_Since = tuple[tuple[int, str], ...]

_OTHER: _Since = ((2021, "Schedule 1 line 8z"), (2019, "Schedule 1 line 8"), (2018, "Schedule 1 line 21"))
"""Other income (Schedule 1 (Form 1040) of each year), from the year named on."""

_DIGITAL: _Since = ((2024, "Schedule 1 line 8v"), *_OTHER)
"""Digital assets received as ordinary income not reported elsewhere (Schedule 1 (Form 1040), 2024, line 8v)."""

_WAGES: _Since = ((2022, "Form 1040 line 1a"), (2018, "Form 1040 line 1"))
"""Wages of Form W-2, box 1 (Form 1040 of each year)."""

_ELSEWHERE: Mapping[IncomeKind, _Since] = {
    IncomeKind.MINING_BUSINESS: ((0, "Schedule C line 1"),),
    IncomeKind.SERVICES: ((0, "Schedule C line 1"),),
    IncomeKind.WAGE: _WAGES,
    IncomeKind.VEST: _WAGES,
    IncomeKind.INTEREST: ((0, "Schedule B line 1"),),
    IncomeKind.ACCRUED_MARKET_DISCOUNT: ((0, "Schedule B line 1"),),
    IncomeKind.DIVIDEND: ((0, "Schedule B line 5"),),
    IncomeKind.QUALIFIED_DIVIDEND: ((2018, "Form 1040 line 3a"), (0, "Form 1040 line 9b")),
    IncomeKind.EXEMPT_INTEREST_DIVIDEND: ((2018, "Form 1040 line 2a"), (0, "Form 1040 line 8b")),
    IncomeKind.CAPITAL_GAIN_DISTRIBUTION: ((0, "Schedule D line 13"),),
}


def form_line(kind: IncomeKind, year: int, *, is_digital: bool) -> str:
    """The line for income of a kind, in units of a digital asset or not; "" for a year whose form is not known here."""
    lines = _ELSEWHERE.get(kind, _DIGITAL if is_digital else _OTHER)
    return next((line for since, line in lines if year >= since), "")
