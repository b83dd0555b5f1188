"""Money as text for people."""

from __future__ import annotations

from decimal import Decimal

import pytest

from capgain.engine.money import dollars


@pytest.mark.parametrize(
    ("amount", "plain", "signed"),
    [
        ("0", "0.00", "$0.00"),
        ("-0.004", "0.00", "$0.00"),
        ("-0.005", "-0.01", "-$0.01"),
        ("999.994", "999.99", "$999.99"),
        ("999.995", "1,000.00", "$1,000.00"),
        ("-1234567.5", "-1,234,567.50", "-$1,234,567.50"),
        ("1e30", "1" + ",000" * 10 + ".00", "$1" + ",000" * 10 + ".00"),
    ],
)
def test_dollars_are_grouped_and_half_a_cent_goes_away_from_zero(amount: str, plain: str, signed: str) -> None:
    assert dollars(Decimal(amount)) == plain
    assert dollars(Decimal(amount), "$") == signed
