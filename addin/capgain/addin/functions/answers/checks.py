"""CAPGAIN_CHECK: the problems of a ledger."""

from __future__ import annotations

from capgain.addin.functions.cells import Answer, OutputCell, Table
from capgain.addin.functions.ledgers import Computed
from capgain.workbook.written.words import counted

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


def alone(rows: Table) -> str:
    """What the first cell says where it is seen alone: `1 error, 3 warnings: Ledger row 4, Quantity: …`."""
    severities = [row[0] for row in rows[1:]]
    counts = ((severity, severities.count(severity)) for severity in dict.fromkeys(severities))
    _, sheet, row, column, message, _ = rows[1]
    where = ", ".join(filter(None, (f"{sheet} row {row}" if row else str(sheet or ""), str(column or ""))))
    found = ", ".join(counted(count, str(severity)) for severity, count in counts)
    return f"{found}: {where}: {message}"
