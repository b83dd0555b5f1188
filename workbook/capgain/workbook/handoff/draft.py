"""The workbook of a ledger with errors: what is to be fixed and asked, and the ledger with its cells marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from capgain.engine.broker_rows import SHEET as FORM_1099
from capgain.workbook.handoff.status import Status
from capgain.workbook.handoff.workpapers.client_questions import questions_of_a_draft
from capgain.workbook.handoff.workpapers.cover import CoverFacts, cover
from capgain.workbook.handoff.workpapers.open_points import OpenPoints, open_points
from capgain.workbook.handoff.workpapers.question_sheet import Answered, QuestionSheet, question_sheet
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.report import to_fix
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.ledger_copy import copy_of, ledger_cells, ledger_copy
from capgain.workbook.sheets import Book, Sheet

_AS_READ = ("Accounts", "Settings", "Prices", FORM_1099)


@dataclass(frozen=True, slots=True)
class Draft:
    """The workbook, its open points and its questions."""

    book: Book
    points: OpenPoints
    asked: QuestionSheet


def draft_workpapers(
    papers: Workpapers, made_on: str, raw_1099: RawSheet | None, answers: Mapping[str, Answered]
) -> Draft:
    """Cover, Open Points, To Fix, Questions, and the sheets as read; no figure of any year."""
    year = papers.report.ledger.settings.tax_year
    asked = question_sheet(papers, year, questions_of_a_draft(papers), answers)
    points = open_points(papers, (), asked.unanswered)
    facts = CoverFacts(status=Status.DRAFT, made_on=made_on, ends=made_on, checked=None, points=points, asked=asked)
    sheets = (
        cover(papers, facts, None),
        points.sheet,
        to_fix.to_fix(papers),
        asked.sheet,
        *_as_read(papers, raw_1099),
    )
    return Draft(
        Book(
            sheets=sheets,
            title="Draft of the workpapers: the ledger has errors",
            created=papers.created,
            comments=f"Made from {papers.source.path.name}, SHA-256 {papers.source.sha256}",
        ),
        points,
        asked,
    )


def _as_read(papers: Workpapers, raw_1099: RawSheet | None) -> list[Sheet]:
    by_name = {raw.name.lower(): raw for raw in papers.source.raw}
    if raw_1099 is not None:
        by_name.setdefault(FORM_1099.lower(), raw_1099)
    cells = ledger_cells(papers, with_proof=False)
    sheets = [] if cells is None else [ledger_copy(papers, cells)]
    return [*sheets, *(copy_of(papers, by_name[name.lower()]) for name in _AS_READ if name.lower() in by_name)]
