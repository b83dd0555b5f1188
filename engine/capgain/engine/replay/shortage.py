"""What may be wrong where more leaves an account than it holds: the order of rows, an asset's name, a short sale."""

from __future__ import annotations

from collections.abc import Iterator

from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.state import State
from capgain.engine.spellings import spelt_alike
from capgain.engine.transactions import Acquisition, Disposal


def shortage_hints(state: State, held: Holding, entry: Disposal) -> Iterator[str]:
    """Sentences for the remedy, likeliest first; none of them changes the tax by itself."""
    bottom_up = state.ledger.bottom_up
    following = [
        other
        for other in state.ledger.transactions
        if isinstance(other, Acquisition)
        and (other.account, other.asset) == (entry.account, entry.asset)
        and other.at >= entry.at
    ]
    for other in following:
        if other.at == entry.at and (other.row < entry.row if bottom_up else other.row > entry.row):
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
