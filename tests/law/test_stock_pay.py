"""Incentive stock options with two bases, and pay added to a lot (26 USC 56(b)(3), 421 to 423)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from capgain.engine.forms.stated_income import StatedIncome
from capgain.engine.report import TaxReport
from law.tables import answer, dispositions, errors, told

ACCOUNTS = """
| Account | Kind      |
| S       | brokerage |
| T       | brokerage |
| IRA1    | ira       |
"""
HEAD = "| Date | Type | Asset | Quantity | Price | Amount | Basis | Fee | Account | Lot | To Account | Received Asset |"


def pay(*rows: str, **settings: str) -> TaxReport:
    table = "\n".join([HEAD, *(f"| {row} |" for row in rows)])
    return answer(table, ACCOUNTS, **{"Class_ISOX": "stock", "Class_NEW": "stock"} | settings)


def items(report: TaxReport) -> list[tuple[int, int, str, Decimal]]:
    return [(item.year, item.row, item.line, item.amount) for item in report.minimum_tax]


ISO = "2023-02-01 | ISO Exercise | ISOX | 1000 | 10 | | 50000 | 7 | S | L1 | | "


def test_the_fee_is_in_both_bases() -> None:
    report = pay(ISO)
    (lot,) = report.open_lots
    assert (lot.basis, lot.amt_basis) == (10007, 50007)


def test_a_part_sold_later_takes_its_part_off_the_minimum_tax() -> None:
    report = pay(ISO, "2025-03-03 | Sell | ISOX | 250 | | 20000 | | | S | | | ")
    assert items(report) == [(2023, 2, "2i", 40000), (2025, 3, "2k", -10000)], told(report)
    assert [lot.amt_basis for lot in report.open_lots] == [Decimal("37505.25")]


def test_what_is_sold_in_the_year_of_exercise_is_on_neither_line() -> None:
    report = pay(ISO, "2023-12-29 | Sell | ISOX | 250 | | 20000 | | | S | | | ")
    assert items(report) == [(2023, 2, "2i", 30000)]
    assert [problem.row for problem in report.problems if problem.code == "ISO_DISQUALIFYING"] == [3]


@pytest.mark.parametrize(("sold", "told_of"), [("2024-02-01", True), ("2024-02-02", False)])
def test_a_sale_within_a_year_may_be_income(sold: str, told_of: bool) -> None:
    report = pay(ISO, f"{sold} | Sell | ISOX | 1000 | | 20000 | | | S | | | ")
    assert any(problem.code == "ISO_DISQUALIFYING" for problem in report.problems) is told_of


def test_the_second_basis_goes_along_with_splits_moves_and_mergers() -> None:
    report = pay(
        ISO,
        "2023-05-01 | Split | ISOX | 2 | | | | | | | | ",
        "2023-06-01 | Transfer | ISOX | 2000 | | | | | S | | T | ",
        "2023-07-03 | Merger | ISOX | 1/2 | | | | | | | | NEW ",
        "2025-03-03 | Sell | NEW | 1000 | | 70000 | | | T | | | ",
    )
    assert items(report) == [(2023, 2, "2i", 40000), (2025, 6, "2k", -40000)], told(report)


def test_adjustments_stated_otherwise_keep_from_filing() -> None:
    for stated, blocks in (("40000", None), ("50000", True)):
        report = pay(ISO, AMT_Adjustments_2023=stated)
        found = [problem.blocks_filing for problem in report.problems if problem.code == "ISO_ADJUSTMENT"]
        assert found == ([] if blocks is None else [blocks]), told(report)


@pytest.mark.parametrize(("stated", "taken"), [("", Decimal(40000)), ("0", Decimal(0)), ("50000", Decimal(50000))])
def test_the_minimum_tax_takes_what_is_stated_else_what_the_options_give(stated: str, taken: Decimal) -> None:
    report = pay(ISO, AMT_Adjustments_2023=stated) if stated else pay(ISO)
    of_settings = StatedIncome.of(report.ledger.settings, 2023, (), report.minimum_tax)
    assert of_settings.amt_adjustments == taken
    assert StatedIncome.of(report.ledger.settings, 2024, (), report.minimum_tax).amt_adjustments is None


def test_pay_is_added_to_the_lot_named_and_to_no_other() -> None:
    report = pay(
        "2023-02-01 | Buy | ISOX | 10 | | 100 | | | S | L1 | | ",
        "2023-02-02 | Buy | ISOX | 10 | | 100 | | | S | L2 | | ",
        "2024-02-02 | Add Basis | ISOX | | | 50 | | | S | L2 | | ",
        "2025-02-02 | Sell | ISOX | 20 | | 900 | | | S | | | ",
    )
    assert [(row.lot, row.basis) for row in dispositions(report)] == [("L1", 100), ("L2", 150)], told(report)


@pytest.mark.parametrize(("account", "lot"), [("S", ""), ("S", "L9"), ("T", "L1"), ("IRA1", "L3")])
def test_pay_needs_a_lot_that_is_held_and_no_ira(account: str, lot: str) -> None:
    report = pay(
        "2023-02-01 | Buy | ISOX | 10 | | 100 | | | S | L1 | | ",
        "2023-02-01 | Buy | ISOX | 10 | | 100 | | | IRA1 | L3 | | ",
        f"2024-02-02 | Add Basis | ISOX | | | 50 | | | {account} | {lot} | | ",
    )
    assert [problem.code for problem in errors(report)] == ["ADD_BASIS_LOT"], told(report)


@pytest.mark.parametrize(("status", "counted"), [("mfs", False), ("mfj", True)])
def test_a_spouses_options_are_on_the_spouses_separate_return(status: str, counted: bool) -> None:
    report = answer(
        "\n".join([HEAD, f"| {ISO} |".replace("| S |", "| H |")]),
        "| Account | Kind | Owner |\n| H | brokerage | spouse |",
        Class_ISOX="stock",
        Filing_Status=status,
    )
    assert items(report) == ([(2023, 2, "2i", 40000)] if counted else [])
