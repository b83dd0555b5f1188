"""One order filled in several parts: its shares share their cost (Treas. Reg. 1.1012-1(c)(1)(ii))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from capgain.engine.classes import AssetClass
from capgain.engine.classification import Place
from capgain.engine.replay.atoms import atoms, costs_of
from capgain.engine.results import UNITS
from capgain.engine.transactions import Buy, Transaction


def averaged_costs(transactions: tuple[Transaction, ...], classes: Mapping[Place, AssetClass]) -> dict[int, int]:
    """The cost in atoms of each Buy that filled part of an order, by its row.

    Fills of one order in one account on one day are averaged, for stock only; digital assets have no such rule
    (T.D. 10000 preamble II.C.1.b).
    """
    fills: dict[tuple[str, str, str, int], list[Buy]] = defaultdict(list)
    for entry in transactions:
        if isinstance(entry, Buy) and entry.order and not classes[(entry.account, entry.asset)].is_digital:
            fills[(entry.account, entry.asset, entry.order, entry.at.toordinal())].append(entry)
    costs: dict[int, int] = {}
    for parts in fills.values():
        if len(parts) < 2:
            continue
        cost = sum(_cost(entry) for entry in parts)
        units = sum(_units(entry) for entry in parts)
        for entry in parts:
            own = _units(entry)
            costs[entry.row] = cost * own // units
            cost -= costs[entry.row]
            units -= own
    return costs


def _cost(entry: Buy) -> int:
    return atoms(entry.amount) + costs_of(entry)


def _units(entry: Buy) -> int:
    return int(entry.quantity * UNITS)
