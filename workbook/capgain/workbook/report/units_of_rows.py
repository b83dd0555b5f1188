"""The column with the units that come in or leave by a ledger row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from capgain.engine.money import ZERO
from capgain.engine.transactions import (
    Acquisition,
    Conversion,
    Disposal,
    ProtocolMove,
    RebaseIncome,
    Trade,
    Transaction,
    Transfer,
)


def types_that_trade(transactions: Iterable[Transaction]) -> Sequence[str]:
    """Types that bring another asset than they name in column Asset: those always there, and those of the ledger."""
    found = {entry.type_name for entry in transactions if isinstance(entry, Trade)}
    return sorted(found | {Trade.type_name, Conversion.type_name})


def units_coming(entry: Transaction) -> tuple[str, Decimal]:
    """The column with the units that a row brings, and how many."""
    match entry:
        case ProtocolMove() if _only_moves(entry) or not entry.received_asset:
            return "", ZERO
        case Trade():
            return "Received Quantity", entry.received_quantity
        case RebaseIncome():
            return "Received Quantity", entry.quantity
        case Acquisition():
            return "Quantity", entry.quantity
        case _:
            return "", ZERO


def units_leaving(entry: Transaction) -> tuple[str, Decimal]:
    """The column with the units that leave by a row, and how many; blank where the row says all, or moves them."""
    match entry:
        case Transfer():
            return "", ZERO
        case ProtocolMove() if _only_moves(entry):
            return "", ZERO
        case Disposal() if entry.goes_by_order and entry.quantity:
            return "Quantity", entry.quantity
        case _:
            return "", ZERO


def _only_moves(entry: ProtocolMove) -> bool:
    """Whether units of one asset move and stay what they are."""
    return entry.is_carried and entry.is_same_asset
