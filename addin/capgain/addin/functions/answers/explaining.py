"""CAPGAIN_EXPLAIN: how a line of Schedule D came about."""

from __future__ import annotations

from capgain.addin.functions.cells import ErrorCode, Failure, OutputCell, Table
from capgain.addin.functions.ledgers import Computed
from capgain.engine.problems import UnknownYear

EXPLAIN_HEADER = ("Explanation", "Amount", "Ledger rows")


def explain(computed: Computed, year: int, line: str) -> Table:
    """One sentence a row, set in under the line it belongs to, with its amount and ledger rows."""
    from capgain.engine.explanation import UnknownLine
    from capgain.engine.planning.contracts_at_price import explained

    try:
        explanation = explained(computed.report(through=year), year, line.casefold().removeprefix("line").strip())
    except UnknownLine as error:
        raise Failure(ErrorCode.VALUE, str(error)) from None
    except UnknownYear as error:
        raise Failure(ErrorCode.NOT_AVAILABLE, str(error)) from None
    rows: list[tuple[OutputCell, ...]] = [EXPLAIN_HEADER]
    for step in explanation.steps:
        rows.append((f"{'    ' * step.depth}{step.text}", step.amount, ", ".join(map(str, step.rows))))
    return rows
