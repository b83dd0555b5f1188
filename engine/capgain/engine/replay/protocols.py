"""Units that go into protocols and come back, carried over: nothing is disposed of.

That is the position which the taxpayer states; no authority decides it (Notice 2024-57; DECISIONS.md, A-16).
"""

from __future__ import annotations

from typing import assert_never

from capgain.engine.classes import Position
from capgain.engine.replay.conversions import turn_into
from capgain.engine.replay.disposals import check_count, pay_coin_fee, trade
from capgain.engine.replay.state import State
from capgain.engine.replay.stated_quantities import units_of
from capgain.engine.replay.transfers import move_within, refuse_into_or_out_of_ira, take_moving, transfer
from capgain.engine.transactions import ProtocolMove, Transfer


def through_protocol(state: State, entry: ProtocolMove, number: int) -> None:
    """A trade, a move of one asset, or lots that go on as another asset, as the row's position says."""
    match entry.position:
        case Position.TRADE:
            trade(state, entry, number, entry.at.date())
        case Position.CARRYOVER:
            if not entry.is_same_asset:
                _carry_over(state, entry)
            elif entry.arrives_in == entry.account:
                move_within(state, _as_transfer(entry))
            else:
                transfer(state, _as_transfer(entry))
        case _:
            assert_never(entry.position)


def _as_transfer(entry: ProtocolMove) -> Transfer:
    """One asset that moves, with its fee in units that do not arrive."""
    return Transfer(
        row=entry.row,
        at=entry.at,
        account=entry.account,
        asset=entry.asset,
        id=entry.id,
        note=entry.note,
        asset_class=entry.asset_class,
        quantity=entry.quantity,
        fee=entry.fee,
        coin_fee=entry.coin_fee,
        lots=entry.lots,
        identified=entry.identified,
        method=entry.method,
        method_with_broker=entry.method_with_broker,
        to_account=entry.arrives_in,
        received_quantity=entry.received_quantity,
        fee_price=entry.fee_price,
    )


def _carry_over(state: State, entry: ProtocolMove) -> None:
    """Each lot goes on as its share of the units received, with its basis, dates and id; covered no longer."""
    sender = state.holdings.at(entry.account, entry.asset)
    receiver = state.holdings.at(entry.arrives_in, entry.received_asset)
    refuse_into_or_out_of_ira(state, entry, sender, receiver)
    units = units_of(state, sender, entry)
    check_count(state, sender, entry, units, "Quantity")
    taken = take_moving(state, sender, entry, units, 0)
    for lot in turn_into(state, sender, receiver, taken, entry.received_quantity):
        lot.is_covered = False
    if entry.coin_fee is not None:
        pay_coin_fee(state, entry, entry.coin_fee)
