"""What is wrong with the rows of a ledger, gathered while they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from capgain.engine.problems import Problem, Severity
from capgain.workbook.written.misread import Misread

V = TypeVar("V")

MEANING = {
    "Date": "the date",
    "Asset": "the symbol or name of the asset",
    "Quantity": "the number of units, more than 0",
    "Amount": "the dollars in Amount, or dollars per unit in Price",
    "Account": "the account",
    "To Account": "the account in which the units arrived",
    "Received Asset": "the symbol of the asset received",
    "Received Quantity": "the number of units received, more than 0",
    "Acquired": "the date of the original acquisition",
    "Basis": "the basis in dollars",
    "Method": "a method such as fifo or hifo",
    "Fee": "what the fee was worth in dollars",
    "Fee Quantity": "the units of Fee Asset that were paid",
    "Fee Asset": "the asset in which the fee was paid",
    "Lot": "the id of the lot",
    "Type": "the type of transaction, such as Buy or Sell",
}
"""What to enter where a column that a row needs is blank."""


class Complaints:
    """Problems of rows counted by place from 0. `faults` grows with every error; a row that raised it is not read.

    `types` are the names of the rows' types, "" where unknown; `columns` those that the ledger has.
    """

    def __init__(self, sheet: str, first_row: int, columns: Mapping[str, int]) -> None:
        self.sheet = sheet
        self.first_row = first_row
        self.columns = columns
        self.types: Sequence[str] = ()
        self.faults = 0
        self._problems: list[Problem] = []
        self._lacking: dict[str, list[int]] = {}
        self._meant: dict[str, str] = {}

    def checked(self, i: int, column: str, value: V | Misread | None) -> V | None:
        """A value that was read, or None after reporting why it could not be."""
        if isinstance(value, Misread):
            self.wrong(i, column, value)
            return None
        return value

    def wrong(self, i: int, column: str, misread: Misread) -> None:
        """Report an error of that row."""
        self.faults += 1
        self.undecided(i, column, misread)

    def undecided(self, i: int, column: str, misread: Misread) -> None:
        """Report an error of a row that can be read all the same, lest others follow from it in the rows after."""
        self._problems.append(self._problem(Severity.ERROR, i, column, misread))

    def doubt(self, i: int, column: str, misread: Misread, *, blocks_filing: bool = False) -> None:
        """Report a warning about that row."""
        found = self._problem(Severity.WARNING, i, column, misread)
        self._problems.append(replace(found, blocks_filing=True) if blocks_filing else found)

    def missing(self, i: int, column: str, meaning: str = "", or_else: str = "") -> None:
        """Report a blank that this type of row may not have; a column that is not there at all is reported once.

        `or_else` is another column that would do.
        """
        if column not in self.columns and or_else not in self.columns:
            self.faults += 1
            self._lacking.setdefault(column, []).append(i)
            self._meant.setdefault(column, meaning or MEANING[column])
            return
        kind = self.types[i]
        needs = f" {kind} needs {'one of them' if or_else else 'it'}." if kind not in ("", column) else ""
        blank = f"{column} and {or_else} are blank." if or_else else f"{column} is blank."
        self.wrong(i, column, Misread(blank + needs, f"Enter {meaning or MEANING[column]}.", "MISSING_VALUE"))

    def problems(self) -> list[Problem]:
        """All that was reported, and one problem for each column that rows need and the ledger lacks."""
        lacking = [
            Problem(
                Severity.ERROR,
                self.sheet,
                self.first_row - 1,
                column,
                f"There is no column {self._either(column)}, which "
                f"{self.types[places[0]] or 'the ledger'} in row {self.first_row + places[0]} needs"
                f"{and_more(len(places) - 1)}.",
                f"Add the column, and enter {self._meant[column]}.",
                "MISSING_COLUMN",
            )
            for column, places in self._lacking.items()
        ]
        return lacking + _many_as_one(self._problems)

    def _either(self, column: str) -> str:
        return "Amount or Price" if column == "Amount" and "Price" not in self.columns else column

    def _problem(self, severity: Severity, i: int, column: str, misread: Misread) -> Problem:
        return Problem(severity, self.sheet, self.first_row + i, column, misread.message, misread.remedy, misread.code)


MOST_ALIKE = 10
"""Problems of one kind in one column that are told one by one."""

_ALIKE_BY_REMEDY = frozenset({"DEFI_POLICY_UNSTATED"})
"""Codes whose problems are alike only where the same settles them: each names a setting of its own."""


def _many_as_one(problems: Sequence[Problem]) -> list[Problem]:
    """Where more than MOST_ALIKE are alike, the first of them with the rows of the others."""
    alike: dict[tuple[str, str, Severity, str], list[Problem]] = {}
    for problem in problems:
        settled_by = problem.remedy if problem.code in _ALIKE_BY_REMEDY else ""
        alike.setdefault((problem.code, problem.column, problem.severity, settled_by), []).append(problem)
    found: list[Problem] = []
    for group in alike.values():
        if len(group) <= MOST_ALIKE:
            found += group
            continue
        first, *others = group
        rows = ", ".join(str(one.row) for one in others[:MOST_ALIKE])
        more = f" and {len(others) - MOST_ALIKE:,} more" if len(others) > MOST_ALIKE else ""
        blocks = any(one.blocks_filing for one in group)
        message = f"{first.message} The like is in rows {rows}{more}."
        found.append(replace(first, message=message, blocks_filing=blocks))
    return found


def and_more(rows: int) -> str:
    """` (3 further rows too)`, "" for none."""
    return f" ({rows:,} further row{'s' if rows > 1 else ''} too)" if rows else ""
