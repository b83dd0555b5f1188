"""The legs of liquidity pools by their order: what was given and received together, and what keeps it from being so.

DECISIONS.md, A-16.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from capgain.engine.ledger import Ledger
from capgain.engine.money import EXACT, ZERO
from capgain.engine.transactions import PoolIn, PoolOut

Leg = PoolIn | PoolOut


class Fault(NamedTuple):
    """What keeps legs from being one exchange: the leg, its column, what is wrong, and what to do."""

    leg: Leg
    column: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class PoolOrder:
    """The legs of one way into a pool, or of one out of it, in the order of the sheet."""

    legs: Sequence[Leg]

    @property
    def value(self) -> Decimal:
        """What all legs are worth in dollars: the basis of the pool's token, or what it was disposed of for."""
        whole = ZERO
        for leg in self.legs:
            whole = EXACT.add(whole, leg.amount)
        return whole

    @property
    def rows(self) -> str:
        """The ledger rows of the legs in words."""
        *first, last = [str(leg.row) for leg in self.legs]
        return f"rows {', '.join(first)} and {last}" if first else f"row {last}"

    def fault(self) -> Fault | None:
        """Why the legs cannot be booked as one; None where they can."""
        first = self.legs[0]
        kind = first.type_name
        strange = next((leg for leg in self.legs if leg.at.date() != first.at.date()), None)
        if strange is not None:
            return Fault(
                strange,
                "Order",
                f"the {kind} of order {first.order} has legs on {first.at.date()} (row {first.row}) and on "
                f"{strange.at.date()}.",
                "Give the legs of one transaction the same day, and each transaction an Order of its own.",
            )
        return _fault_in(self.legs) if isinstance(first, PoolIn) else _fault_out(self.legs)


def _fault_in(legs: Sequence[Leg]) -> Fault | None:
    naming = [leg for leg in legs if leg.received_asset]
    if not naming:
        return Fault(
            legs[0],
            "Received Asset",
            f"no leg of this Pool In ({PoolOrder(legs).rows}) names the pool's token.",
            "Enter the token in Received Asset and its units in Received Quantity of one leg; the legs of one "
            "transaction share an Order.",
        )
    if len(naming) > 1:
        return Fault(
            naming[1],
            "Received Asset",
            f"rows {naming[0].row} and {naming[1].row} of order {legs[0].order} both name what was received.",
            "Name the pool's token with all its units on one leg, or give each row an Order of its own.",
        )
    return None


def _fault_out(legs: Sequence[Leg]) -> Fault | None:
    strange = next((leg for leg in legs if leg.asset != legs[0].asset), None)
    if strange is not None:
        return Fault(
            strange,
            "Asset",
            f"order {strange.order} takes out of {legs[0].asset} (row {legs[0].row}) and of {strange.asset}.",
            "Name the token that was given back in Asset of every leg, and give each transaction an Order of its own.",
        )
    stating = [leg for leg in legs if leg.quantity]
    if not stating:
        return Fault(
            legs[0],
            "Quantity",
            f"no leg of this Pool Out ({PoolOrder(legs).rows}) says how many {legs[0].asset} were given back.",
            "Enter them in Quantity of one leg; the legs of one transaction share an Order.",
        )
    if len(stating) > 1:
        return Fault(
            stating[1],
            "Quantity",
            f"rows {stating[0].row} and {stating[1].row} of order {legs[0].order} both say how many {legs[0].asset} "
            "were given back.",
            "Enter all units in Quantity of one leg and leave it blank on the others, or give each row an Order of its "
            "own.",
        )
    return None


def pool_orders(ledger: Ledger) -> Mapping[int, PoolOrder]:
    """The order of every leg by its row; a leg without an Order stands alone."""
    if not ledger.has(PoolIn, PoolOut):
        return {}
    together: dict[tuple[type, str, int], list[Leg]] = {}
    for entry in ledger.transactions:
        if isinstance(entry, PoolIn | PoolOut):
            together.setdefault((type(entry), entry.order, 0 if entry.order else entry.row), []).append(entry)
    return {leg.row: order for legs in together.values() for order in (PoolOrder(legs),) for leg in legs}
