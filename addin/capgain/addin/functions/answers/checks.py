"""CAPGAIN_CHECK: the problems of a ledger."""

from __future__ import annotations

from capgain.addin.functions.cells import Answer, OutputCell
from capgain.addin.functions.ledgers import Computed

CHECK_HEADER = ("Severity", "Sheet", "Row", "Column", "Problem", "What to do")


def check(computed: Computed) -> Answer:
    """`OK`, or all errors and warnings, one a row, errors first."""
    problems = computed.unchecked_report().problems
    if not problems:
        return "OK"
    rows: list[tuple[OutputCell, ...]] = [CHECK_HEADER]
    for problem in sorted(problems, key=lambda problem: not problem.is_error):
        row = problem.row or None
        rows.append((problem.severity.value, problem.sheet, row, problem.column, problem.message, problem.remedy))
    return rows
