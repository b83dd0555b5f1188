"""The sheet Open Items: events that an import read and that are not in the Ledger yet, so that no total hides them."""

from __future__ import annotations

from capgain.engine.problems import Problem, Severity
from capgain.workbook.reading.columns import find_header
from capgain.workbook.reading.misread import is_blank
from capgain.workbook.reading.raw_sheet import RawSheet

OPEN_ITEMS = "Open Items"
_COLUMNS = ("Why", "What To Do", "Decision")


def open_item_problems(sheet: RawSheet) -> tuple[Problem, ...]:
    """A warning that keeps the return from being ready to file for each row without an entry in Decision."""
    header = find_header(sheet.rows, _COLUMNS, ("Why",))
    if header is None:
        return ()
    found = []
    for number, row in enumerate(sheet.rows[header.place + 1 :], sheet.first_row + header.place + 1):
        why, what_to_do, decision = (
            row[at] if (at := header.columns.get(name)) is not None and at < len(row) else None for name in _COLUMNS
        )
        if is_blank(why) or not is_blank(decision):
            continue
        message = f"An imported event is not in the ledger: {why}"
        remedy = f"{what_to_do or 'Enter it in the Ledger.'} Or write in column Decision why it stays out."
        found.append(
            Problem(Severity.WARNING, sheet.name, number, "", message, remedy, "OPEN_ITEM", blocks_filing=True)
        )
    return tuple(found)
