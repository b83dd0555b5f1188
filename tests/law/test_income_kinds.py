"""What income is paid for, and the line of the return it goes to."""

from __future__ import annotations

import pytest

from capgain.engine.classes import IncomeKind
from capgain.engine.income_lines import form_line
from law.tables import answer, errors, told

ACCOUNTS = """
| Account | Kind      |
| A1      | brokerage |
| EX      | exchange  |
"""


@pytest.mark.parametrize(
    ("kind", "year", "line"),
    [
        (IncomeKind.STAKING, 2018, "Schedule 1 line 21"),
        (IncomeKind.STAKING, 2019, "Schedule 1 line 8"),
        (IncomeKind.STAKING, 2020, "Schedule 1 line 8"),
        (IncomeKind.STAKING, 2021, "Schedule 1 line 8z"),
        (IncomeKind.STAKING, 2023, "Schedule 1 line 8z"),
        (IncomeKind.STAKING, 2024, "Schedule 1 line 8v"),
        (IncomeKind.STAKING, 2027, "Schedule 1 line 8v"),
        (IncomeKind.STAKING, 2017, ""),
        (IncomeKind.WAGE, 2021, "Form 1040 line 1"),
        (IncomeKind.WAGE, 2022, "Form 1040 line 1a"),
        (IncomeKind.SERVICES, 2020, "Schedule C line 1"),
    ],
)
def test_the_line_changes_where_the_form_did(kind: IncomeKind, year: int, line: str) -> None:
    assert form_line(kind, year, is_digital=True) == line


def test_dollars_for_a_referral_are_other_income_and_not_of_digital_assets() -> None:
    assert form_line(IncomeKind.REFERRAL, 2025, is_digital=False) == "Schedule 1 line 8z"


@pytest.mark.parametrize(
    ("type_word", "kind", "asset_class", "found"),
    [
        ("Staking Rewards", "", "crypto", "staking"),
        ("Staking Rewards", "mining", "crypto", "mining"),
        ("Income", "", "crypto", ""),
        ("Income", "", "stock", "vest"),
        ("RSU Vest", "", "stock", "vest"),
        ("Salary", "", "crypto", "wage"),
        ("Crypto Interest", "interest", "crypto", "interest"),
    ],
)
def test_the_column_goes_before_the_word_in_type(type_word: str, kind: str, asset_class: str, found: str) -> None:
    report = answer(
        f"""
        | Date       | Type        | Asset | Quantity | Amount | Kind   | Account | Class         |
        | 2025-01-10 | {type_word} | ABC   | 1        | 300    | {kind} | A1      | {asset_class} |
        """,
        ACCOUNTS,
    )
    (item,) = report.years[2025].income
    assert item.kind.value == found
    assert item.in_totals is (found not in ("vest", "wage"))
    told_of = [problem.code for problem in report.problems if problem.code == "INCOME_KIND"]
    assert bool(told_of) is (type_word == "Income"), told(report)


@pytest.mark.parametrize(("type_name", "kind"), [("Income", "capital gain distribution"), ("Dividend", "staking")])
def test_a_kind_that_the_type_cannot_be_is_refused_with_those_it_can(type_name: str, kind: str) -> None:
    quantity = "1" if type_name == "Income" else ""
    report = answer(
        f"""
        | Date       | Type        | Asset | Quantity   | Amount | Kind   | Account | Class  |
        | 2025-01-10 | {type_name} | ETH   | {quantity} | 300    | {kind} | EX      | crypto |
        """,
        ACCOUNTS,
    )
    (problem,) = errors(report)
    assert (problem.code, problem.column) == ("UNKNOWN_KIND", "Kind")


def test_many_rows_without_a_kind_are_told_of_once_a_year() -> None:
    report = answer(
        """
        | Date       | Type   | Asset | Quantity | Amount | Account | Class  |
        | 2024-01-10 | Income | ETH   | 1        | 300    | EX      | crypto |
        | 2025-01-10 | Income | ETH   | 1        | 300    | EX      | crypto |
        | 2025-01-11 | Income | ETH   | 1        | 300    | EX      | crypto |
        """,
        ACCOUNTS,
    )
    assert [problem.row for problem in report.problems if problem.code == "INCOME_KIND"] == [2, 3]
