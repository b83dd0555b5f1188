"""The state of the pass: what is held where, and what has been booked so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from capgain.engine.classes import AccountKind, AssetClass, Method, Owner, WashScope
from capgain.engine.classification import Place
from capgain.engine.ledger import Account, Ledger
from capgain.engine.money import EXACT
from capgain.engine.policy import Policy
from capgain.engine.problems import Problem, Severity
from capgain.engine.replay.lots import ATOMS, Key, Lot, Pool
from capgain.engine.replay.standing_orders import StandingOrders
from capgain.engine.results import UNITS, Disposition, IncomeItem, WashSale, quantity_text
from capgain.engine.transactions import Acquisition, Buy, Disposal, Entry, MethodOrder, Reinvest

CENT_ATOMS = ATOMS // 100
ROUND_ATOMS = CENT_ATOMS // 2 + ATOMS // 10**12

_UNITS, _ATOMS = Decimal(UNITS), Decimal(ATOMS)  # as Decimals, lest every product turns them into one


class AssetBook:
    """What all holdings of one asset share: its scale, the units of 10^-18 being `scale` times as many here."""

    __slots__ = ("asset", "scale")

    def __init__(self, asset: str) -> None:
        self.asset = asset
        self.scale = 1

    def units(self, quantity: Decimal) -> int:
        return int(quantity * _UNITS) * self.scale

    def printed(self, units: int) -> int:
        """Units of 10^-18, half up."""
        if self.scale == 1:
            return units
        return (2 * units + self.scale) // (2 * self.scale)

    def text(self, units: int) -> str:
        return quantity_text(self.printed(units))


class Replacements:
    """What a group of substantially identical securities still has to say to each other (26 USC 1091).

    `recent` are purchases of the last weeks in order of acquisition, `pending` the losses whose 30 days are not over,
    `today` the losses of the day, `shorts` the short sales still open, `closed_shorts` losses on those closed lately.
    On `settled_day` no disposal to come can reach a recent purchase.
    """

    __slots__ = ("closed_shorts", "pending", "recent", "settled_day", "shorts", "today")

    def __init__(self) -> None:
        self.recent: list[Lot] = []
        self.pending: list[Loss] = []
        self.today: list[Loss] = []
        self.shorts: list[Short] = []
        self.closed_shorts: list[Loss] = []
        self.settled_day = date.min


class Loss:
    """A loss that a purchase may still replace.

    `index` is its row among the dispositions. `units` of `book` were sold, `left` of them are not replaced; `cents` is
    the loss and `moved` what of it was disallowed. `day` is the ordinal of `sold`, `held_days` how long the units had
    been held. `order` is that of the sales, then of original acquisition (Treas. Reg. 1.1091-1(b)).
    """

    __slots__ = (
        "account",
        "book",
        "cents",
        "day",
        "held_days",
        "index",
        "left",
        "moved",
        "number",
        "order",
        "sold",
        "units",
    )

    def __init__(
        self,
        index: int,
        book: AssetBook,
        account: str,
        units: int,
        cents: int,
        sold: date,
        held_days: int,
        number: int,
        order: tuple[int, Key],
    ) -> None:
        self.index = index
        self.book = book
        self.account = account
        self.units = units
        self.left = units
        self.cents = cents
        self.moved = 0
        self.sold = sold
        self.day = sold.toordinal()
        self.held_days = held_days
        self.number = number
        self.order = order

    def disallow(self, units: int) -> int:
        """The cents that replacing `units` more disallows; all of the loss once all units are replaced."""
        self.left -= units
        replaced = self.units - self.left
        target = (2 * self.cents * replaced + self.units) // (2 * self.units)
        cents, self.moved = target - self.moved, target
        return cents


class Short:
    """A short sale not yet closed; `proceeds` in atoms, net of costs."""

    __slots__ = ("account", "asset", "number", "opened", "proceeds", "row", "units")

    def __init__(
        self, asset: str, account: str, units: int, proceeds: int, opened: date, row: int, number: int
    ) -> None:
        self.asset = asset
        self.account = account
        self.units = units
        self.proceeds = proceeds
        self.opened = opened
        self.row = row
        self.number = number


class Holding:
    """One asset in one account.

    In the universal era several holdings share a pool; `count` is always the account's own.
    """

    __slots__ = (
        "account",
        "asset",
        "asset_class",
        "book",
        "count",
        "is_ira",
        "is_mine",
        "kind",
        "methods",
        "place",
        "pool",
        "washes",
    )

    def __init__(self, account: Account, book: AssetBook, asset_class: AssetClass, pool: Pool) -> None:
        self.account = account
        self.place = account.name
        self.asset = book.asset
        self.book = book
        self.asset_class = asset_class
        self.pool = pool
        self.count = 0
        self.kind = account.kind
        self.is_ira = account.kind is AccountKind.IRA
        self.is_mine = account.owner is Owner.TAXPAYER
        self.washes: Replacements | None = None
        self.methods: dict[int, Method] = {}


@dataclass(slots=True)
class Books:
    """Everything the pass knows; its functions live beside it, one module per question."""

    ledger: Ledger
    policy: Policy
    classes: dict[Place, AssetClass]
    orders: StandingOrders
    holdings: dict[Place, Holding] = field(default_factory=dict)
    assets: dict[str, AssetBook] = field(default_factory=dict)
    universal: dict[tuple[Owner, str], Pool] = field(default_factory=dict)
    is_universal: bool = True
    named_lots: dict[str, list[Lot]] = field(default_factory=dict)
    shorts: dict[Place, list[Short]] = field(default_factory=dict)
    dispositions: list[Disposition] = field(default_factory=list)
    income: list[IncomeItem] = field(default_factory=list)
    distributions: list[tuple[int, str, Decimal]] = field(default_factory=list)
    wash_sales: list[WashSale] = field(default_factory=list)
    disallowed: dict[int, int] = field(default_factory=dict)
    replaced: dict[tuple[int, str, str], list[Lot]] = field(default_factory=dict)
    replaced_room: int = 1024
    groups: dict[str, Replacements] = field(default_factory=dict)
    active: dict[int, Replacements] = field(default_factory=dict)
    boxes: dict[tuple[str, str, int], tuple[str, str]] = field(default_factory=dict)
    assumed_boxes: set[str] = field(default_factory=set)
    covers: dict[int, int] = field(default_factory=dict)
    unvalued_gifts: set[int] = field(default_factory=set)
    sales: int = 0
    against_shorts: list[tuple[Buy | Reinvest, Lot]] = field(default_factory=list)
    parts: int = 0
    problems: list[Problem] = field(default_factory=list)
    allocation_completed: dict[str, datetime] = field(default_factory=dict)

    def holding(self, account: str, asset: str) -> Holding:
        """The holding of an asset in an account, opened when first asked for."""
        held = self.holdings.get((account, asset))
        return held if held is not None else self._open(account, asset)

    def _open(self, account: str, asset: str) -> Holding:
        book = self.assets.get(asset)
        if book is None:
            book = self.assets[asset] = AssetBook(asset)
        known = self.ledger.accounts.get(account) or Account(account)
        asset_class = self.classes.get((account, asset)) or self._class_elsewhere(asset)
        shared = self.is_universal and asset_class.is_digital and known.kind is not AccountKind.IRA
        pool = self.universal.setdefault((known.owner, asset), Pool()) if shared else Pool()
        held = Holding(known, book, asset_class, pool)
        if self._washes(asset_class):
            held.washes = self.groups.setdefault(self._group(asset), Replacements())
        self.holdings[(account, asset)] = held
        return held

    def _class_elsewhere(self, asset: str) -> AssetClass:
        for (_, other), found in self.classes.items():
            if other == asset:
                return found
        return AssetClass.STOCK

    def _washes(self, asset_class: AssetClass) -> bool:
        """26 USC 1091(a) speaks of stock or securities; plain digital assets are neither (Notice 2014-21)."""
        scope = self.ledger.settings.wash_sales
        return scope is not WashScope.OFF and (asset_class.is_security or scope is WashScope.ALL)

    def _group(self, asset: str) -> str:
        for number, identical in enumerate(self.ledger.settings.identical):
            if asset in identical:
                return f"\0{number}"
        return asset

    def replacements_for(self, asset: str) -> Replacements | None:
        """The group that an asset's purchases replace, None where wash sales do not reach it."""
        for held in self.holdings.values():
            if held.asset == asset:
                return held.washes
        return self.groups.get(self._group(asset))

    def of_asset(self, asset: str, account: str = "") -> Iterator[Holding]:
        """The holdings of an asset in one account, or in every account when none is named."""
        if account:
            yield self.holding(account, asset)
            return
        for held in list(self.holdings.values()):
            if held.asset == asset:
                yield held

    def in_universal_pool(self, held: Holding) -> bool:
        return self.is_universal and held.asset_class.is_digital and not held.is_ira

    def method(self, held: Holding, year: int) -> Method:
        """The order of relief in force for a holding."""
        method = held.methods.get(year)
        if method is None:
            method = held.methods[year] = self.orders.in_force(held.account, held.asset, held.asset_class, year)
        return method

    def record_order(self, order: MethodOrder) -> None:
        self.orders.record(order)
        for held in self.holdings.values():
            held.methods.clear()

    def add_lot(self, held: Holding, lot: Lot) -> None:
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
        """`units` of a lot as a lot of their own, not yet placed anywhere."""
        part = lot.split_off(units)
        if part.lot_id:
            self.named_lots[part.lot_id].append(part)
        if held.washes is not None and not part.replaces:
            recent = held.washes.recent
            for place in range(len(recent) - 1, -1, -1):
                if recent[place] is lot:
                    recent.insert(place, part)
                    break
        return part

    @staticmethod
    def dollars(value: int) -> Decimal:
        """Atoms as dollars, unrounded."""
        return Decimal(value).scaleb(-24, context=EXACT)

    def error(self, entry: Entry, column: str, code: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(Severity.ERROR, self.ledger.sheet, entry.row, column, message, remedy, code))

    def warn(
        self, entry: Entry, column: str, code: str, message: str, remedy: str, *, blocks_filing: bool = False
    ) -> None:
        self.problems.append(
            Problem(Severity.WARNING, self.ledger.sheet, entry.row, column, message, remedy, code, blocks_filing)
        )


def atoms(amount: Decimal) -> int:
    """Dollars as atoms; what stands beyond the 24th decimal is dropped."""
    return int(amount * _ATOMS) if amount else 0


def costs_of(entry: Acquisition | Disposal) -> int:
    """What buying or selling cost, in atoms: the fee in dollars, or what the fee paid in an asset was worth."""
    if entry.coin_fee is not None:
        return atoms(entry.coin_fee.value)
    return int(entry.fee * _ATOMS) if entry.fee else 0


def cents(value: int) -> int:
    """Atoms as cents, half a cent away from zero.

    A trillionth of a dollar is added first: divisions leave a value that should be exactly half a cent below it by a
    few atoms.
    """
    if value < 0:
        return -((-value + ROUND_ATOMS) // CENT_ATOMS)
    return (value + ROUND_ATOMS) // CENT_ATOMS
