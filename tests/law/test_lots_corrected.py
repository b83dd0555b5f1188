"""Neighbours of the corrected rules of lots: what stands one step beside the cases of ledgers/."""

from __future__ import annotations

import pytest

from capgain.engine.results.dispositions import Kind
from law.tables import answer, dispositions, errors

ACCOUNTS = """
| Account | Kind      | Owner    |
| S       | brokerage | taxpayer |
| T       | brokerage | taxpayer |
| HERS    | brokerage | spouse   |
| R       | ira       | taxpayer |
| K       | exchange  | taxpayer |
"""


def codes(ledger: str) -> list[str]:
    return [problem.code for problem in answer(ledger, ACCOUNTS).problems]


@pytest.mark.parametrize(
    ("asset_class", "quantity", "says"),
    [("stock", "", "INSUFFICIENT_QUANTITY"), ("stock", "5", ""), ("bond", "", "DISCOUNT_DEBT")],
)
def test_a_blank_quantity_is_all_of_a_bond_and_nothing_else(asset_class: str, quantity: str, says: str) -> None:
    found = codes(
        f"""
        | Date       | Type     | Asset | Quantity   | Amount | Account | Class         |
        | 2024-01-09 | Buy      | PAPER | 5          | 400    | S       | {asset_class} |
        | 2025-07-10 | Redeemed | PAPER | {quantity} | 500    | S       | {asset_class} |
        """
    )
    assert [code for code in found if code in ("INSUFFICIENT_QUANTITY", "DISCOUNT_DEBT")] == ([says] if says else [])


@pytest.mark.parametrize(("account", "disallowed"), [("T", 700), ("HERS", 700), ("R", 0)])
def test_another_short_sale_counts_in_every_account_but_an_ira(account: str, disallowed: int) -> None:
    report = answer(
        f"""
        | Date       | Type       | Asset | Quantity | Amount | Account   | Class |
        | 2025-03-03 | Short Sell | SHRT  | 100      | 4000   | S         | stock |
        | 2025-03-20 | Short Sell | SHRT  | 100      | 4600   | {account} | stock |
        | 2025-04-01 | Cover      | SHRT  | 100      | 4700   | S         | stock |
        """,
        ACCOUNTS,
    )
    assert [row.wash_disallowed for row in dispositions(report)] == [disallowed]


@pytest.mark.parametrize(("bought", "long"), [("2024-02-09", True), ("2024-02-10", False)])
def test_a_put_bought_on_the_day_that_shares_turn_long_leaves_them(bought: str, long: bool) -> None:
    report = answer(
        f"""
        | Date       | Type | Asset   | Quantity | Amount | Account | Class  | Underlying   |
        | {bought}   | Buy  | ABC     | 100      | 5000   | S       | stock  |              |
        | 2025-02-10 | Buy  | ABC P50 | 1        | 300    | S       | option | ABC x100 put |
        | 2025-06-20 | Sell | ABC P50 | 1        | 100    | S       | option |              |
        | 2025-07-15 | Sell | ABC     | 100      | 6500   | S       | stock  |              |
        """,
        ACCOUNTS,
    )
    (sale,) = (row for row in dispositions(report) if row.asset == "ABC")
    assert (sale.term.value == "long") is long


@pytest.mark.parametrize(("through", "is_open"), [("2026-01-20", True), ("2026-01-21", False)])
def test_a_window_is_closed_by_a_row_on_its_last_day(through: str, is_open: bool) -> None:
    found = codes(
        f"""
        | Date       | Type | Asset | Quantity | Amount | Account | Class |
        | 2024-03-05 | Buy  | LATE  | 40       | 4000   | S       | stock |
        | 2025-12-22 | Sell | LATE  | 40       | 3300   | S       | stock |
        | {through}  | Buy  | ELSE  | 1        | 10     | S       | stock |
        """
    )
    assert ("WASH_WINDOW_OPEN" in found) is is_open


@pytest.mark.parametrize(("sold", "taken"), [("2.8334", True), ("2.834", True), ("2.84", False), ("2.8344", False)])
def test_a_brokers_rounding_is_less_than_a_unit_of_the_last_of_three_decimals(sold: str, taken: bool) -> None:
    report = answer(
        f"""
        | Date       | Type  | Asset | Quantity | Amount | Account | Class |
        | 2024-01-02 | Buy   | THRD  | 17       | 340    | S       | stock |
        | 2024-06-03 | Split | THRD  | 1:6      |        | S       | stock |
        | 2025-02-05 | Sell  | THRD  | {sold}   | 500    | S       | stock |
        """,
        ACCOUNTS,
    )
    assert bool(errors(report)) is not taken


def test_shares_bought_in_january_replace_worthless_ones_of_december() -> None:
    report = answer(
        """
        | Date       | Type      | Asset | Quantity | Amount | Account | Class |
        | 2024-01-09 | Buy       | GONE  | 10       | 1000   | S       | stock |
        | 2025-03-01 | Worthless | GONE  |          |        | S       |       |
        | 2026-01-20 | Buy       | GONE  | 4        | 20     | S       | stock |
        """,
        ACCOUNTS,
    )
    (row,) = dispositions(report)
    assert (row.kind, row.wash_disallowed) == (Kind.WORTHLESS, 400)


def test_a_new_name_keeps_the_average_and_the_order() -> None:
    report = answer(
        """
        | Date       | Type   | Asset | Quantity | Amount | Account | Class | Received Asset | Method |
        | 2024-01-02 | Buy    | OLDX  | 10       | 100    | S       | stock |                |        |
        | 2024-01-03 | Buy    | OLDX  | 10       | 300    | S       | stock |                |        |
        | 2024-01-04 | Method | OLDX  |          |        | S       |       |                | hifo   |
        | 2024-02-01 | Rename | OLDX  | 2        |        |         |       | NEWX           |        |
        | 2025-03-01 | Sell   | NEWX  | 20       | 500    | S       |       |                |        |
        """,
        ACCOUNTS,
    )
    assert [row.basis for row in dispositions(report)] == [300]
