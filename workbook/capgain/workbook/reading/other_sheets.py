"""Sheets beside the ledger that hold transactions like it, and of which nothing is read."""

from __future__ import annotations

from collections.abc import Collection

from capgain.engine.problems import Problem, Severity
from capgain.workbook.reading.setting_names import IGNORE_SHEETS
from capgain.workbook.reading.trade_lines import Held, transactions_on
from capgain.workbook.xlsx.values import WorkbookValues

_OF_A_REPORT = frozenset({"Readme", "Gains", "Checks"})
"""Sheets that stand together in reports and workpapers alone, whose other sheets are ours."""


def sheets_not_read(values: WorkbookValues, read: Collection[str], ignored: Collection[str]) -> tuple[Problem, ...]:
    """A warning that keeps the return from being ready for each visible or hidden sheet with rows like the ledger's.

    `read` are the sheets of the ledger by name; `ignored` those that Settings say are not meant, in any case.
    """
    if values.parts.sheets.keys() >= _OF_A_REPORT:
        return ()
    passed_over = {name.casefold() for name in (*read, *ignored)}
    sheets = (sheet for sheet in values.parts.sheets if sheet.casefold() not in passed_over)
    found = ((sheet, transactions_on(values.rows_if_readable(sheet))) for sheet in sheets)
    return tuple(_not_read(sheet, held) for sheet, held in found if held is not None)


def _not_read(sheet: str, held: Held) -> Problem:
    holds = f"{held.transactions:,} transactions" if held.transactions > 1 else "a transaction"
    return Problem(
        Severity.WARNING,
        sheet,
        held.row,
        "",
        f"Sheet {sheet} holds {holds} {held.told_by} and is not read.",
        "Copy the rows that the ledger lacks into it, with Account and Asset filled in where the sheet is of one; then "
        f"name the sheet in Settings, {IGNORE_SHEETS}.",
        "SHEET_NOT_READ",
        blocks_filing=True,
    )
