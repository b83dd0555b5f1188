"""What may be wrong where more leaves an account than it holds: the order of rows, an asset's name, a short sale."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter

from capgain.engine.classification import Place
from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.state import State
from capgain.engine.spellings import spelt_alike
from capgain.engine.transactions import Acquisition, Disposal


def shortage_hints(state: State, held: Holding, entry: Disposal) -> Iterator[str]:
    """Sentences for the remedy, likeliest first; none of them changes the tax by itself."""
    bottom_up = state.ledger.bottom_up
    acquired = _acquisitions(state).get((entry.account, entry.asset), [])
    following = acquired[bisect_left(acquired, entry.at, key=attrgetter("at")) :]
    for other in following:
        if other.at != entry.at:
            break
        if other.row < entry.row if bottom_up else other.row > entry.row:
            place = "below" if bottom_up else "above"
            units = held.measure.text(held.measure.units(other.quantity))
            yield f"But row {other.row} of the same moment buys {units}: give both a time, or put it {place} this one."
            break
    there = {other.asset: other for other in state.holdings.by_place.values() if other.count > 0}
    for name in spelt_alike(entry.asset, there):
        yield f"{there[name].measure.text(there[name].count)} {name} are held: is {entry.asset} the same?"
    if held.count == 0 and entry.quantity:
        for name, holding in there.items():
            if holding.place == held.place and holding.count == holding.measure.units(entry.quantity):
                yield f"If {name} was renamed {entry.asset}, add a Rename row."
                break
    if held.count == 0 and not following:
        yield "If you sold short, use Short Sell."


def _acquisitions(state: State) -> Mapping[Place, Sequence[Acquisition]]:
    """The purchases of the ledger and their like by account and asset, in order of time; found when first asked."""
    if state.acquisitions is None:
        found: defaultdict[Place, list[Acquisition]] = defaultdict(list)
        for entry in state.ledger.transactions:
            if isinstance(entry, Acquisition):
                found[entry.account, entry.asset].append(entry)
        for entries in found.values():
            entries.sort(key=attrgetter("at"))
        state.acquisitions = found
    return state.acquisitions
