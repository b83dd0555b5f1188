"""Where the lots of a pool lie, for the transfers of the universal era."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heappop, heappush

from capgain.engine.replay.lots import Key, Lot


class Whereabouts:
    """The lots of one pool by the account they lie in, the earliest acquired first.

    A heap for each account, so that a transfer looks at no lot but those it moves. An entry whose lot has been relieved
    or has moved on is dropped when it comes to the top.
    """

    __slots__ = ("_entered", "_lying")

    def __init__(self, lots: Iterable[Lot]) -> None:
        self._lying: dict[str, list[tuple[Key, int, Lot]]] = {}
        self._entered = 0
        for lot in lots:
            self.enter(lot)

    def enter(self, lot: Lot) -> None:
        """A lot lies in its account; among equals the one that entered the pool first is the first to leave."""
        self._entered += 1
        heappush(self._lying.setdefault(lot.place, []), (lot.key, self._entered, lot))

    def earliest(self, place: str) -> Lot | None:
        """The earliest open lot in an account, None where it has none."""
        lying = self._lying.get(place, [])
        while lying:
            lot = lying[0][2]
            if lot.units and lot.place == place:
                return lot
            heappop(lying)
        return None

    def move_earliest(self, place: str, receiver: str) -> None:
        """The earliest lot of an account, as `earliest` gave it, goes to another."""
        entry = heappop(self._lying[place])
        entry[2].place = receiver
        heappush(self._lying.setdefault(receiver, []), entry)
