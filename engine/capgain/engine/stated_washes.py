"""Losses that a broker or the taxpayer says a wash sale disallows: some purchase has to carry them (26 USC 1091(d))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from capgain.engine.identical_assets import identical_groups
from capgain.engine.ledger import Ledger
from capgain.engine.money import dollars
from capgain.engine.problems import Problem, Severity
from capgain.engine.replay.wash_refusals import WINDOW
from capgain.engine.results.dispositions import Disposition
from capgain.engine.transactions import Acquisition, Disposal, Opening
from capgain.engine.units import to_units

"""Before the sale and after it (26 USC 1091(a))."""


def stated_washes_not_carried(ledger: Ledger, dispositions: Iterable[Disposition]) -> Iterator[Problem]:
    """Sales with a stated code W whose loss no other purchase of the ledger can have taken over.

    Nothing is added to such a row, and to no lot either: a replacement that is not entered with the loss in its basis
    would lose it. A Note on the sale says where it is.
    """
    stated = [
        entry
        for entry in ledger.transactions
        if isinstance(entry, Disposal) and "W" in entry.code and (entry.adjustment or 0) > 0 and not entry.note
    ]
    if not stated:
        return
    taken: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for row in dispositions:
        taken[row.row][row.lot_row] = taken[row.row].get(row.lot_row, 0) + row.units
    groups = identical_groups(ledger)
    for entry in stated:
        day, group = entry.at.date(), groups.get(entry.asset, entry.asset)
        others = (
            one
            for one in ledger.transactions
            if isinstance(one, Acquisition)
            and groups.get(one.asset, one.asset) == group
            and (bought := _acquired(one)) is not None
            and abs(bought - day) <= WINDOW
            and to_units(one.quantity) > taken[entry.row].get(one.row, 0)
        )
        if next(others, None) is None:
            yield _not_carried(ledger, entry, entry.adjustment or Decimal(0))


def _acquired(entry: Acquisition) -> date | None:
    if isinstance(entry, Opening):
        return entry.acquired if isinstance(entry.acquired, date) else None
    return entry.at.date()


def _not_carried(ledger: Ledger, entry: Disposal, amount: Decimal) -> Problem:
    return Problem(
        Severity.WARNING,
        ledger.sheet,
        entry.row,
        "Adjustment",
        f"code W disallows {dollars(amount)} of the loss, and no other purchase of {entry.asset} within 30 days of the "
        "sale is in the ledger to carry it.",
        f"The replacement purchase's basis was raised by {dollars(amount)}: enter it with that basis, or say in Note "
        "which row has it.",
        code="STATED_WASH",
        year=entry.at.year,
        blocks_filing=True,
    )
