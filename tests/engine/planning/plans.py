"""Small ledgers to plan on: rows as a person enters them, one filing status, one income."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from capgain.engine.ledger import Ledger
from capgain.engine.planning.harvest import Harvest, HarvestLot
from capgain.workbook.reading.blocks import ledger_from_blocks

HEADER = ("Date", "Type", "Asset", "Quantity", "Amount", "Account", "ID", "Class", "Lot", "Acquired", "Basis")
ACCOUNTS = (
    ("Account", "Kind", "Owner"),
    ("Schwab", "brokerage", "taxpayer"),
    ("Fidelity", "brokerage", "taxpayer"),
    ("Hers", "brokerage", "spouse"),
    ("Roth", "ira", "taxpayer"),
    ("Kraken", "exchange", "taxpayer"),
)
D = Decimal

Row = tuple[object, ...]


def buy(day: str, asset: str, quantity: object, amount: object, account: str = "Schwab", *, id: str = "") -> Row:
    return (day, "Buy", asset, quantity, amount, account, id or None, _class(asset))


def sell(
    day: str, asset: str, quantity: object, amount: object, account: str = "Schwab", *, lot: str | None = None
) -> Row:
    return (day, "Sell", asset, quantity, amount, account, None, _class(asset), lot)


def _class(asset: str) -> str:
    if asset in ("BTC", "ETH"):
        return "crypto"
    return {"FUND": "fund", "COIN": "collectible"}.get(asset, "stock")


def plan(rows: Sequence[Row], *, prices: dict[str, object] | None = None, **settings: object) -> Ledger:
    """A ledger with its settings, `Other_Income=60000` for `Other Income`; single unless said otherwise."""
    stated: dict[str, object] = {"Filing Status": "single"}
    stated |= {name.replace("_", " "): value for name, value in settings.items()}
    priced = [("Asset", "Price"), *((prices or {}).items())]
    ledger = ledger_from_blocks(
        [HEADER, *rows], ACCOUNTS, [("Name", "Value"), *stated.items()], priced, today=date(2026, 11, 22)
    )
    assert not any(problem.is_error for problem in ledger.problems), ledger.problems
    return ledger


def lot_of(found: Harvest, row: int) -> HarvestLot:
    """The lot that a row of the ledger acquired; the header is row 1."""
    (lot,) = (lot for lot in (*found.losses, *found.others) if lot.row == row)
    return lot
