"""The positions that a return rests on where no authority decides, as the Readme and the Elections show them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from capgain.engine.positions import NO_AUTHORITY, positions_taken
from capgain.workbook.report.context import Workpapers

__all__ = ["NO_AUTHORITY", "TITLE", "ShownPosition", "shown_positions"]

TITLE = "Positions taken where no authority decides"
MOST_ROWS = 12
"""Ledger rows that are named one by one."""


class ShownPosition(NamedTuple):
    """`Wrap = carryover` of a year, what it does and to which rows, and the first of them."""

    setting: str
    value: str
    year: int
    text: str
    row: int


def shown_positions(papers: Workpapers) -> Iterator[ShownPosition]:
    """Those of the years shown and of earlier years, whose lots the years shown go on with."""
    report = papers.report
    last = max(papers.years, default=0)
    for year, found in report.years.items():
        if year > last:
            continue
        for taken in positions_taken(report.ledger, year, report.ledger.off_the_return(found.status)):
            text = f"{taken.effect}. {_rows(taken.rows)} of {year}"
            text += "" if year in papers.years else "; what is held since goes on with it"
            yield ShownPosition(taken.setting, taken.value.value, year, f"{text}.", taken.rows[0])


def _rows(rows: tuple[int, ...]) -> str:
    named = ", ".join(map(str, rows[:MOST_ROWS]))
    more = f" and {len(rows) - MOST_ROWS:,} more" if len(rows) > MOST_ROWS else ""
    return f"Ledger row{'s' if len(rows) > 1 else ''} {named}{more}"
