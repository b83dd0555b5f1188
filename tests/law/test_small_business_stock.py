"""Code Q with a blank Adjustment: section 1202 by dates, its limit an issuer, and line 2 of the 28% worksheet."""

from __future__ import annotations

from decimal import Decimal

import pytest

from capgain.engine.report import TaxReport
from law.tables import answer, dispositions, errors, told

ACCOUNTS = """
| Account | Kind      |
| S       | brokerage |
"""
HEAD = "| Date | Type | Asset | Quantity | Amount | Account | Class | Code | Adjustment |"


def stock(*rows: str, **settings: str) -> TaxReport:
    return answer("\n".join([HEAD, *(f"| {row} |" for row in rows)]), ACCOUNTS, **settings)


@pytest.mark.parametrize(
    ("bought", "sold", "left_out", "line_18"),
    [
        ("1993-08-11", "2025-05-01", -500, 500),
        ("2009-02-17", "2025-05-01", -500, 500),
        ("2009-02-18", "2025-05-01", -750, 250),
        ("2010-09-27", "2025-05-01", -750, 250),
        ("2010-09-28", "2025-05-01", -1000, 0),
    ],
)
def test_the_part_left_out_goes_by_the_day_acquired(bought: str, sold: str, left_out: int, line_18: int) -> None:
    report = stock(
        f"{bought} | Buy | Q1 | 10 | 100 | S | stock | | ", f"{sold} | Sell | Q1 | 10 | 1100 | S | stock | Q | "
    )
    (row,) = dispositions(report)
    assert (row.codes, row.adjustment) == ("Q", left_out), told(report)
    schedule = report.years[2025].schedule_d
    assert schedule is not None
    assert (schedule.line_18 or 0) == line_18
    assert not [problem for problem in report.problems if problem.code == "LINE_TO_STATE"]


@pytest.mark.parametrize(
    ("sold", "part"),
    [("2028-07-10", 500), ("2029-07-09", 500), ("2029-07-10", 750), ("2030-07-10", 1000)],
)
def test_stock_of_the_new_law_goes_by_full_years(sold: str, part: int) -> None:
    report = stock(
        "2025-07-10 | Buy | Q1 | 10 | 100 | S | stock | | ", f"{sold} | Sell | Q1 | 10 | 1100 | S | stock | Q | "
    )
    assert [row.adjustment for row in dispositions(report)] == [-part], told(report)


def test_stock_older_than_the_law_is_told_so_and_not_to_wait() -> None:
    report = stock(
        "1993-08-10 | Buy | Q1 | 10 | 100 | S | stock | | ", "2025-05-01 | Sell | Q1 | 10 | 1100 | S | stock | Q | "
    )
    (problem,) = errors(report)
    assert problem.code == "QSB_NOT_HELD"
    assert "only stock issued after 1993-08-10 counts" in problem.message


def test_stock_not_held_long_enough_is_refused_with_a_blank_adjustment_too() -> None:
    report = stock(
        "2021-07-10 | Buy | Q1 | 10 | 100 | S | stock | | ", "2026-07-10 | Sell | Q1 | 10 | 1100 | S | stock | Q | "
    )
    assert [problem.code for problem in errors(report)] == ["QSB_NOT_HELD"]


def test_a_loss_leaves_out_nothing() -> None:
    report = stock(
        "2012-07-10 | Buy | Q1 | 10 | 100 | S | stock | | ", "2025-07-10 | Sell | Q1 | 10 | 60 | S | stock | Q | "
    )
    assert [row.gain for row in dispositions(report)] == [-40]


def test_what_counted_in_earlier_years_lowers_the_limit_of_the_issuer_and_of_no_other() -> None:
    rows = [f"2012-06-01 | Buy | {name} | 20 | 200 | S | stock | | " for name in ("Q1", "Q2")]
    rows += [
        "2024-05-01 | Sell | Q1 | 10 | 6000100 | S | stock | Q | ",
        "2025-05-01 | Sell | Q1 | 10 | 6000100 | S | stock | Q | ",
        "2025-05-01 | Sell | Q2 | 10 | 6000100 | S | stock | Q | ",
    ]
    assert [row.adjustment for row in dispositions(stock(*rows))] == [-6000000, -4000000, -6000000]


def test_ten_times_the_basis_counts_where_it_is_more_and_half_of_the_limit_on_separate_returns() -> None:
    rows = (
        "2012-06-01 | Buy | Q1 | 10 | 2000000 | S | stock | | ",
        "2025-05-01 | Sell | Q1 | 10 | 32000000 | S | stock | Q | ",
    )
    assert [row.adjustment for row in dispositions(stock(*rows))] == [-20000000]
    rows = (
        "2012-06-01 | Buy | Q1 | 10 | 200 | S | stock | | ",
        "2025-05-01 | Sell | Q1 | 10 | 8000200 | S | stock | Q | ",
    )
    report = stock(*rows, Filing_Status="mfs")
    assert [row.adjustment for row in dispositions(report)] == [-5000000]
    assert [problem.code for problem in report.problems if problem.code == "QSB_LIMIT"] == ["QSB_LIMIT"]


def test_a_stated_amount_may_be_less_and_not_more() -> None:
    for stated, codes in (("-900", []), ("-1000", []), ("-1000.01", ["QSB_TOO_MUCH"])):
        report = stock(
            "2012-07-10 | Buy | Q1 | 10 | 100 | S | stock | | ",
            f"2025-07-10 | Sell | Q1 | 10 | 1100 | S | stock | Q | {stated} ",
        )
        assert [problem.code for problem in errors(report)] == codes, told(report)


@pytest.mark.parametrize(
    ("bought", "stated", "preference"),
    [
        ("2009-02-17", "", [35]),
        ("2010-09-27", "", ["52.5"]),
        ("2010-09-27", "-600.07", ["42"]),
        ("2010-09-27", "-600.08", ["42.01"]),
        ("2010-09-28", "", []),
    ],
)
def test_seven_percent_of_what_older_stock_leaves_out_counts_for_the_minimum_tax(
    bought: str, stated: str, preference: list[str]
) -> None:
    report = stock(
        f"{bought} | Buy | Q1 | 10 | 100 | S | stock | | ",
        f"2025-05-01 | Sell | Q1 | 10 | 1100 | S | stock | Q | {stated}",
    )
    assert [(item.row, item.line, item.year) for item in report.minimum_tax] == [(3, "2h", 2025)] * len(preference)
    assert [item.amount for item in report.minimum_tax] == [Decimal(amount) for amount in preference]
    said = [problem.message for problem in report.problems if problem.code == "ISO_ADJUSTMENT"]
    assert all("gain left out with code Q gives" in words and "line 2h of Form 6251" in words for words in said)
    assert len(said) == len(preference)


def test_stock_of_the_new_law_is_no_preference() -> None:
    report = stock(
        "2025-07-10 | Buy | Q1 | 10 | 100 | S | stock | | ", "2028-07-10 | Sell | Q1 | 10 | 1100 | S | stock | Q | "
    )
    assert report.minimum_tax == ()
