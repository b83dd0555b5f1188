"""The pools that lots are taken from: by acquisition, by rank, at the average, and by the account they lie in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from heapq import heappop, heappush
from operator import attrgetter
from typing import Final, assert_never

from capgain.engine.classes import ByRank, Order, Relief
from capgain.engine.replay.lots import Key, Lot, Taken, per_unit
from capgain.engine.replay.ranked_lots import LeastTax, RankedLots

NEAR_END: Final = 64
"""Most lots that do not go to the end of their pool, parts of a recent purchase, go among its last ones."""

_EARLIEST: Final = Order.EARLIEST
_key: Final = attrgetter("key")


class Pool:
    """The lots that a disposal may take from, in order of acquisition, with one further order for each one in use.

    `averaged` is the basis of all units in atoms while average basis is in force, -1 while lots have their own.
    `spread` are the lots of purchases that lie in several accounts, by purchase and account.
    """

    __slots__ = ("_orders", "_room", "_whereabouts", "averaged", "head", "lots", "spread", "units")

    def __init__(self) -> None:
        self.lots: list[Lot] = []
        self.head = 0
        self.units = 0
        self.averaged = -1
        self.spread: dict[tuple[Key, str], list[Lot]] = {}
        self._whereabouts: Whereabouts | None = None
        self._room = 1024
        self._orders: dict[ByRank | Order, RankedLots | LeastTax] = {}

    def __iter__(self) -> Iterator[Lot]:
        """The open lots in order of acquisition."""
        for place in range(self.head, len(self.lots)):
            lot = self.lots[place]
            if lot.units:
                yield lot

    def place(self, lot: Lot) -> None:
        """A lot takes its place in every order, without counting its units."""
        lots = self.lots
        key = lot.key
        if not lots or lots[-1].key <= key:
            lots.append(lot)
        else:
            near_end = len(lots) - NEAR_END
            start = near_end if near_end > self.head and lots[near_end].key <= key else self.head
            lots.insert(_place_after(lots, start, key), lot)
        for ranked in self._orders.values():
            ranked.enter(lot)
        if self._whereabouts is not None:
            self._whereabouts.enter(lot)

    def enter(self, lot: Lot) -> None:
        """A lot comes up again in every order but that of acquisition."""
        for lots in self._orders.values():
            lots.enter(lot)

    def adjusted(self, lot: Lot) -> None:
        """Basis or holding period of a lot changed: its rank is worked out again."""
        lot.rank = -1
        self.enter(lot)

    def reorder(self) -> None:
        """Forget the derived orders after lots changed in a way they cannot follow."""
        self.lots = sorted(self, key=_key)
        self.head = 0
        self._orders.clear()
        self._whereabouts = None

    def _compact(self) -> None:
        """Forget relieved lots at the front once they are the greater part."""
        if self.head > 512 and self.head * 2 > len(self.lots):
            del self.lots[: self.head]
            self.head = 0

    def _sweep(self) -> None:
        """Forget relieved lots wherever they stand, each time the list has grown to twice what was left of it."""
        if len(self.lots) > self._room:
            self.lots = list(self)
            self.head = 0
            self._room = 2 * len(self.lots) + 1024

    def next_lot(self, order: ByRank | Order, sold: int, price: int) -> Lot:
        """The lot that comes next for a sale on the day of ordinal `sold`, at `price` in atoms per 10^18 units.

        Raises IndexError where no lot is open.
        """
        lots = self._orders.get(order)
        if lots is not None:
            return lots.first(sold, price)
        if isinstance(order, ByRank):
            lots = RankedLots(order.rank, self)
        elif order is Order.LEAST_TAX:
            lots = LeastTax(self)
        elif order is Order.EARLIEST:
            return self._first()
        else:
            assert_never(order)
        self._orders[order] = lots
        return lots.first(sold, price)

    def _first(self) -> Lot:
        """The earliest open lot (Treas. Reg. 1.1012-1(c)(1)(i))."""
        lots = self.lots
        place = self.head
        while not lots[place].units:
            place += 1
        self.head = place
        if place > 512:
            self._compact()
        return self.lots[self.head]

    def take(self, units: int, relief: Relief, sold: date, price: int, place: str) -> list[Taken]:
        """Relieve `units` by a method of choosing lots; the pool is known to hold enough.

        Of a purchase that lies in several accounts of the pool, what lies in `place` goes first.
        """
        if relief.averages:
            taken = self._take_average(units)
        else:
            if self.averaged >= 0:
                self.leave_average()
            if relief.order is _EARLIEST and not self.spread:
                taken = self._take_earliest(units)
            else:
                taken = self._take_in_order(units, relief.order, sold.toordinal(), price, place)
        self.units -= units
        return taken

    def _take_earliest(self, need: int) -> list[Taken]:
        taken: list[Taken] = []
        lots = self.lots
        head = self.head
        while need:
            lot = lots[head]
            have = lot.units
            if have > need:
                taken.append(lot.take(need))
                break
            head += 1
            if have:
                need -= have
                taken.append(lot.take(have))
        self.head = head
        if head > 512:
            self._compact()
        return taken

    def _take_in_order(self, need: int, order: ByRank | Order, sold: int, price: int, place: str) -> list[Taken]:
        self._sweep()
        taken: list[Taken] = []
        while need:
            lot = self.next_lot(order, sold, price)
            if self.spread:
                lot = self._like_in(place, lot)
            units = lot.units
            if units > need:
                units = need
            taken.append(lot.take(units))
            need -= units
        return taken

    def _take_average(self, need: int) -> list[Taken]:
        """First acquired first, each unit at the average of all (Treas. Reg. 1.1012-1(e)(7))."""
        if self.averaged < 0:
            self.averaged = sum(lot.basis for lot in self)
        whole = self.averaged
        taken: list[Taken] = []
        for lot, units, _ in self._take_earliest(need):
            basis = whole * units // self.units
            self.averaged -= basis
            lot.drift = 0
            taken.append((lot, units, basis))
        if self.units == need:
            lot, units, basis = taken[-1]
            taken[-1] = (lot, units, basis + self.averaged)
            self.averaged = 0
        return taken

    def basis_of(self, lot: Lot) -> int:
        """What a lot of the pool costs: its own basis, or its share of the average."""
        return lot.basis if self.averaged < 0 else self.averaged * lot.units // self.units

    def leave_average(self) -> None:
        """Give every lot its share of the average; it keeps that basis under any other order (R-AVG-6)."""
        if self.averaged < 0:
            return
        whole = self.averaged
        left = whole
        lot: Lot | None = None
        for lot in self:
            lot.basis = self.basis_of(lot)
            left -= lot.basis
        if lot is not None:
            lot.basis += left
        self.averaged = -1
        self.reorder()
        for lot in self:  # all cost the same: ties go to the earlier acquired, not to what rounding left
            lot.rank = per_unit(whole, self.units)

    def spread_out(self, lot: Lot) -> None:
        """Record where a lot lies whose purchase lies elsewhere too."""
        lying = self.spread.setdefault((lot.key, lot.place), [])
        if not lying or lying[-1] is not lot:
            lying.append(lot)

    def _like_in(self, place: str, lot: Lot) -> Lot:
        """`lot`, or of the same purchase what lies in `place` and ranks alike under every order."""
        if lot.place == place:
            return lot
        lying = self.spread.get((lot.key, place), [])
        while lying and not (lying[-1].units and lying[-1].place == place):
            lying.pop()
        if not lying:
            return lot
        like = lying[-1]
        alike = like.basis_per_unit() == lot.basis_per_unit() and like.held_since == lot.held_since
        return like if alike else lot

    @property
    def whereabouts(self) -> Whereabouts:
        """The lots by account, kept from the first time that it is asked for."""
        if self._whereabouts is None:
            self._whereabouts = Whereabouts(self)
        return self._whereabouts

    def take_lying_in(self, place: str, need: int) -> list[Taken]:
        """Relieve up to `need` units of what lies in one account, the earliest acquired first."""
        taken: list[Taken] = []
        while need and (lot := self.whereabouts.earliest(place)) is not None:
            units = min(lot.units, need)
            taken.append(lot.take(units))
            need -= units
            self.units -= units
        return taken


def _place_after(lots: list[Lot], start: int, key: Key) -> int:
    """Where a lot of a key goes: behind those up to it.

    What `bisect` finds, which, where this is compiled, would have a tuple made for each comparison.
    """
    acquired, number, part = key
    end = len(lots)
    while start < end:
        middle = (start + end) // 2
        other = lots[middle].key
        at = other[0]
        if at < acquired or (at == acquired and (other[1] < number or (other[1] == number and other[2] <= part))):
            start = middle + 1
        else:
            end = middle
    return start


class Whereabouts:
    """The lots of one pool by the account they lie in, the earliest acquired first, for transfers within the pool.

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
