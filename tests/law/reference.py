"""A second opinion on lots: slow, obvious, exact in fractions, and sharing no code with the engine.

Written from the rules alone: relief in the order of the method or at the average, pools by account or universal,
transfers that keep lots and dates, splits, and wash sales by looking at every lot for every loss.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction

SWITCH = date(2025, 1, 1)
"""From here digital assets are relieved wallet by wallet (Treas. Reg. 1.1012-1(j)(6))."""

WINDOW = timedelta(days=30)
"""26 USC 1091(a): thirty days before to thirty days after the sale."""


class CannotTell(Exception):
    """The lots in some account do not match the units there when wallet-by-wallet relief begins."""


@dataclass
class Event:
    """One row.

    `place` is its place among the rows; `kind` is buy, income, sell, transfer or split, where
    `quantity` is units after per unit before. `amount` is `gross` less `fee` for a
    sale, `gross` and `fee` for a purchase. `picks` names lots by the place of the row that bought them.
    """

    place: int
    at: datetime
    kind: str
    asset: str
    account: str
    quantity: Fraction
    amount: Fraction = Fraction(0)
    gross: Fraction = Fraction(0)
    fee: Fraction = Fraction(0)
    to_account: str = ""
    picks: list[tuple[int, Fraction]] = field(default_factory=list)
    method: str = ""


@dataclass
class World:
    """What holds of accounts and assets. `digital` assets are kept in wallets; of these `coins` are no securities."""

    iras: frozenset[str] = frozenset()
    spouses: frozenset[str] = frozenset()
    digital: frozenset[str] = frozenset()
    coins: frozenset[str] = frozenset()
    groups: tuple[frozenset[str], ...] = ()
    method: str = "fifo"
    wash: str = "securities"
    parts_share_basis: bool = False
    """Replacement shares of one purchase held since one day share their basis, instead of each keeping its own loss."""

    def identical(self, one: str, other: str) -> bool:
        return one == other or any({one, other} <= group for group in self.groups)

    def share_a_pool(self, one: str, other: str) -> bool:
        """In the universal era all accounts of one owner; an IRA is no owner's wallet."""
        apart = self.iras
        return one == other or (
            one not in apart and other not in apart and (one in self.spouses) == (other in self.spouses)
        )

    def washes(self, asset: str) -> bool:
        return self.wash == "all" or (self.wash == "securities" and asset not in self.coins)


@dataclass
class Piece:
    """Units of one lot that share basis, place and history."""

    lot: int
    asset: str
    account: str
    quantity: Fraction
    basis: Fraction
    acquired: datetime
    held_since: date
    washed: int = 0
    """0: never served as replacement; else the how-manyth match made this piece."""

    @property
    def per_unit(self) -> Fraction:
        return self.basis / self.quantity


@dataclass
class Out:
    """What one sale took from one piece."""

    sale: int
    asset: str
    lot: int
    acquired: datetime
    held_since: date
    sold: date
    quantity: Fraction
    proceeds: Fraction
    basis: Fraction
    washed: int = 0
    disallowed: Fraction = Fraction(0)
    unmatched: Fraction = Fraction(0)
    """Units of a loss that no replacement has made nondeductible yet, in units of today."""
    splits: Fraction = Fraction(1)
    """Units of today per unit sold."""

    @property
    def loss_per_unit(self) -> Fraction:
        return (self.basis - self.proceeds) / (self.quantity * self.splits)

    @property
    def is_long(self) -> bool:
        return is_long(self.held_since, self.sold)


def is_long(held_since: date, sold: date) -> bool:
    """More than one year, counted from the day after (Rev. Rul. 66-7)."""
    first = held_since + timedelta(days=1)
    try:
        anniversary = first.replace(year=first.year + 1)
    except ValueError:
        anniversary = date(first.year + 1, 3, 1)
    return sold >= anniversary


class Reference:
    """All rows, worked one after the other."""

    def __init__(self, world: World, events: Sequence[Event], *, look_at_wallets: bool = True) -> None:
        self.world = world
        self.held: list[Piece] = []
        self.out: list[Out] = []
        self.units: dict[tuple[str, str], Fraction] = {}
        self.permanent = Fraction(0)
        self.matches = 0
        self.averaged: set[tuple[str, str]] = set()
        self.has_like_parts = False
        self.switched = False
        ordered = sorted(events, key=lambda event: (event.at, event.place))
        for day in sorted({event.at.date() for event in ordered}):
            if look_at_wallets and day >= SWITCH and not self.switched:
                self.switched = True
                self.check_wallets()
            today = [event for event in ordered if event.at.date() == day]
            for number, event in enumerate(today):
                self.work(event, today[number + 1 :])
            self.look_back(day)
        self.average_all()

    def work(self, event: Event, rest_of_day: list[Event]) -> None:
        if event.kind in ("buy", "income"):
            self.acquire(event)
            self.take_up(event, rest_of_day)
        elif event.kind == "sell":
            self.relieve(event)
        elif event.kind == "split":
            self.split(event)
        else:
            self.move(event)

    def count(self, asset: str, account: str, change: Fraction) -> None:
        self.units[asset, account] = self.units.get((asset, account), Fraction(0)) + change
        assert self.units[asset, account] >= 0, f"more {asset} leaves {account} than it holds"

    def acquire(self, event: Event) -> None:
        self.count(event.asset, event.account, event.quantity)
        day = event.at.date()
        self.held.append(Piece(event.place, event.asset, event.account, event.quantity, event.amount, event.at, day))

    # relief

    def is_universal(self, event: Event) -> bool:
        return event.asset in self.world.digital and event.at.date() < SWITCH

    def pool(self, event: Event) -> list[Piece]:
        """What a sale may take: one account; for digital assets before the switch every account of the owner."""
        universal = self.is_universal(event)
        return [
            piece
            for piece in self.held
            if piece.asset == event.asset
            and (self.world.share_a_pool(piece.account, event.account) if universal else piece.account == event.account)
        ]

    def in_order(self, event: Event, pool: list[Piece], price: Fraction) -> list[Piece]:
        method = event.method or self.world.method
        if event.kind == "transfer" and self.is_universal(event):
            method = "fifo"
        if event.asset in self.world.digital and event.account not in self.world.iras and event.at.year > 2026:
            method = "fifo"  # no order lies with the broker, and the accounts are brokers' (1.1012-1(j)(3)(ii))

        def rank(piece: Piece) -> tuple[object, ...]:
            elsewhere = piece.account != event.account
            by_date = (piece.acquired, piece.lot, piece.washed == 0, piece.washed, elsewhere)
            if method == "lifo":
                return (-piece.acquired.timestamp(), *by_date)
            if method == "hifo":
                return (-piece.per_unit, *by_date)
            if method == "lofo":
                return (piece.per_unit, *by_date)
            if method == "min_tax":
                return (*self.burden(piece, price, event.at.date()), *by_date)
            return by_date

        return sorted(pool, key=rank)

    @staticmethod
    def by_acquisition(pieces: list[Piece]) -> list[Piece]:
        """Earliest first; of one lot, what replaced shares sold goes before the rest."""
        return sorted(pieces, key=lambda piece: (piece.acquired, piece.lot, piece.washed == 0, piece.washed))

    @staticmethod
    def burden(piece: Piece, price: Fraction, sold: date) -> tuple[int, Fraction]:
        """Short losses, long losses, short zero, long zero, long gains, short gains; the lowest first in each."""
        result = price - piece.per_unit
        long = is_long(piece.held_since, sold)
        if result < 0:
            return (2 if long else 1), result
        if result == 0:
            return (4 if long else 3), result
        return (5 if long else 6), result

    def taken(self, event: Event, price: Fraction) -> list[Piece]:
        """The pieces that leave, cut to size and no longer held."""
        pool = self.pool(event)
        if event.kind == "transfer":
            pool = [piece for piece in pool if piece.account == event.account]
        self.average_before(event, pool)
        assert not event.picks or sum(quantity for _, quantity in event.picks) == event.quantity
        wanted: list[tuple[list[Piece], Fraction]] = []
        for lot, quantity in event.picks:
            named = [piece for piece in pool if piece.lot == lot]
            wanted.append(
                (sorted(self.by_acquisition(named), key=lambda piece: piece.account != event.account), quantity)
            )
        if not event.picks:
            wanted.append((self.in_order(event, pool, price), event.quantity))
        result = []
        for pieces, quantity in wanted:
            left = quantity
            for piece in pieces:
                take = min(left, piece.quantity)
                if take:
                    result.append(self.cut(piece, take))
                    left -= take
            assert left == 0, f"row {event.place} takes {left} more than there is"
        return result

    def cut(self, piece: Piece, quantity: Fraction) -> Piece:
        """`quantity` units of a held piece, apart; what is left stays held."""
        part = Piece(**{**vars(piece), "quantity": quantity, "basis": piece.basis * quantity / piece.quantity})
        piece.quantity -= quantity
        piece.basis -= part.basis
        if piece.quantity == 0:
            self.held = [other for other in self.held if other is not piece]
        return part

    def relieve(self, event: Event) -> None:
        self.count(event.asset, event.account, -event.quantity)
        price = event.amount / event.quantity
        for piece in self.taken(event, price):
            if event.account in self.world.iras:
                continue
            proceeds = price * piece.quantity
            row = Out(
                event.place,
                piece.asset,
                piece.lot,
                piece.acquired,
                piece.held_since,
                event.at.date(),
                piece.quantity,
                proceeds,
                piece.basis,
                piece.washed,
            )
            if piece.basis > proceeds and self.world.washes(piece.asset):
                row.unmatched = piece.quantity
            self.out.append(row)

    def move(self, event: Event) -> None:
        self.count(event.asset, event.account, -event.quantity)
        self.count(event.asset, event.to_account, event.quantity)
        for part in self.taken(event, Fraction(0)):
            part.account = event.to_account
            self.held.append(part)

    def split(self, event: Event) -> None:
        """More units with the same basis and dates, in every account; a loss waits for as many more replacements."""
        for piece in self.held:
            if piece.asset == event.asset:
                piece.quantity *= event.quantity
        for (asset, account), units in self.units.items():
            if asset == event.asset:
                self.units[asset, account] = units * event.quantity
        for row in self.out:
            if row.asset == event.asset:
                row.unmatched *= event.quantity
                row.splits *= event.quantity

    def average(self, pool: list[Piece]) -> None:
        """Every unit of the pool has the same basis; dates stay (Treas. Reg. 1.1012-1(e)(7))."""
        units = sum(piece.quantity for piece in pool)
        basis = sum(piece.basis for piece in pool)
        for piece in pool:
            piece.basis = basis * piece.quantity / units

    def average_before(self, event: Event, pool: list[Piece]) -> None:
        """An average begins with the first disposal at it, and ends with one by another method: then basis per unit
        stays what it was (Treas. Reg. 1.1012-1(e)(7)(v), (e)(9))."""
        place = (event.asset, event.account)
        at_average = (event.method or self.world.method) == "average" and not event.picks
        if at_average or place in self.averaged:
            self.average(pool)
        if at_average:
            self.averaged.add(place)
        else:
            self.averaged.discard(place)

    def average_all(self) -> None:
        """What is held at the end, where the average is in force."""
        for place in self.averaged:
            self.average([piece for piece in self.held if (piece.asset, piece.account) == place])

    def check_wallets(self) -> None:
        """Each account's lots must be as many as its units; an owner's only account with units has all the lots."""
        for asset in self.world.digital:
            for owners in (self.world.spouses, {account for _, account in self.units} - self.world.spouses):
                units = {
                    account: count
                    for (of, account), count in self.units.items()
                    if of == asset and account in owners and account not in self.world.iras and count
                }
                pieces = [piece for piece in self.held if piece.asset == asset and self.is_in(piece, owners)]
                for account, count in units.items():
                    if sum(piece.quantity for piece in pieces if piece.account == account) != count:
                        raise CannotTell(account)

    def is_in(self, piece: Piece, owners: Collection[str]) -> bool:
        return piece.account in owners and piece.account not in self.world.iras

    # wash sales

    def losses(self) -> list[Out]:
        """Losses not yet matched in full: earliest sale first, then earliest acquisition (Treas. Reg. 1.1091-1(b)).

        Of one lot, what replaced shares sold before stands first, as it does in relief.
        """
        open_losses = [row for row in self.out if row.unmatched]
        when = {id(row): number for number, row in enumerate(self.out)}
        sales = {row.sale: min(when[id(other)] for other in self.out if other.sale == row.sale) for row in open_losses}
        return sorted(
            open_losses, key=lambda row: (sales[row.sale], row.acquired, row.lot, row.washed == 0, row.washed)
        )

    def candidates(self, loss: Out, day: date) -> list[Piece]:
        """Lots held that can replace, earliest first: bought in the window, never used, not the lot that was sold."""
        return sorted(
            (
                piece
                for piece in self.held
                if not piece.washed
                and piece.lot != loss.lot
                and self.world.identical(piece.asset, loss.asset)
                and abs(piece.acquired.date() - loss.sold) <= WINDOW
                and piece.acquired.date() <= day
            ),
            key=lambda piece: (piece.acquired, piece.lot),
        )

    def match(self, loss: Out, piece: Piece, quantity: Fraction) -> None:
        """`quantity` of the loss is nondeductible; basis and holding period go on (26 USC 1091(d), 1223(3))."""
        self.matches += 1
        part = self.cut(piece, quantity)
        part.washed = self.matches
        disallowed = loss.loss_per_unit * quantity
        if part.account in self.world.iras:
            self.permanent += disallowed
        else:
            part.basis += disallowed
            part.held_since = part.acquired.date() - (loss.sold - loss.held_since)
        self.place(part)
        loss.disallowed += disallowed
        loss.unmatched -= quantity

    def place(self, part: Piece) -> None:
        """A replacement part among what is held, joined to its like where the world says so."""
        for piece in self.held:
            if piece.washed and (piece.lot, piece.account, piece.held_since) == (
                part.lot,
                part.account,
                part.held_since,
            ):
                self.has_like_parts = True
                if self.world.parts_share_basis:
                    piece.quantity += part.quantity
                    piece.basis += part.basis
                    return
        self.held.append(part)

    def look_back(self, day: date) -> None:
        """After the day's last sale: lots of the thirty days before that are still held replace what was sold."""
        for loss in self.losses():
            if loss.sold == day:
                for piece in self.candidates(loss, day):
                    if loss.unmatched:
                        self.match(loss, piece, min(loss.unmatched, piece.quantity))

    def take_up(self, purchase: Event, rest_of_day: list[Event]) -> None:
        """A purchase replaces what was sold before it, earliest sale first; of the same day's losses only what lots
        bought earlier, and still held at the end of the day, will not replace."""
        day = purchase.at.date()
        spoken_for = self.replaced_from_before(purchase, rest_of_day)
        for loss in self.losses():
            if not self.world.identical(loss.asset, purchase.asset) or day - loss.sold > WINDOW:
                continue
            wanted = loss.unmatched - spoken_for.get(id(loss), Fraction(0))
            fresh = [piece for piece in self.held if piece.lot == purchase.place and not piece.washed]
            if fresh and wanted > 0:
                self.match(loss, fresh[0], min(wanted, fresh[0].quantity))

    def replaced_from_before(self, purchase: Event, rest_of_day: list[Event]) -> dict[int, Fraction]:
        """Units of each of today's losses that earlier lots will replace tonight, if nothing else happens but the day's
        other sales and moves."""
        day = purchase.at.date()
        today = [number for number, row in enumerate(self.out) if row.sold == day and row.unmatched]
        if not today:
            return {}
        tonight = deepcopy(self)
        for event in rest_of_day:
            if event.kind in ("buy", "income"):
                tonight.acquire(event)
            else:
                tonight.work(event, [])
        tonight.out = tonight.out[: len(self.out)]
        first_today = (purchase.at, purchase.place)
        tonight.held = [piece for piece in tonight.held if (piece.acquired, piece.lot) < first_today]
        tonight.look_back(day)
        replaced = {}
        for number in today:
            row, then = self.out[number], tonight.out[number]
            replaced[id(row)] = row.unmatched - then.unmatched * row.splits / then.splits
        return replaced
