"""The user's own sheets, as values: formulas with CAPGAIN, which need the add-in, stay readable as notes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zipfile import ZipFile

from openpyxl import load_workbook

from capgain.workbook.report.context import Workpapers
from capgain.workbook.sheet_names import free_sheet_name
from capgain.workbook.sheets import DATE, PLAIN, TIME, Cell, Note, Row, Sheet
from capgain.workbook.xlsx.unreadable import read_bytes
from capgain.workbook.xlsx.values import WorkbookValues, workbook_values

READ_HERE = frozenset({"ledger", "accounts", "settings", "prices", "1099"})
"""Sheets that the hand-off reads and copies itself."""

ADD_IN_FUNCTION = "CAPGAIN"
MOST_NOTES = 500
WIDEST, NARROWEST = 40, 9
_OUR_FOOTER = re.compile(rb"<oddFooter>[^<]*CapGain \d")
"""Every sheet that CapGain writes says so in its footer: it is made anew, not copied."""

_LINK = re.compile(r"(?:'[^']*'|\[\d+\]\w*)!(?=_?\w*CAPGAIN)", re.IGNORECASE)
_PREFIX = re.compile(r"_xl(?:fn|udf|dudf)[\w.]*?\.?(?=CAPGAIN)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class UserSheets:
    """The user's own visible sheets as values, those left out with the reason, and notes by sheet for ours."""

    sheets: tuple[Sheet, ...]
    left_out: tuple[str, ...]
    notes: Mapping[str, tuple[Note, ...]]


NONE = UserSheets((), (), {})


def user_sheets(papers: Workpapers, path: Path, ours: Sequence[str]) -> UserSheets:
    """Read the sheets of a workbook that are not among `ours` (names as they will be in the hand-off)."""
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return NONE
    taken = {name.lower() for name in ours}
    copied: set[str] = set()
    sheets: list[Sheet] = []
    left_out: list[str] = []
    data = read_bytes(path)
    with workbook_values(path, data) as values:
        formulas = _formulas(values.package, data)
        for title, state in values.parts.states.items():
            name = title.lower()
            if name in READ_HERE or _is_ours(values, title):
                continue
            if state != "visible":
                left_out.append(f"{title} (hidden)")
                continue
            if title not in values.parts.sheets:
                left_out.append(f"{title} (not a sheet of cells)")
                continue
            if name in taken:
                left_out.append(f"{title} (these workpapers have a sheet of that name)")
                continue
            rows = values.rows(title)
            if any(value not in ("", None) for row in rows for value in row):
                name = free_sheet_name(title, {*taken, *copied})
                copied.add(name.lower())
                sheets.append(_sheet(papers, title, name, rows, formulas.get(title, {})))
    notes = {
        name: tuple(_notes(found)) for name, found in formulas.items() if name.lower() in taken and any(found.values())
    }
    return UserSheets(tuple(sheets), tuple(left_out), notes)


def _is_ours(values: WorkbookValues, sheet: str) -> bool:
    """Whether it is a sheet of a report or of earlier workpapers, by its footer."""
    part = values.parts.sheets.get(sheet)
    return part is not None and _OUR_FOOTER.search(values.package.read(part)) is not None


def with_notes(sheet: Sheet, notes: Sequence[Note]) -> Sheet:
    """The sheet with further notes; a cell that has one keeps it."""
    known = {note.cell for note in sheet.notes}
    return replace(sheet, notes=(*sheet.notes, *(note for note in notes if note.cell not in known)))


def _sheet(
    papers: Workpapers, title: str, name: str, values: Sequence[Sequence[object]], formulas: Mapping[str, str]
) -> Sheet:
    rows: list[Row] = [tuple(_cell(value) for value in row) for row in values]
    return Sheet(
        name=name,
        rows=rows,
        widths=_widths(rows),
        page=papers.page(f"{title} (the taxpayer's own sheet, as values)", landscape=True),
        tab="BFBFBF",
        notes=tuple(_notes(formulas))[:MOST_NOTES],
    )


def _cell(value: object) -> Cell | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return Cell(value, TIME) if value.time() != time() else Cell(value.date(), DATE)
    if isinstance(value, date):
        return Cell(value, DATE)
    if isinstance(value, bool | int | float | str):
        return Cell(value, PLAIN)
    if isinstance(value, time | timedelta):
        return Cell(str(value))
    return Cell(str(value))


def _widths(rows: Sequence[Row]) -> tuple[float, ...]:
    widths: list[float] = []
    for row in rows[:200]:
        widths += [NARROWEST] * (len(row) - len(widths))
        for place, cell in enumerate(row):
            if cell is not None:
                widths[place] = max(widths[place], min(len(str(cell.content)) + 2, WIDEST))
    return tuple(widths)


def _notes(formulas: Mapping[str, str]) -> Iterator[Note]:
    for cell, formula in formulas.items():
        yield Note(cell, f"A value here. In the taxpayer's workbook, with the add-in, the formula is:\n{formula}")


def _formulas(package: ZipFile, data: bytes) -> dict[str, dict[str, str]]:
    """Formulas with a function of the add-in, by sheet and cell; only files that hold any are read a second time."""
    names = [name for name in package.namelist() if name.startswith("xl/worksheets/")]
    if not any(ADD_IN_FUNCTION.encode() in package.read(name).upper() for name in names):
        return {}
    found: dict[str, dict[str, str]] = {}
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    try:
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    text = getattr(cell.value, "text", cell.value)
                    if isinstance(text, str) and text.startswith("=") and ADD_IN_FUNCTION in text.upper():
                        found.setdefault(sheet.title, {})[cell.coordinate] = _without_paths(text)
    finally:
        book.close()
    return found


def _without_paths(formula: str) -> str:
    """The formula as it is typed: without the path of the add-in's file, which names folders of a computer."""
    return _PREFIX.sub("", _LINK.sub("", formula))
