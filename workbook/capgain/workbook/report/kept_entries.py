"""What people added to a sheet stays with its row when the sheet is made again, or is named where it cannot stay.

Tick marks, sign-offs and initials in open cells, notes, cells beside the table and below it. Nothing here knows
whether the earlier sheet was read from a file or from an open workbook.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from capgain.engine.forms.form_8949 import COLUMNS
from capgain.workbook.sheets import PLAIN, Cell, Formula, Note, Row, Scalar, Sheet, Style, address, position
from capgain.workbook.xlsx.highlights import Highlight

CHANGED = " ?"
"""Put behind a kept mark whose row shows other figures than when it was set."""

_STATES = frozenset({"PASS", "FAIL", "Yes", "No", "Skip"})
"""Words that are results: they may change like a figure."""

_RESULTS = frozenset(
    {"#", "No.", "Open point", "Result", "Class", "Explanation", "Ledger rows", "What to do", "Blocks filing"}
)
"""Headings of columns that number rows or tell results, and so do not name a row."""

_CODES = f"(f)\n{COLUMNS['f']}"
"""The heading of a column whose words may change like a figure."""

_QUANTITY = re.compile(r"^[\d.,]+ ")


class Shown(NamedTuple):
    """What a cell shows; `is_open`: people may enter something there; `formula` where it shows a formula's value."""

    value: object
    is_open: bool = False
    formula: str = ""


@dataclass(frozen=True, slots=True)
class EarlierSheet:
    """A sheet as people left it. Its rows from `height` on (None: none) stand below the table and are theirs."""

    rows: Sequence[Sequence[Shown]]
    notes: Sequence[Note] = ()
    height: int | None = None
    marks: Mapping[tuple[int, int], Highlight] = field(default_factory=dict)
    """highlighted cells by row and column from 0"""


@dataclass(frozen=True, slots=True)
class Remark:
    """What became of `words` in a cell: they found no place any more, or (not lost) are marked with a question mark."""

    sheet: str
    cell: str
    words: str
    is_lost: bool
    row: str = ""
    """the words that name the row"""

    def __str__(self) -> str:
        row = f" ({self.row})" if self.row else ""
        if self.is_lost:
            return f"{self.sheet}: {self.words!r} was entered in {self.cell} at a row that is not there any more{row}."
        return (
            f"{self.sheet} {self.cell}{row}: the figures of this row changed since {self.words!r} was entered; it is "
            "marked with a question mark."
        )


class _Named(NamedTuple):
    """A row by the words and dates that name it, and its figures and results, which may change."""

    words: tuple[str, ...]
    dates: tuple[str, ...]
    figures: Mapping[int, str]


def carried(sheet: Sheet, before: EarlierSheet) -> tuple[Sheet, tuple[Remark, ...]]:
    """The sheet with what people had added to its earlier version, and what could not be carried or is questioned.

    A row is found again by its words and dates, of equal ones that with the same figures and then the n-th; a row of
    Form 8949 also when its quantity, its lot or the day of its sale is another. Ledger row numbers may have shifted.
    What is printed stays what CapGain laid out.
    """
    entries = [
        (place, column, entry)
        for place, row in enumerate(before.rows)
        for column, entry in enumerate(row)
        if entry.is_open and entry.value not in ("", None)
    ]
    if not entries and not before.notes and not before.marks:
        return sheet, ()
    height = len(before.rows) if before.height is None else before.height
    apart, figures = _columns(sheet)
    shown = [_shown(row) for row in sheet.rows]
    name = _named_by(sheet.named_by - 1) if sheet.named_by else _named
    old = [name(row, apart, figures) for row in before.rows[:height]]
    new = [name(row, apart, figures) for row in shown]
    moved = _found_again(old, new)
    moved |= {place: place - height + len(new) for place in range(height, len(before.rows))}
    rows: list[Row] = [*sheet.rows, *([()] * (len(before.rows) - height))]
    remarks: list[Remark] = []
    for place, column, entry in entries:
        target, words = moved.get(place), _text(entry.value)
        cells = list(rows[target]) if target is not None else []
        there = cells[column] if column < len(cells) else None
        if target is None or not (place >= height or column >= sheet.width or _is_open(there)):
            row = _in_words(old, place)
            remarks.append(Remark(sheet.name, address(place + 1, column + 1), words, True, row))
            continue
        style = PLAIN if there is None else there.style
        if there is not None:
            if words == _text(there.content):
                continue
            is_changed = _differ(old[place], new[target], shown[target])
            if is_changed and not words.endswith(CHANGED):
                row = _in_words(new, target)
                remarks.append(Remark(sheet.name, address(target + 1, column + 1), words, False, row))
                entry = Shown(f"{words}{CHANGED}")
        cells += [None] * (column + 1 - len(cells))
        cells[column] = Cell(_content(entry), style)
        rows[target] = cells
    remarks += _highlighted(sheet, rows, before.marks, moved, old)
    notes, lost = _notes(sheet, before.notes, moved)
    page = replace(sheet.page, area=sheet.print_area)
    return replace(sheet, rows=rows, notes=notes, page=page), (*remarks, *lost)


def _in_words(rows: Sequence[_Named], place: int) -> str:
    return ", ".join(rows[place].words[:3])[:80] if place < len(rows) else ""


def _highlighted(
    sheet: Sheet,
    rows: list[Row],
    marks: Mapping[tuple[int, int], Highlight],
    moved: Mapping[int, int],
    old: Sequence[_Named],
) -> Iterator[Remark]:
    """Give the cells their highlights again, and tell of rows that are gone, once each."""
    gone: set[int] = set()
    for (place, column), mark in marks.items():
        target = moved.get(place)
        if target is None:
            if place not in gone:
                gone.add(place)
                at = address(place + 1, column + 1)
                yield Remark(sheet.name, at, "a highlight", True, _in_words(old, place))
            continue
        cells = [*rows[target], *([None] * (column + 1 - len(rows[target])))]
        cell = cells[column]
        style = PLAIN if cell is None else cell.style
        cells[column] = Cell(None if cell is None else cell.content, _in_colours(style, mark))
        rows[target] = cells


@cache
def _in_colours(style: Style, mark: Highlight) -> Style:
    return style.but(f"{style.name} Highlighted", fill=mark.fill or style.fill, colour=mark.colour or style.colour)


def _notes(sheet: Sheet, before: Iterable[Note], moved: Mapping[int, int]) -> tuple[tuple[Note, ...], list[Remark]]:
    """The sheet's notes with those of people at their rows' new places; a cell holds one."""
    notes = {note.cell: note for note in sheet.notes}
    ours = {note.text for note in sheet.notes}
    lost = []
    for note in before:
        row, column = position(note.cell)
        target = moved.get(row - 1)
        cell = "" if target is None else address(target + 1, column)
        if cell and cell not in notes:
            notes[cell] = note._replace(cell=cell)
        elif note.text not in ours:
            lost.append(Remark(sheet.name, note.cell, note.text, True))
    return tuple(notes.values()), lost


def _found_again(old: Sequence[_Named], new: Sequence[_Named]) -> dict[int, int]:
    """The new place of each old row that is there still: first by all that names it, then by less and less."""
    moved: dict[int, int] = {}
    left, free = list(range(len(old))), list(range(len(new)))
    for key in _KEYS:
        waiting: defaultdict[object, deque[int]] = defaultdict(deque)
        for place in free:
            waiting[key(new[place])].append(place)
        for place in left:
            named = key(old[place])
            if named is not None and waiting[named]:
                moved[place] = waiting[named].popleft()
        taken = set(moved.values())
        left, free = [place for place in left if place not in moved], [place for place in free if place not in taken]
    return moved


def _without_quantity(row: _Named) -> str:
    return _QUANTITY.sub("", row.words[0]) if row.words else ""


_KEYS: tuple[Callable[[_Named], object], ...] = (
    lambda row: (row.words, row.dates, *sorted(row.figures.items())),
    lambda row: (row.words, row.dates),
    lambda row: (_without_quantity(row), row.dates) if row.dates else None,
    lambda row: (_without_quantity(row), row.dates[-1]) if row.dates else None,
    lambda row: (row.words[:1], row.dates[0]) if len(row.dates) > 1 else None,
)


def _columns(sheet: Sheet) -> tuple[frozenset[int], frozenset[int]]:
    """Columns that do not name a row (results, and links to ledger rows, whose numbers shift), and those of codes."""
    apart, figures = set(), set()
    for row in sheet.rows:
        for place, cell in enumerate(row):
            if cell is None:
                continue
            if isinstance(cell.content, Formula):
                if cell.content.text.startswith("=HYPERLINK("):
                    apart.add(place)
            elif cell.style.bold and cell.content in _RESULTS:
                apart.add(place)
            elif cell.content == _CODES:
                figures.add(place)
    return frozenset(apart), frozenset(figures)


def _shown(row: Row) -> list[Shown]:
    shown = []
    for cell in row:
        content = cell.content if cell is not None else None
        value, formula = (content.expected, content.text) if isinstance(content, Formula) else (content, "")
        shown.append(Shown(value, _is_open(cell), formula))
    return shown


def _is_open(cell: Cell | None) -> bool:
    return cell is not None and cell.style.unlocked


def _named(row: Sequence[Shown], apart: frozenset[int], codes: frozenset[int]) -> _Named:
    words: list[str] = []
    dates: list[str] = []
    figures: dict[int, str] = {}
    for place, (value, is_open, _) in enumerate(row):
        if place in apart or is_open or value is None or value == "":
            continue
        if _is_number(value):
            if value:
                figures[place] = f"{value:.6f}"
        elif value in _STATES or (place in codes and isinstance(value, str) and value != _CODES):
            figures[place] = str(value)
        elif isinstance(value, date):
            dates.append(_text(value))
        else:
            words.append(_text(value))
    return _Named(tuple(words), tuple(dates), figures)


def _named_by(column: int) -> Callable[[Sequence[Shown], frozenset[int], frozenset[int]], _Named]:
    """Rows named by the words in one column alone; whatever else they show may change like a figure."""

    def named(row: Sequence[Shown], apart: frozenset[int], codes: frozenset[int]) -> _Named:
        words = _text(row[column].value) if column < len(row) and not row[column].is_open else ""
        figures = {
            place: f"{value:.6f}" if _is_number(value) else _text(value)
            for place, (value, is_open, _) in enumerate(row)
            if not (place == column or place in apart or is_open or value is None or value in ("", 0))
        }
        return _Named((words,) if words else (), (), figures)

    return named


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _differ(before: _Named, after: _Named, shown: Sequence[Shown]) -> bool:
    """Whether a row changed; a formula whose value the other program did not store says nothing."""
    return before[:2] != after[:2] or any(
        before.figures.get(place) != after.figures.get(place)
        for place in {*before.figures, *after.figures}
        if place in before.figures or not (place < len(shown) and shown[place].formula)
    )


def _content(entry: Shown) -> Scalar | Formula:
    value = entry.value if isinstance(entry.value, str | bool | int | float | Decimal | date) else str(entry.value)
    return Formula(entry.formula, value) if entry.formula else value


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if not (value.hour or value.minute or value.second) else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
