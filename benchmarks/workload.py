"""A made-up trading history of any length, the same for the same arguments.

Half the rows are purchases and half are sales, nothing is ever oversold, prices walk at random from 2019 to the end of
2025. `mixed` interleaves purchases and sales, so that a tenth of what is bought stays; `front` buys everything before
it sells anything, which is the worst case for an engine that looks through its open lots.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from capgain.engine.classes import AccountKind, AssetClass
from capgain.engine.ledger import Account, Ledger
from capgain.engine.settings import Settings
from capgain.engine.transactions import Buy, Sell

START = datetime(2019, 1, 2, 9, 30)
END = datetime(2025, 12, 30)
QUANTITY_SCALE = 10**8
ACCOUNT = "Broker"


class Trade(NamedTuple):
    """`quantity` in 10^-8 units, `price` in cents."""

    at: datetime
    asset: str
    is_buy: bool
    quantity: int
    price: int


def trades(rows: int, assets: int = 20, shape: str = "mixed", seed: int = 8949) -> Iterator[Trade]:
    """`rows` trades over `assets` assets in order of time."""
    chance = random.Random(f"{seed} {rows} {assets} {shape}")
    names = [f"S{number:02d}" for number in range(assets)]
    price = [chance.uniform(2_000, 50_000) for _ in names]
    held = [0] * assets
    to_buy = [rows // assets // 2] * assets
    to_sell = list(to_buy)
    total = 2 * sum(to_buy)
    step = (END - START) / max(total, 1)
    for number in range(total):
        turn = number % assets
        may_buy = to_buy[turn] > 0
        may_sell = to_sell[turn] > 0 and held[turn] >= QUANTITY_SCALE
        is_buy = may_buy and (shape == "front" or not may_sell or chance.random() < 0.5)
        price[turn] = min(500_000.0, max(100.0, price[turn] * (1 + chance.gauss(0, 0.01))))
        size = chance.randrange(QUANTITY_SCALE // 100, QUANTITY_SCALE * 5)
        if is_buy:
            to_buy[turn] -= 1
            held[turn] += size
        else:
            to_sell[turn] -= 1
            size = min(size * 9 // 10, held[turn])
            held[turn] -= size
            if not size:
                continue
        yield Trade(START + step * number, names[turn], is_buy, size, round(price[turn]))


def ledger(history: list[Trade], **settings: object) -> Ledger:
    """The history as the engine takes it: stock at one broker, rows counted as in a CSV with a header."""
    transactions = tuple(
        (Buy if trade.is_buy else Sell)(
            row=row,
            at=trade.at.replace(microsecond=0),
            account=ACCOUNT,
            asset=trade.asset,
            asset_class=AssetClass.STOCK,
            quantity=Decimal(trade.quantity).scaleb(-8),
            amount=Decimal(trade.quantity * trade.price).scaleb(-10),
        )
        for row, trade in enumerate(history, 2)
    )
    accounts = {ACCOUNT: Account(ACCOUNT, AccountKind.BROKERAGE)}
    return Ledger(transactions, accounts=accounts, settings=Settings(**settings))  # type: ignore[arg-type]


def write_csv(history: list[Trade], path: Path) -> None:
    """The history as a ledger file."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Date", "Type", "Asset", "Quantity", "Amount", "Account", "Class"])
        for trade in history:
            quantity = Decimal(trade.quantity).scaleb(-8)
            amount = Decimal(trade.quantity * trade.price).scaleb(-10)
            kind = "Buy" if trade.is_buy else "Sell"
            at = trade.at.isoformat(sep=" ", timespec="seconds")
            writer.writerow([at, kind, trade.asset, quantity, f"{amount:f}", ACCOUNT, "stock"])
