"""Money as text for people."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from pathlib import Path

import pytest

from capgain.engine.money import dollars, to_the_cent
from capgain.engine.transactions import Contract, Exercise


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


@pytest.mark.parametrize(
    ("amount", "rounded"), [("0.125", "0.13"), ("0.124", "0.12"), ("-0.125", "-0.13"), ("3", "3.00")]
)
def test_half_a_cent_goes_away_from_zero_whatever_python_would_do(amount: str, rounded: str) -> None:
    with localcontext(rounding=ROUND_HALF_EVEN, prec=3):
        assert str(to_the_cent(Decimal(amount))) == rounded


def test_a_share_of_a_strike_price_is_rounded_outside_the_pass_as_within_it() -> None:
    exercise = Exercise(
        row=2,
        at=datetime(2025, 6, 20),
        account="Broker",
        asset="XYZ C",
        quantity=Decimal(1),
        amount=Decimal("0.25"),
        contract=Contract("XYZ", Decimal(10)),
    )
    assert exercise.share_of_strike(Decimal(1)) == (Decimal("0.03"), Decimal(0))


def test_the_cent_is_rounded_to_in_one_place() -> None:
    root = Path(__file__).parents[2]
    files = [path for wing in ("engine", "workbook", "addin") for path in (root / wing).rglob("*.py")]
    found = {path.name for path in files if re.search(r"quantize\((CENT|Decimal\(.0\.01)", path.read_text("utf-8"))}
    assert found == {"money.py"}
    assert not [path for path in files if ":,.2f}" in path.read_text("utf-8")], "text of dollars: money.dollars"
    drawn = {"text_in_box.py"}
    plain = {path.name for path in files if ":.2f}" in path.read_text("utf-8")}
    assert plain <= drawn, "dollars for other programs: money.plain_dollars"
