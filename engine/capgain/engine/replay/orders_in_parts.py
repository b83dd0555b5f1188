"""One order filled in several parts: its shares share their cost (Treas. Reg. 1.1012-1(c)(1)(ii))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from capgain.engine.atoms import atoms, costs_of
from capgain.engine.classes import AssetClass
from capgain.engine.classification import Place
from capgain.engine.ledger import Ledger
from capgain.engine.transactions import Buy, Transaction
from capgain.engine.units import UNITS


def averaged_costs(fills: Sequence[Sequence[Buy]]) -> dict[int, int]:
    """The cost in atoms of each Buy that filled part of an order, by its row.

    Fills of one order in one account on one day are averaged, for stock only; digital assets have no such rule
    (T.D. 10000 preamble II.C.1.b).
    """
    costs: dict[int, int] = {}
    for parts in fills:
        cost = sum(_cost(entry) for entry in parts)
        units = sum(_units(entry) for entry in parts)
        for entry in parts:
            own = _units(entry)
            costs[entry.row] = cost * own // units
            cost -= costs[entry.row]
            units -= own
    return costs


def fills_of_orders(transactions: tuple[Transaction, ...], classes: Mapping[Place, AssetClass]) -> list[list[Buy]]:
    """The Buys of each order that was filled in more than one part."""
    fills: dict[tuple[str, str, str, int], list[Buy]] = defaultdict(list)
    for entry in transactions:
        if isinstance(entry, Buy) and entry.order and not classes[(entry.account, entry.asset)].is_digital:
            fills[(entry.account, entry.asset, entry.order, entry.at.toordinal())].append(entry)
    return [parts for parts in fills.values() if len(parts) > 1]


def purchases_of_one_order(
    ledger: Ledger, order: Sequence[int], fills: Sequence[Sequence[Buy]]
) -> Mapping[int, Collection[int]]:
    """By the place of each such fill in the order of time, the places of all fills of its order.

    They are one purchase: none of them replaces what was bought by another (Rev. Rul. 56-602; R-WASH-8).
    """
    if not fills:
        return {}
    number = {ledger.transactions[place].row: place_in_time for place_in_time, place in enumerate(order)}
    found: dict[int, Collection[int]] = {}
    for parts in fills:
        numbers = frozenset(number[entry.row] for entry in parts)
        found.update(dict.fromkeys(numbers, numbers))
    return found


def _cost(entry: Buy) -> int:
    return atoms(entry.amount) + costs_of(entry)


def _units(entry: Buy) -> int:
    return int(entry.quantity * UNITS)
