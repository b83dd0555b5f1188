"""An asset under a new name: lots, shorts, losses and orders go on (DECISIONS.md, A-24)."""

from __future__ import annotations

from capgain.engine.replay.corporate_actions import is_held, make_exact
from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.lots import Lot
from capgain.engine.replay.pools import Pool
from capgain.engine.replay.state import State
from capgain.engine.transactions import Rename


def rename(state: State, entry: Rename) -> None:
    """Nothing is disposed of and nothing acquired: units, basis, dates, ids and what is pending change their name."""
    if not is_held(state, entry):
        return
    holdings = state.holdings
    reached = [held for held in holdings.of_asset(entry.asset, entry.account) if held.count or list(held.pool)]
    if not _may_take_the_name(state, entry, reached):
        return
    make_exact(holdings, entry.asset, entry.received_asset, entry.ratio)
    for pool in {id(held.pool): held.pool for held in reached}.values():
        _move_lots(state, entry, pool)
    for held in reached:
        holdings.at(held.place, entry.received_asset).count += _in_new_units(state, entry, held.count)
        held.count = 0
    _rename_shorts(state, entry)
    for loss in list(holdings.losses_of(entry.asset)):
        if entry.account in ("", loss.account):
            loss.units = _in_new_units(state, entry, loss.units)
            loss.left = _in_new_units(state, entry, loss.left)
            loss.measure = holdings.measure(entry.received_asset)
    replaced = state.wash.replaced
    for number, place, asset in list(replaced):
        if asset == entry.asset and entry.account in ("", place):
            parts = replaced.pop((number, place, asset))
            replaced.setdefault((number, place, entry.received_asset), []).extend(parts)


def _may_take_the_name(state: State, entry: Rename, reached: list[Holding]) -> bool:
    for held in reached:
        new = state.holdings.at(held.place, entry.received_asset)
        where = held.place or "(blank)"
        if new.asset_class is not held.asset_class:
            state.problems.error(
                entry,
                "Received Asset",
                "TWO_CLASSES",
                f"{entry.asset} in account {where} is {held.asset_class.value} and {entry.received_asset} is "
                f"{new.asset_class.value}.",
                "Give both names the same class, or two names to two assets.",
            )
            return False
        if new.count:
            state.problems.warn(
                entry,
                "Received Asset",
                "RENAME_ONTO_HELD",
                f"{where} holds {new.measure.text(new.count)} {entry.received_asset} already: from now on both are one "
                "asset.",
                "Say in column Note that they are one, or correct Received Asset; for a merger of two companies use "
                "Merger.",
                blocks_filing=not entry.note,
            )
    return True


def _in_new_units(state: State, entry: Rename, units: int) -> int:
    """Units of the old name as the new one counts them; the scale is fine enough that nothing is left over."""
    old, new = state.holdings.measure(entry.asset), state.holdings.measure(entry.received_asset)
    return units * entry.ratio.numerator * new.scale // (entry.ratio.denominator * old.scale)


def _move_lots(state: State, entry: Rename, pool: Pool) -> None:
    pool.leave_average()
    moved = [lot for lot in pool if entry.account in ("", lot.place)]
    names = set(map(id, moved))
    spread = set(pool.spread)
    pool.lots = [lot for lot in pool if id(lot) not in names]
    pool.units = sum(lot.units for lot in pool.lots)
    pool.reorder()
    for lot in moved:
        _take_the_name(state, entry, lot, is_spread=(lot.key, lot.place) in spread)


def _take_the_name(state: State, entry: Rename, lot: Lot, *, is_spread: bool) -> None:
    lot.units = _in_new_units(state, entry, lot.units)
    lot.asset = entry.received_asset
    lot.rank = -1
    pool = state.holdings.at(lot.place, lot.asset).pool
    pool.leave_average()
    pool.units += lot.units
    pool.place(lot)
    if is_spread:
        pool.spread_out(lot)


def _rename_shorts(state: State, entry: Rename) -> None:
    holdings = state.holdings
    for place in list(holdings.short_places.get(entry.asset, ())):
        if entry.account not in ("", place):
            continue
        for short in (found := holdings.no_longer_owed(place, entry.asset)):
            short.units = _in_new_units(state, entry, short.units)
            short.asset = entry.received_asset
        holdings.owe(place, entry.received_asset, found)
