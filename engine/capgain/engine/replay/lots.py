"""Lots and the pools they are taken from, in every order of relief.

Units are integers: 10^-18 of a unit times the asset's own scale, which grows where a split ratio needs it, so that no
ratio ever rounds. Basis is an integer of ATOMS to the dollar. What a division leaves over stays in the lot, so units
and basis are conserved exactly.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from heapq import heapify, heappop, heappush
from operator import attrgetter
from typing import TYPE_CHECKING

from capgain.engine.classes import Method
from capgain.engine.holding_period import first_long_ordinal

if TYPE_CHECKING:
    from capgain.engine.replay.whereabouts import Whereabouts

ATOMS = 10**24
"""Parts of a dollar in which basis is kept."""

NEAR_END = 64
"""Most lots that do not go to the end of their pool, parts of a recent purchase, go among its last ones."""

_EPOCH = datetime(1, 1, 1)
_MICROSECOND = timedelta(microseconds=1)
_key = attrgetter("key")

Key = tuple[datetime, int, int]
Entry = tuple[int, Key, "Lot"]


class Special:
    """What a few lots carry besides basis and date.

    `value_basis` is the value at the gift in atoms where it was below the donor's basis (26 USC 1015(a)), -1 for none,
    and `gift_date` its day. `gain_distributions` and `exempt_dividends` are what a fund paid on the units (26 USC
    852(b)(4)).
    """

    __slots__ = ("exempt_dividends", "gain_distributions", "gift_date", "value_basis")

    def __init__(self, gift_date: date, value_basis: int = -1) -> None:
        self.gift_date = gift_date
        self.value_basis = value_basis
        self.gain_distributions = 0
        self.exempt_dividends = 0

    def share(self, units: int, whole: int) -> Special:
        """The part that belongs to `units` of `whole`, taken out of this."""
        part = Special(self.gift_date)
        if self.value_basis >= 0:
            part.value_basis = self.value_basis * units // whole
            self.value_basis -= part.value_basis
        part.gain_distributions = self.gain_distributions * units // whole
        self.gain_distributions -= part.gain_distributions
        part.exempt_dividends = self.exempt_dividends * units // whole
        self.exempt_dividends -= part.exempt_dividends
        return part


class Lot:
    """Units acquired at one time, as they stand at a moment of the pass.

    `acquired` is the real acquisition, `held_since` the date the holding period counts from. `key` orders lots by
    acquisition, then by the ledger; a washed part stands before the clean part of its lot (DECISIONS.md, A-8).
    `rank` is the basis per unit that HIFO, LOFO and minimum tax sort by; partial relief leaves it as it is. `drift` is
    what rounding printed too much of the basis so far, in atoms; the rows of a lot add up to it.
    `place` is the account the lot lies in, `origin` the one it was acquired in.
    """

    __slots__ = (
        "acquired",
        "asset",
        "basis",
        "drift",
        "held_since",
        "inherited",
        "key",
        "long_from",
        "lot_id",
        "origin",
        "place",
        "rank",
        "replaces",
        "row",
        "special",
        "units",
    )

    def __init__(
        self,
        units: int,
        basis: int,
        key: Key,
        acquired: date,
        asset: str,
        place: str,
        row: int,
        lot_id: str,
    ) -> None:
        self.units = units
        self.basis = basis
        self.key = key
        self.acquired = acquired
        self.held_since = acquired
        self.long_from = 0
        self.asset = asset
        self.place = place
        self.origin = place
        self.row = row
        self.lot_id = lot_id
        self.rank = -1
        self.drift = 0
        self.inherited = False
        self.replaces = False
        self.special: Special | None = None

    def __lt__(self, other: Lot) -> bool:
        """Decides nothing but the order of entries that are equal in a heap."""
        return self.row < other.row

    @property
    def number(self) -> int:
        """The acquisition's place in the ledger; parts of one purchase share it."""
        return self.key[1]

    def hold_since(self, day: date) -> None:
        self.held_since = day
        self.long_from = 0

    def first_long_day(self) -> int:
        """The ordinal of the first day on which a sale is long-term."""
        if not self.long_from:
            self.long_from = 1 if self.inherited else first_long_ordinal(self.held_since)
        return self.long_from

    def basis_per_unit(self) -> int:
        """Atoms per 10^18 units, fixed until basis is adjusted."""
        if self.rank < 0:
            self.rank = self.basis * 10**18 // self.units
        return self.rank

    def split_off(self, units: int) -> Lot:
        """Take `units` out as a lot of their own, with their share of everything."""
        whole = self.units
        basis = self.basis * units // whole
        part = Lot(units, basis, self.key, self.acquired, self.asset, self.place, self.row, self.lot_id)
        part.held_since = self.held_since
        part.long_from = self.long_from
        part.origin = self.origin
        part.inherited = self.inherited
        part.replaces = self.replaces
        part.rank = self.rank
        if self.special is not None:
            part.special = self.special.share(units, whole)
        self.units = whole - units
        self.basis -= basis
        return part

    def moved(self, units: int, basis: int, place: str) -> Lot:
        """`units` taken out of this lot, with their `basis`, as a lot in another account."""
        lot = Lot(units, basis, self.key, self.acquired, self.asset, place, self.row, self.lot_id)
        lot.held_since, lot.long_from = self.held_since, self.long_from
        lot.origin, lot.inherited, lot.replaces = self.origin, self.inherited, self.replaces
        lot.special = self.special
        return lot


class Pool:
    """The lots that a disposal may take from, in order of acquisition, with one heap per other order in use.

    `spread` are the lots of purchases that lie in several accounts, by purchase and account; `whereabouts` is kept from
    the first transfer within the pool on.
    """

    __slots__ = ("_heaps", "_room", "_turning", "averaged", "head", "lots", "spread", "units", "whereabouts")

    def __init__(self) -> None:
        self.lots: list[Lot] = []
        self.head = 0
        self.units = 0
        self.averaged = -1
        self.spread: dict[tuple[Key, str], list[Lot]] = {}
        self.whereabouts: Whereabouts | None = None
        self._room = 1024
        self._heaps: dict[str, list[Entry]] = {}
        self._turning: list[tuple[int, Key, Lot]] = []

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
            insort(lots, lot, lo=start, key=_key)
        if self._heaps:
            self._enter_heaps(lot)
        if self.whereabouts is not None:
            self.whereabouts.enter(lot)

    def compact(self) -> None:
        """Forget relieved lots at the front once they are the greater part."""
        if self.head > 512 and self.head * 2 > len(self.lots):
            del self.lots[: self.head]
            self.head = 0

    def sweep(self) -> None:
        """Forget relieved lots wherever they stand, each time the list has grown to twice what was left of it."""
        if len(self.lots) > self._room:
            self.lots = list(self)
            self.head = 0
            self._room = 2 * len(self.lots) + 1024

    def reorder(self) -> None:
        """Forget the derived orders after lots changed in a way they cannot follow."""
        self.hold(list(self))

    def hold(self, lots: Iterable[Lot]) -> None:
        """Let the pool's lots be these, in their orders anew."""
        self.lots = list(lots)
        self.lots.sort(key=_key)
        self.head = 0
        self._heaps.clear()
        self._turning.clear()
        self.whereabouts = None

    def adjusted(self, lot: Lot) -> None:
        """Basis or holding period of a lot changed: its rank is worked out again."""
        lot.rank = -1
        if self._heaps:
            self._enter_heaps(lot)

    def first(self) -> Lot:
        """The earliest open lot (Treas. Reg. 1.1012-1(c)(1)(i))."""
        lots = self.lots
        place = self.head
        while not lots[place].units:
            place += 1
        self.head = place
        if place > 512:
            self.compact()
        return self.lots[self.head]

    def next_lot(self, method: Method, sold: date, price: int) -> Lot:
        """The lot that `method` relieves next; `price` in atoms per 10^18 units matters to minimum tax alone."""
        if method is Method.LIFO:
            return self._top("latest")
        if method is Method.HIFO:
            return self._top("dearest")
        if method is Method.LOFO:
            return self._top("cheapest")
        if method is Method.MIN_TAX:
            return self._least_tax(sold.toordinal(), price)
        return self.first()

    def spread_out(self, lot: Lot) -> None:
        """Record where a lot lies whose purchase lies elsewhere too."""
        lying = self.spread.setdefault((lot.key, lot.place), [])
        if not lying or lying[-1] is not lot:
            lying.append(lot)

    def like_in(self, place: str, lot: Lot) -> Lot:
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

    def _rank(self, order: str, lot: Lot) -> int:
        if order == "latest":
            return -((lot.key[0] - _EPOCH) // _MICROSECOND)
        if order == "cheapest":
            return lot.basis_per_unit()
        return -lot.basis_per_unit()

    def _heap(self, order: str) -> list[Entry]:
        heap = self._heaps.get(order)
        if heap is None:
            heap = [(self._rank(order, lot), lot.key, lot) for lot in self]
            heapify(heap)
            self._heaps[order] = heap
        return heap

    def _enter_heaps(self, lot: Lot) -> None:
        for order, heap in self._heaps.items():
            if order != "dearest long":
                heappush(heap, (self._rank(order, lot), lot.key, lot))
        if "dearest long" in self._heaps:
            heappush(self._turning, (lot.first_long_day(), lot.key, lot))

    def _top(self, order: str) -> Lot:
        """The first lot whose entry still says the truth; only the rank by date never changes."""
        heap = self._heap(order)
        by_date = order == "latest"
        while True:
            rank, _, lot = heap[0]
            if lot.units and (by_date or abs(rank) == lot.basis_per_unit()):
                return lot
            heappop(heap)

    def _peek(self, heap: list[Entry], sold: int, *, is_long: bool) -> Lot | None:
        """The first lot of a term whose entry still says the truth."""
        while heap:
            rank, _, lot = heap[0]
            if lot.units and -rank == lot.basis_per_unit() and (lot.first_long_day() <= sold) == is_long:
                return lot
            heappop(heap)
        return None

    def _least_tax(self, sold: int, price: int) -> Lot:
        """Short-term losses, long-term losses, no result, long-term gains, short-term gains (rules, R-LOT-6).

        Within each the dearest lot comes first: the largest loss, the smallest gain.
        """
        heaps = self._heaps
        if "dearest long" not in heaps:
            heaps["dearest short"] = [(-lot.basis_per_unit(), lot.key, lot) for lot in self]
            heapify(heaps["dearest short"])
            heaps["dearest long"] = []
            self._turning = [(lot.first_long_day(), lot.key, lot) for lot in self]
            heapify(self._turning)
        turning, long_heap = self._turning, heaps["dearest long"]
        while turning and turning[0][0] <= sold:
            lot = heappop(turning)[2]
            if lot.units:
                heappush(long_heap, (-lot.basis_per_unit(), lot.key, lot))
        short = self._peek(heaps["dearest short"], sold, is_long=False)
        long = self._peek(long_heap, sold, is_long=True)
        if short is None or long is None:
            return self._either(short, long)
        short_basis, long_basis = short.basis_per_unit(), long.basis_per_unit()
        if short_basis > price or (short_basis == price and long_basis <= price):
            return short
        return long

    @staticmethod
    def _either(short: Lot | None, long: Lot | None) -> Lot:
        lot = short or long
        if lot is None:
            raise IndexError("the pool is empty")
        return lot
