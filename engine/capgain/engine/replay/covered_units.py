"""Which units of digital assets are covered: their broker reports the basis (Instructions for Form 1099-DA (2026))."""

from __future__ import annotations

from datetime import date

from capgain.engine.classes import CUSTODIANS, Reported
from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.lots import Lot
from capgain.engine.replay.state import State
from capgain.engine.transactions import Opening

FIRST_COVERED_DAY = date(2026, 1, 1)
"""The first day on which a purchase in a broker's custody makes covered units (Treas. Reg. 1.6045-1(a)(15)(i)(J))."""


def bought_in_custody(held: Holding, day: date) -> bool:
    """Whether units bought, or received for other property, are covered: after 2025, in the custody of a broker.

    "Acquired in an account for cash, stored-value cards, different digital assets, or any property or services" and
    held in that account until sold (Instructions for Form 1099-DA (2026), Covered security). Units that move lose it.
    """
    return day >= FIRST_COVERED_DAY and held.asset_class.is_digital and held.kind in CUSTODIANS


def brought_in(state: State, held: Holding, lot: Lot, entry: Opening) -> None:
    """A lot from earlier records is covered only where its row says that the broker reports its basis."""
    if not bought_in_custody(held, lot.acquired):
        return
    lot.is_covered = entry.reported is Reported.BASIS
    if entry.reported is None and held.account.reported is None:
        state.problems.warn(
            entry,
            "Reported",
            "OPENING_NOT_COVERED",
            f"the {entry.asset} acquired on {lot.acquired} are taken as not covered: nothing says that they were "
            f"bought in {held.place or '(blank)'} and never left it.",
            "Enter basis in column Reported of this row where they were, no basis where they were not.",
        )
