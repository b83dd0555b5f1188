"""The sheet `Checks`: every tie-out as a formula, with both amounts, the difference, and PASS or FAIL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.form_styles import TICK, tick_choices
from capgain.workbook.sheets import (
    BAD,
    BOLD,
    CENTER,
    GOOD,
    HEADING,
    MONEY,
    NOTICE,
    WRAP,
    Cell,
    ConditionalFormat,
    Formula,
    Row,
    Sheet,
    Style,
    fitted_heights,
    link_to,
)

NAME = "Checks"
FIRST_ROW = 2
WIDTHS = (5, 6, 76, 17, 17, 12, 9, 17, 6)
PASS, FAIL, STATED = "PASS", "FAIL", "STATED"
RESULT = Style(name="CapGain Result", bold=True, align="center")
HALF_A_CENT = Decimal("0.005")
HALF = Decimal("0.5")
"""Of a count, of which only a whole one may be missing."""
A_BILLIONTH = Decimal("1E-9")
"""Of a unit."""
DOUBLE = Decimal("1E-13")
"""What sums of cells may be off by, as a part of them: a cell holds fifteen digits."""

Side = Decimal | Formula
"""A value of the engine, or a formula over this workbook."""


class Check(NamedTuple):
    """Two figures that have to agree within `tolerance`; `place` is the sheet and cell to look at.

    `is_stated`: the first is stated in Settings and goes before the second, which is shown to be compared by a person.
    """

    year: str
    what: str
    here: Side
    should_be: Side
    place: tuple[str, str] | None = None
    style: Style = MONEY
    tolerance: Decimal = HALF_A_CENT
    is_stated: bool = False

    @property
    def difference(self) -> Decimal:
        return _value(self.here) - _value(self.should_be)

    @property
    def result(self) -> str:
        if self.is_stated:
            return STATED
        return PASS if abs(self.difference) < self.tolerance else FAIL


@dataclass(frozen=True, slots=True)
class ChecksSheet:
    """The sheet, with the cell that says whether all checks pass and what it says."""

    sheet: Sheet
    all_pass_cell: str
    failed: int
    count: int


def _value(side: Side) -> Decimal:
    if isinstance(side, Formula):
        assert isinstance(side.expected, Decimal)
        return side.expected
    return side


def checks_sheet(papers: Workpapers, checks: Sequence[Check]) -> ChecksSheet:
    """Lay out the checks; the last row counts what failed."""
    headings = ("#", "Year", "Check", "In this workbook", "Should be", "Difference", "Result", "Look at", "Tick mark")
    rows: list[Row] = [tuple(Cell(heading, HEADING) for heading in headings)]
    for number, check in enumerate(checks, start=FIRST_ROW):
        rows.append(_row(check, number))
    last = max(len(rows), FIRST_ROW)
    failed = sum(check.result == FAIL for check in checks)
    results = f"G{FIRST_ROW}:G{last}"
    passed = f'COUNTIF({results},"{PASS}")+COUNTIF({results},"{STATED}")'
    text = f'=IF({passed}=ROWS({results}),"{PASS}","{FAIL}")'
    overall = Cell(Formula(text, FAIL if failed else PASS), RESULT)
    rows.append((None, None, Cell("All checks", BOLD), None, None, None, overall))
    sheet = Sheet(
        name=NAME,
        rows=rows,
        widths=WIDTHS,
        heights=fitted_heights(rows, WIDTHS),
        freeze=(1, 0),
        page=papers.page("Checks", landscape=True, repeat=(1, 1)),
        tab="00B050" if not failed else "C00000",
        autofilter=f"A1:I{last}",
        protected=True,
        conditional_formats=(
            ConditionalFormat(f"G{FIRST_ROW}:G{last + 1}", f'"{PASS}"', GOOD),
            ConditionalFormat(f"G{FIRST_ROW}:G{last + 1}", f'"{FAIL}"', BAD),
            ConditionalFormat(f"G{FIRST_ROW}:G{last + 1}", f'"{STATED}"', NOTICE),
        ),
        validations=(tick_choices(f"I{FIRST_ROW}:I{last}"),),
    )
    return ChecksSheet(sheet, f"G{len(rows)}", failed, len(checks))


def _row(check: Check, number: int) -> Row:
    difference = Formula(f"=ROUND(D{number}-E{number},8)", check.difference)
    compared = Formula(f'=IF(ABS(F{number})<{check.tolerance},"{PASS}","{FAIL}")', check.result)
    result = STATED if check.is_stated else compared
    return (
        Cell(number - 1, CENTER),
        Cell(check.year, CENTER),
        Cell(check.what, WRAP),
        Cell(check.here, check.style),
        Cell(check.should_be, check.style),
        Cell(difference, check.style),
        Cell(result, RESULT),
        link_to(*check.place, check.place[0]) if check.place else None,
        Cell(None, TICK),
    )
