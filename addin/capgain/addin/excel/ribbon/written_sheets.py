"""Which sheets of an open workbook are CapGain's, and the version of each before the last Refresh."""

from __future__ import annotations

from typing import Any

MARK = "CapGain_Report"
"""A name defined on each sheet that CapGain wrote; a sheet without it belongs to the person."""

BEFORE = " (prev)"
LONGEST_NAME = 31


def is_ours(sheet: Any) -> bool:
    return any(name.name.rpartition("!")[2] == MARK for name in sheet.names)


def mark(sheet: Any) -> None:
    """Remember that CapGain wrote the sheet."""
    if not is_ours(sheet):
        sheet.names.add(MARK, "=1")


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
    return True
