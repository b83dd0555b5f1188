"""Trusts that sell a little of what they hold: rows lot by lot, shares stay, basis falls (Treas. Reg. 1.671-5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from capgain.engine.compute import compute
from capgain.engine.explain import explain
from capgain.engine.forms.description import describe
from capgain.engine.report import TaxReport
from capgain.engine.results.dispositions import Kind
from law.tables import answer, dispositions, errors, ledger, told

ACCOUNTS = """
| Account | Kind      |
| S       | brokerage |
| IRA1    | ira       |
"""
HEAD = "| Date | Type | Asset | Quantity | Price | Amount | Basis | Account | Class | Kind | Reported |"


def trust(*rows: str, **settings: str) -> TaxReport:
    return answer("\n".join([HEAD, *(f"| {row} |" for row in rows)]), ACCOUNTS, **settings)


def test_basis_sold_and_basis_left_are_the_basis_bought() -> None:
    rows = [f"2025-{month:02}-28 | Trust Sale | FBTC | | 0.017 | | 1/7001 | | | | " for month in range(2, 13)]
    report = trust("2024-01-12 | Buy | FBTC | 333 | | 12345.67 | | S | stock | | ", *rows)
    sold = sum((row.basis for row in dispositions(report)), Decimal(0))
    (lot,) = report.open_lots
    assert lot.quantity == 333
    assert abs(sold + lot.basis - Decimal("12345.67")) <= Decimal("0.01"), told(report)


@pytest.mark.parametrize(
    ("day", "reported", "box"),
    [("2024-12-31", "", "C"), ("2025-01-02", "", "I"), ("2025-01-02", "no basis", "B")],
)
def test_coins_of_a_trust_stand_in_the_box_of_digital_assets_on_no_form(day: str, reported: str, box: str) -> None:
    report = trust(
        "2024-06-03 | Buy | IBIT | 10 | | 400 | | S | stock | | ",
        f"{day} | Trust Sale | IBIT | | 0.04 | | 0.001 | | | | {reported}",
    )
    assert [(row.kind, row.box) for row in dispositions(report)] == [(Kind.TRUST_SALE, box)], told(report)


def test_shares_bought_that_day_sold_nothing_and_an_ira_has_no_row() -> None:
    report = trust(
        "2025-01-02 | Buy | IBIT | 10 | | 400 | | S | stock | | ",
        "2025-03-31 | Buy | IBIT | 20 | | 900 | | S | stock | | ",
        "2025-01-02 | Buy | IBIT | 30 | | 400 | | IRA1 | stock | | ",
        "2025-03-31 | Trust Sale | IBIT | | 0.04 | | 0.001 | | | | ",
    )
    assert [row.quantity for row in dispositions(report)] == [10], told(report)


def test_an_amount_is_shared_by_the_shares_held() -> None:
    report = trust(
        "2025-01-02 | Buy | IBIT | 10 | | 400 | | S | stock | | ",
        "2025-01-03 | Buy | IBIT | 30 | | 900 | | S | stock | | ",
        "2025-03-31 | Trust Sale | IBIT | | | 4 | 0.001 | S | | |",
    )
    assert [row.proceeds for row in dispositions(report)] == [1, 3]


def test_in_a_month_of_one_figure_a_lot_counts_for_the_days_it_was_held() -> None:
    report = trust(
        "2025-01-02 | Buy | IBIT | 100 | | 4000 | | S | stock | | ",
        "2025-04-15 | Buy | IBIT | 100 | | 4000 | | S | stock | | ",
        "2025-04-30 | Trust Sale | IBIT | | 0.04 | | 0.001 | | | monthly | ",
    )
    assert [(row.proceeds, row.basis) for row in dispositions(report)] == [(4, 4), (2, 2)], told(report)


def test_no_loss_of_a_trusts_sale_is_washed_and_none_is_replaced() -> None:
    report = trust(
        "2025-01-02 | Buy | IBIT | 100 | | 9000 | | S | stock | | ",
        "2025-03-30 | Buy | IBIT | 100 | | 4000 | | S | stock | | ",
        "2025-03-31 | Trust Sale | IBIT | | 0.01 | | 0.001 | | | | ",
    )
    assert not [row for row in dispositions(report) if row.wash_cents]


@pytest.mark.parametrize(("said", "boxes", "codes"), [("crypto", ["I"], [""]), ("other", ["C"], [""])])
def test_class_says_what_an_unknown_trust_holds(said: str, boxes: list[str], codes: list[str]) -> None:
    report = trust(
        "2025-01-02 | Buy | XTRU | 100 | | 9000 | | S | stock | | ",
        f"2025-03-31 | Trust Sale | XTRU | | 0.01 | | 0.001 | | {said} | | ",
    )
    assert [row.box for row in dispositions(report)] == boxes, told(report)
    assert [row.codes for row in dispositions(report)] == codes


def test_metal_is_said_by_the_setting_too() -> None:
    rows = (
        "2023-01-02 | Buy | XTRU | 100 | | 9000 | | S | stock | | ",
        "2025-03-31 | Trust Sale | XTRU | | 0.1 | | 0.001 | | collectible | | ",
    )
    assert [problem.code for problem in errors(trust(*rows))] == ["TRUST_UNKNOWN"]
    (row,) = dispositions(trust(*rows, Collectible_XTRU="yes"))
    assert (row.codes, row.box) == ("C", "F")


def test_the_row_and_the_explanation_name_what_was_sold() -> None:
    report = trust(
        "2025-01-02 | Buy | IBIT | 1000 | | 40000 | | S | stock | | ",
        "2025-03-31 | Trust Sale | IBIT | | 0.04 | | 0.00125 | | | | ",
    )
    (row,) = dispositions(report)
    assert describe(row) == "IBIT: bitcoin sold by the trust, 1,000 sh."
    assert "1/800 of the basis of 1000 IBIT went with the bitcoin sold" in str(explain(report, 2025, "3"))
    assert report.years[2025].trust_expenses == {"IBIT": 40}


def test_a_trust_held_at_the_end_of_a_year_that_is_over_is_told_of_once() -> None:
    rows = ["2025-01-02 | Buy | IBIT | 10 | | 400 | | S | stock | | "]
    read = ledger("\n".join([HEAD, *(f"| {row} |" for row in rows)]), ACCOUNTS)
    for today, told_of in ((date(2025, 12, 31), 0), (date(2026, 1, 1), 1)):
        found = [one for one in compute(read, today=today).problems if one.code == "TRUST_SALES_MISSING"]
        assert len(found) == told_of


def test_a_loss_that_no_purchase_can_replace_leaves_no_window_open() -> None:
    """The ledger ends on the day of the loss: a sale of shares has to wait 30 days, these have not."""
    bought = "2025-01-02 | Buy | IBIT | 1000 | | 40000 | | S | stock | | "
    by_trust = "2025-12-30 | Trust Sale | IBIT | | 0.04 | | 0.00125 | | | | "
    of_shares = "2025-12-30 | Sell | IBIT | 10 | | 1 | | S | | | "
    loan = "2025-01-02 | Buy | ACME NOTE | 1 | | 5000 | | S | bond | | "
    worthless = "2025-12-30 | Bad Debt | ACME NOTE | 1 | | | | S | | | "
    found = {
        name: "WASH_WINDOW_OPEN" in {problem.code for problem in trust(*rows).problems}
        for name, rows in {
            "trust": (bought, by_trust),
            "shares": (bought, of_shares),
            "bad debt": (loan, worthless),
        }.items()
    }
    assert found == {"trust": False, "shares": True, "bad debt": False}


@pytest.mark.parametrize("timed", [True, False])
@pytest.mark.parametrize("sold_first", [True, False])
def test_shares_sold_on_the_day_were_held_at_its_start_whichever_row_stands_first(
    sold_first: bool, timed: bool
) -> None:
    rows = [
        "2025-03-31 09:30 | Sell | IBIT | 1000 | | 50000 | | S | | | ",
        "2025-03-31 16:00 | Trust Sale | IBIT | | 0.04 | | 0.00125 | | | | ",
    ]
    if not timed:
        rows = [row.replace(" 09:30", "").replace(" 16:00", "") for row in rows]
    report = trust("2025-01-02 | Buy | IBIT | 1000 | | 40000 | | S | stock | | ", *(rows if sold_first else rows[::-1]))
    found = {row.kind: (row.proceeds, row.basis) for row in dispositions(report)}
    assert found == {Kind.TRUST_SALE: (40, 50), Kind.SALE: (50000, 39950)}


@pytest.mark.parametrize(
    "how", ["Spin-off | GBTC | 1 | | | 0.1 | S | | |  | BTC", "Trade | GBTC | 100 | | 900 | | S | | | | BTC"]
)
def test_shares_that_came_by_another_way_than_a_purchase_sell_nothing_before_that(how: str) -> None:
    head = HEAD + " Received Asset | Received Quantity |"
    rows = (
        "2023-01-03 | Buy | GBTC | 100 | | 1000 | | S | stock | | | | ",
        "2024-06-28 | Trust Sale | BTC | | 0.01 | | 1/4000 | | | | | | ",
        f"2024-07-31 | {how} | {'100' if how.startswith('Trade') else ''} ",
        "2024-08-30 | Trust Sale | BTC | | 0.01 | | 1/4000 | | | | | | ",
    )
    settings = {"Class_BTC": "stock"}
    report = answer("\n".join([head, *(f"| {row} |" for row in rows)]), ACCOUNTS, **settings)
    assert not errors(report), told(report)
    assert "NOT_HELD" not in {problem.code for problem in report.problems}
    assert [row.row for row in dispositions(report) if row.kind is Kind.TRUST_SALE] == [5]


def test_a_trust_that_is_never_held_is_told_of() -> None:
    report = trust("2025-03-31 | Trust Sale | IBIT | | 0.04 | | 0.00125 | | | | ")
    assert {problem.code for problem in report.problems} >= {"NOT_HELD"}
