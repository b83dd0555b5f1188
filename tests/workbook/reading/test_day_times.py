"""A column of times of day beside Date orders the trades of a day."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from capgain.workbook.reading.blocks import ledger_from_blocks
from capgain.workbook.written.misread import Cell
from law.tables import answer, errors

ACCOUNTS = """
| Account | Kind      | Reported |
| S       | brokerage | none     |
"""

BUY = ["Buy", "BTC", 1, 90000, "K", "crypto"]


@pytest.mark.parametrize(
    ("heading", "bought", "sold", "is_in_order"),
    [
        ("Time", "9:45 AM", "3:30 PM", True),
        ("Time", "3:30 PM", "9:45 AM", False),
        ("Trade Time", "09:45:00", "15:30:12", True),
        ("Execution Time", "15:30", "09:45", False),
        ("Time", "", "", True),
    ],
)
def test_the_time_of_day_says_which_came_first(heading: str, bought: str, sold: str, is_in_order: bool) -> None:
    report = answer(
        f"""
        | Date       | {heading} | Type | Asset | Quantity | Amount | Account | Class |
        | 2025-01-15 | {bought}  | Buy  | XYZ   | 10       | 100    | S       | stock |
        | 2025-01-15 | {sold}    | Sell | XYZ   | 10       | 150    | S       | stock |
        """,
        ACCOUNTS,
    )
    assert [problem.code for problem in errors(report)] == ([] if is_in_order else ["INSUFFICIENT_QUANTITY"])
    assert not [problem for problem in report.problems if problem.code == "COLUMNS_IGNORED"]


@pytest.mark.parametrize(
    ("day", "clock", "at"),
    [
        ("2025-01-15", time(15, 30), datetime(2025, 1, 15, 15, 30)),
        (date(2025, 1, 15), "3:30 PM", datetime(2025, 1, 15, 15, 30)),
        (datetime(2025, 1, 15), 0.5, datetime(2025, 1, 15, 12)),
        (datetime(2025, 1, 15), datetime(1899, 12, 30, 8, 15), datetime(2025, 1, 15, 8, 15)),
        (datetime(2025, 1, 15, 10), time(15, 30), datetime(2025, 1, 15, 10)),
        ("01/15/2025", "15:30", datetime(2025, 1, 15, 15, 30)),
        ("2025-01-15 10:00", "15:30", datetime(2025, 1, 15, 10)),
        ("2025-01-15", None, datetime(2025, 1, 15)),
    ],
)
def test_date_and_time_are_one_moment(day: Cell, clock: Cell, at: datetime) -> None:
    ledger = ledger_from_blocks(
        [
            ["Date", "Time", "Type", "Asset", "Quantity", "Amount", "Account", "Class"],
            [day, clock, "Buy", "XYZ", 1, 1, "S", "stock"],
        ]
    )
    assert [entry.at for entry in ledger.transactions] == [at]


def test_what_is_no_time_is_reported_at_the_date() -> None:
    ledger = ledger_from_blocks(
        [["Date", "Time", "Type", "Asset", "Quantity", "Amount"], ["2025-01-15", "noonish", "Buy", "XYZ", 1, 1]]
    )
    assert [(problem.column, problem.code) for problem in ledger.problems if problem.is_error] == [
        ("Date", "NOT_A_DATE")
    ]


@pytest.mark.parametrize(("heading", "blocks"), [("Order Time", True), ("Fill time", True), ("Time in Force", False)])
def test_another_column_of_times_is_asked_about(heading: str, blocks: bool) -> None:
    rows = [["Date", heading, "Type", "Asset", "Quantity", "Amount"], ["2025-01-15", "9:45", "Buy", "XYZ", 1, 1]]
    assert any(problem.code == "COLUMN_NOT_READ" for problem in ledger_from_blocks(rows).problems) is blocks


def test_two_columns_of_times_are_asked_about() -> None:
    rows = [
        ["Date", "Trade Time", "Execution Time", "Type", "Asset", "Quantity", "Amount"],
        ["2025-01-15", "9:45", "9:46", "Buy", "XYZ", 1, 1],
    ]
    assert any(problem.code == "COLUMN_NOT_READ" for problem in ledger_from_blocks(rows).problems)


def test_times_of_utc_need_the_tax_zone() -> None:
    rows = [["Date", "Time (UTC)", "Type", "Asset", "Quantity", "Amount"], ["2025-01-01", "03:00", "Buy", "XYZ", 1, 1]]
    assert [problem.code for problem in ledger_from_blocks(rows).problems if problem.is_error] == ["TIME_ZONE_MISSING"]
    settings = [["Name", "Value"], ["Time Zone", "America/New_York"]]
    (entry,) = ledger_from_blocks(rows, None, settings).transactions
    assert entry.at == datetime(2024, 12, 31, 22)


def test_dates_before_the_income_tax_are_refused_by_name() -> None:
    rows = [["Date", "Type", "Asset", "Quantity", "Amount"], ["1913-02-28", "Buy", "XYZ", 1, 1]]
    assert [problem.code for problem in ledger_from_blocks(rows).problems if problem.is_error] == ["DATE_TOO_EARLY"]
    rows[1][0] = "1913-03-01"
    assert not [problem for problem in ledger_from_blocks(rows).problems if problem.is_error]


@pytest.mark.parametrize("heading", ["Date (UTC)", "Timestamp (UTC)", "Date/Time (UTC)", "Date UTC"])
@pytest.mark.parametrize(
    ("written", "day"),
    [
        (datetime(2026, 1, 1, 3, 0), date(2025, 12, 31)),
        ("2026-01-01 03:00", date(2025, 12, 31)),
        ("2026-01-01 05:00", date(2026, 1, 1)),
        ("2026-01-01T03:00:00-05:00", date(2026, 1, 1)),
        (46023.125, date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 1, 1)),
        ("2026-01-01", date(2026, 1, 1)),
    ],
)
def test_a_heading_that_says_utc_is_the_zone_of_its_times(heading: str, written: object, day: date) -> None:
    """An evening of December 31 in New York was a sale of the next year, without a word."""
    rows = [[heading, "Type", "Asset", "Quantity", "Amount", "Account", "Class"], [written, *BUY]]
    settings = [["Time Zone", "America/New_York"]]
    (bought,) = ledger_from_blocks(rows, settings=settings).transactions
    assert bought.at.date() == day


def test_times_in_utc_ask_for_the_zone_of_the_return_and_days_do_not() -> None:
    header = ["Date (UTC)", "Type", "Asset", "Quantity", "Amount", "Account", "Class"]
    found = ledger_from_blocks([header, [datetime(2026, 1, 1, 3, 0), *BUY]])
    assert [problem.code for problem in found.problems] == ["TIME_ZONE_MISSING"]
    assert ledger_from_blocks([header, [date(2026, 1, 1), *BUY]]).problems == ()
