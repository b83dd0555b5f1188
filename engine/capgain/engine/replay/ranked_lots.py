"""The open lots of a pool in an order that is not that of acquisition, the next one always at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from heapq import heapify, heappop, heappush

from capgain.engine.replay.lots import Key, Lot

Ranked = tuple[int, Key, Lot]
"""A lot with the rank it had when it was entered; one that says the truth no longer is dropped as it comes up."""


class RankedLots:
    """Lots by a rank of their own, such as the highest basis per unit first."""

    __slots__ = ("_heap", "_rank")

    def __init__(self, rank: Callable[[datetime, int], int], lots: Iterable[Lot]) -> None:
        self._rank = rank
        self._heap: list[Ranked] = [(rank(lot.key[0], lot.basis_per_unit()), lot.key, lot) for lot in lots]
        heapify(self._heap)

    def enter(self, lot: Lot) -> None:
        key = lot.key
        heappush(self._heap, (self._rank(key[0], lot.basis_per_unit()), key, lot))

    def first(self, sold: int, price: int) -> Lot:
        """The open lot of the lowest rank. Raises IndexError where none is open."""
        heap, rank_of = self._heap, self._rank
        while True:
            rank, key, lot = heap[0]
            if lot.units and rank == rank_of(key[0], lot.rank if lot.rank >= 0 else lot.basis_per_unit()):
                return lot
            heappop(heap)


class LeastTax:
    """Short-term losses, long-term losses, no result, long-term gains, short-term gains (rules, R-LOT-6).

    Within each the dearest lot comes first: the largest loss, the smallest gain. `_turning` are lots by the day from
    which a sale is long-term.
    """

    __slots__ = ("_long", "_short", "_turning")

    def __init__(self, lots: Iterable[Lot]) -> None:
        open_lots = list(lots)
        self._short: list[Ranked] = [(-lot.basis_per_unit(), lot.key, lot) for lot in open_lots]
        self._long: list[Ranked] = []
        self._turning: list[Ranked] = [(lot.first_long_day(), lot.key, lot) for lot in open_lots]
        heapify(self._short)
        heapify(self._turning)

    def enter(self, lot: Lot) -> None:
        heappush(self._short, (-lot.basis_per_unit(), lot.key, lot))
        heappush(self._turning, (lot.first_long_day(), lot.key, lot))

    def first(self, sold: int, price: int) -> Lot:
        """The lot to sell on a day, by its ordinal, at a price in atoms per 10^18 units."""
        turning = self._turning
        while turning and turning[0][0] <= sold:
            lot = heappop(turning)[2]
            if lot.units:
                heappush(self._long, (-lot.basis_per_unit(), lot.key, lot))
        short = _dearest(self._short, sold, is_long=False)
        long = _dearest(self._long, sold, is_long=True)
        if short is None or long is None:
            lot_of_one_term = short or long
            if lot_of_one_term is None:
                raise IndexError("the pool is empty")
            return lot_of_one_term
        short_basis, long_basis = short.basis_per_unit(), long.basis_per_unit()
        if short_basis > price or (short_basis == price and long_basis <= price):
            return short
        return long


def _dearest(heap: list[Ranked], sold: int, *, is_long: bool) -> Lot | None:
    """The first lot of a term whose entry still says the truth."""
    while heap:
        rank, _, lot = heap[0]
        if lot.units and -rank == lot.basis_per_unit() and (lot.first_long_day() <= sold) == is_long:
            return lot
        heappop(heap)
    return None
