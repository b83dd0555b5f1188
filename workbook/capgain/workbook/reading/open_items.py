"""The sheet Open Items: events that an import read and that are not in the Ledger yet, so that no total hides them."""

from __future__ import annotations

from capgain.engine.problems import Problem, Severity
from capgain.workbook.reading.columns import find_header
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.reading.transaction_types import read_type
from capgain.workbook.written.misread import Cell, Misread, is_blank

OPEN_ITEMS = "Open Items"
_COLUMNS = ("Why", "What To Do", "Decision")


def type_decided(decision: Cell) -> str:
    """The type of transaction that a Decision names, "" where it says anything else.

    Such a word says what the event was, not why it stays out of the ledger.
    """
    found = None if is_blank(decision) else read_type(decision)
    return "" if found is None or isinstance(found, Misread) else found.name


def open_item_problems(sheet: RawSheet) -> tuple[Problem, ...]:
    """A warning that keeps the return from being ready to file for each row without a reason in Decision."""
    header = find_header(sheet.rows, _COLUMNS, ("Why",))
    if header is None:
        return ()
    found = []
    for number, row in enumerate(sheet.rows[header.place + 1 :], sheet.first_row + header.place + 1):
        why, what_to_do, decision = (
            row[at] if (at := header.columns.get(name)) is not None and at < len(row) else None for name in _COLUMNS
        )
        kind = type_decided(decision)
        if is_blank(why) or not (is_blank(decision) or kind):
            continue
        message = f"An imported event is not in the ledger: {why}"
        remedy = f"{what_to_do or 'Enter it in the Ledger.'} Or write in column Decision why it stays out."
        if kind:
            remedy = (
                f"Decision says {kind}: import again, and the row is added where the import can do so. If you entered "
                "it in the Ledger yourself, say so in Decision."
            )
        found.append(
            Problem(Severity.WARNING, sheet.name, number, "", message, remedy, "OPEN_ITEM", blocks_filing=True)
        )
    return tuple(found)
