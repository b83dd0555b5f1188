"""When an allocation of unused basis must have been recorded (Rev. Proc. 2024-28 section 5.02(4), (5))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from capgain.engine.replay.state import State
from capgain.engine.transactions import Allocation, Disposal, GlobalAllocation, ProtocolMove, Transfer

DUE = datetime(2026, 4, 15)
"""The due date of the return for 2025."""

DUE_WITH_EXTENSION = datetime(2026, 10, 15)


def check_time_of_specific(state: State, asset: str, rows: Sequence[Allocation]) -> None:
    """Before the earlier of the first sale, disposition or gift of the asset and the due date of the 2025 return."""
    first = _first_disposal(state, asset)
    for row in rows:
        if _is_late(state, row, asset, min(first, DUE), min(first, DUE_WITH_EXTENSION)):
            return


def check_time_of_global(state: State, asset: str, row: GlobalAllocation) -> None:
    """Before the later of the two."""
    first = _first_disposal(state, asset)
    if first == datetime.max:
        first = datetime.min
    _is_late(state, row, asset, max(first, DUE), max(first, DUE_WITH_EXTENSION))


def _first_disposal(state: State, asset: str) -> datetime:
    """The first sale, disposition or gift from the switch on; moves between own wallets end no time (section 3.11)."""
    start = state.ledger.settings.wallet_basis_from
    return min(
        (
            entry.at
            for entry in state.ledger.transactions
            if isinstance(entry, Disposal)
            and entry.asset == asset
            and entry.at.date() >= start
            and not _moves_all(entry)
        ),
        default=datetime.max,
    )


def _moves_all(entry: Disposal) -> bool:
    """Whether every unit stays the taxpayer's."""
    if isinstance(entry, ProtocolMove):
        return entry.is_carried and (not entry.is_same_asset or entry.received_quantity == entry.quantity)
    return isinstance(entry, Transfer) and entry.arrived == entry.quantity


def _recorded(state: State, row: Allocation | GlobalAllocation) -> datetime | None:
    """The moment of the record: Identified, else Date where it lies after the switch; None: taken as in time."""
    if row.identified is not None:
        return row.identified.at
    return row.at if row.at.date() > state.ledger.settings.wallet_basis_from else None


def _is_late(
    state: State, row: Allocation | GlobalAllocation, asset: str, bound: datetime, with_extension: datetime
) -> bool:
    """Say that a record came at or after its bound, or before it only with an extension of the return."""
    made = _recorded(state, row)
    if made is None or made < bound:
        return False
    column = "Identified" if row.identified is not None else "Date"
    if made >= with_extension:
        state.problems.warn(
            row,
            column,
            "ALLOCATION_LATE",
            f"the allocation of {asset} was recorded on {made.date()}, but the safe harbor needed it before "
            f"{with_extension.date()} (Rev. Proc. 2024-28 section 5.02(4), (5)).",
            "Enter the moment of the record in Identified if it is older; else settle with your adviser how units are "
            "allocated.",
            blocks_filing=True,
        )
        return True
    state.problems.warn(
        row,
        column,
        "ALLOCATION_NEEDS_EXTENSION",
        f"the allocation of {asset} was recorded on {made.date()}, after {DUE.date()}: it is in time only if the 2025 "
        f"return was extended to {DUE_WITH_EXTENSION.date()}.",
        "Make sure that an extension was filed; else settle with your adviser how units are allocated.",
    )
    return True
