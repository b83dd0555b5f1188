"""What the rest of a day will leave of earlier purchases, for the order in which purchases replace losses."""

from __future__ import annotations

from datetime import date

from capgain.engine.classes import Method
from capgain.engine.ledger import Ledger
from capgain.engine.replay.lots import Lot, Pool
from capgain.engine.replay.relief import price_per_unit
from capgain.engine.replay.state import Books, Holding, Loss, Replacements, atoms, costs_of
from capgain.engine.replay.wash_refusals import refuses
from capgain.engine.transactions import Buy, Disposal, Income, Reinvest, Trade, Transaction, Transfer, Worthless

_HUGE = 2**40


ROWS_TO_TRY = 20
"""A day with more rows of the group to come is not tried out: the look-back is made at once (DECISIONS.md, W-2)."""


class RestOfDay:
    """The rows still to come on a day, by group of substantially identical assets."""

    def __init__(self, ledger: Ledger, order: list[int]) -> None:
        self._ledger = ledger
        self._order = order
        self._groups = {
            asset: f"\0{number}" for number, group in enumerate(ledger.settings.identical) for asset in group
        }
        self._last_disposal: dict[tuple[str, int], int] | None = None

    def has_disposal_after(self, place: int, entry: Transaction) -> bool:
        """Whether the group of the entry at `place` in the order of time has a disposal later that day."""
        if self._last_disposal is None:
            self._last_disposal = self._find_last_disposals()
        return self._last_disposal.get(self._key(entry), -1) > place

    def after(self, place: int, entry: Transaction) -> list[Transaction]:
        """The rows of the entry's group that come after `place` on its day."""
        group, day = self._key(entry)
        rows: list[Transaction] = []
        for later in range(place + 1, len(self._order)):
            row = self._ledger.transactions[self._order[later]]
            if _day(row) != day:
                break
            if isinstance(row, Disposal | Buy | Reinvest | Income) and self._groups.get(row.asset, row.asset) == group:
                rows.append(row)
        return rows

    def _find_last_disposals(self) -> dict[tuple[str, int], int]:
        """The place of the last disposal of each group on each day."""
        found: dict[tuple[str, int], int] = {}
        groups = self._groups
        for place, number in enumerate(self._order):
            entry = self._ledger.transactions[number]
            if isinstance(entry, Disposal):
                found[groups.get(entry.asset, entry.asset), _day(entry)] = place
        return found

    def _key(self, entry: Transaction) -> tuple[str, int]:
        asset = entry.received_asset if isinstance(entry, Trade) else entry.asset
        return self._groups.get(asset, asset), entry.at.toordinal()


def _day(entry: Transaction) -> int:
    """The ordinal of the day a row counts on: worthless securities on 31 December (26 USC 165(g))."""
    return date(entry.at.year, 12, 31).toordinal() if isinstance(entry, Worthless) else entry.at.toordinal()


def leaves_recent_purchases(books: Books, group: Replacements, rest: list[Transaction]) -> bool:
    """Whether the rest of the day plainly reaches no purchase of the last 30 days: earliest lots first, and enough.

    Holds for the whole day once it does: what is disposed of meanwhile was counted.
    """
    needed: dict[int, tuple[Pool, int]] = {}
    for entry in rest:
        if not isinstance(entry, Disposal):
            continue
        held = books.holding(entry.account, entry.asset)
        if entry.lots or (entry.method or books.method(held, entry.at.year)) not in (Method.FIFO, Method.AVERAGE):
            return False
        pool, units = needed.get(id(held.pool), (held.pool, 0))
        needed[id(held.pool)] = pool, units + held.book.units(entry.quantity)
    first = group.recent[0].key if group.recent else None
    for pool, units in needed.values():
        for lot in pool:
            if units <= 0:
                break
            if first is not None and lot.key >= first:
                return False
            units -= lot.units
    return True


def spoken_for(books: Books, group: Replacements, rest: list[Transaction]) -> dict[int, int]:
    """The units of each of the day's losses, by its row, that lots bought before will replace at the day's end.

    The rest of the day's disposals are relieved for a trial, in units alone, and undone. A share bought in the 30 days
    before counts only if it is still held after the day's sales (DECISIONS.md, A-1).
    """
    trial = _Trial(books)
    try:
        for entry in rest:
            trial.run(entry)
        left = {id(lot): lot.units for lot in group.recent}
    finally:
        trial.undo()
    claimed: dict[int, int] = {}
    for loss in group.today:
        claimed[loss.index] = _replaced_tonight(books, group, loss, left)
    return claimed


def _replaced_tonight(books: Books, group: Replacements, loss: Loss, left: dict[int, int]) -> int:
    wanted = loss.left
    for lot in group.recent:
        free = left[id(lot)]
        if not free or lot.replaces or refuses(books, loss, lot):
            continue
        scale = books.assets[lot.asset].scale
        covers = books.covers.get(lot.number, 1)
        units = min(wanted, free * covers * loss.book.scale // scale)
        left[id(lot)] -= units * scale // (loss.book.scale * covers)
        wanted -= units
        if not wanted:
            break
    return loss.left - wanted


class _Trial:
    """Disposals in units alone; every lot touched gets its units back."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._touched: dict[int, tuple[Pool, Lot, int]] = {}
        self._bought: list[tuple[Pool, Lot]] = []
        self._reached: dict[int, int] = {}
        self._change: dict[int, int] = {}

    def run(self, entry: Transaction) -> None:
        if isinstance(entry, Transfer):
            return
        if isinstance(entry, Disposal):
            self._dispose(self._books.holding(entry.account, entry.asset), entry)
        elif isinstance(entry, Buy | Reinvest | Income):
            held = self._books.holding(entry.account, entry.asset)
            cost = atoms(entry.amount) + costs_of(entry)
            key = (entry.at, _HUGE + len(self._bought), 0)
            lot = Lot(held.book.units(entry.quantity), cost, key, entry.at.date(), entry.asset, entry.account, 0, "")
            held.pool.place(lot)
            self._change[id(held.pool)] = self._change.get(id(held.pool), 0) + lot.units
            self._bought.append((held.pool, lot))

    def _dispose(self, held: Holding, entry: Disposal) -> None:
        pool = held.pool
        need = held.book.units(entry.quantity)
        for pick in entry.lots:
            for lot in self._books.named_lots.get(pick.lot, ()):
                if lot.place == held.place and lot.asset == held.asset and lot.units and need:
                    need -= self._take(pool, lot, need)
        if entry.lots:
            return
        method = entry.method or self._books.method(held, entry.at.year)
        if method in (Method.SPECIFIC, Method.AVERAGE):
            method = Method.FIFO
        price = price_per_unit(atoms(entry.amount) - costs_of(entry), need)
        need = min(need, pool.units + self._change.get(id(pool), 0))
        if method is Method.FIFO:
            self._dispose_earliest(pool, need)
            return
        while need:
            need -= self._take(pool, pool.next_lot(method, entry.at.date(), price), need)

    def _dispose_earliest(self, pool: Pool, need: int) -> None:
        """The earliest lots, leaving the pool's own place in its order as it is."""
        place = self._reached.get(id(pool), pool.head)
        while need:
            lot = pool.lots[place]
            if lot.units:
                need -= self._take(pool, lot, need)
            if not lot.units:
                place += 1
        self._reached[id(pool)] = place

    def _take(self, pool: Pool, lot: Lot, need: int) -> int:
        self._touched.setdefault(id(lot), (pool, lot, lot.units))
        units = min(lot.units, need)
        lot.units -= units
        self._change[id(pool)] = self._change.get(id(pool), 0) - units
        return units

    def undo(self) -> None:
        for pool, lot in reversed(self._bought):
            lot.units = 0
            if pool.lots[-1] is lot:
                pool.lots.pop()
        for pool, lot, units in self._touched.values():
            if lot.number < _HUGE:
                lot.units = units
                pool.adjusted(lot)
