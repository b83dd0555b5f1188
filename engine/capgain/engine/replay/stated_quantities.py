"""A stated quantity against what is held, where a split left a fraction that no decimal ends (R-NUM-2)."""

from __future__ import annotations

from decimal import Decimal

from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.lots import Measure, Taken
from capgain.engine.replay.state import State
from capgain.engine.transactions import Disposal
from capgain.engine.units import UNITS

ROUNDED_FROM = 3
"""A broker that rounds prints at least three decimals."""


def is_all(measure: Measure, units: int, held: int) -> bool:
    """Whether units that were stated are all that is held, to the last of the 18 decimals that can be written."""
    return abs(held - units) < measure.scale


def is_rounded_up(measure: Measure, quantity: Decimal, units: int, held: int) -> bool:
    """Whether a broker rounded what is held up to the decimals of the quantity stated."""
    decimals = -int(quantity.as_tuple().exponent)
    if decimals < ROUNDED_FROM or not 0 < held < units:
        return False
    return (units - held) * int(10**decimals) < UNITS * measure.scale


def units_of(state: State, held: Holding, entry: Disposal) -> int:
    """The units that a row disposes of: all that its account holds where only rounding parts the two."""
    return units_meant(state, held, entry, entry.quantity, held.count, "Quantity")


def units_meant(state: State, held: Holding, entry: Disposal, quantity: Decimal, have: int, column: str) -> int:
    """The units of a quantity stated: all of `have` where only rounding parts the two."""
    units = held.measure.units(quantity)
    if units == have or (units < have and held.measure.scale == 1):
        return units
    if is_all(held.measure, units, have):
        return have
    if not is_rounded_up(held.measure, quantity, units, have):
        return units
    state.problems.warn(
        entry,
        column,
        "QUANTITY_ROUNDED",
        f"{quantity:f} is more than the {held.measure.text(have)} held by the broker's rounding: all are taken.",
        "Nothing is to be done if the broker rounds; else correct the quantity.",
    )
    return have


def without_dust(held: Holding, taken: list[Taken]) -> list[Taken]:
    """What was taken, without parts too small to be written and with what would be left of a lot that is too small.

    Neither a row nor an open lot shows a quantity of 0.
    """
    scale = held.measure.scale
    if scale == 1 or held.pool.averaged >= 0:
        return taken
    kept: list[Taken] = []
    for lot, units, basis in taken:
        if units < scale and lot.units:
            lot.units += units
            lot.basis += basis
            held.pool.units += units
        elif 0 < lot.units < scale:
            held.pool.units -= lot.units
            _, rest, its_basis = lot.take(lot.units)
            kept.append((lot, units + rest, basis + its_basis))
        else:
            kept.append((lot, units, basis))
    return kept
