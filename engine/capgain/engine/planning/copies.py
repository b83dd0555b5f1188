"""Copies of a ledger with a plan in them, or cut off at a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal

from capgain.engine.classes import Method
from capgain.engine.ledger import Ledger
from capgain.engine.money import ZERO
from capgain.engine.transactions import Allocation, GlobalAllocation, Sell, Transaction


def booked_by(ledger: Ledger, day: date) -> Ledger:
    """The ledger as it stood at the end of `day`; the ledger itself where nothing comes later.

    Allocations stay whatever their date: they act at the start of 2025 (contract, section 3).
    """
    kept = tuple(
        entry
        for entry in ledger.transactions
        if isinstance(entry, Allocation | GlobalAllocation) or entry.at.date() <= day
    )
    return ledger if len(kept) == len(ledger.transactions) else replace(ledger, transactions=kept)


def with_rows(ledger: Ledger, rows: Sequence[Transaction]) -> Ledger:
    """A copy of the ledger with more rows at its end."""
    return replace(ledger, transactions=(*ledger.transactions, *rows))


def free_row(ledger: Ledger) -> int:
    """A row number that no row of the ledger has."""
    return max((entry.row for entry in ledger.transactions), default=0) + 1


def sale_at_close(
    row: int,
    day: date,
    account: str,
    asset: str,
    quantity: Decimal,
    amount: Decimal,
    *,
    method: Method | None,
    fee: Decimal = ZERO,
) -> Sell:
    """A sale that comes after everything else on its day."""
    return Sell(
        row=row,
        at=datetime.combine(day, time.max),
        account=account,
        asset=asset,
        quantity=quantity,
        amount=amount,
        fee=fee,
        method=method,
    )
