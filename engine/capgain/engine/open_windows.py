"""Losses that a purchase after the ledger's end may still disallow (26 USC 1091(a); DECISIONS.md, W-5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from capgain.engine.ledger import Ledger
from capgain.engine.money import dollars, from_cents
from capgain.engine.problems import Problem, Severity
from capgain.engine.replay.wash_refusals import WINDOW
from capgain.engine.results.dispositions import NEVER_WASHED, Disposition

TOLD_ONE_BY_ONE = 10
"""More such sales are told of together."""


def open_windows(ledger: Ledger, dispositions: Iterable[Disposition]) -> Iterator[Problem]:
    """One warning for each sale at a loss whose 30 days run past the ledger's end, or one for many of them.

    What was bought in those days is not known to the ledger, whatever today is.
    """
    ends, scope = ledger.ends, ledger.settings.wash_sales
    latest_closed = ends - WINDOW if ends - date.min > WINDOW else date.min
    sales: dict[int, list[Disposition]] = {}
    for row in dispositions:
        if row.sold <= latest_closed or row.gain_cents >= 0 or row.kind in NEVER_WASHED:
            continue
        if scope.reaches(row.asset_class):
            sales.setdefault(row.row, []).append(row)
    if len(sales) > TOLD_ONE_BY_ONE:
        yield _told_together(ledger, list(sales.values()))
        return
    for rows in sales.values():
        yield _open_window(ledger, rows)


def window_ends(row: Disposition) -> date:
    """The last day on which a purchase replaces what was sold."""
    return row.sold + WINDOW


def _loss(rows: Sequence[Disposition]) -> str:
    return dollars(from_cents(-sum(row.gain_cents for row in rows)))


def _open_window(ledger: Ledger, rows: Sequence[Disposition]) -> Problem:
    first = rows[0]
    until = window_ends(first)
    return _problem(
        ledger,
        first,
        f"a loss of {_loss(rows)} on {first.asset} ({first.sold}) may still be disallowed: purchases up to {until} "
        f"count, the ledger ends {ledger.ends}.",
        until,
    )


def _told_together(ledger: Ledger, sales: Sequence[Sequence[Disposition]]) -> Problem:
    rows = [row for sale in sales for row in sale]
    until = max(map(window_ends, rows))
    return _problem(
        ledger,
        rows[0],
        f"losses of {_loss(rows)} on {len(sales)} sales may still be disallowed: purchases up to {until} count, the "
        f"ledger ends {ledger.ends}.",
        until,
    )


def _problem(ledger: Ledger, row: Disposition, message: str, until: date) -> Problem:
    return Problem(
        Severity.WARNING,
        ledger.sheet,
        row.row,
        "Date",
        message,
        f"Add the trades of every account up to {until}, then set Ledger Through = {until}.",
        code="WASH_WINDOW_OPEN",
        blocks_filing=True,
    )
