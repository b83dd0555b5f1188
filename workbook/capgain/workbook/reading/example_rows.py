"""The example rows of `capgain new`: among rows of one's own they are trades that nobody made."""

from __future__ import annotations

from collections.abc import Sequence

from capgain.engine.problems import Problem, Severity
from capgain.engine.transactions import Entry

EXAMPLE = "Example: delete this row"
"""The note by which an example row is known."""


def leftover_examples(entries: Sequence[Entry], sheet: str) -> tuple[Problem, ...]:
    """One warning that keeps the return from being ready to file, at the first example among other rows."""
    examples = [entry.row for entry in entries if entry.note == EXAMPLE]
    if not examples or len(examples) == len(entries):
        return ()
    rows = ", ".join(map(str, sorted(examples)))
    return (
        Problem(
            Severity.WARNING,
            sheet,
            min(examples),
            "Note",
            f"the example rows of a new workbook are still in the ledger and count as trades: row {rows}.",
            f"Delete them. If such a row is a trade of yours, take '{EXAMPLE}' out of its Note.",
            "EXAMPLE_ROWS",
            blocks_filing=True,
        ),
    )
