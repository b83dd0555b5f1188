"""Small random ledgers for the second opinion: few assets and days, so that lots, windows and accounts collide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from random import Random

from law.reference import SWITCH, CannotTell, Event, Piece, Reference, World
from law.tables import Row

BROKERAGES = ("A1", "A2")
IRA = "IRA1"
SPOUSE = "HERS"
STEPS = (0, 0, 0, 1, 3, 10, 14, 15, 16, 29, 30, 31, 61, 334, 335, 365, 366)
"""Days between one row and the next: windows of 30 days and years end near sums of these."""
BUSY_STEPS = (0, 0, 0, 0, 0, 1, 14, 30)
"""For ledgers that trade many times a day."""
STARTS = (
    date(2023, 2, 27),
    date(2024, 1, 31),
    date(2024, 2, 28),
    date(2024, 11, 29),
    date(2025, 1, 1),
    date(2025, 7, 5),
)
HOURS = (time(0, 0), time(9, 30), time(9, 30), time(11, 0), time(15, 59, 59))
METHODS = ("fifo", "fifo", "lifo", "hifo", "lofo", "min_tax")


@dataclass(frozen=True)
class Trades:
    """A ledger twice: as events of the reference and, through `rows`, as a person would type it."""

    world: World
    events: tuple[Event, ...]
    classes: dict[str, str]

    def without(self, event: Event) -> Trades:
        """The ledger with one row less, later rows one place up."""

        def moved(place: int) -> int:
            return place - (place > event.place)

        kept = [other for other in self.events if other is not event]
        return replace(
            self,
            events=tuple(
                replace(
                    other,
                    place=moved(other.place),
                    picks=[(moved(lot), units) for lot, units in other.picks if lot != event.place],
                )
                for other in kept
            ),
        )

    def rows(self) -> list[Row]:
        return [self.row(event) for event in self.events]

    def row(self, event: Event) -> Row:
        if event.kind == "split":
            return {
                "ID": f"R{event.place}",
                "Date": event.at.isoformat(" "),
                "Type": "Split",
                "Asset": event.asset,
                "Class": self.classes[event.asset],
                "Quantity": str(event.quantity),
            }
        names = {"buy": "Buy", "income": "Income", "sell": "Sell", "transfer": "Transfer"}
        return {
            "ID": f"R{event.place}",
            "Date": event.at.isoformat(" "),
            "Type": names[event.kind],
            "Asset": event.asset,
            "Class": self.classes[event.asset],
            "Quantity": decimal_text(event.quantity),
            "Amount": "" if event.kind == "transfer" else decimal_text(event.gross),
            "Fee": decimal_text(event.fee) if event.fee else "",
            "Account": event.account,
            "To Account": event.to_account,
            "Lot": "; ".join(f"R{lot}:{decimal_text(units)}" for lot, units in event.picks),
            "Method": event.method,
        }

    def accounts(self) -> list[Row]:
        return [
            {
                "Account": name,
                "Kind": "ira" if name == IRA else "brokerage",
                "Owner": "spouse" if name == SPOUSE else "taxpayer",
                "Reported": "none",
            }
            for name in (*BROKERAGES, IRA, SPOUSE)
        ]

    def settings(self) -> dict[str, str]:
        stated = {"Method": self.world.method, "Wash Sales": self.world.wash, "Filing Status": "mfj"}
        if self.world.groups:
            stated["Identical"] = "; ".join(", ".join(sorted(group)) for group in self.world.groups)
        return stated


def decimal_text(number: Fraction) -> str:
    """A fraction that ends, as a plain decimal."""
    scaled = number * 10**18
    assert scaled.denominator == 1
    whole, rest = divmod(scaled.numerator, 10**18)
    return f"{whole}.{rest:018d}".rstrip("0").rstrip(".")


def cents(rng: Random, low: int, high: int) -> Fraction:
    return Fraction(rng.randint(low, high), 100)


def make(rng: Random, *, even: bool) -> Trades:
    """A valid ledger. With `even`, every amount is a whole number of cents a unit, so that nothing is ever rounded;
    only without it are there splits, and funds at the average."""
    kind = rng.choice(("stock", "stock", "stock", "twins", "coin", "tokenized", *(() if even else ("fund", "fund"))))
    classes = {
        "stock": {"XYZ": "stock"},
        "fund": {"FUND": "fund"},
        "twins": {"VOO": "fund", "IVV": "fund", "QQQ": "fund"},
        "coin": {"BTC": "crypto", "ETH": "crypto"},
        "tokenized": {"TOK": "tokenized"},
    }[kind]
    world = World(
        iras=frozenset({IRA}),
        spouses=frozenset({SPOUSE}),
        digital=frozenset(classes) if kind in ("coin", "tokenized") else frozenset(),
        coins=frozenset(classes) if kind == "coin" else frozenset(),
        groups=(frozenset({"VOO", "IVV"}),) if kind == "twins" else (),
        method=rng.choice(("average", *METHODS)) if kind == "fund" else rng.choice(METHODS),
        wash=rng.choice(("securities",) * 4 + ("all", "off")),
    )
    events: list[Event] = []
    steps = rng.choice((STEPS, STEPS, BUSY_STEPS))
    day = rng.choice(STARTS)
    accounts = rng.choice(((BROKERAGES[0],), BROKERAGES, (*BROKERAGES, IRA), (BROKERAGES[0], IRA, SPOUSE)))
    assets = list(classes)
    now = datetime.min
    for place in range(2, 2 + rng.randint(3, 14)):
        step = rng.choice(steps)
        day += timedelta(days=step)
        moment = datetime.combine(day, rng.choice(HOURS))
        now = max(now, moment) if now.date() == day else moment
        event = draw_event(rng, world, events, place, now, rng.choice(assets), accounts, even=even)
        events.append(event)
    return Trades(world, tuple(events), classes)


def draw_event(
    rng: Random,
    world: World,
    events: list[Event],
    place: int,
    at: datetime,
    asset: str,
    accounts: tuple[str, ...],
    *,
    even: bool,
) -> Event:
    """A sale or a move where something is held, else a purchase."""
    account = rng.choice(accounts)
    try:
        so_far = Reference(world, events)
    except CannotTell:
        so_far = Reference(world, events, look_at_wallets=False)
    units = so_far.units.get((asset, account), Fraction(0))
    roll = rng.random()
    if not even and not world.groups and units and rng.random() < 0.05:
        return Event(place, at, "split", asset, "", rng.choice((Fraction(2), Fraction(3, 2), Fraction(1, 4))))
    quantity = (
        Fraction(rng.randint(1, 10)) if even else Fraction(rng.randint(1, 10_000), rng.choice((1, 10, 1000, 10**8)))
    )
    if units and roll < 0.45:
        quantity = units if rng.random() < 0.3 else min(units, quantity)
        event = priced(rng, Event(place, at, "sell", asset, account, quantity), even=even)
        pool = so_far.pool(event)
        if rng.random() < 0.25:
            event.picks = draw_picks(rng, pool, quantity)
        elif rng.random() < 0.2:
            event.method = rng.choice(METHODS)
        if sum(piece.quantity for piece in pool) >= quantity:
            return event
    others = [other for other in accounts if other not in (account, IRA, SPOUSE)]
    if units and others and account not in (IRA, SPOUSE) and roll < 0.55:
        event = Event(place, at, "transfer", asset, account, min(units, quantity), to_account=rng.choice(others))
        here = [piece for piece in so_far.held if (piece.asset, piece.account) == (asset, account)]
        if sum(piece.quantity for piece in here) >= event.quantity:
            if world.method == "min_tax" and not (asset in world.digital and at.date() < SWITCH):
                event.picks = draw_picks(rng, here, event.quantity)
            return event
    return priced(rng, Event(place, at, rng.choice(("buy",) * 5 + ("income",)), asset, account, quantity), even=even)


def priced(rng: Random, event: Event, *, even: bool) -> Event:
    """The event with money: a price that often repeats, and now and then a fee."""
    if even:
        gross = cents(rng, 900, 1100) * event.quantity if rng.random() < 0.7 else Fraction(10) * event.quantity
        fee = Fraction(rng.choice((0, 0, 1, 5)), 100) * event.quantity
    else:
        gross = cents(rng, 1, 2_000_00)
        fee = cents(rng, 0, 30) if rng.random() < 0.3 else Fraction(0)
    if event.kind == "income" or fee > gross:
        fee = Fraction(0)
    event.gross, event.fee = gross, fee
    event.amount = gross - fee if event.kind == "sell" else gross + fee
    return event


def draw_picks(rng: Random, pool: list[Piece], quantity: Fraction) -> list[tuple[int, Fraction]]:
    """Some lots of the pool, in any order, with as many units as are wanted."""
    held: dict[int, Fraction] = {}
    for piece in pool:
        held[piece.lot] = held.get(piece.lot, Fraction(0)) + piece.quantity
    lots = list(held)
    rng.shuffle(lots)
    picks = []
    left = quantity
    for lot in lots:
        take = min(left, held[lot])
        if take:
            picks.append((lot, take))
            left -= take
    return picks if left == 0 else []


def smallest(trades: Trades, fails: Callable[[Trades], bool]) -> Trades:
    """Rows left out one by one for as long as it still fails; a ledger that cannot be worked does not count."""
    shrunk = True
    while shrunk:
        shrunk = False
        for event in trades.events:
            fewer = trades.without(event)
            try:
                still = bool(fewer.events) and fails(fewer)
            except AssertionError:
                still = False
            if still:
                trades, shrunk = fewer, True
                break
    return trades
