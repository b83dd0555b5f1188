"""Texts and serial numbers on their way into an answer and out of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from addin.example_ledger import ROWS, caller
from capgain.addin.functions.answering import answer
from capgain.addin.functions.cells import Block


def test_quantities_typed_as_text_keep_eighteen_decimals() -> None:
    rows: list[list[Any]] = [
        ROWS[0],
        ["2024-01-05", "Buy", "ETH", "0.123456789012345678", None, 100.0, None, "Coinbase", "crypto", None],
    ]
    lots = answer("CAPGAIN_LOTS", [Block(rows)], caller())
    assert isinstance(lots, list)
    assert lots[1][2] == Decimal("0.123456789012345678")
