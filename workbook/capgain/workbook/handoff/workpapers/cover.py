"""The sheet `Cover`: one page that says where the return stands, its figures, its proof, and who signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import assert_never

from capgain.workbook.handoff.status import Status
from capgain.workbook.handoff.workpapers.cover_blocks import (
    COUNT,
    HEAD,
    OPEN,
    SMALL,
    TEXT,
    WIDTH,
    WIDTHS,
    CoverFigures,
    bar,
    blank,
    boxes,
    income,
    the_year,
    told,
)
from capgain.workbook.handoff.workpapers.open_points import BLOCKS, OpenPoints
from capgain.workbook.handoff.workpapers.open_points import NAME as OPEN_POINTS
from capgain.workbook.handoff.workpapers.question_sheet import NAME as QUESTIONS
from capgain.workbook.handoff.workpapers.question_sheet import QuestionSheet
from capgain.workbook.report.checks import NAME as CHECKS
from capgain.workbook.report.checks import PASS, ChecksSheet
from capgain.workbook.report.context import Workpapers, engine_version
from capgain.workbook.report.kept_entries import CHANGED
from capgain.workbook.report.readme import NOT_READY, READY
from capgain.workbook.report.summary import STATUS_TEXT
from capgain.workbook.sheets import (
    BAD,
    BOLD,
    GOOD,
    LINK,
    NOTICE,
    Cell,
    Formula,
    FormulaFormat,
    Row,
    Sheet,
    Style,
    fitted_heights,
    link_to,
    reference,
)
from capgain.workbook.written.words import counted

NAME = "Cover"
MOST_POINTS = 8
PLACES = ("Prepared by", "Reviewed by", "Partner")
YEAR_NOT_OVER, DRAFT = "YEAR NOT OVER", "DRAFT - NOT READY TO FILE"

_NAME = Style(name="CapGain Cover Name", bold=True, font_size=16)
_POINT = Style(name="CapGain Cover Point", font_size=9)
_OPEN_DAY = OPEN.but("CapGain Cover Open Day", number_format="mm/dd/yyyy", align="center")
_GATE = {
    Status.READY: GOOD.but("CapGain Cover Ready", font_size=14, indent=1),
    Status.NOT_READY: BAD.but("CapGain Cover Not Ready", font_size=14, indent=1),
    Status.YEAR_NOT_OVER: NOTICE.but("CapGain Cover Year", bold=True, font_size=14, indent=1, wrap=False),
    Status.DRAFT: NOTICE.but("CapGain Cover Draft", bold=True, font_size=14, indent=1, wrap=False),
}
POINT_LETTERS = 126
"""of an open point that fit the page"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverFacts:
    """The head of the cover. `ends` is the last day that the figures know of."""

    status: Status
    made_on: str
    ends: str
    checked: ChecksSheet | None
    points: OpenPoints
    asked: QuestionSheet


def cover(papers: Workpapers, facts: CoverFacts, figures: CoverFigures | None) -> Sheet:
    """Lay the page out; without `figures` the cover of a draft."""
    rows: list[Row] = [(), *_head(papers, facts, figures)]
    if figures is not None:
        rows += [*boxes(figures, len(rows) + 1), ()]
        rows += [*the_year(papers, figures), ()]
        rows += [*income(figures), ()]
        rows += [*told("Tax on the gains", figures.tax), ()]
        rows += [*told("Proof", figures.proof), ()]
    rows += _points(facts)
    blocking = len(rows) + 1
    rows.append(
        _count("Blocking", f'=COUNTIF({reference(OPEN_POINTS, BLOCKS)},"yes")', facts.points.blocking, OPEN_POINTS)
    )
    cells = reference(QUESTIONS, facts.asked.answer_cells)
    unanswered = len(facts.asked.unanswered)
    rows.append(_count("Questions not answered", f"=ROWS({cells})-COUNTA({cells})", unanswered, QUESTIONS))
    questions_row = len(rows)
    rows += [(), bar("Sign-off"), (Cell("Who", HEAD), Cell("Name", HEAD), Cell("Date", HEAD), *blank(HEAD, 3))]
    rows += [(Cell(role, TEXT), Cell(None, OPEN), Cell(None, _OPEN_DAY)) for role in PLACES]
    gate = _GATE[facts.status]
    rows[0] = (Cell(_state(facts, blocking), gate), *blank(gate, WIDTH - 1))
    last = len(rows)
    return Sheet(
        name=NAME,
        rows=rows,
        widths=WIDTHS,
        heights=fitted_heights(rows, WIDTHS) | {1: 26, last: 18, last - 1: 18, last - 2: 18},
        page=replace(papers.page("Cover"), pages_tall=1, area=f"A1:F{last}"),
        tab={Status.READY: "00B050", Status.NOT_READY: "C00000"}.get(facts.status, "BF8F00"),
        gridlines=False,
        protected=True,
        conditional_formats=(
            FormulaFormat("A1:F1", f'$A$1="{READY}"', _GATE[Status.READY]),
            FormulaFormat("A1:F1", f'$A$1="{NOT_READY}"', _GATE[Status.NOT_READY]),
            FormulaFormat(f"A{questions_row}:B{questions_row}", f"$B${questions_row}>0", NOTICE),
            FormulaFormat(f"A{blocking}:B{blocking}", f"$B${blocking}>0", BAD),
        ),
        named_by=1,
    )


def _state(facts: CoverFacts, blocking: int) -> str | Formula:
    """READY TO FILE while every check passes and no open point blocks; a year not over and a draft are said at once."""
    match facts.status:
        case Status.DRAFT:
            return DRAFT
        case Status.YEAR_NOT_OVER:
            return f"{YEAR_NOT_OVER}: figures to {facts.ends}"
        case Status.READY | Status.NOT_READY:
            assert facts.checked is not None
            ready = READY if facts.status is Status.READY else NOT_READY
            checks = f'{reference(CHECKS, facts.checked.all_pass_cell)}<>"{PASS}"'
            return Formula(f'=IF({checks},"{NOT_READY}",IF(B{blocking}>0,"{NOT_READY}","{READY}"))', ready)
        case _:
            assert_never(facts.status)


def _head(papers: Workpapers, facts: CoverFacts, figures: CoverFigures | None) -> list[Row]:
    about = ["Capital gains workpapers"]
    if figures is not None:
        about += [f"tax year {figures.year.year}", STATUS_TEXT[figures.year.status].lower()]
    if papers.ssn:
        about.append(f"SSN {papers.ssn}")
    digest = papers.source.sha256
    rows: list[Row] = [
        (Cell(papers.taxpayer or "Name: not stated in Settings", _NAME),),
        (Cell(", ".join(about), TEXT),),
        (
            Cell(
                f"CapGain {engine_version()}, made {facts.made_on} from {papers.source.path.name} "
                f"({counted(len(papers.report.ledger.transactions), 'row')}, SHA-256 {digest[:5]}...{digest[-5:]})",
                SMALL,
            ),
        ),
    ]
    return [*rows, ()]


def _points(facts: CoverFacts) -> list[Row]:
    rows: list[Row] = [bar("Open points")]
    points = facts.points.points
    for number, point in enumerate(points[:MOST_POINTS], start=1):
        text = " ".join(point.text.split())
        text = text if len(text) <= POINT_LETTERS else f"{text[: POINT_LETTERS - 3]}..."
        rows.append((Cell(f"{number}  {text}", _POINT),))
    if len(points) > MOST_POINTS:
        rows.append((link_to(OPEN_POINTS, "A1", f"and {len(points) - MOST_POINTS} more: sheet {OPEN_POINTS}"),))
    if not points:
        rows.append((Cell("none", SMALL),))
    return rows


def _count(label: str, formula: str, expected: int, sheet: str) -> Row:
    number = Cell(Formula(formula, Decimal(expected)), COUNT)
    return (Cell(label, BOLD), number, link_to(sheet, "A1", f"sheet {sheet}", _BESIDE_LINK))


_BESIDE_LINK = LINK.but("CapGain Cover Link Beside", indent=1)


def review_questioned(sheets: Sequence[Sheet]) -> tuple[list[Sheet], tuple[str, ...]]:
    """The sheets with a question mark behind the reviewer's name, as the return that was signed has changed."""
    found: list[Sheet] = []
    remarks: list[str] = []
    for sheet in sheets:
        if sheet.name == NAME:
            rows = [list(row) for row in sheet.rows]
            for row in rows:
                name = row[1] if len(row) > 1 else None
                if row and row[0] is not None and row[0].content == "Reviewed by" and name is not None:
                    text = "" if name.content is None else str(name.content)
                    if text and not text.endswith(CHANGED):
                        row[1] = Cell(f"{text}{CHANGED}", name.style)
                        remarks.append(f"{NAME}: Schedule D changed since {text!r} signed as reviewer.")
            found.append(replace(sheet, rows=rows))
        else:
            found.append(sheet)
    return found, tuple(remarks)
