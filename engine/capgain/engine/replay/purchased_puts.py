"""A put that is bought is a short sale of what it is on (26 USC 1233(b), (c); Pub. 550, Put option as short sale).

Shares held a year or less when it is bought, or bought while it is held, are held anew from its end, and a gain on it
is short-term. Shares held longer are not touched, and section 1233(d) does not speak of puts.
"""

from __future__ import annotations

from datetime import date

from capgain.engine.classes import AssetClass, Right
from capgain.engine.holding_period import long_term_from
from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.lots import NEVER, Lot, Put, Special, Taken
from capgain.engine.replay.state import State
from capgain.engine.transactions import Buy
from capgain.engine.units import UNITS

_UNDERLYING = frozenset({AssetClass.STOCK, AssetClass.FUND, AssetClass.TOKENIZED})


def option_bought(state: State, held: Holding, lot: Lot, entry: Buy, day: date) -> None:
    """An option on shares is bought: if it is a put, or may be one, the shares it is on are looked at."""
    if held.is_ira or entry.right is Right.CALL or not entry.underlying:
        return
    shares = entry.underlying_units * entry.quantity
    put = Put(entry, int(shares * UNITS), is_known=entry.right is Right.PUT, is_married=entry.is_married)
    lot.special = Special(day)
    lot.special.put = put
    if entry.is_married:
        return
    state.puts.append(put)
    _cover(state, put, day)


def shares_bought(state: State, held: Holding, day: date) -> None:
    """Shares acquired while a put on them is held are held only from its end."""
    for put in state.puts:
        if put.left and held.asset in _names(state, put.entry.underlying):
            _cover(state, put, day)


def put_ended(state: State, taken: list[Taken], day: date) -> None:
    """Contracts were sold, exercised or lapsed: the shares they covered are held anew from this day."""
    for lot, units, _ in taken:
        put = lot.special.put if lot.special is not None else None
        if put is None or put.is_married:
            continue
        contracts = state.holdings.measure(put.entry.asset)
        ended = int(put.entry.underlying_units * units) // contracts.scale
        put.left -= min(ended, put.left)
        _restart(state, put, ended, day)
    state.puts = [put for put in state.puts if put.left]
    for put in state.puts:
        _cover(state, put, day)


def lapse_of_married(state: State, taken: list[Taken]) -> list[Taken]:
    """The cost of a married put that lapses joins the basis of its shares, and it has no row (26 USC 1233(c)).

    Returns what was taken of other options.
    """
    others: list[Taken] = []
    for lot, units, basis in taken:
        put = lot.special.put if lot.special is not None else None
        shares = _bought_with(state, put) if put is not None and put.is_married else []
        whole = sum(share.units for share in shares)
        if not whole:
            others.append((lot, units, basis))
            continue
        for share in shares:
            part = basis * share.units // whole
            basis -= part
            whole -= share.units
            share.basis += part
            state.holdings.at(share.place, share.asset).pool.adjusted(share)
    return others


def _names(state: State, underlying: str) -> frozenset[str]:
    """The assets that are substantially identical with what an option is on."""
    groups = state.wash.identical
    group = groups.get(underlying)
    return frozenset([underlying, *(asset for asset, other in groups.items() if group is not None and other == group)])


def _lots_on(state: State, put: Put) -> list[Lot]:
    """The shares of taxpayer and spouse, none in an IRA, in order of acquisition."""
    names = _names(state, put.entry.underlying)
    pools = {
        id(held.pool): held.pool
        for held in state.holdings.by_place.values()
        if held.asset in names and not held.is_ira and held.asset_class in _UNDERLYING
    }
    return sorted((lot for pool in pools.values() for lot in pool), key=lambda lot: lot.key)


def _cover(state: State, put: Put, day: date) -> None:
    """Mark the earliest shares held a year or less, as many as the put is on: short-term until it ends."""
    left = put.left
    for lot in _lots_on(state, put):
        if not left:
            return
        if lot.stated_term is not None or (lot.long_from != NEVER and long_term_from(lot.held_since) <= day):
            continue
        held = state.holdings.at(lot.place, lot.asset)
        units = left * held.measure.scale
        if not put.is_known:
            _ask(state, put)
            return
        put.touches_shares = True
        covered = lot
        if lot.units > units:
            if lot.long_from == NEVER:
                return
            covered = state.holdings.part(held, lot, units)
            held.pool.place(covered)
        covered.long_from = NEVER
        held.pool.adjusted(covered)
        left -= covered.units // held.measure.scale


def _restart(state: State, put: Put, shares: int, day: date) -> None:
    for lot in _lots_on(state, put):
        if not shares:
            return
        if lot.long_from != NEVER or lot.stated_term is not None:
            continue
        held = state.holdings.at(lot.place, lot.asset)
        restarted = lot
        if lot.units > shares * held.measure.scale:
            restarted = state.holdings.part(held, lot, shares * held.measure.scale)
            held.pool.place(restarted)
        restarted.hold_since(day)
        held.pool.adjusted(restarted)
        shares -= restarted.units // held.measure.scale


def _bought_with(state: State, put: Put | None) -> list[Lot]:
    """The shares bought on the day of a married put, as many as it is on."""
    if put is None:
        return []
    day, left = put.entry.at.date(), put.shares
    found: list[Lot] = []
    for lot in _lots_on(state, put):
        held = state.holdings.at(lot.place, lot.asset)
        units = left * held.measure.scale
        if not units:
            break
        if lot.acquired != day:
            continue
        if lot.units > units:
            part = state.holdings.part(held, lot, units)
            held.pool.place(part)
            found.append(part)
            break
        found.append(lot)
        left -= lot.units // held.measure.scale
    return found


def _ask(state: State, put: Put) -> None:
    """Say once that it matters whether an option is a put."""
    if put.is_asked:
        return
    put.is_asked = True
    state.problems.warn(
        put.entry,
        "Underlying",
        "PUT_OR_CALL",
        f"nothing says whether {put.entry.asset} is a put or a call: a put starts the holding period of "
        f"{put.entry.underlying} held a year or less anew (26 USC 1233(b)); taken as a call.",
        f"Write put or call in Underlying, such as {put.entry.underlying} x100 put.",
        blocks_filing=True,
    )
