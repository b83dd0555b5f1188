"""What the ledger's writer worked out of a row, a gain, a basis or a day of purchase, held against the engine's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import assert_never

from capgain.engine.forms.printed_words import VARIOUS
from capgain.engine.ledger import Ledger, StatedGain, StatedLot
from capgain.engine.money import CENT
from capgain.engine.problems import Problem, Severity
from capgain.engine.results.dispositions import Disposition

_DIFFERENT = "Find out which is right: another lot, a fee, a missing row. If the ledger is, say so in Note."


def results_compared(ledger: Ledger, dispositions: Iterable[Disposition]) -> Iterator[Problem]:
    """Figures of rows that their writer has otherwise than the engine, by more than a cent or a day.

    A gain may be meant before or after a disallowed loss, a basis as printed or as it is. A Note on the row settles
    the difference.
    """
    if not ledger.stated_gains:
        return
    ours: defaultdict[int, list[Disposition]] = defaultdict(list)
    for disposition in dispositions:
        ours[disposition.row].append(disposition)
    noted = {entry.row for entry in ledger.transactions if entry.note}
    for stated in ledger.stated_gains:
        found = ours.get(stated.row)
        apart = _apart(stated, found) if found else None
        if apart is not None:
            column, message, code = apart
            yield Problem(
                Severity.WARNING,
                ledger.sheet,
                stated.row,
                column,
                message,
                _DIFFERENT,
                code,
                blocks_filing=stated.row not in noted,
            )


def _apart(stated: StatedGain | StatedLot, ours: Sequence[Disposition]) -> tuple[str, str, str] | None:
    """Column, message and code of a difference; None where there is none."""
    match stated:
        case StatedGain():
            gains = sum(row.gain for row in ours), sum(row.proceeds - row.basis for row in ours)
            if not _differ(stated.gain, gains):
                return None
            said = f"{stated.column} says {stated.gain:,.2f}; the ledger gives {gains[0]:,.2f}."
            return stated.column, said, "GAIN_DIFFERS"
        case StatedLot(basis=None):
            days = {day for row in ours for day in (row.acquired, row.held_since)}
            is_one = len({row.acquired for row in ours}) == 1 and stated.acquired in days
            if is_one or any(row.acquired_text == VARIOUS for row in ours):
                return None
            of = " and ".join(sorted({row.acquired.isoformat() for row in ours}))
            return "Acquired", f"Acquired says {stated.acquired}; what was sold is of {of}.", "ACQUIRED_DIFFERS"
        case StatedLot():
            bases = sum(row.correct_basis for row in ours), sum(row.basis for row in ours)
            if stated.basis is None or not _differ(stated.basis, bases):
                return None
            return "Basis", f"Basis says {stated.basis:,.2f}; the ledger gives {bases[0]:,.2f}.", "BASIS_DIFFERS"
        case _:
            assert_never(stated)


def _differ(stated: Decimal, ours: Iterable[Decimal | int]) -> bool:
    return all(abs(stated - one) > CENT for one in ours)
