"""Problems for people: each with its place, what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from capgain.addin.cli.terminal import printable
from capgain.engine.problems import Problem
from capgain.workbook.written.words import counted

if TYPE_CHECKING:
    from rich.console import Console


def place(problem: Problem) -> str:
    """`Ledger row 9, column Quantity`."""
    row = f"row {problem.row}" if problem.row else ""
    where = " ".join(part for part in (problem.sheet, row) if part)
    return f"{where}, column {problem.column}" if problem.column else where


def tally(problems: Sequence[Problem]) -> str:
    """`2 errors, 1 warning`, or `no problems`."""
    errors = sum(problem.is_error for problem in problems)
    warnings = len(problems) - errors
    parts = [counted(number, noun) for number, noun in ((errors, "error"), (warnings, "warning")) if number]
    return ", ".join(parts) or "no problems"


def print_problems(console: Console, problems: Sequence[Problem]) -> None:
    """Errors first, each group in the order of the sheet."""
    for problem in sorted(problems, key=lambda problem: (not problem.is_error, problem.sheet, problem.row)):
        where = place(problem)
        console.print(problem.severity.value + ":", style="bold red" if problem.is_error else "bold yellow", end=" ")
        console.print(printable(f"{where}: {problem.message}" if where else problem.message))
        if problem.remedy:
            for line in problem.remedy.split("\n"):
                console.print("  " + printable(line))
