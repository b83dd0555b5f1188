"""Random ledgers with every type of row, valid by construction, and a plain tally of what went in and out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from math import ceil
from random import Random

from law.random_trades import decimal_text
from law.tables import Row

CLASSES = {"XYZ": "stock", "NEW": "stock", "FUND": "fund", "BTC": "crypto", "ETH": "crypto", "TOK": "tokenized"}
WRAPPED = "WRAP"
"""A token for coins that go through protocols."""
POOLED = "LPT"
"""The token of a pool of ETH and BTC."""
OF_PROTOCOLS = {WRAPPED: "crypto", POOLED: "crypto"}
POSITIONS = {"Wrap": "carryover", "Stake": "carryover", "Bridge": "trade", "Lend": "trade", "Pool": "trade"}
SHORTED = "SHRT"
"""Sold short and covered, never held, so that no short sale is a constructive one."""
BROKERAGES = ("A1", "A2")
WALLETS = ("EX", "COLD")
ACCOUNTS: list[Row] = [
    {"Account": "A1", "Kind": "brokerage", "Owner": "taxpayer", "Reported": "none"},
    {"Account": "A2", "Kind": "brokerage", "Owner": "taxpayer", "Reported": "none"},
    {"Account": "HERS", "Kind": "brokerage", "Owner": "spouse", "Reported": "none"},
    {"Account": "EX", "Kind": "exchange", "Owner": "taxpayer", "Reported": "none"},
    {"Account": "COLD", "Kind": "wallet", "Owner": "taxpayer", "Reported": "none"},
    {"Account": "IRA1", "Kind": "ira", "Owner": "taxpayer", "Reported": "none"},
]
GAPS = (0, 0, 0, 1, 2, 3, 7, 10, 15, 29, 30, 31, 180, 366)


@dataclass
class Tally:
    """Kept while rows are made, with no notion of lots."""

    units: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    basis_in: Fraction = Fraction(0)
    """Dollars that became basis: purchases with fees, income, gifts and inheritances, assets received in trades."""
    returned: Fraction = Fraction(0)
    """Dollars of capital returned and of cash in mergers: basis out, or gain where basis was short."""
    paid: Fraction = Fraction(0)
    received: Fraction = Fraction(0)
    shorted: Fraction = Fraction(0)

    def add(self, asset: str, account: str, units: Fraction) -> None:
        self.units[asset, account] = self.units.get((asset, account), Fraction(0)) + units

    def held(self, asset: str, account: str) -> Fraction:
        return self.units.get((asset, account), Fraction(0))


class Maker:
    """Draws one row after the other; `kinds` limits the types drawn. Every draw comes from `rng`.

    Names that change and shares that become worthless are drawn where `kinds` asks for them: the first makes two assets
    one for all of the ledger, the second books a loss at the year's end.
    """

    def __init__(
        self, rng: Random, kinds: frozenset[str] | None = None, *, iras: bool = True, even: bool = True
    ) -> None:
        self.rng = rng
        self.iras = iras
        self.even = even
        self.tally = Tally()
        self.rows: list[Row] = []
        self.options: dict[str, tuple[bool, Fraction, Fraction]] = {}
        self.places = rng.choice((["A1"], ["A1", "A2"], ["A1", "IRA1"], [*BROKERAGES, "HERS", "IRA1"]))
        self.assets = rng.choice((list(CLASSES), ["XYZ"], ["XYZ", "NEW"], ["FUND", "TOK"], ["BTC", "ETH"]))
        self.now = datetime.combine(rng.choice((date(2025, 1, 1), date(2025, 3, 3), date(2027, 12, 30))), time(0, 0))
        makers = {
            "acquire": self.acquire,
            "sell": self.sell,
            "trade": self.trade,
            "give": self.give,
            "move": self.move,
            "split": self.split,
            "spin off": self.spin_off,
            "merge": self.merge,
            "return": self.return_capital,
            "short": self.short,
            "cash": self.cash,
            "order": self.order,
        }
        rare = {
            "rename": self.rename,
            "convert": self.convert,
            "worthless": self.worthless,
            "option": self.option,
            "trust": self.sold_by_trust,
            "protocol": self.protocol,
            "pool": self.pool,
            "rebase": self.rebase,
        }
        self.kinds = [maker for name, maker in makers.items() if kinds is None or name in kinds]
        self.kinds += [maker for name, maker in rare.items() if kinds is not None and name in kinds]
        self.kinds += [self.sell] * len(self.kinds)
        if kinds is not None and "option" in kinds:
            self.kinds += [self.option] * len(self.kinds)

    def make(self, count: int) -> list[Row]:
        for _ in range(count):
            gap = timedelta(days=self.rng.choice(GAPS), minutes=self.rng.randint(1, 90))
            self.now += gap
            if not self.tally.units or self.rng.random() < 0.35:
                self.acquire()
            else:
                self.rng.choice(self.kinds)()
        return self.rows

    # drawing

    def row(self, kind: str, asset: str, account: str, **columns: Fraction | str) -> Row:
        cells = {
            name.replace("_", " "): value if isinstance(value, str) else decimal_text(value)
            for name, value in columns.items()
        }
        row = {
            "ID": f"R{len(self.rows) + 2}",
            "Date": self.now.isoformat(" "),
            "Type": kind,
            "Asset": asset,
            "Class": "option" if asset in self.options else (CLASSES | OF_PROTOCOLS).get(asset, "stock"),
            "Account": account,
            **cells,
        }
        self.rows.append(row)
        return row

    def is_coin(self, asset: str) -> bool:
        return asset in OF_PROTOCOLS or CLASSES[asset] in ("crypto", "tokenized")

    def place_for(self, asset: str) -> str:
        if self.is_coin(asset):
            return self.rng.choice(WALLETS)
        return self.rng.choice([place for place in self.places if self.iras or place != "IRA1"])

    def quantity(self) -> Fraction:
        return Fraction(self.rng.randint(1, 12)) if self.even else Fraction(self.rng.randint(1, 9999), 1000)

    def amount(self, quantity: Fraction) -> Fraction:
        """Whole cents, a whole number of them for each whole unit with `even`."""
        each = Fraction(self.rng.randint(800, 1200), 100)
        return Fraction(round(each * quantity * 100) or 1, 100)

    def some_held(
        self, accept: Callable[[str, str], bool] = lambda asset, account: True
    ) -> tuple[str, str, Fraction] | None:
        choices = [
            (asset, account, units)
            for (asset, account), units in self.tally.units.items()
            if units > 0 and asset not in self.options and accept(asset, account)
        ]
        return self.rng.choice(choices) if choices else None

    def part_of(self, units: Fraction) -> Fraction:
        return units if self.rng.random() < 0.3 else min(units, self.quantity())

    # one row each

    def acquire(self) -> None:
        asset = self.rng.choice(self.assets)
        account = self.place_for(asset)
        quantity = self.quantity()
        amount = self.amount(quantity)
        kind = self.rng.choice(("Buy", "Buy", "Buy", "Buy", "Reinvest", "Income", "Opening", "Gift In", "Inherit"))
        if kind == "Reinvest" and self.is_coin(asset):
            kind = "Buy"
        columns: dict[str, Fraction | str] = {"Quantity": quantity}
        if kind == "Opening":
            columns |= {
                "Acquired": (self.now.date() - timedelta(days=self.rng.randint(1, 800))).isoformat(),
                "Basis": amount,
            }
        elif kind == "Gift In":
            columns |= {
                "Acquired": (self.now.date() - timedelta(days=self.rng.randint(1, 800))).isoformat(),
                "Basis": amount,
                "Amount": 2 * amount,
            }
        else:
            columns["Amount"] = amount
        self.tally.basis_in += amount
        self.tally.paid += amount
        if kind == "Buy" and self.rng.random() < 0.3:
            fee = Fraction(1, 100) * quantity if self.even else Fraction(self.rng.randint(1, 50), 100)
            columns["Fee"] = fee
            self.tally.basis_in += fee
            self.tally.paid += fee
        self.row(kind, asset, account, **columns)
        self.tally.add(asset, account, quantity)

    def sell(self) -> None:
        found = self.some_held()
        if not found:
            return
        asset, account, units = found
        quantity = self.part_of(units)
        amount = self.amount(quantity)
        kind = self.rng.choice(("Sell", "Sell", "Sell", "Spend", "Fee") if self.is_coin(asset) else ("Sell",))
        fee = Fraction(0)
        if kind != "Fee" and self.rng.random() < 0.3:
            fee = Fraction(ceil(quantity), 100) if self.even else Fraction(self.rng.randint(1, 7), 100)
            fee = min(fee, amount)
        row = self.row(kind, asset, account, Quantity=quantity, Amount=amount)
        if fee:
            row["Fee"] = decimal_text(fee)
        self.tally.add(asset, account, -quantity)
        if account != "IRA1":
            self.tally.received += amount - fee

    def trade(self) -> None:
        found = self.some_held(lambda asset, account: self.is_coin(asset))
        if not found:
            return
        asset, account, units = found
        got = self.rng.choice([other for other in CLASSES if self.is_coin(other) and other != asset])
        quantity = self.part_of(units)
        bought = self.quantity()
        amount = self.amount(bought)
        self.row(
            "Trade", asset, account, Quantity=quantity, Received_Asset=got, Received_Quantity=bought, Amount=amount
        )
        self.tally.add(asset, account, -quantity)
        self.tally.add(got, account, bought)
        self.tally.basis_in += amount
        self.tally.received += amount
        self.tally.paid += amount

    def protocol(self) -> None:
        """A coin goes into a protocol for a token, or comes back: by its type carried over, or traded."""
        found = self.some_held(lambda asset, account: CLASSES.get(asset) == "crypto" or asset == WRAPPED)
        if not found:
            return
        asset, account, units = found
        kind = self.rng.choice(("Wrap", "Unwrap", "Stake", "Unstake", "Bridge", "Lend Out", "Lend Back"))
        is_carried = kind in ("Wrap", "Unwrap", "Stake", "Unstake")
        got = self.rng.choice([other for other in ("BTC", "ETH", WRAPPED) if other != asset or is_carried])
        given = self.part_of(units)
        received = given if got == asset else self.quantity()
        to = self.rng.choice(("", *WALLETS))
        columns: dict[str, Fraction | str] = {"Quantity": given, "To_Account": to}
        if got != asset:
            columns |= {"Received_Asset": got, "Received_Quantity": received}
        if not is_carried:
            amount = columns["Amount"] = self.amount(received)
            self._traded(amount)
        self.row(kind, asset, account, **columns)
        self.tally.add(asset, account, -given)
        self.tally.add(got, to or account, received)

    def pool(self) -> None:
        """Both coins into a pool, or out of it, in two legs of one order, one leg before or behind the other."""
        account = self.rng.choice(WALLETS)
        order = f"P{len(self.rows)}"
        tokens = self.tally.held(POOLED, account)
        coins = [coin for coin in ("BTC", "ETH") if self.tally.held(coin, account) > 0]
        if tokens and self.rng.random() < 0.6:
            given = self.part_of(tokens)
            legs = [(coin, self.quantity()) for coin in ("BTC", "ETH")]
            self.rng.shuffle(legs)
            named = self.rng.choice(legs)
            for coin, units in legs:
                amount = self.amount(units)
                quantity: Fraction | str = given if (coin, units) == named else ""
                columns = {"Quantity": quantity, "Received_Asset": coin, "Received_Quantity": units, "Amount": amount}
                self.row("Pool Out", POOLED, account, **columns, Order=order)
                self._traded(amount)
                self.tally.add(coin, account, units)
            self.tally.add(POOLED, account, -given)
        elif coins:
            self.rng.shuffle(coins)
            named_coin = self.rng.choice(coins)
            for coin in coins:
                given = self.part_of(self.tally.held(coin, account))
                amount = self.amount(given)
                row = self.row("Pool In", coin, account, Quantity=given, Amount=amount, Order=order)
                self._traded(amount)
                self.tally.add(coin, account, -given)
                if coin == named_coin:
                    got = self.quantity()
                    row |= {"Received Asset": POOLED, "Received Quantity": decimal_text(got)}
                    self.tally.add(POOLED, account, got)

    def _traded(self, amount: Fraction) -> None:
        self.tally.basis_in += amount
        self.tally.received += amount
        self.tally.paid += amount

    def rebase(self) -> None:
        """Other units of a coin with the same basis, in one account or in all."""
        found = self.some_held(lambda asset, account: CLASSES.get(asset) == "crypto")
        if not found:
            return
        asset, account, _ = found
        where, ratio = self.rng.choice((account, "")), self.rng.choice(("1.05", "0.9", "2"))
        self.row("Rebase", asset, where, Quantity=ratio)
        for key in list(self.tally.units):
            if key[0] == asset and where in ("", key[1]):
                self.tally.units[key] *= Fraction(ratio)

    def give(self) -> None:
        found = self.some_held(lambda asset, account: account != "IRA1")
        if not found:
            return
        asset, account, units = found
        quantity = self.part_of(units)
        self.row(self.rng.choice(("Gift Out", "Donate", "Lost")), asset, account, Quantity=quantity)
        self.tally.add(asset, account, -quantity)

    def move(self) -> None:
        found = self.some_held(lambda asset, account: account not in ("IRA1", "HERS"))
        if not found:
            return
        asset, account, units = found
        to = next(other for other in (WALLETS if self.is_coin(asset) else BROKERAGES) if other != account)
        quantity = self.part_of(units)
        arrived = quantity
        columns: dict[str, Fraction | str] = {"Quantity": quantity, "To_Account": to}
        if self.is_coin(asset) and quantity >= 2 and self.rng.random() < 0.4:
            arrived = quantity - 1 if self.even else quantity - Fraction(1, 1000)
            price = Fraction(self.rng.randint(800, 1200), 100)
            columns |= {"Received_Quantity": arrived, "Price": price}
            self.tally.received += price * (quantity - arrived)
        self.row("Transfer", asset, account, **columns)
        self.tally.add(asset, account, -quantity)
        self.tally.add(asset, to, arrived)

    def split(self) -> None:
        found = self.some_held(lambda asset, account: not self.is_coin(asset))
        if not found:
            return
        asset = found[0]
        ratio, text = self.rng.choice(
            ((Fraction(2), "2"), (Fraction(3), "3:1"), (Fraction(1, 2), "1/2"), (Fraction(3, 2), "1.5"))
        )
        self.row("Split", asset, "", Quantity=text)
        for key in list(self.tally.units):
            if key[0] == asset:
                self.tally.units[key] *= ratio

    def spin_off(self) -> None:
        found = self.some_held(lambda asset, account: asset == "XYZ")
        if not found:
            return
        kind = self.rng.choice(("Spin-off", "Stock Dividend"))
        part = self.rng.choice(("0", "0.25", "0.109624", "1"))
        self.row(kind, "XYZ", "", Received_Asset="NEW", Quantity=self.rng.choice(("1", "1/2", "2")), Basis=part)
        ratio = Fraction(self.rows[-1]["Quantity"])
        for (asset, account), units in list(self.tally.units.items()):
            if asset == "XYZ" and units:
                self.tally.add("NEW", account, units * ratio)

    def merge(self) -> None:
        found = self.some_held(lambda asset, account: asset == "NEW" and account != "IRA1")
        if not found:
            return
        account = found[1]
        units = self.tally.held("NEW", account)
        row = self.row("Merger", "NEW", account, Received_Asset="XYZ", Quantity=self.rng.choice(("2", "1/2", "1")))
        if self.rng.random() < 0.5:
            row |= {"Price": "2", "Amount": "7"}
            self.tally.returned += 2 * units
            self.tally.received += 2 * units
        self.tally.add("NEW", account, -units)
        self.tally.add("XYZ", account, units * Fraction(row["Quantity"]))

    def rename(self) -> None:
        """XYZ is called NEW from now on, or NEW is called XYZ, in one account or in all."""
        found = self.some_held(lambda asset, account: asset in ("XYZ", "NEW"))
        if not found:
            return
        old = found[0]
        new = "NEW" if old == "XYZ" else "XYZ"
        account = self.rng.choice((found[1], ""))
        ratio = self.rng.choice(("", "2", "1/2"))
        self.row("Rename", old, account, Received_Asset=new, Quantity=ratio, Note="one")
        for (asset, place), units in list(self.tally.units.items()):
            if asset == old and account in ("", place) and units:
                self.tally.add(old, place, -units)
                self.tally.add(new, place, units * Fraction(ratio or "1"))

    def convert(self) -> None:
        found = self.some_held(lambda asset, account: asset in ("XYZ", "NEW"))
        if not found:
            return
        asset, account, units = found
        new = "NEW" if asset == "XYZ" else "XYZ"
        given, received = self.part_of(units), Fraction(self.rng.randint(1, 9))
        self.row("Conversion", asset, account, Quantity=given, Received_Asset=new, Received_Quantity=received)
        self.tally.add(asset, account, -given)
        self.tally.add(new, account, received)

    def worthless(self) -> None:
        found = self.some_held(lambda asset, account: not self.is_coin(asset))
        if not found:
            return
        asset, account, units = found
        gone = self.rng.choice((units, self.part_of(units)))
        self.row("Worthless", asset, account, Quantity="" if gone == units else gone)
        self.tally.add(asset, account, -gone)

    def option(self) -> None:
        """An option on two XYZ is bought or written, or one that is open ends: exercised, assigned or expired."""
        still_open = [name for name, (_, contracts, _) in self.options.items() if contracts]
        if still_open and self.rng.random() < 0.6:
            self.end_option(self.rng.choice(still_open))
            return
        right, is_held = self.rng.choice(("call", "put")), self.rng.random() < 0.5
        name, contracts = f"XYZ {right} {len(self.options)}", Fraction(self.rng.randint(1, 2))
        premium = Fraction(self.rng.randint(1, 400), 100) * contracts
        self.options[name] = is_held, contracts, premium
        columns = {"Quantity": contracts, "Amount": premium, "Underlying": f"XYZ x2 {right}"}
        self.row("Buy" if is_held else "Short Sell", name, "A1", **columns)
        if is_held:
            self.tally.add(name, "A1", contracts)
            self.tally.basis_in += premium
            self.tally.paid += premium
        else:
            self.tally.received += premium

    def sold_by_trust(self) -> None:
        """XYZ, or FUND, is a trust that sells a little of what it holds: shares stay, basis leaves with the rows."""
        found = self.some_held(lambda asset, account: asset in ("XYZ", "FUND"))
        if not found:
            return
        row = self.row("Trust Sale", found[0], self.rng.choice(("", found[1])), Price="0.01", Basis="1/64")
        row["Class"] = "other"

    def end_option(self, name: str) -> None:
        is_held, contracts, premium = self.options[name]
        shares, price = 2 * contracts, Fraction(self.rng.randint(800, 1200), 100)
        strike, fee = shares * price, Fraction(self.rng.choice((0, 3)))
        buys = ("call" in name) is is_held
        expires = (not buys and self.tally.held("XYZ", "A1") < shares) or self.rng.random() < 0.3
        columns = {} if expires else {"Price": price, "Fee": fee}
        if self.rng.random() < 0.5:
            columns["Quantity"] = contracts
        self.row("Expire" if expires else "Exercise" if is_held else "Assign", name, "A1", **columns)
        self.options[name] = is_held, Fraction(0), premium
        if is_held:
            self.tally.add(name, "A1", -contracts)
        if expires:
            return
        if buys:
            self.tally.add("XYZ", "A1", shares)
            self.tally.basis_in += strike + fee if is_held else strike + fee - premium
            self.tally.paid += strike + fee
        else:
            self.tally.add("XYZ", "A1", -shares)
            self.tally.basis_in -= premium if is_held else 0
            self.tally.received += strike - fee

    def return_capital(self) -> None:
        found = self.some_held(lambda asset, account: not self.is_coin(asset) and account != "IRA1")
        if not found:
            return
        asset, account, units = found
        each = Fraction(self.rng.randint(1, 1500), 100)
        self.row("Return of Capital", asset, account, Price=each)
        self.tally.returned += each * units
        self.tally.received += each * units

    def short(self) -> None:
        open_units = self.tally.shorted
        if open_units and self.rng.random() < 0.6:
            quantity = self.part_of(open_units)
            amount = self.amount(quantity)
            self.row("Cover", SHORTED, "A1", Quantity=quantity, Amount=amount)
            self.tally.shorted -= quantity
            self.tally.paid += amount
        else:
            quantity = self.quantity()
            amount = self.amount(quantity)
            self.row("Short Sell", SHORTED, "A1", Quantity=quantity, Amount=amount)
            self.tally.shorted += quantity
            self.tally.received += amount

    def cash(self) -> None:
        kind = self.rng.choice(("Dividend", "Interest"))
        self.row(kind, "XYZ", "A1", Amount=Fraction(self.rng.randint(1, 9999), 100))

    def order(self) -> None:
        method = self.rng.choice(("fifo", "lifo", "hifo", "lofo"))
        asset = self.rng.choice(("", *CLASSES))
        self.row("Method", asset, "", Method=method)
        if not asset:
            self.rows[-1]["Class"] = ""

    def sell_everything(self) -> None:
        """At the end: every unit held is sold, every short sale covered."""
        for (asset, account), units in list(self.tally.units.items()):
            if not units:
                continue
            self.now += timedelta(days=40)
            amount = self.amount(units)
            self.row("Sell", asset, account, Quantity=units, Amount=amount)
            self.tally.add(asset, account, -units)
            if account != "IRA1":
                self.tally.received += amount
        for name, (is_held, contracts, _) in self.options.items():
            if contracts and not is_held:
                self.now += timedelta(days=40)
                self.row("Expire", name, "A1")
        if self.tally.shorted:
            self.now += timedelta(days=40)
            amount = self.amount(self.tally.shorted)
            self.row("Cover", SHORTED, "A1", Quantity=self.tally.shorted, Amount=amount)
            self.tally.paid += amount
            self.tally.shorted = Fraction(0)


def settings(rng: Random) -> dict[str, str]:
    """Settings that say every class, for assets that first come in without a row of their own."""
    classes = {f"Class {asset}": said for asset, said in (CLASSES | OF_PROTOCOLS).items()}
    classes |= POSITIONS | {"Rebase": "split"}
    return classes | {"Method": rng.choice(("fifo", "fifo", "lifo", "hifo", "lofo")), "Filing Status": "mfj"}
