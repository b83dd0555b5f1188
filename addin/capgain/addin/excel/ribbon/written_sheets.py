"""Which sheets of an open workbook are CapGain's, and the version of each before the last Refresh."""

from __future__ import annotations

import re
from typing import Any

from capgain.workbook.sheets import column_letter, position, reference

MARK = "CapGain_Report"
"""A name defined on each sheet that CapGain wrote; a sheet without it belongs to the person."""

_LAST_CELL = re.compile(r":(\$[A-Z]+\$\d+)$")

BEFORE = " (prev)"
LONGEST_NAME = 31


def is_ours(sheet: Any) -> bool:
    return _mark_on(sheet) is not None


def mark(sheet: Any, area: tuple[int, int]) -> None:
    """Remember that CapGain wrote the sheet, and how many rows and columns of it."""
    cells = reference(sheet.name, f"$A$1:${column_letter(max(area[1], 1))}${max(area[0], 1)}")
    known = _mark_on(sheet)
    if known is None:
        sheet.names.add(MARK, f"={cells}")
    else:
        known.refers_to = f"={cells}"


def written_area(sheet: Any) -> tuple[int, int] | None:
    """The rows and columns that CapGain wrote, moved along with what was put in or taken out; None: not known."""
    known = _mark_on(sheet)
    found = _LAST_CELL.search(str(known.refers_to)) if known is not None else None
    return position(found[1]) if found else None


def _mark_on(sheet: Any) -> Any | None:
    return next((name for name in sheet.names if name.name.rpartition("!")[2] == MARK), None)


def by_name(book: Any, name: str) -> Any | None:
    """The sheet of that name, without regard to case."""
    return next((sheet for sheet in book.sheets if sheet.name.casefold() == name.casefold()), None)


def previous_name(name: str) -> str:
    return name[: LONGEST_NAME - len(BEFORE)] + BEFORE


def keep_previous(book: Any, sheet: Any) -> None:
    """Put a hidden copy of the sheet aside, in place of an older one."""
    name = previous_name(sheet.name)
    older = by_name(book, name)
    if older is not None:
        older.delete()
    copy = sheet.copy(after=book.sheets[-1], name=name)
    copy.visible = False


def bring_back(book: Any, sheet: Any) -> bool:
    """Make the sheet what its hidden copy is; False where there is none. The copy stays."""
    copy = by_name(book, previous_name(sheet.name))
    if copy is None:
        return False
    sheet.clear()
    copy.cells.copy(sheet.range("A1"))
    area = written_area(copy)
    if area is not None:
        mark(sheet, area)
    return True
