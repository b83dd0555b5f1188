"""Whether a purchase replaces what was sold at a loss (26 USC 1091(a); Treas. Reg. 1.1091-1)."""

from __future__ import annotations

from datetime import timedelta

from capgain.engine.replay.books import Books, Loss
from capgain.engine.replay.lots import Lot

WINDOW = timedelta(days=30)
"""Before or after the sale, 61 days with it, counted on trade dates: 26 USC 1091(a)."""


def refuses(books: Books, loss: Loss, lot: Lot) -> bool:
    """Whether a lot cannot replace a loss."""
    if lot.number == loss.number:
        return True  # the lot sold is not its own replacement: Rev. Rul. 56-602
    if not loss.sold - WINDOW <= lot.acquired <= loss.sold + WINDOW:
        return True  # 26 USC 1091(a): beginning 30 days before the sale, ending 30 days after
    return not books.policy.wash_across_accounts and lot.place != loss.account
