"""Shares of incentive stock options that are sold (26 USC 56(b)(3), 421, 422)."""

from __future__ import annotations

from datetime import date

from capgain.engine.holding_period import first_long_ordinal
from capgain.engine.replay.lots import Lot
from capgain.engine.replay.state import State
from capgain.engine.transactions import Entry


def iso_sold(state: State, entry: Entry, lot: Lot, sold: date) -> None:
    """Note by how much the basis of what is sold is greater for the minimum tax, and a sale within a year."""
    if lot.special is None or not lot.special.amt_extra:
        return
    state.booked.iso_sales.append((entry.row, lot.row, sold, lot.special.amt_extra))
    if sold.toordinal() < first_long_ordinal(lot.acquired) and lot.row in state.booked.iso_exercises:
        state.problems.warn(
            entry,
            "Date",
            "ISO_DISQUALIFYING",
            f"{lot.asset} of the incentive stock option of row {lot.row} are sold within a year of its exercise: "
            "ordinary income may be due, as on Form W-2 (26 USC 421(b), 422(a)(1)).",
            "Add that income to the lot with Add Basis.",
        )
