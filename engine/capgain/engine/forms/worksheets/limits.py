"""Limits by filing status in the words of the worksheets."""

from __future__ import annotations

from capgain.engine.classes import FilingStatus
from capgain.engine.years import ByStatus

_SINGLE, _MFS = "single", "married filing separately"
_MFJ = "married filing jointly or qualifying surviving spouse"
_HOH = "head of household"


def limits_in_a_row(limits: ByStatus) -> str:
    """`$48,350 if single or married filing separately, $96,700 if married filing jointly or …`."""
    return ", ".join(_limits(limits)) + "."


def limits_in_bullets(limits: ByStatus) -> str:
    """`• $48,350 if single or married filing separately; • $96,700 if …; or • $64,750 if head of household.`"""
    *first, last = (f"• {limit}" for limit in _limits(limits))
    return "; ".join(first) + f"; or {last}."


def _limits(limits: ByStatus) -> list[str]:
    single, mfs = limits[FilingStatus.SINGLE], limits[FilingStatus.MFS]
    alone = [(single, f"{_SINGLE} or {_MFS}")] if single == mfs else [(single, _SINGLE), (mfs, _MFS)]
    groups = [*alone, (limits[FilingStatus.MFJ], _MFJ), (limits[FilingStatus.HOH], _HOH)]
    return [f"${limit:,} if {who}" for limit, who in groups]
