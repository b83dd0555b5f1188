"""Sheets beside the ledger that hold transactions like it, and of which nothing is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from capgain.engine.problems import Problem, Severity
from capgain.workbook.reading.columns import HEADER_ROWS
from capgain.workbook.reading.setting_names import BY_YEAR, FOR_ALL_YEARS, IGNORE_SHEETS
from capgain.workbook.reading.trade_lines import Held, transactions_on
from capgain.workbook.written.misread import Cell
from capgain.workbook.written.words import plain

_OF_A_REPORT = frozenset({"Readme", "Gains", "Checks"})
"""Sheets that stand together in reports and workpapers alone, in one of several years each with a year."""

_YEAR_BEHIND = re.compile(r" (?:19|20)\d\d$")
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
    is_report = {_YEAR_BEHIND.sub("", sheet) for sheet in sheets} >= _OF_A_REPORT
    passed_over = {name.casefold() for name in (*read, *ignored)}
    found = []
    for sheet in sheets:
        if sheet.casefold() in passed_over or (is_report and _OURS.fullmatch(sheet)):
            continue
        rows = rows_of(sheet)
        held = transactions_on(rows)
        if held is not None:
            found.append(_not_read(sheet, held))
        elif (meant := _reads_like(rows)) is not None:
            found.append(_misnamed(sheet, meant))
    return tuple(found)


_HEADINGS = {
    "Accounts": ({"account"}, {"kind"}),
    "Settings": ({"name", "setting"}, {"value"}),
    "1099": ({"broker"}, {"proceeds"}),
}
"""Headings by which a sheet beside the ledger is one of these, whatever its name: one of each."""


def _reads_like(rows: Sequence[Sequence[Cell]]) -> str | None:
    """The sheet that one of another name has the headings of; for Settings a setting too."""
    for place, row in enumerate(rows[:HEADER_ROWS]):
        words = {plain(cell) for cell in row if isinstance(cell, str)}
        for sheet, groups in _HEADINGS.items():
            if all(words & group for group in groups) and any(any(below) for below in rows[place + 1 :]):
                return sheet if sheet != "Settings" or _states_a_setting(rows[place + 1 :]) else None
    return None


def _states_a_setting(rows: Sequence[Sequence[Cell]]) -> bool:
    return any(isinstance(cell, str) and _without_year(cell) in _SETTINGS for row in rows for cell in row)


def _without_year(name: str) -> str:
    """The name of a setting without the year behind it, in lower case."""
    return _YEAR_BEHIND.sub("", " ".join(name.split())).casefold()


_SETTINGS = frozenset(name.casefold() for name in (*BY_YEAR, *FOR_ALL_YEARS))


def _misnamed(sheet: str, meant: str) -> Problem:
    return Problem(
        Severity.WARNING,
        sheet,
        0,
        "",
        f"Sheet {sheet} reads like the sheet {meant} and is not read, as its name is another.",
        f"Name it {meant}, or move its rows there; if it is not meant, name it in Settings, {IGNORE_SHEETS}.",
        "SHEET_NOT_READ",
        blocks_filing=True,
    )


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
