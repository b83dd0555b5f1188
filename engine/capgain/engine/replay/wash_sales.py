"""Losses that a purchase replaces: disallowed, moved into the replacement (26 USC 1091; Treas. Reg. 1.1091-1, -2)."""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from operator import attrgetter
from types import MappingProxyType
from typing import Final

from capgain.engine.atoms import CENT_ATOMS
from capgain.engine.holding_period import first_long_ordinal
from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.lots import Lot
from capgain.engine.replay.short_washes import look_back_at_shorts
from capgain.engine.replay.state import State
from capgain.engine.replay.wash_book import Group, Loss, WashBook
from capgain.engine.replay.wash_refusals import WINDOW, WINDOW_DAYS, reach, refuses
from capgain.engine.replay.wash_trial import ROWS_TO_TRY, leaves_recent_purchases, spoken_for
from capgain.engine.transactions import Transaction

_key: Final = attrgetter("key")
_order: Final = attrgetter("order")
_day: Final = lru_cache(maxsize=1 << 15)(date.fromordinal)
_LAST: Final = 2**40
PARTS_KEPT_APART: Final = 8
"""How many losses one purchase may replace before its replacement shares join where their term can never differ."""

NOTHING_SPOKEN_FOR: Mapping[int, int] = MappingProxyType({})


def purchased(state: State, group: Group | None, lot: Lot, day: date, entry: Transaction) -> None:
    """A purchase takes up the losses of the last 30 days that nothing has replaced, earliest sale first (R-WASH-4).

    Lots bought before a loss of the same day and still held at its end replace it first (R-WASH-5): with no disposal
    to come that could reach them the look-back is made at once, else the purchase is offered what they will leave.
    """
    if group is None:
        return
    if group.pending:
        _forget_old_losses(group, day)
        _offer(state, lot, group.pending)
    if group.today:
        group.today.sort(key=_order)
        _forget_old_purchases(group, day)
        rest = _rest_to_try(state, group, day, lot.number, entry)
        if rest:
            _offer(state, lot, group.today, spoken_for(state, group, rest))
        else:
            look_back(state, group, day)
            _offer(state, lot, group.pending)
    if lot.units and not lot.replaces:
        recent = group.recent
        if recent and recent[-1].key > lot.key:
            insort(recent, lot, key=_key)
        else:
            recent.append(lot)


def _rest_to_try(state: State, group: Group, day: date, place: int, entry: Transaction) -> list[Transaction]:
    """The rows of the day that may yet dispose of purchases of the last 30 days; none where they plainly will not."""
    rest_of_day = state.wash.rest_of_day
    if group.settled_day == day or not rest_of_day.has_disposal_after(place, entry):
        return []
    rest = rest_of_day.after(place, entry)
    if len(rest) > ROWS_TO_TRY or leaves_recent_purchases(state, group, rest):
        group.settled_day = day
        return []
    return rest


def stands_for(group: Group, lot: Lot, moved: Lot) -> None:
    """Units moved out of a recent purchase are as much a purchase as what is left of it."""
    for place in range(len(group.recent) - 1, -1, -1):
        if group.recent[place] is lot:
            group.recent.insert(place + 1, moved)
            return


def end_of_day(state: State, day: date) -> None:
    """The look-back for the day's losses, after its last disposal."""
    wash = state.wash
    for group in wash.active.values():
        if group.today:
            look_back(state, group, day)
        if group.closed_today:
            look_back_at_shorts(state, group)
    wash.active.clear()
    if len(wash.replaced) > wash.replaced_room and not state.holdings.shorts:
        _forget_parts(wash, day)


def _forget_parts(wash: WashBook, day: date) -> None:
    """Purchases that no loss can reach any more need not know their parts; looked through as their number doubles."""
    oldest = day - WINDOW - WINDOW
    wash.replaced = {place: parts for place, parts in wash.replaced.items() if parts[0].acquired >= oldest}
    wash.replaced_room = 2 * len(wash.replaced) + 1024


def look_back(state: State, group: Group, day: date) -> None:
    """Match the day's losses with lots bought in the 30 days before and still held, earliest acquired first.

    The lot sold never replaces itself (Rev. Rul. 56-602); what nothing replaces waits for the next 30 days.
    """
    if len(group.today) > 1:
        group.today.sort(key=_order)
    _forget_old_purchases(group, day)
    for loss in group.today:
        _look_back_for(state, group, loss)
        if loss.left:
            group.pending.append(loss)
    group.today.clear()


def _look_back_for(state: State, group: Group, loss: Loss) -> None:
    recent = group.recent
    place = 0
    while loss.left and place < len(recent):
        lot = recent[place]
        if not lot.units or lot.replaces:
            del recent[place]
        elif refuses(state.policy, loss, lot):
            place += 1
        else:
            _replace(state, loss, lot, loss.left)
            if not lot.units:
                del recent[place]


def _offer(state: State, lot: Lot, losses: list[Loss], spoken_for: Mapping[int, int] = NOTHING_SPOKEN_FOR) -> None:
    """Let a purchase replace losses in order, but for the units that other lots will replace; drop those replaced."""
    place = 0
    while place < len(losses) and lot.units and not lot.replaces:
        loss = losses[place]
        free = loss.left - spoken_for.get(loss.index, 0)
        if free and not refuses(state.policy, loss, lot):
            _replace(state, loss, lot, free)
        if loss.left:
            place += 1
        else:
            del losses[place]


def _replace(state: State, loss: Loss, lot: Lot, wanted: int) -> None:
    """Disallow the part of a loss that a lot replaces and move it into the lot (26 USC 1091(d), 1223(3)).

    Only the units matched are changed: they become a part of their own, used up for other losses
    (Treas. Reg. 1.1091-1(e)). In an IRA the loss is gone and basis stays (Rev. Rul. 2008-5).
    """
    held = state.holdings.at(lot.place, lot.asset)
    units, part_units = reach(state.wash, loss, lot, held.measure, lot.units, wanted)
    if not part_units or not units:
        return
    amount = loss.disallow(units)
    state.booked.disallowed[loss.index] = loss.moved
    since, moved = lot.acquired, 0
    if not held.is_ira:
        moved = amount * CENT_ATOMS
        ordinal = since.toordinal()
        if loss.held_days and ordinal > loss.held_days:
            since = _day(ordinal - loss.held_days)
        if held.pool.averaged >= 0:
            held.pool.averaged += moved
    part = _part_for(state, held, lot, part_units, since, moved)
    state.booked.wash_matches.append(
        (
            loss.index,
            loss.account,
            part.row,
            held.place,
            held.asset,
            part.acquired,
            loss.measure.asset,
            units,
            loss.measure.scale,
            amount,
            part.basis,
            part.held_since,
            held.is_ira,
            False,
        )
    )


def _part_for(state: State, held: Holding, lot: Lot, units: int, since: date, moved: int) -> Lot:
    """`units` of a purchase as replacement shares held since a day, a part of their own, with `moved` atoms of loss.

    Where a purchase has replaced many losses, shares whose term can never differ join one part, and what is disallowed
    is spread over them evenly (DECISIONS.md, W-1).
    """
    wash = state.wash
    place = (lot.key[1], held.place, held.asset)
    parts = wash.replaced.get(place)
    if parts is None:
        parts = wash.replaced[place] = []
    elif len(parts) >= PARTS_KEPT_APART:
        part = _same_part(parts, lot, since)
        if part is not None:
            part.join(lot.take(units))
            part.basis += moved
            if not held.is_ira:
                held.pool.adjusted(part)
            return part
        parts = wash.replaced[place] = [other for other in parts if other.units]
    part = lot.part(units)
    wash.parts += 1
    part.key = (lot.key[0], lot.key[1], wash.parts - _LAST)
    part.replaces = True
    part.hold_since(since)
    part.basis += moved
    if not held.is_ira:
        part.rank = -1
    if part.lot_id:
        state.holdings.named_lots[part.lot_id].append(part)
    held.pool.place(part)
    parts.append(part)
    return part


def _same_part(parts: list[Lot], lot: Lot, since: date) -> Lot | None:
    is_long = first_long_ordinal(since) <= lot.acquired.toordinal()
    for part in parts:
        if not part.units or part.key[0] != lot.key[0]:
            continue
        if part.held_since == since or (is_long and part.first_long_day() <= part.acquired.toordinal()):
            return part
    return None


def _forget_old_losses(group: Group, day: date) -> None:
    oldest = day.toordinal() - WINDOW_DAYS
    if group.pending[0].day < oldest:
        group.pending = [loss for loss in group.pending if loss.day >= oldest]


def _forget_old_purchases(group: Group, day: date) -> None:
    """Drop purchases that no loss of `day` or later can reach; an open short sale keeps its own window open."""
    still_open = [short.opened for short in group.shorts if short.units]
    oldest = min([day, *(loss.sold for loss in group.today), *still_open]) - WINDOW
    recent = group.recent
    keep = 0
    while keep < len(recent) and (recent[keep].acquired < oldest or not recent[keep].units):
        keep += 1
    if keep:
        del recent[:keep]
