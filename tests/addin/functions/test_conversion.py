"""Texts and serial numbers on their way into an answer and out of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from addin.example_ledger import ROWS, caller
from capgain.addin.functions.answering import answer
from capgain.addin.functions.arguments import day_of_serial, serial_of_day
from capgain.addin.functions.cells import Block


def test_quantities_typed_as_text_keep_eighteen_decimals() -> None:
    rows: list[list[Any]] = [
        ROWS[0],
        ["2024-01-05", "Buy", "ETH", "0.123456789012345678", None, 100.0, None, "Coinbase", "crypto", None],
    ]
    lots = answer("CAPGAIN_LOTS", [Block(rows)], caller())
    assert isinstance(lots, list)
    assert lots[1][2] == Decimal("0.123456789012345678")


@pytest.mark.parametrize("date_1904", [False, True])
def test_serial_numbers_and_days_are_each_others_inverse(date_1904: bool) -> None:
    for day in (date(1904, 1, 2), date(1999, 12, 31), date(2024, 2, 29), date(2025, 12, 31)):
        assert day_of_serial(Decimal(repr(serial_of_day(day, date_1904))), date_1904) == day
    assert serial_of_day(datetime(2025, 1, 1, 12), False) == 45658.5


def test_the_day_that_never_was_is_no_date() -> None:
    assert day_of_serial(Decimal(60), False) is None
    assert day_of_serial(Decimal(59), False) == date(1900, 2, 28)
    assert day_of_serial(Decimal(61), False) == date(1900, 3, 1)
    assert day_of_serial(Decimal(-1), True) is None
    assert day_of_serial(Decimal(10) ** 9, False) is None
