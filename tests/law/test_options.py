"""Options that end: what they cost or brought joins the shares, or is lost or gained that day (Pub. 550, Options)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from capgain.engine.explain import explain
from capgain.engine.results.dispositions import Kind
from law.tables import answer, dispositions, errors, told

ACCOUNTS = """
| Account | Kind      |
| A1      | brokerage |
| IRA1    | ira       |
"""


def test_a_call_bought_in_two_lots_makes_two_lots_of_shares_at_strike_fee_and_premium() -> None:
    report = answer(
        """
        | Date       | Type     | Asset  | Quantity | Price | Amount | Fee | Account | Class  | Underlying   |
        | 2025-01-06 | Buy      | AB C50 | 1        |       | 100    |     | A1      | option | AB x100 call |
        | 2025-01-07 | Buy      | AB C50 | 2        |       | 260    |     | A1      | option |              |
        | 2025-03-21 | Exercise | AB C50 | 3        |       | 15000  | 9   | A1      |        |              |
        | 2025-03-24 | Sell     | AB     | 300      |       | 18000  |     | A1      | stock  |              |
        """,
        ACCOUNTS,
    )
    assert [(row.quantity, row.basis) for row in dispositions(report)] == [(100, 5103), (200, 10266)], told(report)


def test_the_shares_of_an_exercised_call_are_held_from_the_day_after() -> None:
    for sold, term in (("2026-03-21", "short"), ("2026-03-22", "long")):
        report = answer(
            f"""
            | Date       | Type     | Asset  | Quantity | Price | Amount | Account | Class  | Underlying   |
            | 2024-01-06 | Buy      | AB C50 | 1        |       | 100    | A1      | option | AB x100 call |
            | 2025-03-21 | Exercise | AB C50 |          | 50    |        | A1      |        |              |
            | {sold} | Sell     | AB     | 100      |       | 6000   | A1      | stock  |              |
            """,
            ACCOUNTS,
        )
        assert [row.term.value for row in dispositions(report)] == [term]


def test_shares_bought_by_exercise_or_assignment_replace_a_loss() -> None:
    """26 USC 1091(a): acquired within 30 days. The call itself was bought long before."""
    for opened, ended in (("Buy", "Exercise"), ("Sell to Open", "Assign")):
        right = "call" if opened == "Buy" else "put"
        report = answer(
            f"""
            | Date       | Type     | Asset | Quantity | Price | Amount | Account | Class  | Underlying     |
            | 2023-01-06 | Buy      | AB    | 100      |       | 9000   | A1      | stock  |                |
            | 2024-01-06 | {opened} | AB O  | 1        |       | 100    | A1      | option | AB x100 {right} |
            | 2025-03-03 | Sell     | AB    | 100      |       | 6000   | A1      | stock  |                |
            | 2025-03-21 | {ended}  | AB O  | 1        | 50    |        | A1      |        |                |
            """,
            ACCOUNTS,
        )
        assert [row.wash_disallowed for row in dispositions(report)] == [3000], told(report)
        cost = 5100 if opened == "Buy" else 4900
        assert [lot.basis for lot in report.open_lots] == [cost + 3000]


def test_a_put_exercised_over_shares_held_a_year_or_less_is_a_short_term_sale() -> None:
    """26 USC 1233(b): the put was a short sale, the shares are held anew from its exercise."""
    report = answer(
        """
        | Date       | Type     | Asset  | Quantity | Price | Amount | Account | Class  | Underlying  |
        | 2024-02-06 | Buy      | AB     | 100      |       | 3000   | A1      | stock  |             |
        | 2025-01-10 | Buy      | AB P45 | 1        |       | 200    | A1      | option | AB x100 put |
        | 2025-05-16 | Exercise | AB P45 | 1        | 45    |        | A1      |        |             |
        """,
        ACCOUNTS,
    )
    (row,) = dispositions(report)
    assert (row.kind, row.gain, row.term.value, row.box) == (Kind.EXERCISED, 1300, "short", "A"), told(report)


def test_the_lots_named_on_an_exercised_put_are_those_of_the_shares() -> None:
    report = answer(
        """
        | Date       | Type     | Asset  | Quantity | Price | Amount | Account | Class  | Underlying  | Lot |
        | 2022-02-06 | Buy      | AB     | 100      |       | 3000   | A1      | stock  |             | L1  |
        | 2022-03-06 | Buy      | AB     | 100      |       | 4000   | A1      | stock  |             | L2  |
        | 2025-01-10 | Buy      | AB P45 | 1        |       | 200    | A1      | option | AB x100 put |     |
        | 2025-05-16 | Exercise | AB P45 | 1        | 45    |        | A1      |        |             | L2  |
        """,
        ACCOUNTS,
    )
    assert [(row.lot, row.gain) for row in dispositions(report)] == [("L2", 300)], told(report)


@pytest.mark.parametrize(("reported", "codes", "adjustment"), [("10500", "E", 275), ("10775", "", 0)])
def test_the_premium_of_an_assigned_call_is_code_e_where_the_broker_leaves_it_out(
    reported: str, codes: str, adjustment: int
) -> None:
    report = answer(
        f"""
        | Date       | Type         | Asset   | Quantity | Price | Amount | Class  | Underlying   | Reported Proceeds |
        | 2023-06-05 | Buy          | ZZ      | 100      |       | 9000   | stock  |              |                   |
        | 2025-01-06 | Sell to Open | ZZ C105 | 1        |       | 275    | option | ZZ x100 call |                   |
        | 2025-02-21 | Assign       | ZZ C105 | 1        | 105   |        |        |              | {reported}        |
        """,
        ACCOUNTS,
    )
    (row,) = dispositions(report)
    assert (row.codes, row.adjustment, row.gain) == (codes, adjustment, 1775), told(report)


def test_an_assigned_put_buys_at_the_strike_price_less_the_premium_of_the_earliest_written() -> None:
    report = answer(
        """
        | Date       | Type         | Asset  | Quantity | Price | Amount | Account | Class  | Underlying  |
        | 2025-01-06 | Sell to Open | HH P40 | 1        |       | 120    | A1      | option | HH x100 put |
        | 2025-01-07 | Sell to Open | HH P40 | 1        |       | 180    | A1      | option |             |
        | 2025-02-21 | Assign       | HH P40 | 1        | 40    |        | A1      |        |             |
        """,
        ACCOUNTS,
    )
    assert [(lot.asset, lot.basis) for lot in report.open_lots] == [("HH", 3880)]
    assert [(short.asset, short.proceeds) for short in report.open_shorts] == [("HH P40", 180)]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("Exercise | AB C50 | 4        | 50    | A1", "INSUFFICIENT_QUANTITY"),
        ("Exercise | AB C50 | 0.5      | 50    | A1", "PART_OF_A_CONTRACT"),
        ("Exercise | AB W60 |          | 50    | A1", "INSUFFICIENT_QUANTITY"),
        ("Assign   | AB C50 |          | 50    | A1", "INSUFFICIENT_QUANTITY"),
        ("Assign   | AB W60 | 2        | 50    | A1", "INSUFFICIENT_QUANTITY"),
        ("Expire   | AB     |          |       | A1", "NOT_AN_OPTION"),
        ("Expire   | AB C99 |          |       | A1", "INSUFFICIENT_QUANTITY"),
        ("Exercise | AB C50 |          |       | A1", "MISSING_VALUE"),
    ],
)
def test_an_end_that_does_not_fit_what_is_open_is_refused(row: str, code: str) -> None:
    report = answer(
        f"""
        | Date       | Type         | Asset  | Quantity | Price | Account | Amount | Class  | Underlying   |
        | 2024-01-06 | Buy          | AB     | 10       |       | A1      | 100    | stock  |              |
        | 2025-01-06 | Buy          | AB C50 | 3        |       | A1      | 100    | option | AB x100 call |
        | 2025-01-06 | Sell to Open | AB W60 | 1        |       | A1      | 100    | option | AB x100 call |
        | 2025-02-06 | {row} | | {"stock" if "AB     |" in row else "option"} | AB x100 call |
        """,
        ACCOUNTS,
    )
    assert [problem.code for problem in errors(report)] == [code], told(report)
    assert not report.years


def test_what_is_written_and_what_is_held_lapse_at_once_without_a_quantity() -> None:
    report = answer(
        """
        | Date       | Type         | Asset  | Quantity | Amount | Account | Class  | Underlying   |
        | 2024-01-10 | Buy          | AB C60 | 2        | 500    | A1      | option | AB x100 call |
        | 2025-03-10 | Sell to Open | AB C60 | 1        | 90     | A1      | option |              |
        | 2025-06-20 | Expire       | AB C60 |          |        | A1      |        |              |
        """,
        ACCOUNTS,
    )
    found = sorted((row.kind.value, row.gain, row.term.value) for row in dispositions(report))
    assert found == [("expired", -500, "long"), ("expired, written", 90, "short")], told(report)
    assert not report.open_lots
    assert not report.open_shorts


def test_in_an_ira_an_exercise_moves_lots_and_has_no_row() -> None:
    report = answer(
        """
        | Date       | Type     | Asset  | Quantity | Price | Amount | Account | Class  | Underlying   |
        | 2025-01-06 | Buy      | AB C50 | 1        |       | 100    | IRA1    | option | AB x100 call |
        | 2025-03-21 | Exercise | AB C50 |          | 50    |        | IRA1    |        |              |
        """,
        ACCOUNTS,
    )
    assert not dispositions(report)
    assert [(lot.asset, lot.quantity, lot.is_ira) for lot in report.open_lots] == [("AB", Decimal(100), True)]


def test_the_explanation_names_strike_fee_and_premium() -> None:
    report = answer(
        """
        | Date       | Type         | Asset   | Quantity | Price | Amount | Fee | Account | Class  | Underlying   |
        | 2025-01-06 | Buy          | AB C50  | 2        |       | 640    |     | A1      | option | AB x100 call |
        | 2025-01-06 | Sell to Open | AB C70  | 1        |       | 300    |     | A1      | option | AB x100 call |
        | 2025-03-21 | Exercise     | AB C50  | 1        | 50    |        | 5   | A1      |        |              |
        | 2025-05-21 | Assign       | AB C70  | 1        | 70    |        | 4   | A1      |        |              |
        """,
        ACCOUNTS,
    )
    text = str(explain(report, 2025, "1b"))
    assert "100 AB bought by exercise: $5,000.00 + $5.00 + $320.00 paid for the option." in text, text
    assert "Proceeds: $7,000.00 - $4.00 + $300.00 received for the call." in text, text


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("", "OPTION_EXPIRED_OPEN"),
        ("| 2025-06-20 | Buy | AB | 100 | 5000 | A1 | stock |", "OPTION_LEFT_OPEN"),
        ("| 2025-06-20 | Buy | AB | 100 | 5001 | A1 | stock |", "OPTION_EXPIRED_OPEN"),
        ("| 2025-06-23 | Expire | AB    250620C00050000 | 1 | | A1 | option |", ""),
    ],
)
def test_an_option_left_open_past_its_expiry_keeps_from_filing(rows: str, code: str) -> None:
    report = answer(
        f"""
        | Date       | Type | Asset                 | Quantity | Amount | Account | Class  |
        | 2025-01-10 | Buy  | AB    250620C00050000 | 1        | 500    | A1      | option |
        {rows}
        """,
        ACCOUNTS,
    )
    told_of = [problem.code for problem in report.problems if problem.code.startswith("OPTION_")]
    assert told_of == ([code] if code else []), told(report)
    assert not code or not report.filing_ready
