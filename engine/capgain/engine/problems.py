"""What is wrong with a ledger, said in full: where, what, why, and what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """An error leaves no numbers; a warning is to be settled or known before filing."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the reader must fix or know.

    `row` is the sheet's row (the header of a CSV is row 1), 0 where the problem belongs to no row. `column` is the
    ledger column's name, "" where none is to blame. `code` is the stable name of the kind of problem, such as
    INSUFFICIENT_QUANTITY; docs/problems.md lists them all. `blocks_filing`: the return is not READY TO FILE, as with
    every error and with some warnings. `year` is the tax year it concerns where it belongs to a year rather than to a
    row.
    """

    severity: Severity
    sheet: str
    row: int
    column: str
    message: str
    remedy: str
    code: str
    blocks_filing: bool = False
    year: int | None = None

    def __post_init__(self) -> None:
        if self.is_error:
            object.__setattr__(self, "blocks_filing", True)

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR

    def __str__(self) -> str:
        place = f"{self.sheet} row {self.row}" if self.row else self.sheet
        column = f", {self.column}" if self.column else ""
        return f"{place}{column}: {self.message} {self.remedy}".rstrip()


class CapgainError(Exception):
    """The base of everything CapGain refuses with a message meant for a person."""

    @property
    def problem_code(self) -> str:
        """The code of the refusal as a Problem, after its class: UnknownYear is UNKNOWN_YEAR."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).upper()


class UnknownYear(CapgainError):
    """A form, limit or bracket was asked for of a tax year that has no data."""


class Unsupported(CapgainError):
    """Something the product does not do, refused by name."""


class InvalidLedger(CapgainError):
    """A ledger with errors was asked for numbers; `problems` lists all of them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems if problem.is_error))
