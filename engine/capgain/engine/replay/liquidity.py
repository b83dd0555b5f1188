"""Liquidity pools, taken as trades: the legs of one order are one exchange."""

from __future__ import annotations

from datetime import date

from capgain.engine.atoms import atoms, costs_of
from capgain.engine.pool_orders import Leg, PoolOrder
from capgain.engine.replay.disposals import give_up, pay_fee_from_holdings, receive
from capgain.engine.replay.relief import Refused
from capgain.engine.replay.state import State
from capgain.engine.transactions import PoolIn, PoolOut


def into_pool(state: State, entry: PoolIn, number: int, day: date) -> None:
    """A leg is disposed of at its value; the leg that names the pool's token brings it at the value of all legs."""
    order = _order_of(state, entry)
    give_up(state, entry, day, atoms(entry.amount), costs_of(entry))
    if entry.received_asset:
        receive(state, entry, number, day, atoms(order.value))
    pay_fee_from_holdings(state, entry)


def out_of_pool(state: State, entry: PoolOut, number: int, day: date) -> None:
    """Each leg brings what came at its value; the one with the quantity disposes of the token for all of it.

    The costs of every leg are costs of that disposition (Treas. Reg. 1.1001-7(b)(2)(ii)(A)).
    """
    order = _order_of(state, entry)
    if entry.quantity:
        give_up(state, entry, day, atoms(order.value), sum(map(costs_of, order.legs)))
    receive(state, entry, number, day, atoms(entry.amount))
    pay_fee_from_holdings(state, entry)


def _order_of(state: State, entry: Leg) -> PoolOrder:
    """The order of a leg. Raises Refused for every leg of one at fault, which is told once."""
    order = state.pool_orders[entry.row]
    fault = order.fault()
    if fault is None:
        return order
    if fault.leg is entry:
        state.problems.error(entry, fault.column, "POOL_LEGS", fault.message, fault.remedy)
    raise Refused
