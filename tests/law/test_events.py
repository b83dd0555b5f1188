# ruff: noqa: E501 - tables are as wide as their columns
"""What events do to lots, losses and dates, beyond what the worked cases show."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from capgain.engine.classes import Term
from capgain.engine.report import TaxReport
from capgain.engine.results.dispositions import Disposition, Kind
from capgain.engine.results.held import OpenLot
from law.tables import answer, dispositions, errors, told

ACCOUNTS = """
| Account | Kind      | Owner    | Reported |
| A1      | brokerage | taxpayer | none     |
| A2      | brokerage | taxpayer | none     |
| HERS    | brokerage | spouse   | none     |
| IRA1    | ira       | taxpayer | none     |
| EX      | exchange  | taxpayer | none     |
| COLD    | wallet    | taxpayer | none     |
"""


def rows(report: TaxReport) -> list[Disposition]:
    assert not errors(report), told(report)
    return dispositions(report)


def only(report: TaxReport) -> Disposition:
    (row,) = rows(report)
    return row


def history(lot: OpenLot) -> tuple[int, date, date]:
    return lot.row, lot.acquired, lot.held_since


WASHED = """
    | ID | Date       | Type | Asset | Quantity | Amount | Account | Class | To Account | Received Asset | Basis | Price | Lot |
    | B1 | 2024-01-02 | Buy  | XYZ   | 10       | 100    | A1      | stock |            |                |       |       |     |
    | S1 | 2025-02-03 | Sell | XYZ   | 10       | 80     | A1      | stock |            |                |       |       |     |
    | B2 | 2025-02-10 | Buy  | XYZ   | 10       | 90     | A1      | stock |            |                |       |       |     |
    {event}
    """


@pytest.mark.parametrize(
    ("event", "asset", "account", "units", "basis"),
    [
        ("| T | 2025-03-03 | Transfer | XYZ | 10 | | A1 | stock | A2 | | | | |", "XYZ", "A2", 10, 110),
        ("| T | 2025-03-03 | Split | XYZ | 3 | | A1 | stock | | | | | |", "XYZ", "A1", 30, 110),
        ("| T | 2025-03-03 | Spin-off | XYZ | 1 | | A1 | stock | | NEW | 0.4 | | |", "NEW", "A1", 10, 44),
        ("| T | 2025-03-03 | Stock Dividend | XYZ | 2 | | A1 | stock | | PFD | 0.5 | | |", "PFD", "A1", 20, 55),
        ("| T | 2025-03-03 | Merger | XYZ | 1/2 | | A1 | stock | | NEW | | | |", "NEW", "A1", 5, 110),
        ("| T | 2025-03-03 | Merger | XYZ | 1/2 | 30 | A1 | stock | | NEW | | 2 | |", "NEW", "A1", 5, 110),
        ("| T | 2025-03-03 | Return of Capital | XYZ | | 15 | A1 | stock | | | | | |", "XYZ", "A1", 10, 95),
    ],
)
def test_a_washed_lot_keeps_row_date_and_holding_period_through_events(
    event: str, asset: str, account: str, units: int, basis: int
) -> None:
    """26 USC 1223(1), (3), (4): what is held instead of it is held as long."""
    report = answer(WASHED.format(event=event), ACCOUNTS)
    rows(report)
    (lot,) = (lot for lot in report.open_lots if (lot.asset, lot.account) == (asset, account))
    assert history(lot) == (4, date(2025, 2, 10), date(2024, 1, 9))
    assert (lot.quantity, lot.basis, lot.lot) == (units, basis, "B2")


def test_the_gain_of_a_merger_with_cash_has_the_term_of_the_washed_lot() -> None:
    event = "| T | 2025-03-03 | Merger | XYZ | 1/2 | 30 | A1 | stock | | NEW | | 2 | |"
    found = rows(answer(WASHED.format(event=event), ACCOUNTS))
    boot = next(row for row in found if row.kind is Kind.BOOT)
    assert (boot.term, boot.gain, boot.quantity) == (Term.LONG, 20, 10)


def test_shares_moved_to_another_broker_are_still_the_replacement_bought_there_before() -> None:
    """A purchase of the 30 days before counts wherever it lies at the end of the day, and was moved in between."""
    report = answer(
        """
        | ID | Date       | Type     | Asset | Quantity | Amount | Account | To Account | Class | Lot |
        | B1 | 2024-01-02 | Buy      | XYZ   | 10       | 100    | A1      |            | stock |     |
        | B2 | 2025-02-10 | Buy      | XYZ   | 10       | 90     | A1      |            | stock |     |
        | T  | 2025-02-12 | Transfer | XYZ   | 6        |        | A1      | A2         | stock | B2  |
        | S  | 2025-02-20 | Sell     | XYZ   | 10       | 80     | A1      |            | stock | B1  |
        """,
        ACCOUNTS,
    )
    (row,) = rows(report)
    assert row.wash_disallowed == 20
    assert sorted((lot.account, lot.quantity, lot.basis) for lot in report.open_lots) == [("A1", 4, 44), ("A2", 6, 66)]


def test_a_tokenized_security_moved_in_part_before_2025_is_still_a_replacement() -> None:
    report = answer(
        """
        | ID | Date       | Type     | Asset | Quantity | Amount | Account | To Account | Class     | Lot |
        | B1 | 2023-01-02 | Buy      | TOK   | 10       | 100    | EX      |            | tokenized |     |
        | B2 | 2024-02-10 | Buy      | TOK   | 10       | 90     | COLD    |            | tokenized |     |
        | T  | 2024-02-12 | Transfer | TOK   | 6        |        | COLD    | EX         | tokenized |     |
        | S  | 2024-02-20 | Sell     | TOK   | 10       | 80     | EX      |            | tokenized | B1  |
        """,
        ACCOUNTS,
    )
    assert only(report).wash_disallowed == 20
    assert sum(lot.basis for lot in report.open_lots) == 110


def test_a_tokenized_security_received_in_a_trade_is_a_replacement() -> None:
    """A fully taxable exchange is an acquisition (Treas. Reg. 1.1091-1(f))."""
    found = rows(
        answer(
            """
            | ID | Date       | Type  | Asset | Quantity | Amount | Account | Received Asset | Received Quantity | Class     |
            | B1 | 2025-01-02 | Buy   | TOK   | 10       | 100    | EX      |                |                   | tokenized |
            | C1 | 2025-01-02 | Buy   | BTC   | 1        | 50     | EX      |                |                   | crypto    |
            | S  | 2025-02-03 | Sell  | TOK   | 10       | 80     | EX      |                |                   | tokenized |
            | X  | 2025-02-10 | Trade | BTC   | 1        | 60     | EX      | TOK            | 5                 | crypto    |
            """,
            ACCOUNTS,
            Class_TOK="tokenized",
        )
    )
    assert [(row.asset, row.wash_disallowed) for row in found] == [("TOK", 10), ("BTC", 0)]


def test_a_plain_coin_received_in_a_trade_replaces_nothing() -> None:
    found = rows(
        answer(
            """
            | ID | Date       | Type  | Asset | Quantity | Amount | Account | Received Asset | Received Quantity | Class  |
            | B1 | 2025-01-02 | Buy   | ETH   | 10       | 100    | EX      |                |                   | crypto |
            | C1 | 2025-01-02 | Buy   | BTC   | 1        | 50     | EX      |                |                   | crypto |
            | S  | 2025-02-03 | Sell  | ETH   | 10       | 80     | EX      |                |                   | crypto |
            | X  | 2025-02-10 | Trade | BTC   | 1        | 60     | EX      | ETH            | 5                 | crypto |
            """,
            ACCOUNTS,
        )
    )
    assert [row.wash_disallowed for row in found] == [0, 0]


def test_a_lot_brought_in_that_was_bought_in_the_window_is_a_replacement() -> None:
    """An Opening row says when its lot was bought; bought within the 30 days, it replaces (26 USC 1091(a))."""
    report = answer(
        """
        | ID | Date       | Type    | Asset | Quantity | Amount | Account | Class | Acquired   | Basis | Lot |
        | O1 | 2025-01-01 | Opening | XYZ   | 10       |        | A1      | stock | 2024-03-01 | 100   |     |
        | O2 | 2025-01-01 | Opening | XYZ   | 10       |        | A1      | stock | 2024-12-20 | 90    |     |
        | S  | 2025-01-10 | Sell    | XYZ   | 10       | 80     | A1      | stock |            |       | O1  |
        """,
        ACCOUNTS,
    )
    row = only(report)
    assert row.wash_disallowed == 20, told(report)
    assert [lot.basis for lot in report.open_lots] == [110]


def test_spouses_filing_apart_keep_their_sales_off_the_return_but_not_out_of_the_wash_scan() -> None:
    ledger = """
        | ID | Date       | Type | Asset | Quantity | Amount | Account | Class |
        | B1 | 2025-01-02 | Buy  | XYZ   | 10       | 100    | A1      | stock |
        | H1 | 2025-01-02 | Buy  | XYZ   | 10       | 100    | HERS    | stock |
        | S1 | 2025-03-03 | Sell | XYZ   | 10       | 80     | A1      | stock |
        | H2 | 2025-03-10 | Buy  | XYZ   | 4        | 36     | HERS    | stock |
        | H3 | 2025-09-10 | Sell | XYZ   | 14       | 140    | HERS    | stock |
        """
    apart, joint = (answer(ledger, ACCOUNTS, Filing_Status=status) for status in ("mfs", "mfj"))
    assert [(row.account, row.wash_disallowed) for row in rows(apart)] == [("A1", 8)]
    assert [row.account for row in rows(joint)] == ["A1", "HERS", "HERS"]


def test_part_of_an_option_contract_replaces_part_of_what_was_sold() -> None:
    """One contract covers 100 shares; 40 shares sold use two fifths of it."""
    report = answer(
        """
        | ID | Date       | Type | Asset     | Quantity | Amount | Account | Class  | Underlying |
        | B1 | 2025-01-02 | Buy  | XYZ       | 40       | 400    | A1      | stock  |            |
        | S  | 2025-03-03 | Sell | XYZ       | 40       | 320    | A1      | stock  |            |
        | O  | 2025-03-10 | Buy  | XYZ CALL  | 1        | 50     | A1      | option | XYZ x100   |
        """,
        ACCOUNTS,
    )
    assert only(report).wash_disallowed == 80
    assert sorted((lot.quantity, lot.basis) for lot in report.open_lots) == [
        (Decimal("0.4"), 100),
        (Decimal("0.6"), 30),
    ]


def test_a_reverse_split_and_a_split_back_leave_what_was_there() -> None:
    """1 for 3 and 3 for 1: quantities are kept exact in between (R-CA-1: keep exact fractions)."""
    report = answer(
        """
        | ID | Date       | Type  | Asset | Quantity | Amount | Account | Class |
        | B1 | 2024-01-02 | Buy   | XYZ   | 10       | 100    | A1      | stock |
        | R  | 2024-06-03 | Split | XYZ   | 1/3      |        |         | stock |
        | F  | 2024-07-03 | Split | XYZ   | 3        |        |         | stock |
        | S  | 2025-02-03 | Sell  | XYZ   | 10       | 120    | A1      | stock |
        """,
        ACCOUNTS,
    )
    assert only(report).gain == 20
    assert report.open_lots == ()


@pytest.mark.parametrize("account", ["", "A1", "A2"])
def test_cash_in_lieu_is_of_the_account_that_was_paid(account: str) -> None:
    report = answer(
        f"""
            | ID | Date       | Type  | Asset | Quantity | Amount | Account | Class |
            | B1 | 2024-01-02 | Buy   | XYZ   | 15       | 150    | A1      | stock |
            | B2 | 2024-01-03 | Buy   | XYZ   | 25       | 500    | A2      | stock |
            | R  | 2025-06-03 | Split | XYZ   | 1/10     | 300    | {account} | stock |
            """,
        ACCOUNTS,
    )
    if account:
        assert [(row.account, row.quantity, row.proceeds) for row in rows(report)] == [(account, Decimal("0.5"), 300)]
    else:
        assert [problem.code for problem in errors(report)] == ["CASH_IN_LIEU_ACCOUNT"]


def test_a_gifted_lot_moved_in_part_keeps_both_its_bases() -> None:
    found = rows(
        answer(
            """
            | ID | Date       | Type     | Asset | Quantity | Amount | Account | To Account | Class | Acquired   | Basis |
            | G  | 2025-01-02 | Gift In  | XYZ   | 10       | 80     | A1      |            | stock | 2015-01-02 | 100   |
            | T  | 2025-02-03 | Transfer | XYZ   | 4        |        | A1      | A2         | stock |            |       |
            | S1 | 2025-03-03 | Sell     | XYZ   | 4        | 36     | A2      |            | stock |            |       |
            | S2 | 2025-03-03 | Sell     | XYZ   | 3        | 21     | A1      |            | stock |            |       |
            | S3 | 2025-03-03 | Sell     | XYZ   | 3        | 33     | A1      |            | stock |            |       |
            """,
            ACCOUNTS,
        )
    )
    assert [(row.basis, row.gain, row.term) for row in found[1:]] == [(24, -3, Term.SHORT), (30, 3, Term.LONG)]
    assert (found[0].basis, found[0].gain) == (36, 0)


def test_a_transfer_fee_is_paid_with_the_earliest_units_and_the_rest_arrive() -> None:
    report = answer(
        """
        | ID | Date       | Type     | Asset | Quantity | Received Quantity | Price | Amount | Account | To Account | Class  |
        | B1 | 2025-01-02 | Buy      | ETH   | 1        |                   |       | 1000   | EX      |            | crypto |
        | B2 | 2025-02-03 | Buy      | ETH   | 1        |                   |       | 2000   | EX      |            | crypto |
        | T  | 2025-03-03 | Transfer | ETH   | 1.5      | 1.4               | 3000  |        | EX      | COLD       | crypto |
        """,
        ACCOUNTS,
    )
    row = only(report)
    assert (row.kind, row.lot_row, row.quantity, row.proceeds, row.basis) == (Kind.FEE, 2, Decimal("0.1"), 300, 100)
    assert sorted((lot.account, lot.row, lot.quantity) for lot in report.open_lots) == [
        ("COLD", 2, Decimal("0.9")),
        ("COLD", 3, Decimal("0.5")),
        ("EX", 3, Decimal("0.5")),
    ]


def test_a_fee_in_the_coin_bought_comes_from_the_units_bought() -> None:
    """2 bought for 100 and a fee of 0.1 of them worth 5: basis is 105 for 2 units, the 0.1 goes at 5."""
    report = answer(
        """
        | ID | Date       | Type | Asset | Quantity | Amount | Fee | Fee Asset | Fee Quantity | Account | Class  |
        | B0 | 2024-01-02 | Buy  | ETH   | 5        | 50     |     |           |              | EX      | crypto |
        | B1 | 2025-01-02 | Buy  | ETH   | 2        | 100    | 5   | ETH       | 0.1          | EX      | crypto |
        """,
        ACCOUNTS,
    )
    row = only(report)
    assert (row.kind, row.lot_row, row.quantity, row.proceeds, row.basis) == (
        *(Kind.FEE, 3, Decimal("0.1")),
        *(Decimal("5"), Decimal("5.25")),
    )
    assert [(lot.row, lot.quantity, lot.basis) for lot in report.open_lots] == [
        (2, 5, 50),
        (3, Decimal("1.9"), Decimal("99.75")),
    ]


def test_two_shorts_are_closed_earliest_first() -> None:
    found = rows(
        answer(
            """
            | ID  | Date       | Type       | Asset | Quantity | Amount | Account | Class |
            | SS1 | 2025-01-02 | Short Sell | XYZ   | 10       | 100    | A1      | stock |
            | SS2 | 2025-02-03 | Short Sell | XYZ   | 10       | 140    | A1      | stock |
            | C1  | 2025-06-02 | Cover      | XYZ   | 15       | 120    | A1      | stock |
            """,
            ACCOUNTS,
        )
    )
    assert [(row.lot_row, row.quantity, row.proceeds, row.basis, row.gain) for row in found] == [
        (2, 10, 100, 80, 20),
        (3, 5, 70, 40, 30),
    ]


def test_a_loss_delivered_against_a_short_is_washed_by_the_days_around_the_short_sale_not_the_delivery() -> None:
    """Treas. Reg. 1.1091-1(g): a purchase near the delivery alone, 60 days after the short sale, is none."""
    ledger = """
        | ID | Date       | Type       | Asset | Quantity | Amount | Account | Class | Lot |
        | B1 | 2025-01-02 | Buy        | XYZ   | 10       | 100    | A1      | stock |     |
        | SS | 2025-03-03 | Short Sell | XYZ   | 10       | 80     | A1      | stock |     |
        | B2 | {bought}   | Buy        | XYZ   | 10       | 79     | A2      | stock |     |
        | C  | 2025-05-05 | Cover      | XYZ   | 10       |        | A1      | stock | B1  |
        """
    near_short, near_delivery = (answer(ledger.format(bought=day), ACCOUNTS) for day in ("2025-04-02", "2025-04-30"))
    assert [row.wash_disallowed for row in rows(near_short)] == [20]
    assert [row.wash_disallowed for row in rows(near_delivery)] == [0]


def test_an_allocation_may_follow_moves_between_own_wallets_in_2025() -> None:
    """Rev. Proc. 2024-28 section 3.11: a move between own wallets is no transfer and does not end the time for it."""
    report = answer(
        """
        | ID  | Date             | Type       | Asset | Quantity | Amount | Account | To Account | Class  | Lot  | Identified |
        | L1  | 2019-07-01       | Buy        | DE    | 10       | 10     | EX      |            | crypto |      |            |
        | L2  | 2020-09-01       | Buy        | DE    | 20       | 100    | COLD    |            | crypto |      |            |
        | S0  | 2024-12-01       | Sell       | DE    | 6        | 60     | EX      |            | crypto | L2:6 |            |
        | SH1 | 2025-01-01       | Allocation | DE    | 4        |        | EX      |            | crypto | L1   | 2025-02-28 |
        | SH2 | 2025-01-01       | Allocation | DE    | 6        |        | COLD    |            | crypto | L1   | 2025-02-28 |
        | SH3 | 2025-01-01       | Allocation | DE    | 14       |        | COLD    |            | crypto | L2   | 2025-02-28 |
        | T   | 2025-01-15 12:00 | Transfer   | DE    | 1        |        | EX      | COLD       | crypto |      |            |
        | S1  | 2025-03-01 12:00 | Sell       | DE    | 1        | 10     | EX      |            | crypto |      |            |
        """,
        ACCOUNTS,
    )
    assert rows(report)[-1].lot_row == 2
    assert not any(problem.blocks_filing for problem in report.problems if "llocation" in problem.message), told(report)
    assert sum(lot.basis for lot in report.open_lots) == 110 - 30 - 1


def test_a_gift_made_before_the_allocation_ends_the_time_for_it() -> None:
    report = answer(
        """
        | ID  | Date             | Type       | Asset | Quantity | Amount | Account | Class  | Lot  | Identified |
        | L1  | 2019-07-01       | Buy        | DE    | 10       | 10     | EX      | crypto |      |            |
        | L2  | 2020-09-01       | Buy        | DE    | 20       | 100    | COLD    | crypto |      |            |
        | S0  | 2024-12-01       | Sell       | DE    | 6        | 60     | EX      | crypto | L2:6 |            |
        | SH1 | 2025-01-01       | Allocation | DE    | 4        |        | EX      | crypto | L1   | 2025-02-28 |
        | SH2 | 2025-01-01       | Allocation | DE    | 6        |        | COLD    | crypto | L1   | 2025-02-28 |
        | SH3 | 2025-01-01       | Allocation | DE    | 14       |        | COLD    | crypto | L2   | 2025-02-28 |
        | G   | 2025-01-15 12:00 | Gift Out   | DE    | 1        |        | EX      | crypto |      |            |
        """,
        ACCOUNTS,
    )
    assert not report.filing_ready, told(report)


def test_specific_identification_without_a_lot_falls_back_to_fifo_and_says_so() -> None:
    report = answer(
        """
        | ID | Date       | Type | Asset | Quantity | Amount | Account | Class |
        | B1 | 2024-01-02 | Buy  | XYZ   | 10       | 100    | A1      | stock |
        | B2 | 2024-02-02 | Buy  | XYZ   | 10       | 120    | A1      | stock |
        | S  | 2025-06-02 | Sell | XYZ   | 10       | 130    | A1      | stock |
        """,
        ACCOUNTS,
        Method="specific",
    )
    assert only(report).lot_row == 2
    assert [problem.row for problem in report.problems if problem.column == "Lot"] == [4]


def test_switching_wash_sales_off_or_to_everything_is_never_ready_to_file() -> None:
    ledger = """
        | ID | Date       | Type | Asset | Quantity | Amount | Account | Class |
        | B1 | 2024-01-02 | Buy  | XYZ   | 10       | 100    | A1      | stock |
        | S  | 2025-06-02 | Sell | XYZ   | 10       | 130    | A1      | stock |
        """
    ready = {
        wash: answer(ledger, ACCOUNTS, Filing_Status="single", Wash_Sales=wash).filing_ready
        for wash in ("securities", "off", "all")
    }
    assert ready == {"securities": True, "off": False, "all": False}


def test_missing_basis_taken_as_zero_is_not_ready_to_file_until_each_row_has_a_note() -> None:
    ledger = """
        | ID | Date       | Type | Asset | Quantity | Amount | Account | Class | Note   |
        | B1 | 2024-01-02 | Buy  | XYZ   | 10       | 100    | A1      | stock |        |
        | S  | 2025-06-02 | Sell | XYZ   | 12       | 132    | A1      | stock | {note} |
        """
    bare, noted = (answer(ledger.format(note=note), ACCOUNTS, Missing_Basis="zero") for note in ("", "lost papers"))
    assert [(row.lot_row, row.quantity, row.basis, row.gain) for row in rows(bare)] == [(2, 10, 100, 10), (0, 2, 0, 22)]
    assert (bare.filing_ready, noted.filing_ready) == (False, True), told(noted)


def test_lots_left_at_one_average_are_relieved_earliest_first_by_any_ranking() -> None:
    """Leaving the average, every lot has the same basis per unit: no rounding may decide between short and long."""
    ledger = """
        | ID | Date       | Type | Asset | Quantity | Amount  | Account | Class | Method   |
        | B1 | 2024-01-02 | Buy  | FUND  | 7        | 100     | A1      | fund  |          |
        | B2 | 2024-02-02 | Buy  | FUND  | 13.7     | 233     | A1      | fund  |          |
        | B3 | 2025-02-03 | Buy  | FUND  | 11.03    | 95      | A1      | fund  |          |
        | S1 | 2025-05-05 | Sell | FUND  | 1        | 12      | A1      | fund  | average  |
        | S2 | 2025-06-05 | Sell | FUND  | 9        | 120     | A1      | fund  | {method} |
        """
    for method in ("hifo", "lofo"):
        found = rows(answer(ledger.format(method=method), ACCOUNTS))
        assert [row.lot_row for row in found if row.row == 6] == [2, 3], method


def test_a_split_after_everything_was_sold_still_counts_for_the_loss_that_waits() -> None:
    """10 shares sold at a loss are 20 after the split, whether or not any are held that day."""
    report = answer(
        """
        | ID | Date       | Type  | Asset | Quantity | Amount | Account | Class |
        | B1 | 2025-01-02 | Buy   | XYZ   | 10       | 100    | A1      | stock |
        | S  | 2025-03-03 | Sell  | XYZ   | 10       | 90     | A1      | stock |
        | SP | 2025-03-10 | Split | XYZ   | 2        |        |         | stock |
        | B2 | 2025-03-17 | Buy   | XYZ   | 10       | 45     | A1      | stock |
        """,
        ACCOUNTS,
    )
    assert only(report).wash_disallowed == 5


def test_a_lot_named_before_2025_is_taken_from_the_selling_account_first() -> None:
    """Part of the lot lies in each wallet; taking the seller's part leaves counts and lots equal at the switch."""
    report = answer(
        """
        | ID | Date       | Type     | Asset | Quantity | Amount | Account | To Account | Class  | Lot |
        | B1 | 2024-01-02 | Buy      | ETH   | 10       | 100    | EX      |            | crypto |     |
        | T  | 2024-01-03 | Transfer | ETH   | 4        |        | EX      | COLD       | crypto |     |
        | S1 | 2024-02-03 | Sell     | ETH   | 3        | 60     | COLD    |            | crypto | B1  |
        | B2 | 2024-03-03 | Buy      | ETH   | 1        | 20     | COLD    |            | crypto |     |
        | S2 | 2025-02-03 | Sell     | ETH   | 1        | 30     | COLD    |            | crypto |     |
        """,
        ACCOUNTS,
    )
    assert [row.lot_row for row in rows(report)] == [2, 2]
    assert sorted((lot.account, lot.row, lot.quantity) for lot in report.open_lots) == [("COLD", 5, 1), ("EX", 2, 6)]


def test_of_a_lot_in_two_parts_the_one_that_replaced_shares_goes_first() -> None:
    """A part that came back by transfer is clean, the part that stayed replaced shares sold: it is relieved first."""
    report = answer(
        """
        | ID | Date       | Type     | Asset | Quantity | Amount | Account | To Account | Class | Lot |
        | B1 | 2024-01-02 | Buy      | XYZ   | 5        | 100    | A1      |            | stock |     |
        | B2 | 2025-02-10 | Buy      | XYZ   | 10       | 90     | A1      |            | stock |     |
        | T1 | 2025-02-11 | Transfer | XYZ   | 5        |        | A1      | A2         | stock | B2  |
        | S1 | 2025-02-20 | Sell     | XYZ   | 5        | 50     | A1      |            | stock | B1  |
        | T2 | 2025-02-25 | Transfer | XYZ   | 5        |        | A2      | A1         | stock |     |
        | S2 | 2025-08-01 | Sell     | XYZ   | 5        | 100    | A1      |            | stock |     |
        """,
        ACCOUNTS,
    )
    loss, gain = rows(report)
    assert (loss.wash_disallowed, gain.basis, gain.held_since) == (
        50,
        95,
        date(2024, 1, 2) + (date(2025, 2, 10) - date(2025, 2, 20)),
    )


@pytest.mark.parametrize("losses", [3, 4, 5, 6, 12])
def test_one_purchase_that_replaces_many_losses_takes_over_all_of_them(losses: int) -> None:
    """However the parts of the purchase are kept: units are those bought, basis is cost and every loss moved."""
    bought = "\n".join(f"| B{n} | 2023-01-{n:02d} | Buy | XYZ | 2 | 20 | A1 | stock | |" for n in range(1, losses + 1))
    sold = "\n".join(
        f"| S{n} | 2025-03-{n:02d} | Sell | XYZ | 2 | {19 - n} | A1 | stock | B{n} |" for n in range(1, losses + 1)
    )
    report = answer(
        f"""
        | ID | Date       | Type | Asset | Quantity | Amount | Account | Class | Lot |
        {bought}
        {sold}
        | R  | 2025-03-20 | Buy  | XYZ   | 30       | 300    | A1      | stock |     |
        | E1 | 2025-06-20 | Sell | XYZ   | 5        | 75     | A1      | stock |     |
        | E2 | 2025-06-21 | Sell | XYZ   | 25       | 375    | A1      | stock |     |
        """,
        ACCOUNTS,
    )
    found = rows(report)
    moved = sum(1 + n for n in range(1, losses + 1))
    assert sum(row.wash_disallowed for row in found) == moved
    last = [row for row in found if row.row > 2 * losses + 2]
    assert sum(row.quantity for row in last) == 30
    assert sum(row.basis for row in last) == 300 + moved
    assert sum(row.gain for row in found) == 450 + sum(19 - n for n in range(1, losses + 1)) - 300 - 20 * losses
    assert {row.term for row in last if row.wash_disallowed or row.held_since != row.acquired} == {Term.LONG}
    assert report.open_lots == ()


def test_an_average_begins_anew_after_a_merger_took_everything() -> None:
    found = rows(
        answer(
            """
            | ID | Date       | Type   | Asset | Quantity | Amount | Account | Class | Received Asset |
            | B1 | 2024-01-02 | Buy    | FUND  | 10       | 100    | A1      | fund  |                |
            | B2 | 2024-02-02 | Buy    | FUND  | 10       | 200    | A1      | fund  |                |
            | S1 | 2025-03-03 | Sell   | FUND  | 10       | 180    | A1      | fund  |                |
            | M  | 2025-04-03 | Merger | FUND  | 2        |        | A1      | fund  | NEWF           |
            | B3 | 2025-05-05 | Buy    | FUND  | 10       | 300    | A1      | fund  |                |
            | S2 | 2025-06-05 | Sell   | FUND  | 5        | 175    | A1      | fund  |                |
            | S3 | 2025-06-06 | Sell   | NEWF  | 10       | 100    | A1      | fund  |                |
            """,
            ACCOUNTS,
            Method="average",
            Class_NEWF="fund",
        )
    )
    assert [(row.basis, row.gain) for row in found] == [(150, 30), (150, 25), (75, 25)]


def test_a_box_that_had_to_be_assumed_is_told_once_an_account() -> None:
    report = answer(
        """
        | ID | Date       | Type | Asset | Quantity | Amount | Account | Class |
        | B1 | 2025-01-02 | Buy  | XYZ   | 10       | 100    | ?       | stock |
        | S1 | 2025-03-03 | Sell | XYZ   | 5        | 60     | ?       | stock |
        | S2 | 2025-04-03 | Sell | XYZ   | 5        | 60     | ?       | stock |
        """
    )
    assert [row.box for row in rows(report)] == ["C", "C"]
    assert [problem.row for problem in report.problems if problem.code == "BOX_ASSUMED"] == [3], told(report)


def test_an_inherited_lot_is_long_from_the_day_it_was_acquired() -> None:
    ledger = """
        | ID | Date       | Type    | Asset | Quantity | Amount | Account | Class |
        | I  | 2025-03-03 | Inherit | XYZ   | 5        | 100    | A1      | stock |
        | B  | 2025-03-03 | Buy     | XYZ   | 5        | 100    | A1      | stock |
        """
    inherited, bought = answer(ledger, ACCOUNTS).open_lots
    assert (str(inherited.long_from), inherited.term(inherited.acquired).value) == ("2025-03-03", "long")
    assert (str(bought.long_from), bought.term(bought.acquired).value) == ("2026-03-04", "short")
