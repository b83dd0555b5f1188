"""Sheets beside the ledger that hold transactions like it, and of which nothing is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from capgain.engine.problems import Problem, Severity
from capgain.workbook.reading.setting_names import IGNORE_SHEETS
from capgain.workbook.reading.trade_lines import Held, transactions_on
from capgain.workbook.written.misread import Cell

_OF_A_REPORT = frozenset({"Readme", "Gains", "Checks"})
"""Sheets that stand together in reports and workpapers alone."""

_OURS = re.compile(
    r"(?:Cover|Readme|Open Points|Questions|Elections|Summary|To Fix|Portfolio|Years|Schedule D|Carryover|Tax|Estimates"
    r"|Form 6781|Gains|Open Lots|Lot Proof|Roll-forward|Income|Income by Kind|Gifts and Losses|Zero Basis"
    r"|Accounts Abroad|Wash Sales|Harvest|Calendar|Checks|Adjustments|1099 Reconciliation|Statements|Change Log"
    r"|Not Kept|Opening|8949 .*|Statement .*)(?: \d{4})?(?: \(prev\))?",
    re.IGNORECASE,
)
"""Sheets that a report or workpapers may have, each perhaps of a year, or set aside by Refresh."""


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
    others = (
        sheet for sheet in sheets if sheet.casefold() not in passed_over and not (is_report and _OURS.fullmatch(sheet))
    )
    found = ((sheet, transactions_on(rows_of(sheet))) for sheet in others)
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
