"""What people entered in an earlier workbook of the package, read from its file."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.read_only import ReadOnlyCell

from capgain.workbook.handoff.accountant_sheets import accountant_sheets, refers_to
from capgain.workbook.handoff.workpapers.question_sheet import HEADINGS, Answered
from capgain.workbook.handoff.workpapers.question_sheet import NAME as QUESTIONS
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.kept_entries import EarlierSheet, Shown, carried
from capgain.workbook.report.ledger_proof import WORKING
from capgain.workbook.sheets import (
    AUTHOR,
    BAD,
    ENTRY,
    GOOD,
    HEADING,
    LINK,
    MUTED,
    NOTICE,
    Book,
    Sheet,
    position,
)
from capgain.workbook.xlsx.highlights import highlights
from capgain.workbook.xlsx.package_parts import notes_on
from capgain.workbook.xlsx.unreadable import read_bytes
from capgain.workbook.xlsx.values import workbook_values

_CELL = re.compile(r"\$?[A-Z]+\$?\d+")


@dataclass(frozen=True, slots=True)
class Kept:
    """The new book with the old entries, and sentences about entries that found no row or whose figures changed."""

    book: Book
    remarks: tuple[str, ...]


def kept_entries(papers: Workpapers, book: Book, before: Path, *, known: Collection[str], has_changed: bool) -> Kept:
    """Carry what people entered in `before`, an earlier workbook of the same making, over to `book`.

    `known` are the sheets of its making (empty: not known); those that people added come along. `has_changed`: figures
    or ledger are others now, so that formulas on such sheets may look at other rows than they did.
    """
    remarks: list[str] = []
    sheets = []
    data = read_bytes(before)
    with workbook_values(before, data) as values:
        marks = highlights(values.package, values.parts.sheets, _own_colours(book))
        notes = {name: notes_on(values.package, part) for name, part in values.parts.sheets.items()}
        styled = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in book.sheets:
            if sheet.name in values.parts.sheets:
                shown = values.rows(sheet.name)
                width = _laid_out(sheet, shown, _width(values.parts.print_areas.get(sheet.name, "")))
                if any(cell is not None and cell.style.unlocked for row in sheet.rows for cell in row):
                    rows = _with_open_cells(styled[sheet.name], width)
                else:
                    rows = [[Shown(value, place >= width) for place, value in enumerate(row)] for row in shown]
                theirs = [note for note in notes.get(sheet.name, ()) if note.author != AUTHOR]
                sheet, said = carried(sheet, EarlierSheet(rows, theirs, marks=marks.get(sheet.name, {})))
                remarks += map(str, said)
            sheets.append(sheet)
        styled.close()
        names = [sheet.name for sheet in book.sheets]
        added = accountant_sheets(papers, values, data, known=known, taken=names)
    remarks += added.remarks
    for sheet in added.sheets:
        cells = refers_to(sheet, names) if has_changed else []
        if cells:
            remarks.append(f"{sheet.name}: {', '.join(cells[:12])} look at sheets that were made anew: check them.")
    return Kept(replace(book, sheets=(*sheets[:-1], *added.sheets, sheets[-1])), tuple(remarks))


def _own_colours(book: Book) -> set[str]:
    """The colours of the program's own cells, marks that come and go included."""
    styles = {cell.style for sheet in book.sheets for row in sheet.rows for cell in row if cell is not None}
    styles |= {BAD, GOOD, NOTICE, LINK, MUTED, ENTRY}
    return {colour for style in styles for colour in (style.fill, style.colour)} | {"000000", "FFFFFF", ""}


def earlier_answers(before: Path) -> dict[str, Answered]:
    """The questions of an earlier workbook by their keys, and whether each has an answer."""
    with workbook_values(before, read_bytes(before)) as values:
        if QUESTIONS not in values.parts.sheets:
            return {}
        rows = values.rows(QUESTIONS)
    places: dict[str, int] = {}
    found: dict[str, Answered] = {}
    for row in rows:
        words = ["" if cell is None else str(cell).strip() for cell in row]
        if not places:
            if {"Key", "Question", "Answer"} <= set(words):
                places = {heading: words.index(heading) for heading in HEADINGS if heading in words}
            continue
        words += [""] * (len(HEADINGS) - len(words))
        key = words[places["Key"]]
        if key.startswith("Q-"):
            entered = any(words[places[heading]] for heading in ("Answer", "Remark or amount", "Answered on"))
            answered = bool(words[places["Answer"]])
            found[key] = Answered(words[places["Question"]], words[places["Why we ask"]], answered, entered)
    return found


def _width(print_area: str) -> int:
    """The columns that the earlier workbook laid out: the print area takes in all of them."""
    last = print_area.rpartition(":")[2]
    return position(last)[1] if _CELL.fullmatch(last) else 0


def _laid_out(sheet: Sheet, rows: Sequence[Sequence[object]], printed: int) -> int:
    """The columns that the earlier workbook laid out: those it printed, and working columns right of them."""
    width = printed
    headings = {
        (place, column): cell.content
        for place, row in enumerate(sheet.rows)
        for column, cell in enumerate(row)
        if column >= printed and cell is not None and cell.style in (HEADING, WORKING)
    }
    for (place, column), heading in headings.items():
        if place < len(rows) and column < len(rows[place]) and rows[place][column] == heading:
            width = max(width, column + 1)
    return width


def _with_open_cells(sheet: Any, width: int) -> list[list[Shown]]:
    """The rows of an openpyxl sheet that is read row by row, each as long as it is."""
    sheet.reset_dimensions()
    return [
        [
            Shown(cell.value, place >= width or not cell.protection.locked)
            if isinstance(cell, ReadOnlyCell) and cell.value is not None
            else Shown(None)
            for place, cell in enumerate(row)
        ]
        for row in sheet.iter_rows()
    ]
