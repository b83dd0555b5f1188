"""Securities that became worthless: set apart on their row, sold for nothing on the last day of the year."""

from __future__ import annotations

from datetime import date

from capgain.engine.classes import AssetClass, Reported
from capgain.engine.replay.disposals import relieve
from capgain.engine.replay.form_rows import book_rows
from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.relief import Refused
from capgain.engine.replay.sale import Sale
from capgain.engine.replay.state import State
from capgain.engine.replay.stated_quantities import units_of
from capgain.engine.results.dispositions import Kind
from capgain.engine.transactions import Worthless


def worthless(state: State, entry: Worthless) -> None:
    """The units leave on the row; their loss is one of the last day of the year (26 USC 165(g)(1); Pub. 550).

    Without a quantity all units of the account are worthless, without an account those of every account. What is bought
    later under the same name has nothing to do with them.
    """
    held = state.holdings.at(entry.account, entry.asset)
    if entry.quantity or entry.account:
        _set_apart(state, held, entry, units_of(state, held, entry) if entry.quantity else held.count)
        return
    everywhere = [one for one in state.holdings.of_asset(entry.asset) if one.count > 0] or [held]
    for one in everywhere:
        _set_apart(state, one, entry, one.count)


def last_day(entry: Worthless) -> date:
    """The day on which the loss arises."""
    return date(entry.at.year, 12, 31)


def _set_apart(state: State, held: Holding, entry: Worthless, units: int) -> None:
    if held.asset_class is AssetClass.OPTION:
        state.problems.error(
            entry,
            "Type",
            "WORTHLESS_OPTION",
            f"{entry.asset} is an option: it expires, and its loss is one of that day (26 USC 1234(a)(2); Pub. 550).",
            "Use Expire on the day it expired, or a Sell of that day with Amount 0.",
        )
        raise Refused
    if not held.asset_class.is_security:
        state.problems.error(
            entry,
            "Type",
            "NOT_A_SECURITY",
            f"{entry.asset} is of class {held.asset_class.value}; 26 USC 165(g) is for securities alone.",
            "Take the row out: a price collapse is no loss until the asset is sold or abandoned (CCA 202302011).",
        )
        raise Refused
    if not units:
        state.problems.error(
            entry, "Quantity", "INSUFFICIENT_QUANTITY", f"no {entry.asset} is held.", "Add the missing purchase."
        )
        raise Refused
    state.set_apart.append((held, entry, relieve(state, held, entry, units, 0)))


def book_worthless(state: State) -> None:
    """The last day of a year has ended: what became worthless in it is sold for nothing.

    No broker files a form for worthlessness: box C or F (I or L) unless the row says otherwise.
    """
    for held, entry, taken in state.set_apart:
        reported = entry.reported or Reported.NONE
        book_rows(state, held, Sale(entry, Kind.WORTHLESS, last_day(entry), 0, reported=reported), taken)
    state.set_apart.clear()
