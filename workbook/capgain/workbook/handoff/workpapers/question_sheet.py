"""The sheet `Questions`: what the client is asked, with cells to answer in; answers stay with their keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from capgain.workbook.handoff.workpapers.question import Question
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.form_styles import SIGN_OFF
from capgain.workbook.sheets import (
    BOLD,
    CENTER,
    COUNT,
    HEADING,
    MUTED,
    SUBTITLE,
    TITLE,
    WRAP,
    Cell,
    Formula,
    Row,
    Sheet,
    Validation,
    at_top,
    fitted_heights,
)

NAME = "Questions"
HEADINGS = ("No.", "Key", "Question", "Answer", "Remark or amount", "Answered on", "Why we ask", "Open point")
WIDTHS = (5, 9, 52, 15, 24, 13, 26, 7)
ANSWERS = ("Yes", "No", "Not applicable", "Asked", "See remark")
HEADING_ROW = 3
FIRST_ROW = HEADING_ROW + 1
KEY_COLUMN = 2
ANSWER = SIGN_OFF.but("CapGain Answer", wrap=True, top_aligned=True, border="tblr")
ANSWERED_ON = ANSWER.but("CapGain Answered On", number_format="mm/dd/yyyy", align="center")
EARLIER = "Earlier questions: not asked any more, their answers kept"


@dataclass(frozen=True, slots=True)
class Answered:
    """What an earlier workbook has for a key: the text asked, whether it is answered, whether anything stands there."""

    text: str
    why: str
    has_answer: bool
    has_entry: bool


@dataclass(frozen=True, slots=True)
class QuestionSheet:
    """The sheet, the cells of the answers asked for, and how many of them are empty."""

    sheet: Sheet
    answer_cells: str
    unanswered: tuple[Question, ...]
    asked: int


def question_sheet(
    papers: Workpapers, year: int | None, asked: Sequence[Question], earlier: Mapping[str, Answered]
) -> QuestionSheet:
    """Lay the questions out. `earlier` are those of the last workbook by key; the answers themselves are carried."""
    title = f"Questions for the client, tax year {year}" if year is not None else "Questions for the client"
    rows: list[Row] = [
        (Cell(title, TITLE),),
        (Cell("Answer in the yellow cells. Answers are kept when the workpapers are made again.", MUTED),),
        tuple(Cell(heading, HEADING) for heading in HEADINGS),
    ]
    for number, question in enumerate(asked, start=1):
        rows.append(_row(number, question.key, question.text, question.why, is_open=question.is_open_point))
    last = len(rows)
    unanswered = tuple(one for one in asked if not _is_answered(earlier, one.key))
    answers = f"$D${FIRST_ROW}:$D${last}"
    missing = Formula(f"=ROWS({answers})-COUNTA({answers})", Decimal(len(unanswered)))
    rows += [(), (None, None, Cell("Questions not answered", BOLD), Cell(missing, COUNT))]
    keys = {one.key for one in asked}
    gone = {key: one for key, one in earlier.items() if key not in keys and one.has_entry}
    if gone:
        rows += [(), (Cell(EARLIER, SUBTITLE),)]
        rows += [_row(None, key, one.text, one.why, is_open=False) for key, one in gone.items()]
    sheet = Sheet(
        name=NAME,
        rows=rows,
        widths=WIDTHS,
        heights=fitted_heights(rows, WIDTHS),
        freeze=(HEADING_ROW, 0),
        page=papers.page(title, landscape=True, repeat=(HEADING_ROW, HEADING_ROW)),
        tab="BF8F00",
        gridlines=False,
        protected=True,
        validations=(Validation(f"D{FIRST_ROW}:D{last}", ANSWERS, title="Answer", message="Or a text of your own"),),
        named_by=KEY_COLUMN,
    )
    return QuestionSheet(sheet, answers, unanswered, len(asked))


def _is_answered(earlier: Mapping[str, Answered], key: str) -> bool:
    return key in earlier and earlier[key].has_answer


_CENTER = at_top(CENTER)


def _row(number: int | None, key: str, text: str, why: str, *, is_open: bool) -> Row:
    return (
        None if number is None else Cell(number, _CENTER),
        Cell(key, _CENTER),
        Cell(text, WRAP),
        Cell(None, ANSWER),
        Cell(None, ANSWER),
        Cell(None, ANSWERED_ON),
        Cell(why, WRAP),
        Cell("yes" if is_open else "no", _CENTER),
    )
