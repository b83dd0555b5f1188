"""Whether a purchase replaces what was sold at a loss (26 USC 1091(a); Treas. Reg. 1.1091-1)."""

from __future__ import annotations

from datetime import timedelta

from capgain.engine.replay.lots import Lot
from capgain.engine.replay.state import Books, Loss

WINDOW_DAYS = 30
"""Before or after the sale, 61 days with it, counted on trade dates: 26 USC 1091(a)."""

WINDOW = timedelta(days=WINDOW_DAYS)


def refuses(books: Books, loss: Loss, lot: Lot) -> bool:
    """Whether a lot cannot replace a loss."""
    if lot.key[1] == loss.number:
        return True  # the lot sold is not its own replacement: Rev. Rul. 56-602
    if not -WINDOW_DAYS <= lot.acquired.toordinal() - loss.day <= WINDOW_DAYS:
        return True  # 26 USC 1091(a): beginning 30 days before the sale, ending 30 days after
    return not books.policy.wash_across_accounts and lot.place != loss.account
