"""Lots relieved for a trial, in units alone: every lot gets its units back."""

from __future__ import annotations

from capgain.engine.classes import ByRank, Order
from capgain.engine.replay.lots import Lot
from capgain.engine.replay.pools import Pool


class Trial:
    """Units taken from lots, and lots that came in, until `undo`."""

    def __init__(self) -> None:
        self._touched: dict[int, tuple[Pool, Lot, int]] = {}
        self._came_in: list[tuple[Pool, Lot]] = []
        self._reached: dict[int, int] = {}
        self._change: dict[int, int] = {}

    def held(self, pool: Pool) -> int:
        """The units of a pool as the trial leaves them."""
        return pool.units + self._change.get(id(pool), 0)

    def add(self, pool: Pool, lot: Lot) -> None:
        """A lot comes in."""
        pool.place(lot)
        self._came_in.append((pool, lot))
        self._count(pool, lot.units)

    def take(self, pool: Pool, lot: Lot, most: int) -> int:
        """Take up to `most` units of a lot, and say how many they were."""
        self._touched.setdefault(id(lot), (pool, lot, lot.units))
        units = min(lot.units, most)
        lot.units -= units
        self._count(pool, -units)
        return units

    def take_in_order(
        self, pool: Pool, order: Order | ByRank, need: int, sold: int, price: int
    ) -> list[tuple[Lot, int]]:
        """Take `need` units, of which the pool has enough, in an order; the lots and how many units each gave."""
        taken: list[tuple[Lot, int]] = []
        while need:
            lot = self._earliest(pool) if order is Order.EARLIEST else pool.next_lot(order, sold, price)
            units = self.take(pool, lot, need)
            taken.append((lot, units))
            need -= units
        return taken

    def _earliest(self, pool: Pool) -> Lot:
        """The earliest open lot, leaving the pool's own place in its order as it is."""
        place = self._reached.get(id(pool), pool.head)
        while not pool.lots[place].units:
            place += 1
        self._reached[id(pool)] = place
        return pool.lots[place]

    def _count(self, pool: Pool, units: int) -> None:
        self._change[id(pool)] = self._change.get(id(pool), 0) + units

    def undo(self) -> None:
        """Every lot is as it was."""
        for pool, lot, units in self._touched.values():
            lot.units = units
            pool.enter(lot)
        for pool, lot in reversed(self._came_in):
            lot.units = 0
            if pool.lots[-1] is lot:
                pool.lots.pop()
