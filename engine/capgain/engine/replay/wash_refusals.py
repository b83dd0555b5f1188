"""Whether and how far a purchase replaces what was sold at a loss (26 USC 1091(a); Treas. Reg. 1.1091-1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from capgain.engine.policy import Policy
from capgain.engine.replay.lots import Lot, Measure
from capgain.engine.replay.wash_book import Loss, WashBook

WINDOW_DAYS: Final = 30
"""Before or after the sale, 61 days with it, counted on trade dates: 26 USC 1091(a)."""

WINDOW: Final = timedelta(days=WINDOW_DAYS)


def refuses(policy: Policy, loss: Loss, lot: Lot) -> bool:
    """Whether a lot cannot replace a loss."""
    if lot.key[1] == loss.number:
        return True  # the lot sold is not its own replacement: Rev. Rul. 56-602
    if loss.fills and lot.key[1] in loss.fills:
        return True  # one order is one purchase, however it was filled: R-WASH-8
    if not -WINDOW_DAYS <= lot.acquired.toordinal() - loss.day <= WINDOW_DAYS:
        return True  # 26 USC 1091(a): beginning 30 days before the sale, ending 30 days after
    return not policy.wash_across_accounts and lot.place != loss.account


def reach(wash: WashBook, loss: Loss, lot: Lot, measure: Measure, free: int, wanted: int) -> tuple[int, int]:
    """The units of a loss, up to `wanted`, that `free` units of a lot replace, and the units of the lot they take.

    A contract of an option on them replaces the shares it covers; each asset is counted by its own `measure`.
    """
    if measure is loss.measure:
        units = wanted if wanted < free else free
        return units, units
    covers = wash.covers.get(lot.number, 1)
    capacity = free * covers * loss.measure.scale // measure.scale
    units = min(wanted, capacity)
    return units, free if units == capacity else units * measure.scale // (loss.measure.scale * covers)
