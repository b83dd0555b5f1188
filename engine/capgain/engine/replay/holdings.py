"""What is held where, and what is owed.

Lots are kept by account (26 USC 1012(c)(1); Treas. Reg. 1.1012-1(j)), those of digital assets by owner before 2025
(R-WAL-1, R-WAL-3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from capgain.engine.classes import AccountKind, AssetClass, Method, Owner, WashScope
from capgain.engine.classification import Place
from capgain.engine.ledger import Account
from capgain.engine.replay.lots import Lot, Measure, Taken
from capgain.engine.replay.pools import Pool
from capgain.engine.replay.standing_orders import OrderInForce, StandingOrders, lies_in_books_only
from capgain.engine.replay.wash_book import Group, Loss, Short, WashBook
from capgain.engine.transactions import Disposal, MethodOrder
from capgain.engine.trusts import is_collectible


class Holding:
    """One asset in one account.

    In the universal era several holdings share a pool; `count` is always the account's own. `washes` is what its losses
    and purchases say to each other, None where wash sales do not reach it; `is_collectible`: its rows carry code C.
    `orders` are the standing orders by year, `boxes` the letters of Form 8949, short-term and long-term, of a year in
    which neither row nor lot decides.
    """

    __slots__ = (
        "account",
        "asset",
        "asset_class",
        "boxes",
        "count",
        "is_collectible",
        "is_ira",
        "kind",
        "measure",
        "orders",
        "place",
        "pool",
        "washes",
    )

    def __init__(
        self,
        account: Account,
        measure: Measure,
        asset_class: AssetClass,
        pool: Pool,
        washes: Group | None,
        *,
        is_collectible: bool = False,
    ) -> None:
        self.account = account
        self.place = account.name
        self.asset = measure.asset
        self.measure = measure
        self.asset_class = asset_class
        self.pool = pool
        self.count = 0
        self.kind = account.kind
        self.is_ira = account.kind is AccountKind.IRA
        self.washes = washes
        self.is_collectible = is_collectible
        self.orders: dict[int, OrderInForce] = {}
        self.boxes: dict[int, tuple[str, str]] = {}

    def take(self, lot: Lot, units: int) -> Taken:
        """Take units out of one lot, which lies here."""
        self.pool.units -= units
        self.count -= units
        return lot.take(units)


@dataclass(slots=True)
class Holdings:
    """Every holding by account and asset, with the short sales open there.

    Digital assets share a pool for each owner while `is_universal`. `named_lots` are lots by the id that column Lot
    names them by. `names` is one name for all names of an asset that was renamed. `allocated_at` is when a global
    allocation was completed after the switch to wallets, by asset. `collectibles` is what settings say of assets.
    """

    accounts: Mapping[str, Account]
    classes: Mapping[Place, AssetClass]
    orders: StandingOrders
    wash_scope: WashScope
    wash: WashBook
    names: Mapping[str, str]
    collectibles: Mapping[str, bool]
    by_place: dict[Place, Holding] = field(default_factory=dict)
    by_asset: dict[str, list[Holding]] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    universal: dict[tuple[Owner, str], Pool] = field(default_factory=dict)
    is_universal: bool = True
    named_lots: dict[str, list[Lot]] = field(default_factory=dict)
    shorts: dict[Place, list[Short]] = field(default_factory=dict)
    short_places: dict[str, dict[str, None]] = field(default_factory=dict)
    allocated_at: dict[str, datetime] = field(default_factory=dict)

    def at(self, account: str, asset: str) -> Holding:
        """The holding of an asset in an account, opened when first asked for."""
        held = self.by_place.get((account, asset))
        return held if held is not None else self._open(account, asset)

    def _open(self, account: str, asset: str) -> Holding:
        known = self.accounts.get(account) or Account(account)
        asset_class = self.classes.get((account, asset)) or self._class_elsewhere(asset)
        shared = self.is_universal and asset_class.is_digital and known.kind is not AccountKind.IRA
        pool = self.universal.setdefault((known.owner, asset), Pool()) if shared else Pool()
        washes = self.wash.group(asset) if self.wash_scope.reaches(asset_class) else None
        collectible = is_collectible(asset, asset_class, self.collectibles)
        held = self.by_place[account, asset] = Holding(
            known, self.measure(asset), asset_class, pool, washes, is_collectible=collectible
        )
        self.by_asset.setdefault(asset, []).append(held)
        return held

    def _class_elsewhere(self, asset: str) -> AssetClass:
        return next((found for (_, other), found in self.classes.items() if other == asset), AssetClass.STOCK)

    def measure(self, asset: str) -> Measure:
        """How the units of an asset are counted."""
        found = self.measures.get(asset)
        if found is None:
            found = self.measures[asset] = Measure(asset)
        return found

    def group_of(self, asset: str) -> Group | None:
        """The group that an asset's purchases replace, None where wash sales do not reach it."""
        for held in self.by_asset.get(asset, ()):
            return held.washes
        return self.wash.groups.get(self.wash.identical.get(asset, asset))

    def of_asset(self, asset: str, account: str = "") -> Iterator[Holding]:
        """The holdings of an asset in one account, or in every account when none is named."""
        if account:
            yield self.at(account, asset)
            return
        yield from tuple(self.by_asset.get(asset, ()))

    def under_any_name(self, asset: str) -> Iterator[Holding]:
        """The holdings of an asset in every account, under the names it had and has."""
        name = self.names.get(asset)
        if name is None:
            return self.of_asset(asset)
        return (held for held in list(self.by_place.values()) if self.names.get(held.asset) == name)

    def pools_of(self, asset: str, account: str = "") -> list[Pool]:
        """The pools of an asset, each once."""
        return list({id(held.pool): held.pool for held in self.of_asset(asset, account)}.values())

    def shorts_of(self, asset: str, account: str = "") -> list[Short]:
        """The short sales of an asset still open in one account, or in every account when none is named."""
        return [
            short
            for place in self.short_places.get(asset, ())
            if account in ("", place)
            for short in self.shorts.get((place, asset), ())
            if short.units
        ]

    def owe(self, place: str, asset: str, shorts: Iterable[Short]) -> None:
        """Short sales are open in an account."""
        self.shorts.setdefault((place, asset), []).extend(shorts)
        self.short_places.setdefault(asset, {})[place] = None

    def no_longer_owed(self, place: str, asset: str) -> list[Short]:
        """The short sales of an asset leave an account, open ones and closed ones."""
        self.short_places.get(asset, {}).pop(place, None)
        return self.shorts.pop((place, asset), [])

    def losses_of(self, asset: str) -> Iterator[Loss]:
        """The losses on an asset that something may still replace."""
        group = self.group_of(asset)
        if group is not None:
            lists = (group.pending, group.today, group.closed_today, group.closed_shorts)
            each_once = {id(loss): loss for losses in lists for loss in losses if loss.measure.asset == asset}
            yield from each_once.values()

    def in_universal_pool(self, held: Holding) -> bool:
        return self.is_universal and held.asset_class.is_digital and not held.is_ira

    def order(self, held: Holding, entry: Disposal) -> OrderInForce:
        """The order that rules a disposal: its own, else the standing order, whether or not it may rule."""
        if entry.method is not None:
            to = entry.identified.to if entry.identified is not None else ""
            return OrderInForce(entry.method, entry.method_with_broker or to == "broker")
        year = entry.at.year
        order = held.orders.get(year)
        if order is None:
            order = self.orders.in_force(held.account, held.asset, held.asset_class, year)
            held.orders[year] = order
        return order

    def method(self, held: Holding, entry: Disposal, day: date) -> Method:
        """The order of relief for a disposal: the one that rules it, or first in, first out where that one may not."""
        order = self.order(held, entry)
        if lies_in_books_only(order, held.kind, held.asset_class, day):
            return Method.FIFO
        return order.method

    def record_order(self, order: MethodOrder) -> None:
        """A standing order is in force from now on."""
        self.orders.record(order)
        is_of_one = order.asset and order.asset not in self.names
        for held in self.of_asset(order.asset, order.account) if is_of_one else self.by_place.values():
            held.orders.clear()

    def add(self, held: Holding, lot: Lot) -> None:
        """A lot enters a holding."""
        units = lot.units
        held.count += units
        pool = held.pool
        pool.units += units
        if pool.averaged >= 0:
            pool.averaged += lot.basis
        pool.place(lot)
        if lot.lot_id:
            self.named_lots.setdefault(lot.lot_id, []).append(lot)

    def part(self, held: Holding, lot: Lot, units: int) -> Lot:
        """`units` of a lot as a lot of their own, not yet placed anywhere; as much a recent purchase as the rest."""
        part = lot.part(units)
        if part.lot_id:
            self.named_lots[part.lot_id].append(part)
        if held.washes is not None and not part.replaces:
            recent = held.washes.recent
            for place in range(len(recent) - 1, -1, -1):
                if recent[place] is lot:
                    recent.insert(place, part)
                    break
        return part
