"""Gains deferred into opportunity funds: codes Z and Y, 180 days, basis of five and seven years (26 USC 1400Z-2)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from capgain.engine.explain import explain
from capgain.engine.replay.opportunity_funds import INCLUSION_DAY, basis_part
from capgain.engine.report import TaxReport
from capgain.engine.results.dispositions import Kind
from law.tables import answer, dispositions, errors, told

ACCOUNTS = """
| Account | Kind      |
| A1      | brokerage |
"""
GAIN = """
| Date       | Type | Asset | Quantity | Amount | Kind | Acquired | Account | Class | Lot | Basis | Note |
| 2017-01-07 | Buy  | GAIN  | 100      | 50000  |      |          | A1      | stock |     |       |      |
| 2019-09-01 | Sell | GAIN  | 50       | 85000  |      |          | A1      | stock |     |       |      |
| 2021-09-01 | Sell | GAIN  | 50       | 85000  |      |          | A1      | stock |     |       |      |
"""


def funds(*rows: str, **settings: str) -> TaxReport:
    lines = [f"| {row} |" for row in rows]
    return answer(GAIN + "\n".join(lines), ACCOUNTS, **{"Tax_Year": "2026", "Filing_Status": "single"} | settings)


def included(report: TaxReport) -> list[tuple[date, int]]:
    return [(row.sold, int(row.adjustment)) for row in dispositions(report) if row.kind is Kind.QOF_INCLUSION]


@pytest.mark.parametrize(
    ("invested", "part"),
    [
        (date(2019, 12, 31), Fraction(15, 100)),
        (date(2020, 1, 1), Fraction(10, 100)),
        (date(2021, 12, 31), Fraction(10, 100)),
        (date(2022, 1, 1), Fraction(0)),
    ],
)
def test_the_basis_of_five_and_seven_years_is_there_by_the_end_of_2026(invested: date, part: Fraction) -> None:
    assert basis_part(invested, INCLUSION_DAY) == part


def test_before_five_years_there_is_no_basis() -> None:
    assert basis_part(date(2019, 6, 1), date(2024, 5, 31)) == 0
    assert basis_part(date(2019, 6, 1), date(2024, 6, 1)) == Fraction(10, 100)
    assert basis_part(date(2019, 6, 1), date(2026, 6, 1)) == Fraction(15, 100)


def test_an_early_inclusion_lowers_what_is_left() -> None:
    report = funds(
        "2021-12-15 | QOF Deferral  | 12-3456789 | | 50000 | long | 2021-09-01 | A1 | | F1 | |",
        "2023-05-01 | QOF Inclusion | 12-3456789 | | 20000 |      |            | A1 | | F1 | |",
    )
    assert included(report) == [(date(2023, 5, 1), 20000), (INCLUSION_DAY, 27000)], told(report)


def test_after_five_years_an_inclusion_settles_the_gain_that_its_basis_left_out() -> None:
    whole = funds(
        "2019-12-15 | QOF Deferral  | 12-3456789 | | 50000 | long | 2019-09-01 | A1 | | | | ",
        "2025-05-01 | QOF Inclusion | 12-3456789 | | 45000 |      |            | A1 | | | | ",
    )
    assert included(whole) == [(date(2025, 5, 1), 45000)], told(whole)
    below_its_value = funds(
        "2019-12-15 | QOF Deferral  | 12-3456789 | | 50000 | long | 2019-09-01 | A1 | | |       | ",
        "2025-05-01 | QOF Inclusion | 12-3456789 | | 30000 |      |            | A1 | | | 50000 | ",
    )
    assert included(below_its_value) == [(date(2025, 5, 1), 30000)], told(below_its_value)


@pytest.mark.parametrize(("deferred", "cents"), [("1000.05", 90005), ("1000.15", 90014), ("1000.25", 90023)])
def test_half_a_cent_of_what_is_included_rounds_up(deferred: str, cents: int) -> None:
    """Nine tenths of 1,000.15 are 900.135."""
    report = funds(f"2021-10-15 | QOF Deferral | 12-3456789 | | {deferred} | long | 2021-09-01 | A1 | | F1 | |")
    (row,) = (row for row in dispositions(report) if row.kind is Kind.QOF_INCLUSION)
    assert row.adjustment_cents == cents


def test_two_investments_in_one_fund_share_its_value() -> None:
    report = funds(
        "2019-12-15 | QOF Deferral | 12-3456789 | | 50000 | long | 2019-09-01 | A1 | | F1 | | ",
        "2021-12-15 | QOF Deferral | 12-3456789 | | 50000 | long | 2021-09-01 | A1 | | F2 | | ",
        **{"QOF_Value_12-3456789": "60000"},
    )
    assert included(report) == [(INCLUSION_DAY, 30000 - 7500), (INCLUSION_DAY, 30000 - 5000)], told(report)


def test_a_worthless_fund_includes_nothing_and_has_its_row() -> None:
    report = funds(
        "2021-12-15 | QOF Deferral | 12-3456789 | | 50000 | long | 2021-09-01 | A1 | | F2 | | ",
        **{"QOF_Value_12-3456789": "0"},
    )
    assert included(report) == [(INCLUSION_DAY, 0)]
    assert not [problem for problem in report.problems if problem.code == "QOF_VALUE"]


@pytest.mark.parametrize(("day", "told_of"), [("2022-02-27", False), ("2022-02-28", True)])
def test_the_180_days_begin_with_the_day_of_the_gain(day: str, told_of: bool) -> None:
    report = funds(f"{day} | QOF Deferral | 12-3456789 | | 50000 | long | 2021-09-01 | A1 | | | | ")
    assert any(problem.code == "QOF_180_DAYS" for problem in report.problems) is told_of, told(report)


def test_a_deferral_stands_in_the_year_of_its_gain() -> None:
    report = funds("2022-01-15 | QOF Deferral | 12-3456789 | | 50000 | long | 2021-09-01 | A1 | | | | ")
    assert [row.codes for row in report.years[2021].dispositions] == ["", "Z"]
    assert not report.years[2022].dispositions


def test_no_more_is_deferred_than_was_gained_of_that_term() -> None:
    for amount, kind, codes in (("60000", "long", []), ("60000.01", "long", ["QOF_MORE_THAN_GAIN"])):
        report = funds(f"2021-12-15 | QOF Deferral | 12-3456789 | | {amount} | {kind} | 2021-09-01 | A1 | | | | ")
        assert [problem.code for problem in errors(report)] == codes, told(report)
    report = funds(
        "2021-12-15 | QOF Deferral | 12-3456789 | | 500 | short | 2021-09-01 | A1 | | | | ",
        Schedule_D_5_2021="500",
    )
    assert not errors(report)


def test_the_explanation_names_fund_and_law() -> None:
    report = funds("2021-12-15 | QOF Deferral | 12-3456789 | | 50000 | long | 2021-09-01 | A1 | | | | ")
    assert "is deferred, invested in fund 12-3456789 on 12/15/2021" in str(explain(report, 2021, "10"))
    assert "is included by law on 12/31/2026" in str(explain(report, 2026, "10"))
