"""Nonbusiness bad debts: short-term losses whenever they were lent (26 USC 166(d)(1); Pub. 550)."""

from __future__ import annotations

from datetime import date

from capgain.engine.atoms import atoms
from capgain.engine.classes import Reported, Term
from capgain.engine.money import dollars
from capgain.engine.replay.disposals import relieve
from capgain.engine.replay.form_rows import book_rows
from capgain.engine.replay.lots import Lot, Taken
from capgain.engine.replay.relief import Refused
from capgain.engine.replay.sale import Sale
from capgain.engine.replay.state import State
from capgain.engine.replay.stated_quantities import units_of
from capgain.engine.results.dispositions import Kind
from capgain.engine.transactions import BadDebt
from capgain.engine.units import UNITS


def bad_debt(state: State, entry: BadDebt, day: date) -> None:
    """The whole basis is lost on the day the debt became worthless: Part I, box C, nothing in (d)."""
    if entry.amount:
        state.problems.error(
            entry,
            "Amount",
            "BAD_DEBT_PARTLY",
            f"{dollars(entry.amount)} of {entry.asset} came back: a nonbusiness bad debt must be totally worthless (26 "
            "USC 166(d)(1)).",
            "Leave Amount blank; lower Basis by what was repaid, and enter the row when nothing more will come.",
        )
        raise Refused
    held = state.holdings.at(entry.account, entry.asset)
    if entry.basis is None:
        taken = _lots(state, entry)
    else:
        lent = Lot(0, 0, (entry.at, 0, 0), entry.acquired or day, held.asset, held.place, entry.row, entry.id)
        taken = [(lent, UNITS * held.measure.scale, atoms(entry.basis))]
    book_rows(
        state, held, Sale(entry, Kind.BAD_DEBT, day, 0, reported=Reported.NONE, term=Term.SHORT, may_wash=False), taken
    )
    state.problems.warn(
        entry,
        "Type",
        "BAD_DEBT_STATEMENT",
        f"the loss on {entry.asset} needs a statement: the debt, its amount and due date; your relationship with the "
        "debtor; what you did to collect it; why it is worthless (Pub. 550, How to report bad debts).",
        "Attach the statement to the return.",
    )


def _lots(state: State, entry: BadDebt) -> list[Taken]:
    held = state.holdings.at(entry.account, entry.asset)
    units = units_of(state, held, entry) if entry.quantity else held.count
    if not units:
        state.problems.error(
            entry,
            "Basis",
            "MISSING_VALUE",
            f"nothing says what was lent as {entry.asset}: Basis is blank and no lot of it is held.",
            "Enter in Basis what was lent and not repaid.",
        )
        raise Refused
    return relieve(state, held, entry, units, 0)
