"""Conversions: no sale within one fund or corporation, a trade of digital assets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from capgain.engine.classes import AssetClass
from capgain.engine.money import dollars
from capgain.engine.replay.disposals import relieve, trade
from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.lots import Lot, Taken
from capgain.engine.replay.relief import Refused
from capgain.engine.replay.state import State
from capgain.engine.replay.stated_quantities import units_of
from capgain.engine.replay.wash_sales import stands_for
from capgain.engine.transactions import Conversion

_WITHIN_ONE = frozenset({AssetClass.STOCK, AssetClass.FUND, AssetClass.BOND})


def convert(state: State, entry: Conversion, number: int, day: date) -> None:
    """Share class for share class of one fund or corporation: lots keep basis and dates (26 USC 1036(a), 368(a)(1)(E)).

    It is no acquisition for the wash-sale rules. Of any other class it is a trade.
    """
    held = state.holdings.at(entry.account, entry.asset)
    if held.asset_class not in _WITHIN_ONE:
        _need_its_value(state, entry)
        trade(state, entry, number, day)
        return
    received = state.holdings.at(entry.account, entry.received_asset)
    taken = relieve(state, held, entry, units_of(state, held, entry), 0)
    _warn_of_amount(state, entry)
    turn_into(state, held, received, taken, entry.received_quantity)


def turn_into(
    state: State, held: Holding, received: Holding, taken: list[Taken], received_quantity: Decimal
) -> list[Lot]:
    """Lots taken out of `held` go on in `received`, each as its share of the units there; they are returned.

    A purchase of the last weeks stays one for the wash-sale rules where both are of one group.
    """
    left = sum(units for _, units, _ in taken)
    arriving = received.measure.units(received_quantity)
    arrived: list[Lot] = []
    of_nothing = 0
    for lot, units, basis in taken:
        part = arriving * units // left
        arriving -= part
        left -= units
        if not part and left:
            of_nothing += basis
            continue
        new = lot.like(part, basis + of_nothing, received.place)
        of_nothing = 0
        new.asset = received.asset
        state.holdings.add(received, new)
        if held.washes is not None and held.washes is received.washes and not new.replaces:
            stands_for(held.washes, lot, new)
        arrived.append(new)
    return arrived


def _need_its_value(state: State, entry: Conversion) -> None:
    if entry.is_valued:
        return
    state.problems.error(
        entry,
        "Amount",
        "MISSING_VALUE",
        f"a conversion of {entry.asset} is a sale at the value of what was received, which is not given.",
        "Enter the dollars in Amount; for shares of one fund or corporation give the asset its class, stock or fund.",
    )
    raise Refused


def _warn_of_amount(state: State, entry: Conversion) -> None:
    if entry.amount:
        state.problems.warn(
            entry,
            "Amount",
            "CONVERSION_AMOUNT",
            f"{dollars(entry.amount)} is not used: a conversion within one fund is no sale.",
            "If you moved into another fund, enter Trade; if not, say so in column Note or leave Amount blank.",
            blocks_filing=not entry.note,
        )
