"""What the rest of a day will leave of earlier purchases, for the order in which purchases replace losses."""

from __future__ import annotations

from capgain.engine.atoms import atoms, costs_of
from capgain.engine.classes import Order
from capgain.engine.replay.lots import Lot
from capgain.engine.replay.pools import Pool
from capgain.engine.replay.relief import price_per_unit
from capgain.engine.replay.state import State
from capgain.engine.replay.trial import Trial
from capgain.engine.replay.wash_book import Group, Loss
from capgain.engine.replay.wash_refusals import reach, refuses
from capgain.engine.transactions import Disposal, ProtocolMove, Purchase, Transaction, Transfer

AFTER_ALL = 2**40
"""The number of a lot bought for a trial: after every row of the ledger."""

ROWS_TO_TRY = 20
"""A day with more rows of the group to come is not tried out: the look-back is made at once (DECISIONS.md, W-2)."""


def leaves_recent_purchases(state: State, group: Group, rest: list[Transaction]) -> bool:
    """Whether the rest of the day plainly reaches no purchase of the last 30 days: earliest lots first, and enough.

    Holds for the whole day once it does: what is disposed of meanwhile was counted.
    """
    needed: dict[int, tuple[Pool, int]] = {}
    for entry in rest:
        if not isinstance(entry, Disposal):
            continue
        held = state.holdings.at(entry.account, entry.asset)
        method = state.holdings.method(held, entry, entry.at.date())
        if entry.lots or method.relief.order is not Order.EARLIEST:
            return False
        pool, units = needed.get(id(held.pool), (held.pool, 0))
        needed[id(held.pool)] = pool, units + (held.measure.units(entry.quantity) or held.count)
    first = group.recent[0].key if group.recent else None
    for pool, units in needed.values():
        for lot in pool:
            if units <= 0:
                break
            if first is not None and lot.key >= first:
                return False
            units -= lot.units
    return True


def spoken_for(state: State, group: Group, rest: list[Transaction]) -> dict[int, int]:
    """The units of each of the day's losses, by its row, that lots bought before will replace at the day's end.

    The rest of the day's disposals are relieved for a trial. A share bought in the 30 days before counts only if it is
    still held after the day's sales (DECISIONS.md, A-1).
    """
    trial = Trial()
    try:
        for place, entry in enumerate(rest, AFTER_ALL):
            _try(state, trial, entry, place)
        left = {id(lot): lot.units for lot in group.recent}
    finally:
        trial.undo()
    return {loss.index: _replaced_tonight(state, group, loss, left) for loss in group.today}


def _replaced_tonight(state: State, group: Group, loss: Loss, left: dict[int, int]) -> int:
    wanted = loss.left
    for lot in group.recent:
        free = left[id(lot)]
        if not free or lot.replaces or refuses(state.policy, loss, lot):
            continue
        units, taken = reach(state.wash, loss, lot, state.holdings.measure(lot.asset), free, wanted)
        left[id(lot)] -= taken
        wanted -= units
        if not wanted:
            break
    return loss.left - wanted


def _try(state: State, trial: Trial, entry: Transaction, number: int) -> None:
    """A disposal or a purchase of the rest of the day; what moves between own accounts is held on."""
    if isinstance(entry, Purchase):
        held = state.holdings.at(entry.account, entry.asset)
        cost = atoms(entry.amount) + costs_of(entry)
        units, key = held.measure.units(entry.quantity), (entry.at, number, 0)
        trial.add(held.pool, Lot(units, cost, key, entry.at.date(), entry.asset, entry.account, 0, ""))
    elif isinstance(entry, Disposal) and not (
        isinstance(entry, Transfer) or (isinstance(entry, ProtocolMove) and entry.is_carried and entry.is_same_asset)
    ):
        held = state.holdings.at(entry.account, entry.asset)
        need = held.measure.units(entry.quantity) or held.count
        for pick in entry.lots:
            for lot in state.holdings.named_lots.get(pick.lot, ()):
                if lot.place == held.place and lot.asset == held.asset and lot.units and need:
                    need -= trial.take(held.pool, lot, need)
        if not entry.lots:
            method = state.holdings.method(held, entry, entry.at.date())
            price = price_per_unit(atoms(entry.amount) - costs_of(entry), need)
            need = min(need, trial.held(held.pool))
            trial.take_in_order(held.pool, method.relief.order, need, entry.at.toordinal(), price)
