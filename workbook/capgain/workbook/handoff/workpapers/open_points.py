"""The sheet `Open Points`: all that is left before the return can be filed, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from capgain.engine.broker_rows import SHEET as FORM_1099
from capgain.engine.money import dollars
from capgain.engine.problems import Problem
from capgain.workbook.handoff.workpapers.question import Question
from capgain.workbook.handoff.workpapers.question_sheet import FIRST_ROW as FIRST_QUESTION
from capgain.workbook.handoff.workpapers.question_sheet import NAME as QUESTIONS
from capgain.workbook.report.checks import FAIL, FIRST_ROW, Check
from capgain.workbook.report.checks import NAME as CHECKS
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.form_styles import TICK, tick_choices
from capgain.workbook.report.ledger_copy import problem_cell
from capgain.workbook.report.listing import list_sheet
from capgain.workbook.sheets import (
    CENTER,
    HEADING,
    LINK,
    WRAP,
    Cell,
    Formula,
    Row,
    Sheet,
    at_top,
    link_to,
    reference,
)

NAME = "Open Points"
HEADINGS = ("No.", "What", "Where", "Blocks", "Kind", "Tick mark")
WIDTHS = (5, 100, 22, 8, 11, 7)
BLOCKS = "D2:D5000"
"""Where the sheet says of each point whether it blocks filing."""
_TOP, _CENTER = at_top(LINK), at_top(CENTER)


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """A point as it is told: in words, and whether it blocks filing."""

    text: str
    blocks: bool
    kind: str


@dataclass(frozen=True, slots=True)
class OpenPoints:
    """The sheet and its points in order."""

    sheet: Sheet
    points: tuple[OpenPoint, ...]

    @property
    def blocking(self) -> int:
        return sum(point.blocks for point in self.points)


def open_points(papers: Workpapers, failed: Sequence[tuple[int, Check]], unanswered: Sequence[Question]) -> OpenPoints:
    """The points: what blocks filing first, then other problems, then questions that are not answered.

    `failed` are checks with their rows on the sheet Checks; whether one still fails is a formula.
    """
    problems = sorted(papers.problems, key=lambda one: (not one.is_error, not one.blocks_filing))
    found: list[tuple[OpenPoint, Row]] = []
    found += [_problem(papers, one) for one in problems if one.blocks_filing or one.is_error]
    found += [_check(row, check) for row, check in failed]
    found += [_problem(papers, one) for one in problems if not (one.blocks_filing or one.is_error)]
    found += list(_questions(unanswered))
    rows: list[Row] = [tuple(Cell(heading, HEADING) for heading in HEADINGS)]
    for number, (_, cells) in enumerate(found, start=1):
        rows.append((Cell(number, _CENTER), *cells, Cell(None, TICK)))
    if not found:
        rows.append((None, Cell("Nothing is open.", WRAP)))
    last = max(len(rows), 2)
    points = tuple(point for point, _ in found)
    sheet = list_sheet(
        papers,
        NAME,
        "Open points",
        rows,
        WIDTHS,
        tab="C00000" if any(point.blocks for point in points) else "00B050",
        validations=(tick_choices(f"F2:F{last}"),),
    )
    return OpenPoints(sheet, points)


def _problem(papers: Workpapers, problem: Problem) -> tuple[OpenPoint, Row]:
    place = f"{problem.sheet} row {problem.row}" if problem.row else problem.sheet or "Settings"
    text = f"{problem.message} {problem.remedy}".strip()
    kind = "1099" if problem.sheet == FORM_1099 else "problem"
    target = problem_cell(papers, problem)
    blocks = problem.blocks_filing or problem.is_error
    where = link_to(*target, place, _TOP) if target else Cell(place, at_top(WRAP))
    row = (Cell(text, WRAP), where, Cell("yes" if blocks else "no", _CENTER), Cell(kind, _CENTER))
    return OpenPoint(f"{place}: {problem.message}", blocks, kind), row


def _check(row: int, check: Check) -> tuple[OpenPoint, Row]:
    text = f"Checks {row - FIRST_ROW + 1} fails: {check.what} (difference {dollars(check.difference)})"
    blocks = Formula(f'=IF({reference(CHECKS, f"G{row}")}="{FAIL}","yes","no")', "yes")
    where = link_to(CHECKS, f"A{row}", f"Checks {row - FIRST_ROW + 1}", _TOP)
    return OpenPoint(text, True, "check"), (Cell(text, WRAP), where, Cell(blocks, _CENTER), Cell("check", _CENTER))


def _questions(unanswered: Sequence[Question]) -> Iterator[tuple[OpenPoint, Row]]:
    for question in unanswered:
        where = link_to(QUESTIONS, f"A{FIRST_QUESTION}", f"{QUESTIONS} {question.key}", _TOP)
        row = (Cell(question.text, WRAP), where, Cell("no", _CENTER), Cell("question", _CENTER))
        yield OpenPoint(f"{question.key}: {question.text}", False, "question"), row
