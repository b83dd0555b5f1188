"""A small ledger whose numbers are known by heart."""

from __future__ import annotations

from capgain.addin.functions.caller import Caller
from capgain.addin.functions.cells import Block

HEADER = ["Date", "Type", "Asset", "Quantity", "Price", "Amount", "Fee", "Account", "Class", "Reported"]

ROWS: list[list[object]] = [
    HEADER,
    ["2023-01-05", "Buy", "BTC", 1.0, None, 20000.0, 0.0, "Coinbase", "crypto", None],
    ["2024-01-05", "Buy", "AAPL", 100.0, 150.0, None, 1.0, "Schwab", "stock", None],
    ["2025-02-01", "Sell", "BTC", 0.5, None, 50000.0, 5.0, "Coinbase", "crypto", "no basis"],
    ["2025-03-01", "Sell", "AAPL", 50.0, 100.0, None, 1.0, "Schwab", "stock", "basis"],
    ["2025-12-01", "Buy", "ETH", 2.0, 3000.0, None, 0.0, "Coinbase", "crypto", None],
    ["2025-12-20", "Sell", "ETH", 1.0, 1000.0, None, 0.0, "Coinbase", "crypto", "no basis"],
]
"""Long: 39,995.00 (BTC, box K) and -2,501.50 (AAPL, box D); short: -2,000.00 (ETH, box H)."""

AS_SERIALS = [HEADER] + [
    [serial, *row[1:]]
    for serial, row in zip((44931.0, 45296.0, 45689.0, 45717.0, 45992.0, 46011.0), ROWS[1:], strict=True)
]
"""The same with real dates, which a sheet holds as serial numbers."""

NET = "35493.50"
LONG = "37493.50"
SHORT = "-2000.00"


def ledger(rows: list[list[object]] | None = None, *, first_row: int = 1, date_1904: bool = False) -> Block:
    return Block(rows or ROWS, sheet="Ledger", first_row=first_row, date_1904=date_1904, address="[B]Ledger!$A$1")


def settings(*pairs: tuple[str, object]) -> Block:
    return Block([["Name", "Value"], *map(list, pairs)], sheet="Settings")  # type: ignore[list-item]


def caller(**sheets: Block) -> Caller:
    return Caller(address="[B]Out!$A$1", **sheets)
