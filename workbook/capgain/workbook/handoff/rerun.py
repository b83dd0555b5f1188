"""What of an earlier package goes on in the one made into its folder: answers, entries, and the log of changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from capgain.workbook.handoff.earlier_entries import Kept, earlier_answers, kept_entries
from capgain.workbook.handoff.manifest import EarlierPackage
from capgain.workbook.handoff.staging import OutputInTheWay
from capgain.workbook.handoff.workpapers.change_log import NAME as CHANGE_LOG
from capgain.workbook.handoff.workpapers.change_log import Change, change_log, changes_since
from capgain.workbook.handoff.workpapers.cover import review_questioned
from capgain.workbook.handoff.workpapers.income_by_kind import NAME as INCOME_BY_KIND
from capgain.workbook.handoff.workpapers.income_by_kind import with_differences
from capgain.workbook.handoff.workpapers.question_sheet import Answered
from capgain.workbook.report.context import Workpapers
from capgain.workbook.sheets import Book

T = TypeVar("T")


def answers(before: Path | None) -> Mapping[str, Answered]:
    """What the earlier workbook has on its sheet Questions."""
    if before is None or not before.is_file():
        return {}
    return _readable(before, lambda: earlier_answers(before))


def with_entries(
    papers: Workpapers, book: Book, before: Path | None, earlier: EarlierPackage | None, named: Mapping[str, str]
) -> Kept:
    """The book with what people entered in the earlier one."""
    if before is None or earlier is None or not before.is_file():
        return Kept(book, ())
    has_changed = earlier.facts != named
    kept = _readable(before, lambda: kept_entries(papers, book, before, known=earlier.sheets, has_changed=has_changed))
    sheets = [with_differences(sheet) if sheet.name == INCOME_BY_KIND else sheet for sheet in kept.book.sheets]
    lines = {name for name in {*named, *earlier.facts} if name.startswith("Schedule D line")}
    remarks = kept.remarks
    if any(earlier.facts.get(name) != named.get(name) for name in lines):
        sheets, said = review_questioned(sheets)
        remarks += said
    return Kept(replace(kept.book, sheets=tuple(sheets)), remarks)


def _readable(before: Path, read: Callable[[], T]) -> T:
    """What is read from an earlier workbook. Raises OutputInTheWay where it cannot be."""
    try:
        return read()
    except MemoryError:
        raise
    except Exception as error:  # openpyxl meets damaged workbooks with errors of every kind
        raise OutputInTheWay(
            f"{before} cannot be read, so its tick marks and sign-offs could not be kept. Close it in other programs, "
            "mend it, move it away, or pass --fresh to begin without them (it is then kept in earlier/)."
        ) from error


def changes(
    earlier: EarlierPackage | None, named: Mapping[str, str], made_on: str, software: str, remarks: Sequence[str]
) -> tuple[Change, ...]:
    if earlier is None or not earlier.facts:
        first = changes_since(None, named, made_on, software, remarks)
        return first if earlier is None else (*earlier.changes, *first)
    if earlier.facts == named and not remarks:
        return earlier.changes
    return (*earlier.changes, *changes_since(earlier.facts, named, made_on, software, remarks))


def with_log(book: Book, papers: Workpapers, changes: Sequence[Change]) -> Book:
    """The book with its log as it is now; what people added to the log before stays beside its lines."""
    log, before = change_log(papers, changes), book.sheet(CHANGE_LOG)
    rows = [*before.rows, *log.rows[len(before.rows) :]]
    log = replace(log, rows=rows, notes=before.notes, page=replace(log.page, area=log.print_area))
    return replace(book, sheets=tuple(log if sheet.name == CHANGE_LOG else sheet for sheet in book.sheets))
