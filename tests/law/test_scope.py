"""What is out of scope is refused by name, never computed wrongly."""

from __future__ import annotations

import pytest

from law.tables import answer, errors, told

ACCOUNTS = """
| Account | Kind      | Reported |
| A1      | brokerage | none     |
| IRA1    | ira       | none     |
| EX      | exchange  | none     |
"""


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("Constructive Sale", "1259"),
        ("Straddle", "1092"),
        ("Section 1256", "1256"),
        ("Futures", "1256"),
        ("Mark to Market", "475"),
        ("Like-Kind Exchange", "like-kind"),
        ("Installment Sale", "installment"),
        ("Token Migration", "rename"),
        ("Vault Deposit", "lend out"),
        ("Delegate", "stake"),
        ("Wash Sale", "wash"),
    ],
)
def test_a_type_out_of_scope_is_refused_by_its_name(kind: str, named: str) -> None:
    report = answer(
        f"""
        | ID | Date       | Type   | Asset | Quantity | Amount | Account | Class |
        | B  | 2025-01-02 | Buy    | XYZ   | 10       | 100    | A1      | stock |
        | X  | 2025-02-02 | {kind} | XYZ   | 10       | 100    | A1      | stock |
        """,
        ACCOUNTS,
    )
    (problem,) = errors(report)
    assert (problem.row, problem.column) == (3, "Type"), told(report)
    assert named in (problem.message + problem.remedy).lower()
    assert problem.remedy
    assert not report.years


@pytest.mark.parametrize("word", ["swap", "straddle", "forex"])
def test_a_class_out_of_scope_is_refused(word: str) -> None:
    report = answer(
        f"""
        | ID | Date       | Type | Asset | Quantity | Amount | Account | Class  |
        | B  | 2025-01-02 | Buy  | ES    | 1        | 100    | A1      | {word} |
        """,
        ACCOUNTS,
    )
    assert [problem.column for problem in errors(report)] == ["Class"], told(report)
    assert not report.years


def test_a_short_sale_against_what_is_held_at_a_gain_names_the_section() -> None:
    report = answer(
        """
        | ID | Date       | Type       | Asset | Quantity | Amount | Account | Class |
        | B  | 2025-01-02 | Buy        | XYZ   | 10       | 100    | A1      | stock |
        | SS | 2025-02-02 | Short Sell | XYZ   | 5        | 60     | A1      | stock |
        """,
        ACCOUNTS,
    )
    (problem,) = errors(report)
    assert "1259" in problem.message


def test_a_purchase_against_a_short_sale_at_a_gain_is_a_constructive_sale_too() -> None:
    """26 USC 1259(c)(1)(D): one who holds a short at a gain acquires the same property and keeps it."""
    report = answer(
        """
        | ID | Date       | Type       | Asset | Quantity | Amount | Account | Class |
        | SS | 2025-02-02 | Short Sell | XYZ   | 5        | 60     | A1      | stock |
        | B  | 2025-03-02 | Buy        | XYZ   | 5        | 40     | A1      | stock |
        | C  | 2025-06-02 | Cover      | XYZ   | 5        | 30     | A1      | stock |
        """,
        ACCOUNTS,
    )
    said = [problem for problem in report.problems if "1259" in problem.message]
    assert said, told(report)
    assert all(problem.is_error or problem.blocks_filing for problem in said)


@pytest.mark.parametrize(
    "asset_class", ["stock", "crypto", "tokenized", "nft", "bond", "option", "collectible", "other"]
)
def test_average_basis_is_for_funds_alone(asset_class: str) -> None:
    report = answer(
        f"""
        | ID | Date       | Type | Asset | Quantity | Amount | Account | Class         | Method  |
        | B  | 2025-01-02 | Buy  | XYZ   | 10       | 100    | EX      | {asset_class} |         |
        | S  | 2025-02-02 | Sell | XYZ   | 5        | 60     | EX      | {asset_class} | average |
        """,
        ACCOUNTS,
    )
    assert [(problem.code, problem.row) for problem in errors(report)] == [("AVERAGE_NOT_ALLOWED", 3)], told(report)


def test_only_securities_become_worthless() -> None:
    report = answer(
        """
        | ID | Date       | Type      | Asset | Quantity | Amount | Account | Class  |
        | B  | 2025-01-02 | Buy       | LUNA  | 10       | 100    | EX      | crypto |
        | W  | 2025-02-02 | Worthless | LUNA  |          |        | EX      | crypto |
        """,
        ACCOUNTS,
    )
    (problem,) = errors(report)
    assert (problem.row, problem.column) == (3, "Type")
    assert "165(g)" in problem.message


def test_a_transfer_into_an_ira_is_no_transfer() -> None:
    report = answer(
        """
        | ID | Date       | Type     | Asset | Quantity | Amount | Account | To Account | Class |
        | B  | 2025-01-02 | Buy      | XYZ   | 10       | 100    | A1      |            | stock |
        | T  | 2025-02-02 | Transfer | XYZ   | 10       |        | A1      | IRA1       | stock |
        """,
        ACCOUNTS,
    )
    (problem,) = errors(report)
    assert problem.row == 3
    assert "contribution" in problem.message


@pytest.mark.parametrize("code", ["A", "K", "BB", "1", "=W"])
def test_a_code_that_form_8949_does_not_know_is_refused(code: str) -> None:
    report = answer(
        f"""
        | ID | Date       | Type | Asset | Quantity | Amount | Account | Class | Code   |
        | B  | 2025-01-02 | Buy  | XYZ   | 10       | 100    | A1      | stock |        |
        | S  | 2025-02-02 | Sell | XYZ   | 10       | 60     | A1      | stock | {code} |
        """,
        ACCOUNTS,
    )
    assert [(problem.row, problem.column) for problem in errors(report)] == [(3, "Code")], told(report)


def test_an_adjustment_without_a_code_is_refused() -> None:
    """Instructions for Form 8949: an amount in (g) needs a code in (f)."""
    report = answer(
        """
        | ID | Date       | Type | Asset | Quantity | Amount | Account | Class | Adjustment |
        | B  | 2025-01-02 | Buy  | XYZ   | 10       | 100    | A1      | stock |            |
        | S  | 2025-02-02 | Sell | XYZ   | 10       | 60     | A1      | stock | 4          |
        """,
        ACCOUNTS,
    )
    assert [(problem.row, problem.column) for problem in errors(report)] == [(3, "Code")], told(report)


def test_all_that_is_wrong_is_said_at_once() -> None:
    report = answer(
        """
        | ID | Date       | Type     | Asset | Quantity | Amount | Account | Class |
        | B  | 2025-01-02 | Buy      | XYZ   | 10       | 100    | A1      | stock |
        | S1 | 2025-02-02 | Sell     | XYZ   | 11       | 60     | A1      | stock |
        | S2 | 2025-02-03 | Straddle | XYZ   | 1        | 60     | A1      | stock |
        | S3 | 2025-02-30 | Sell     | XYZ   | 1        | 60     | A1      | stock |
        | S4 | 2025-03-03 | Sell     | ABC   | 1        | 60     | A1      | stock |
        """,
        ACCOUNTS,
    )
    assert {problem.row for problem in errors(report)} == {3, 4, 5, 6}, told(report)
