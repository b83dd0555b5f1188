"""Sheets beside the ledger that hold transactions like it, and of which nothing is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from capgain.engine.problems import Problem, Severity
from capgain.workbook.reading.columns import find_ledger_header
from capgain.workbook.reading.setting_names import IGNORE_SHEETS
from capgain.workbook.reading.transaction_types import RowType, read_type
from capgain.workbook.written.misread import Cell, is_blank

_OF_A_REPORT = frozenset({"Readme", "Gains", "Checks"})
"""Sheets that stand together in reports and workpapers alone."""

_OPENING = re.compile(r"Opening \d{4}")
"""The sheet of workpapers with rows for the ledger of the next year."""


def sheets_not_read(
    sheets: Collection[str],
    rows_of: Callable[[str], Sequence[Sequence[Cell]]],
    read: Collection[str],
    ignored: Collection[str],
) -> tuple[Problem, ...]:
    """A warning that keeps the return from being ready for each visible or hidden sheet with rows like the ledger's.

    `read` are the sheets of the ledger by name; `ignored` those that Settings say are not meant, in any case.
    """
    is_report = set(sheets) >= _OF_A_REPORT
    passed_over = {name.casefold() for name in (*read, *ignored)}
    found = []
    for sheet in sheets:
        if sheet.casefold() in passed_over or (is_report and _OPENING.fullmatch(sheet)):
            continue
        rows = rows_of(sheet)
        header = find_ledger_header(rows)
        if header is None or not {"Quantity", "Amount"} & header.columns.keys():
            continue
        transactions = _transactions(rows[header.place + 1 :], header.columns["Date"], header.columns["Type"])
        if transactions:
            found.append(_not_read(sheet, header.place + 1, transactions))
    return tuple(found)


def _transactions(rows: Sequence[Sequence[Cell]], day: int, kind: int) -> int:
    """How many rows have a date and a type of transaction."""
    wide = (row for row in rows if len(row) > max(day, kind))
    return sum(not is_blank(row[day]) and isinstance(read_type(row[kind]), RowType) for row in wide)


def _not_read(sheet: str, row: int, transactions: int) -> Problem:
    holds = f"{transactions:,} transactions" if transactions > 1 else "a transaction"
    return Problem(
        Severity.WARNING,
        sheet,
        row,
        "",
        f"Sheet {sheet} holds {holds} under Date, Type and Asset, as the ledger does, and is not read.",
        f"Copy the rows that the ledger lacks into it; then name the sheet in Settings, {IGNORE_SHEETS}.",
        "SHEET_NOT_READ",
        blocks_filing=True,
    )
