"""What follows from a ledger takes work in proportion to its rows, whatever they are.

Work is counted in lines of the engine that run, so that no busy machine fails a test.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from types import FrameType
from typing import Any

import pytest

import capgain.engine.money
from capgain.engine.classes import AccountKind, AssetClass, FilingStatus, Method, Reported, WashScope
from capgain.engine.compute import compute
from capgain.engine.ledger import Account, Ledger
from capgain.engine.planning.compare import under_method
from capgain.engine.settings import ByYear, Settings
from capgain.engine.transactions import (
    Buy,
    Cover,
    Dividend,
    Expire,
    MethodOrder,
    Rename,
    Sell,
    ShortSell,
    Split,
    Transaction,
    Transfer,
    Worthless,
)

TODAY = date(2026, 11, 1)
START = datetime(2025, 1, 2, 10)


class Rows:
    """Makes rows one after the other, each an hour later."""

    def __init__(self, asset_class: AssetClass = AssetClass.STOCK) -> None:
        self._class = asset_class
        self._row = 1

    def __call__(self, kind: type[Any], asset: str, quantity: int = 10, amount: int = 1000, **more: Any) -> Any:
        self._row += 1
        about: dict[str, Any] = {"row": self._row, "at": START + timedelta(hours=self._row), "account": "B"}
        if kind in (Split, Rename, MethodOrder):
            return kind(**about | {"asset": asset} | more)
        if kind in (Buy, Sell, ShortSell, Cover):
            about["amount"] = Decimal(amount)
        if kind in (Sell, Cover):
            about["reported"] = Reported.BASIS
        return kind(**about | {"asset": asset, "asset_class": self._class, "quantity": Decimal(quantity)} | more)


def calls_written(number: int) -> Iterator[Transaction]:
    row = Rows(AssetClass.OPTION)
    for one in range(number):
        yield row(ShortSell, f"XYZ{one} C", 1, 250)
        yield row(Expire, f"XYZ{one} C", 1)


def assets_sold_short(number: int) -> Iterator[Transaction]:
    row = Rows()
    for one in range(number):
        yield row(ShortSell, f"S{one}")
    for one in range(number):
        yield row(Cover, f"S{one}", amount=1100)


def purchases_beside_short_sales(number: int) -> Iterator[Transaction]:
    row = Rows()
    for one in range(number):
        yield row(ShortSell, f"S{one}")
        yield row(Buy, f"T{one}")
    for one in range(number):
        yield row(Cover, f"S{one}", amount=900)


def assets_split(number: int) -> Iterator[Transaction]:
    row = Rows()
    for one in range(number):
        yield row(Buy, f"S{one}")
    for one in range(number):
        yield row(Split, f"S{one}", account="", ratio=Fraction(2))
    for one in range(number):
        yield row(Sell, f"S{one}", 15, 1200)


def assets_renamed(number: int) -> Iterator[Transaction]:
    row = Rows()
    for one in range(number):
        yield row(Buy, f"S{one}")
    for one in range(number):
        yield row(Rename, f"S{one}", account="", received_asset=f"N{one}", ratio=Fraction(1))
    for one in range(number):
        yield row(Sell, f"N{one}", 5, 600)


def assets_worthless(number: int) -> Iterator[Transaction]:
    row = Rows()
    for one in range(number):
        yield row(Buy, f"S{one}")
        yield row(Worthless, f"S{one}")


def orders_of_lots(number: int) -> Iterator[Transaction]:
    row = Rows()
    for one in range(number):
        yield row(MethodOrder, f"S{one}", method=Method.HIFO)
        yield row(Buy, f"S{one}")
        yield row(Sell, f"S{one}", 5, 400)


def losses_replaced(number: int) -> Iterator[Transaction]:
    row = Rows()
    for one in range(number):
        yield row(Buy, f"S{one}")
        yield row(Sell, f"S{one}", 10, 800)
        yield row(Buy, f"S{one}")


def transfers(number: int) -> Iterator[Transaction]:
    row = Rows()
    for _ in range(number):
        yield row(Buy, "XYZ")
        yield row(Transfer, "XYZ", 5, to_account="C")
        yield row(Sell, "XYZ", 4, 500, account="C")


def sold_everywhere(number: int) -> Iterator[Transaction]:
    row = Rows()
    for one in range(number):
        yield row(Buy, "XYZ", account=f"A{one}")
    for one in range(number):
        yield row(Sell, "XYZ", 5, 400, account=f"A{one}")


def dividends(number: int) -> Iterator[Transaction]:
    row = Rows()
    yield row(Buy, "XYZ")
    for one in range(number):
        yield Dividend(row=one + 3, at=START + timedelta(hours=one + 2), account="B", asset="XYZ", amount=Decimal(12))


def sales_of_what_is_not_held(number: int) -> Iterator[Transaction]:
    row = Rows()
    for one in range(number):
        yield row(Sell, f"S{one % 5}")
        yield row(Buy, f"S{one % 5}", 1, 90)


KINDS = (
    calls_written,
    assets_sold_short,
    purchases_beside_short_sales,
    assets_split,
    assets_renamed,
    assets_worthless,
    orders_of_lots,
    losses_replaced,
    transfers,
    sold_everywhere,
    dividends,
)
FEW = 40


def ledger(rows: Iterator[Transaction]) -> Ledger:
    made = tuple(rows)
    names = {entry.account for entry in made if entry.account} | {"C"}
    settings = Settings(filing_status=ByYear(FilingStatus.SINGLE), wash_sales=WashScope.SECURITIES)
    return Ledger(made, {name: Account(name, AccountKind.BROKERAGE) for name in names}, settings)


def lines_run(work: Callable[[], object]) -> int:
    """How many lines of the engine run; a round of a loop on one line counts as one."""
    count = 0

    def local(_frame: FrameType, event: str, _arg: object) -> Any:
        nonlocal count
        count += event == "line"
        return local

    def called(frame: FrameType, _event: str, _arg: object) -> Any:
        return local if "/engine/" in frame.f_code.co_filename.replace("\\", "/") else None

    before = sys.gettrace()
    sys.settrace(called)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


is_interpreted = pytest.mark.skipif(
    not capgain.engine.money.__file__.endswith(".py"), reason="lines of a compiled engine cannot be counted"
)


@is_interpreted
@pytest.mark.parametrize("rows", [*KINDS, sales_of_what_is_not_held], ids=lambda kind: kind.__name__)
def test_twice_the_rows_are_twice_the_work(rows: Callable[[int], Iterator[Transaction]]) -> None:
    once, twice = (
        lines_run(lambda made=made: compute(made, today=TODAY)) for made in (ledger(rows(FEW)), ledger(rows(2 * FEW)))
    )
    assert once > 20 * FEW
    assert twice <= 2.15 * once, f"{twice / once:.2f} times"


@is_interpreted
@pytest.mark.parametrize("rows", [assets_split, sold_everywhere, calls_written], ids=lambda kind: kind.__name__)
def test_an_order_for_every_account_and_asset_is_no_more_work_than_they_are(
    rows: Callable[[int], Iterator[Transaction]],
) -> None:
    found = []
    for number in (FEW, 2 * FEW):
        made = ledger(rows(number))
        ordered = under_method(made, 2025, Method.HIFO, compute(made, today=TODAY))
        found.append(lines_run(lambda ordered=ordered: compute(ordered, today=TODAY)))
    assert found[1] <= 2.15 * found[0], f"{found[1] / found[0]:.2f} times"


def test_the_rows_of_each_kind_are_a_ledger_without_errors() -> None:
    for rows in KINDS:
        assert not compute(ledger(rows(3)), today=TODAY).has_errors, rows.__name__
