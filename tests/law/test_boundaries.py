"""The day before and the day after, the cent below and the cent above."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from capgain.engine.classes import Term
from capgain.engine.report import TaxReport
from capgain.engine.results.dispositions import Disposition
from law.tables import answer, dispositions, errors, told

BROKER = """
| Account | Kind      | Reported |
| A1      | brokerage | none     |
| A2      | brokerage | none     |
"""
WALLETS = """
| Account | Kind     | Reported |
| EX      | exchange | none     |
| COLD    | wallet   | none     |
"""


def rows(report: TaxReport) -> list[Disposition]:
    assert not errors(report), told(report)
    return dispositions(report)


def only(report: TaxReport) -> Disposition:
    found = rows(report)
    assert len(found) == 1, told(report)
    return found[0]


def codes(report: TaxReport) -> set[str]:
    return {problem.code for problem in report.problems}


def error_codes(report: TaxReport) -> list[str]:
    return [problem.code for problem in errors(report)]


# One year


@pytest.mark.parametrize(
    ("acquired", "last_short", "first_long"),
    [
        ("2024-01-31", "2025-01-31", "2025-02-01"),
        ("2024-06-17", "2025-06-17", "2025-06-18"),
        ("2023-02-27", "2024-02-27", "2024-02-28"),
        ("2023-02-28", "2024-02-29", "2024-03-01"),
        ("2024-02-28", "2025-02-28", "2025-03-01"),
        ("2024-02-29", "2025-02-28", "2025-03-01"),
        ("2023-03-01", "2024-03-01", "2024-03-02"),
        ("2023-12-31", "2024-12-31", "2025-01-01"),
        ("2024-01-01", "2025-01-01", "2025-01-02"),
        ("2023-04-30", "2024-04-30", "2024-05-01"),
    ],
)
@pytest.mark.parametrize("asset_class", ["stock", "crypto"])
def test_a_year_to_the_day_is_short_and_the_day_after_is_long(
    acquired: str, last_short: str, first_long: str, asset_class: str
) -> None:
    def term(sold: str) -> Term:
        return only(
            answer(
                f"""
                | ID | Date | Type | Asset | Quantity | Amount | Account | Class |
                | B  | {acquired} 23:59:59 | Buy  | XYZ | 1 | 10 | A1 | {asset_class} |
                | S  | {sold} 00:00:01     | Sell | XYZ | 1 | 12 | A1 | {asset_class} |
                """,
                BROKER,
            )
        ).term

    assert term(last_short) is Term.SHORT
    assert term(first_long) is Term.LONG


@pytest.mark.parametrize(("acquired", "term"), [("2024-12-31", Term.SHORT), ("2024-12-30", Term.LONG)])
def test_worthless_stock_counts_to_the_last_day_of_the_year(acquired: str, term: Term) -> None:
    row = only(
        answer(
            f"""
            | ID | Date       | Type      | Asset | Quantity | Amount | Account | Class |
            | B  | {acquired} | Buy       | XYZ   | 5        | 50     | A1      | stock |
            | W  | 2025-03-01 | Worthless | XYZ   |          |        | A1      | stock |
            """,
            BROKER,
        )
    )
    assert (row.term, row.sold, row.gain, row.quantity) == (term, date(2025, 12, 31), Decimal(-50), 5)


def test_what_is_worthless_is_gone_after_its_row() -> None:
    """The sale is deemed on 31 December; shares declared worthless in March cannot be sold in June."""
    report = answer(
        """
        | ID | Date       | Type      | Asset | Quantity | Amount | Account | Class |
        | B  | 2024-03-01 | Buy       | XYZ   | 5        | 50     | A1      | stock |
        | W  | 2025-03-01 | Worthless | XYZ   |          |        | A1      | stock |
        | S  | 2025-06-01 | Sell      | XYZ   | 5        | 1      | A1      | stock |
        """,
        BROKER,
    )
    assert error_codes(report) == ["INSUFFICIENT_QUANTITY"], told(report)


def test_inherited_shares_are_long_on_the_day_of_death() -> None:
    row = only(
        answer(
            """
            | ID | Date             | Type    | Asset | Quantity | Amount | Account | Class |
            | I  | 2025-03-01 08:00 | Inherit | XYZ   | 1        | 50     | A1      | stock |
            | S  | 2025-03-01 09:00 | Sell    | XYZ   | 1        | 49     | A1      | stock |
            """,
            BROKER,
        )
    )
    assert (row.term, row.acquired_text, row.gain, row.box) == (Term.LONG, "INHERITED", Decimal(-1), "F")


# Gifts


@pytest.mark.parametrize(
    ("proceeds", "basis", "gain", "term"),
    [
        ("8999.99", "9000.00", "-0.01", Term.SHORT),
        ("9000.00", "9000.00", "0.00", None),
        ("9500.00", "9500.00", "0.00", None),
        ("10000.00", "10000.00", "0.00", None),
        ("10000.01", "10000.00", "0.01", Term.LONG),
    ],
)
def test_a_gift_has_a_basis_for_loss_a_basis_for_gain_and_nothing_between(
    proceeds: str, basis: str, gain: str, term: Term | None
) -> None:
    row = only(
        answer(
            f"""
            | ID | Date       | Type    | Asset | Quantity | Amount     | Acquired   | Basis | Account | Class |
            | G  | 2025-05-01 | Gift In | XYZ   | 1        | 9000       | 2015-03-01 | 10000 | A1      | stock |
            | S  | 2025-09-01 | Sell    | XYZ   | 1        | {proceeds} |            |       | A1      | stock |
            """,
            BROKER,
        )
    )
    assert (row.basis, row.gain) == (Decimal(basis), Decimal(gain))
    assert term in (None, row.term)


def test_the_zone_without_gain_or_loss_is_judged_on_net_proceeds() -> None:
    """9,005 less a fee of 10 is below the value at the gift: a loss of 5, not the zone between."""
    row = only(
        answer(
            """
            | ID | Date       | Type    | Asset | Quantity | Amount | Fee | Acquired   | Basis | Account | Class |
            | G  | 2025-05-01 | Gift In | XYZ   | 1        | 9000   |     | 2015-03-01 | 10000 | A1      | stock |
            | S  | 2025-09-01 | Sell    | XYZ   | 1        | 9005   | 10  |            |       | A1      | stock |
            """,
            BROKER,
        )
    )
    assert (row.proceeds, row.basis, row.gain) == (Decimal("8995"), Decimal("9000"), Decimal("-5"))


def test_each_gifted_lot_has_its_own_zone() -> None:
    found = rows(
        answer(
            """
            | ID | Date       | Type    | Asset | Quantity | Amount | Acquired   | Basis | Account | Class |
            | G1 | 2025-05-01 | Gift In | XYZ   | 1        | 90     | 2015-03-01 | 100   | A1      | stock |
            | G2 | 2025-05-02 | Gift In | XYZ   | 1        | 97     | 2015-03-01 | 100   | A1      | stock |
            | S  | 2025-09-01 | Sell    | XYZ   | 2        | 190    |            |       | A1      | stock |
            """,
            BROKER,
        )
    )
    assert [(row.lot_row, row.basis, row.gain) for row in found] == [(2, Decimal(95), Decimal(0)), (3, Decimal(97), -2)]


# Six months


@pytest.mark.parametrize(("sold", "long", "short"), [("2025-10-03", "-2.00", "-0.50"), ("2025-10-04", "0", "-2.50")])
def test_six_months_to_the_day_make_a_fund_loss_long_up_to_the_distribution(sold: str, long: str, short: str) -> None:
    found = rows(
        answer(
            f"""
            | ID | Date       | Type                      | Asset | Quantity | Amount | Account | Class |
            | B  | 2025-04-03 | Buy                       | XYZ   | 1        | 20     | A1      | fund  |
            | D  | 2025-06-17 | Capital Gain Distribution | XYZ   |          | 2      | A1      | fund  |
            | S  | {sold}     | Sell                      | XYZ   | 1        | 17.50  | A1      | fund  |
            """,
            BROKER,
        )
    )
    by_term = {term: sum(row.gain for row in found if row.term is term) for term in Term}
    assert by_term == {Term.LONG: Decimal(long), Term.SHORT: Decimal(short)}
    assert sum(row.proceeds for row in found) == Decimal("17.50")
    assert sum(row.basis for row in found) == 20


def test_the_six_month_rule_takes_no_more_than_the_loss_and_leaves_stock_alone() -> None:
    ledger = """
        | ID | Date       | Type                      | Asset | Quantity | Amount | Account | Class |
        | B  | 2025-04-03 | Buy                       | XYZ   | 1        | 20     | A1      | fund  |
        | D  | 2025-06-17 | Capital Gain Distribution | XYZ   |          | 9      | A1      | fund  |
        | S  | 2025-07-03 | Sell                      | XYZ   | 1        | 19     | A1      | fund  |
        """
    row = only(answer(ledger, BROKER))
    assert (row.gain, row.term) == (-1, Term.LONG)
    assert only(answer(ledger.replace("fund ", "stock"), BROKER)).term is Term.SHORT


def test_an_exempt_interest_dividend_cannot_turn_a_loss_into_a_gain() -> None:
    row = only(
        answer(
            """
            | ID | Date       | Type                     | Asset | Quantity | Amount | Account | Class |
            | B  | 2025-01-10 | Buy                      | XYZ   | 1        | 40     | A1      | fund  |
            | D  | 2025-02-07 | Exempt-Interest Dividend | XYZ   |          | 5      | A1      | fund  |
            | S  | 2025-02-14 | Sell                     | XYZ   | 1        | 37     | A1      | fund  |
            """,
            BROKER,
        )
    )
    assert row.gain == 0


# Wash sales


@pytest.mark.parametrize("offset", [-31, -30, -1, 0, 1, 30, 31])
@pytest.mark.parametrize("sold", ["2025-06-16", "2024-03-10", "2024-12-31", "2025-03-15"])
def test_the_window_is_thirty_days_before_to_thirty_days_after(sold: str, offset: int) -> None:
    """Counted on calendar days, whatever the hour, across 29 February and New Year."""
    day = date.fromisoformat(sold)
    bought = f"{day + timedelta(days=offset)} {'23:59:59' if offset < 0 else '00:00:01' if offset else '09:00'}"
    loss = f"{sold} {'00:00:01' if offset < 0 else '23:59:59' if offset else '12:00'}"
    report = answer(
        f"""
        | ID | Date       | Type | Asset | Quantity | Amount | Account | Class | Lot |
        | B1 | 2023-01-02 | Buy  | XYZ   | 10       | 100    | A1      | stock |     |
        | B2 | {bought}   | Buy  | XYZ   | 10       | 95     | A1      | stock |     |
        | S  | {loss}     | Sell | XYZ   | 10       | 90     | A1      | stock | B1  |
        """,
        BROKER,
    )
    washed = abs(offset) <= 30
    row = only(report)
    assert (row.codes, row.adjustment) == (("W", Decimal(10)) if washed else ("", Decimal(0)))
    (lot,) = report.open_lots
    assert lot.basis == (105 if washed else 95)
    held = date(2023, 1, 2) + timedelta(days=(lot.acquired - day).days) if washed else lot.acquired
    assert lot.held_since == held


@pytest.mark.parametrize(
    ("proceeds", "adjustment", "code"), [("99.99", "0.01", "W"), ("100.00", "0", ""), ("100.01", "0", "")]
)
def test_a_loss_of_a_cent_is_washed_and_no_loss_is_not(proceeds: str, adjustment: str, code: str) -> None:
    row = only(
        answer(
            f"""
            | ID | Date       | Type | Asset | Quantity | Amount     | Account | Class |
            | B1 | 2025-01-02 | Buy  | XYZ   | 10       | 100        | A1      | stock |
            | S  | 2025-03-03 | Sell | XYZ   | 10       | {proceeds} | A1      | stock |
            | B2 | 2025-03-04 | Buy  | XYZ   | 10       | 100        | A1      | stock |
            """,
            BROKER,
        )
    )
    assert (row.adjustment, row.codes) == (Decimal(adjustment), code)


def test_a_fee_makes_the_loss_that_is_washed() -> None:
    """Sold at cost with a commission of 1: the loss is 1, and it moves into the replacement."""
    report = answer(
        """
        | ID | Date       | Type | Asset | Quantity | Amount | Fee | Account | Class |
        | B1 | 2025-01-02 | Buy  | XYZ   | 10       | 100    |     | A1      | stock |
        | S  | 2025-03-03 | Sell | XYZ   | 10       | 100    | 1   | A1      | stock |
        | B2 | 2025-03-04 | Buy  | XYZ   | 10       | 100    | 2   | A1      | stock |
        """,
        BROKER,
    )
    assert only(report).wash_disallowed == 1
    assert [lot.basis for lot in report.open_lots] == [Decimal(103)]


def test_one_share_more_than_was_sold_stays_as_bought() -> None:
    report = answer(
        """
        | ID | Date       | Type | Asset | Quantity | Amount | Account | Class |
        | B1 | 2025-01-02 | Buy  | XYZ   | 10       | 100    | A1      | stock |
        | S  | 2025-03-03 | Sell | XYZ   | 10       | 90     | A1      | stock |
        | B2 | 2025-03-04 | Buy  | XYZ   | 11       | 110    | A1      | stock |
        """,
        BROKER,
    )
    assert sorted((lot.quantity, lot.basis) for lot in report.open_lots) == [(1, 10), (10, 110)]


def test_lots_bought_before_replace_ahead_of_a_purchase_later_the_same_day() -> None:
    """Treas. Reg. 1.1091-1(c), (d): in the order acquired, those of the thirty days before included."""
    report = answer(
        """
        | ID | Date             | Type | Asset | Quantity | Amount | Account | Class | Lot |
        | B1 | 2025-01-02 09:30 | Buy  | XYZ   | 10       | 100    | A1      | stock |     |
        | B2 | 2025-02-20 09:30 | Buy  | XYZ   | 10       | 95     | A1      | stock |     |
        | S  | 2025-03-03 10:00 | Sell | XYZ   | 10       | 90     | A1      | stock | B1  |
        | B3 | 2025-03-03 11:00 | Buy  | XYZ   | 10       | 91     | A1      | stock |     |
        """,
        BROKER,
    )
    assert sorted((lot.row, lot.basis) for lot in report.open_lots) == [(3, 105), (5, 91)]


def test_a_lot_sold_later_the_same_day_leaves_the_loss_to_the_next_purchase() -> None:
    """B2 is gone by the evening, so B3, bought that day and kept, replaces what was sold."""
    report = answer(
        """
        | ID | Date             | Type | Asset | Quantity | Amount | Account | Class | Lot |
        | B1 | 2025-01-02 09:30 | Buy  | XYZ   | 10       | 100    | A1      | stock |     |
        | B2 | 2025-02-20 09:30 | Buy  | XYZ   | 10       | 80     | A1      | stock |     |
        | S1 | 2025-03-03 10:00 | Sell | XYZ   | 10       | 90     | A1      | stock | B1  |
        | B3 | 2025-03-03 11:00 | Buy  | XYZ   | 10       | 91     | A1      | stock |     |
        | S2 | 2025-03-03 12:00 | Sell | XYZ   | 10       | 90     | A1      | stock | B2  |
        """,
        BROKER,
    )
    first, second = rows(report)
    assert (first.wash_disallowed, second.gain) == (10, 10)
    assert [(lot.row, lot.basis) for lot in report.open_lots] == [(5, 101)]


def test_a_replacement_is_used_once_even_in_pieces() -> None:
    report = answer(
        """
        | ID | Date       | Type | Asset | Quantity | Amount | Account | Class | Lot |
        | B1 | 2025-01-02 | Buy  | XYZ   | 6        | 60     | A1      | stock |     |
        | B2 | 2025-01-03 | Buy  | XYZ   | 6        | 66     | A1      | stock |     |
        | S1 | 2025-03-03 | Sell | XYZ   | 6        | 54     | A1      | stock | B1  |
        | S2 | 2025-03-04 | Sell | XYZ   | 6        | 54     | A1      | stock | B2  |
        | B3 | 2025-03-05 | Buy  | XYZ   | 10       | 90     | A1      | stock |     |
        """,
        BROKER,
    )
    assert [row.wash_disallowed for row in rows(report)] == [6, 8]
    assert sum(lot.basis for lot in report.open_lots) == 90 + 6 + 8


def test_a_sale_that_closes_two_recent_lots_is_no_wash_sale() -> None:
    found = rows(
        answer(
            """
            | ID | Date       | Type | Asset | Quantity | Amount | Account | Class |
            | B1 | 2025-09-15 | Buy  | XYZ   | 10       | 200    | A1      | stock |
            | B2 | 2025-09-25 | Buy  | XYZ   | 10       | 190    | A1      | stock |
            | S  | 2025-10-06 | Sell | XYZ   | 20       | 360    | A1      | stock |
            """,
            BROKER,
        )
    )
    assert [(row.gain, row.codes) for row in found] == [(-20, ""), (-10, "")]


def test_what_one_sale_leaves_of_two_recent_lots_replaces_the_other_lot_only() -> None:
    report = answer(
        """
        | ID | Date       | Type | Asset | Quantity | Amount | Account | Class |
        | B1 | 2025-09-15 | Buy  | XYZ   | 10       | 200    | A1      | stock |
        | B2 | 2025-09-25 | Buy  | XYZ   | 10       | 190    | A1      | stock |
        | S  | 2025-10-06 | Sell | XYZ   | 16       | 288    | A1      | stock |
        """,
        BROKER,
    )
    assert [(row.lot_row, row.wash_disallowed, row.gain) for row in rows(report)] == [(2, 8, -12), (3, 0, -6)]
    assert [(lot.quantity, lot.basis) for lot in report.open_lots] == [(4, 76 + 8)]


def test_an_ira_purchase_before_the_loss_destroys_it_too() -> None:
    report = answer(
        """
        | ID | Date       | Type | Asset | Quantity | Amount | Account | Class |
        | B1 | 2025-01-02 | Buy  | XYZ   | 10       | 100    | A1      | stock |
        | B2 | 2025-02-20 | Buy  | XYZ   | 4        | 38     | ROTH    | stock |
        | S  | 2025-03-03 | Sell | XYZ   | 10       | 90     | A1      | stock |
        """,
        """
        | Account | Kind      | Reported |
        | A1      | brokerage | none     |
        | ROTH    | ira       | none     |
        """,
    )
    assert (only(report).wash_disallowed, [lot.basis for lot in report.open_lots]) == (4, [38])
    assert [match.permanent for match in report.wash_sales] == [True]


def test_a_split_between_the_sale_and_the_purchase_is_counted_in_new_shares() -> None:
    """10 shares sold before a 2-for-1 split are 20 after it: buying 10 then replaces half of what was sold."""
    report = answer(
        """
        | ID | Date       | Type  | Asset | Quantity | Amount | Account | Class |
        | B0 | 2020-01-02 | Buy   | XYZ   | 1        | 5      | A2      | stock |
        | B1 | 2025-01-02 | Buy   | XYZ   | 10       | 100    | A1      | stock |
        | S  | 2025-03-03 | Sell  | XYZ   | 10       | 90     | A1      | stock |
        | SP | 2025-03-10 | Split | XYZ   | 2        |        |         | stock |
        | B2 | 2025-03-17 | Buy   | XYZ   | 10       | 45     | A1      | stock |
        """,
        BROKER,
    )
    assert only(report).wash_disallowed == 5
    assert [(lot.quantity, lot.basis) for lot in report.open_lots if lot.row == 6] == [(10, 50)]


# New Year's Eve, time zones and the switch to wallets


def test_a_sale_in_the_last_second_of_the_year_is_that_years() -> None:
    report = answer(
        """
        | ID | Date                | Type | Asset | Quantity | Amount | Account | Class  |
        | B  | 2023-06-01          | Buy  | BTC   | 2        | 10     | EX      | crypto |
        | S1 | 2024-12-31 23:59:59 | Sell | BTC   | 1        | 10     | EX      | crypto |
        | S2 | 2025-01-01 00:00:00 | Sell | BTC   | 1        | 10     | EX      | crypto |
        """,
        WALLETS,
    )
    assert not errors(report), told(report)
    assert [[row.box for row in report.years[year].dispositions] for year in (2024, 2025)] == [["F"], ["L"]]


def test_a_time_stamp_with_an_offset_falls_on_the_day_of_the_tax_zone() -> None:
    ledger = """
        | ID | Date                      | Type | Asset | Quantity | Amount | Account | Class  |
        | B  | 2023-06-01T00:00:00Z      | Buy  | BTC   | 2        | 10     | EX      | crypto |
        | S1 | 2025-01-01T04:59:59Z      | Sell | BTC   | 1        | 10     | EX      | crypto |
        | S2 | 2025-01-01T00:00:00-05:00 | Sell | BTC   | 1        | 10     | EX      | crypto |
        """
    found = rows(answer(ledger, WALLETS, Time_Zone="America/New_York"))
    assert [row.sold for row in found] == [date(2024, 12, 31), date(2025, 1, 1)]
    assert found[0].acquired == date(2023, 5, 31)
    without = answer(ledger, WALLETS)
    assert errors(without)
    assert not without.years


UNIVERSAL = """
    | ID | Date       | Type | Asset | Quantity | Amount | Account | Class  | Lot   |
    | L1 | 2023-01-02 | Buy  | DE    | 1        | 1      | COLD    | crypto |       |
    | L2 | 2023-02-02 | Buy  | DE    | 1        | 2      | EX      | crypto |       |
    | S  | {sold}     | Sell | DE    | 1        | 9      | EX      | crypto | {lot} |
    """


def test_the_last_universal_sale_is_on_new_years_eve() -> None:
    """1.1012-1(j)(6): sold on 2025-01-01 is per wallet already."""
    eve, new_year = "2024-12-31 23:59:59", "2025-01-01 00:00:00"
    assert only(answer(UNIVERSAL.format(sold=eve, lot=""), WALLETS)).lot_row == 2
    assert only(answer(UNIVERSAL.format(sold=new_year, lot=""), WALLETS)).lot_row == 3
    assert only(answer(UNIVERSAL.format(sold=eve, lot="L1"), WALLETS)).lot_row == 2
    assert error_codes(answer(UNIVERSAL.format(sold=new_year, lot="L1"), WALLETS)) == ["LOT_NOT_IN_ACCOUNT"]


def test_wallet_basis_from_moves_the_switch() -> None:
    text = UNIVERSAL.format(sold="2024-06-01", lot="")
    assert only(answer(text, WALLETS, Wallet_Basis_From="2024-06-01")).lot_row == 3
    assert only(answer(text, WALLETS, Wallet_Basis_From="2024-06-02")).lot_row == 2


def test_stocks_never_had_a_universal_pool() -> None:
    text = UNIVERSAL.replace("crypto", "stock ").format(sold="2024-06-01", lot="L1")
    assert error_codes(answer(text, WALLETS)) == ["LOT_NOT_IN_ACCOUNT"]


def test_more_than_an_account_holds_is_an_error_in_the_universal_era_too() -> None:
    text = UNIVERSAL.replace("| 9 ", "| 9 ").format(sold="2024-06-01", lot="")
    assert error_codes(answer(text.replace("Sell | DE    | 1", "Sell | DE    | 2"), WALLETS)) == [
        "INSUFFICIENT_QUANTITY"
    ]


MISMATCH = """
    | ID  | Date             | Type       | Asset | Quantity | Amount | Account | Class  | Lot  | Identified   |
    | L1  | 2019-07-01       | Buy        | DE    | 10       | 10     | XYZ     | crypto |      |              |
    | L2  | 2020-09-01       | Buy        | DE    | 20       | 100    | GHI     | crypto |      |              |
    | S0  | 2024-12-01       | Sell       | DE    | 6        | 60     | XYZ     | crypto | L2:6 |              |
    {allocations}
    | S1  | 2025-03-01 12:00 | Sell       | DE    | 2        | 20     | XYZ     | crypto |      |              |
    """
TWO_WALLETS = """
| Account | Kind   | Reported |
| XYZ     | wallet | none     |
| GHI     | wallet | none     |
"""
ALLOCATED = """| SH1 | 2025-01-01 | Allocation | DE | 2  | | XYZ | crypto | L1 | {made} |
    | SH2 | 2025-01-01 | Allocation | DE | 2  | | XYZ | crypto | L2 | {made} |
    | SH3 | 2025-01-01 | Allocation | DE | 8  | | GHI | crypto | L1 | {made} |
    | SH4 | 2025-01-01 | Allocation | DE | {last} | | GHI | crypto | L2 | {made} |"""


def allocated(made: str = "", last: str = "12") -> TaxReport:
    return answer(MISMATCH.format(allocations=ALLOCATED.format(made=made, last=last)), TWO_WALLETS)


def test_an_allocation_must_be_made_before_the_first_sale_of_2025() -> None:
    """Rev. Proc. 2024-28, section 5.02(4)."""
    before, after = allocated("2025-02-28"), allocated("2025-03-02")
    assert before.filing_ready or not any(problem.blocks_filing for problem in before.problems), told(before)
    assert only_2025(before).lot_row == 2
    late = [problem for problem in after.problems if problem.is_error or problem.blocks_filing]
    assert late, told(after)


def only_2025(report: TaxReport) -> Disposition:
    assert not errors(report), told(report)
    (row,) = report.years[2025].dispositions
    return row


@pytest.mark.parametrize("last", ["11", "13"])
def test_an_allocation_must_place_every_unit_once(last: str) -> None:
    """Section 5.02(2): all units of unused basis, to the same number of remaining units."""
    report = allocated("2025-02-28", last)
    assert errors(report), told(report)
    assert not report.years


def test_a_mismatch_says_which_allocation_rows_to_add() -> None:
    report = answer(MISMATCH.format(allocations="").replace("\n    \n", "\n"), TWO_WALLETS)
    (problem,) = errors(report)
    assert problem.code == "UNALLOCATED_BASIS"
    said = problem.message + problem.remedy
    assert "Allocation" in said
    assert "XYZ" in said
    assert "GHI" in said


# Identification and standing orders


def identified(sold: str, at: str, asset_class: str = "stock", kind: str = "brokerage") -> bool:
    """Whether the second lot was taken as identified."""
    report = answer(
        f"""
        | ID | Date       | Type | Asset | Quantity | Amount | Account | Class         | Lot | Identified |
        | B1 | 2016-01-04 | Buy  | XYZ   | 1        | 1      | P       | {asset_class} |     |            |
        | B2 | 2016-02-01 | Buy  | XYZ   | 1        | 2      | P       | {asset_class} |     |            |
        | S  | {sold}     | Sell | XYZ   | 1        | 9      | P       | {asset_class} | B2  | {at}       |
        """,
        f"""
        | Account | Kind   | Reported |
        | P       | {kind} | none     |
        """,
    )
    in_time = only(report).lot_row == 3
    assert in_time is not ("IDENTIFICATION_NOT_TIMELY" in codes(report)), told(report)
    return in_time


@pytest.mark.parametrize(
    ("sold", "last_day", "too_late"),
    [
        ("2025-06-16", "2025-06-17", "2025-06-18"),
        ("2025-06-13", "2025-06-16", "2025-06-17"),
        ("2025-06-18", "2025-06-20", "2025-06-23"),
        ("2025-11-26", "2025-11-28", "2025-12-01"),
        ("2025-04-17", "2025-04-21", "2025-04-22"),
        ("2025-12-31", "2026-01-02", "2026-01-05"),
        ("2024-05-28", "2024-05-29", "2024-05-30"),
        ("2024-05-24", "2024-05-29", "2024-05-30"),
        ("2024-05-20", "2024-05-22", "2024-05-23"),
        ("2017-09-05", "2017-09-07", "2017-09-08"),
        ("2017-09-01", "2017-09-07", "2017-09-08"),
        ("2017-08-21", "2017-08-24", "2017-08-25"),
    ],
)
def test_stock_is_identified_by_the_settlement_day(sold: str, last_day: str, too_late: str) -> None:
    """Treas. Reg. 1.1012-1(c)(8); SEC Rule 15c6-1: T+1 from 2024-05-28, T+2 from 2017-09-05, T+3 before."""
    assert identified(f"{sold} 15:59", f"{last_day} 23:59 broker")
    assert not identified(sold, f"{too_late} 00:00 broker")


@pytest.mark.parametrize("kind", ["exchange", "wallet"])
def test_coins_are_identified_to_the_second(kind: str) -> None:
    """Treas. Reg. 1.1012-1(j)(2), (j)(3): no grace until settlement."""
    assert identified("2025-06-16 10:00:00", "2025-06-16 10:00:00 books", "crypto", kind)
    assert not identified("2025-06-16 10:00:00", "2025-06-16 10:00:01 books", "crypto", kind)


@pytest.mark.parametrize(
    ("kind", "sold", "to", "in_time"),
    [
        ("exchange", "2026-12-31 23:59:59", "books", True),
        ("exchange", "2027-01-01 00:00:00", "books", False),
        ("exchange", "2027-01-01 12:00:00", "broker", True),
        ("wallet", "2027-01-01 12:00:00", "books", True),
    ],
)
def test_own_books_serve_for_coins_at_a_broker_until_the_end_of_2026(
    kind: str, sold: str, to: str, in_time: bool
) -> None:
    """Notice 2025-7, extended by Notice 2026-20."""
    assert identified(sold, f"2026-12-01 {to}", "crypto", kind) is in_time


def test_a_standing_order_rules_from_its_moment_on() -> None:
    found = rows(
        answer(
            """
            | ID | Date             | Type   | Asset | Quantity | Amount | Account | Class | Method |
            | B1 | 2024-01-02       | Buy    | XYZ   | 2        | 2      | A1      | stock |        |
            | B2 | 2024-02-02       | Buy    | XYZ   | 2        | 8      | A1      | stock |        |
            | S1 | 2025-03-03 09:59 | Sell   | XYZ   | 1        | 9      | A1      | stock |        |
            | M  | 2025-03-03 10:00 | Method | XYZ   |          |        | A1      | stock | hifo   |
            | S2 | 2025-03-03 10:00 | Sell   | XYZ   | 1        | 9      | A1      | stock |        |
            """,
            BROKER,
        )
    )
    assert [row.lot_row for row in found] == [2, 3]


def test_a_back_dated_standing_order_is_refused() -> None:
    report = answer(
        """
        | ID | Date       | Type   | Asset | Quantity | Amount | Account | Class | Method | Identified |
        | B1 | 2024-01-02 | Buy    | XYZ   | 2        | 2      | A1      | stock |        |            |
        | M  | 2025-01-01 | Method | XYZ   |          |        | A1      | stock | hifo   | 2025-06-01 |
        | S2 | 2025-03-03 | Sell   | XYZ   | 1        | 9      | A1      | stock |        |            |
        """,
        BROKER,
    )
    assert "STANDING_ORDER_BACKDATED" in codes(report), told(report)
    assert errors(report)


def test_the_narrower_order_decides() -> None:
    """The sale's own, then a Method row, then the account's, then the class's, then the setting."""
    accounts = """
        | Account | Kind      | Reported | Method |
        | A1      | brokerage | none     | lofo   |
        | A2      | brokerage | none     |        |
        """
    found = rows(
        answer(
            """
            | ID | Date       | Type   | Asset | Quantity | Amount | Account | Class | Method |
            | B1 | 2024-01-02 | Buy    | XYZ   | 9        | 27     | A1      | stock |        |
            | B2 | 2024-02-02 | Buy    | XYZ   | 9        | 9      | A1      | stock |        |
            | B3 | 2024-03-02 | Buy    | XYZ   | 9        | 18     | A1      | stock |        |
            | C1 | 2024-01-02 | Buy    | XYZ   | 9        | 27     | A2      | stock |        |
            | C2 | 2024-02-02 | Buy    | XYZ   | 9        | 9      | A2      | stock |        |
            | C3 | 2024-03-02 | Buy    | XYZ   | 9        | 18     | A2      | stock |        |
            | S1 | 2025-03-03 | Sell   | XYZ   | 1        | 9      | A1      | stock |        |
            | S2 | 2025-03-03 | Sell   | XYZ   | 1        | 9      | A1      | stock | fifo   |
            | S3 | 2025-03-03 | Sell   | XYZ   | 1        | 9      | A2      | stock |        |
            | M  | 2025-03-04 | Method | XYZ   |          |        | A1      | stock | lifo   |
            | S4 | 2025-03-05 | Sell   | XYZ   | 1        | 9      | A1      | stock |        |
            | S5 | 2025-03-05 | Sell   | XYZ   | 1        | 9      | A2      | stock |        |
            """,
            accounts,
            Method="fifo",
            Method_Stock="hifo",
        )
    )
    assert [(row.row, row.lot_row) for row in found] == [(8, 3), (9, 2), (10, 5), (12, 4), (13, 5)]


def test_equal_bases_are_relieved_in_order_of_acquisition_however_they_divide() -> None:
    """10/3 a unit twice, in lots of 3 and of 0.3: no rounding may decide which is the higher."""
    found = rows(
        answer(
            """
            | ID | Date       | Type | Asset | Quantity | Amount | Account | Class |
            | B1 | 2024-01-02 | Buy  | XYZ   | 0.3      | 1.00   | A1      | stock |
            | B2 | 2024-02-02 | Buy  | XYZ   | 3        | 10.00  | A1      | stock |
            | B3 | 2024-03-02 | Buy  | XYZ   | 0.000003 | 0.00001 | A1     | stock |
            | S  | 2025-06-03 | Sell | XYZ   | 0.300003 | 9      | A1      | stock |
            """,
            BROKER,
            Method="hifo",
        )
    )
    assert [row.lot_row for row in found] == [2, 3]


def test_a_purchase_within_the_day_does_not_change_which_of_two_equal_lots_goes_first() -> None:
    """The purchase looks ahead to what the day will leave; that must not touch the order of lots."""
    found = rows(
        answer(
            """
            | ID | Date             | Type | Asset | Quantity | Amount | Account | Class |
            | B1 | 2024-02-20       | Buy  | XYZ   | 3        | 32     | A1      | stock |
            | B2 | 2024-06-03       | Buy  | XYZ   | 3        | 32     | A1      | stock |
            | S1 | 2025-03-01 09:00 | Sell | XYZ   | 1        | 5      | A1      | stock |
            | B3 | 2025-03-01 10:00 | Buy  | XYZ   | 1        | 20     | A1      | stock |
            | S2 | 2025-03-01 11:00 | Sell | XYZ   | 1        | 5      | A1      | stock |
            """,
            BROKER,
            Method="lofo",
        )
    )
    assert [row.lot_row for row in found] == [2, 2]
    assert [row.term for row in found] == [Term.LONG, Term.LONG]


@pytest.mark.parametrize(
    ("event", "account"),
    [
        pytest.param("Transfer | 5 |   | A1 | A2", "A2", id="moved to another account"),
        pytest.param("Return of Capital |  | 5 | A1 |", "A1", id="a return of capital"),
        pytest.param("Split | 3 |  | A1 |", "A1", id="a split"),
    ],
)
def test_equal_lots_stay_equal_after(event: str, account: str) -> None:
    """32/3 a unit twice, of one lot a unit was sold: what then happens to both alike leaves the earlier one first."""
    found = rows(
        answer(
            f"""
            | ID | Date       | Type | Quantity | Amount | Account | To Account | Asset | Class |
            | B1 | 2024-02-20 | Buy  | 3        | 32     | A1      |            | XYZ   | stock |
            | B2 | 2024-06-03 | Buy  | 3        | 32     | A1      |            | XYZ   | stock |
            | S1 | 2025-02-21 | Sell | 1        | 15     | A1      |            | XYZ   | stock |
            | E  | 2025-03-03 | {event}                                 | XYZ   | stock |
            | S2 | 2025-05-05 | Sell | 1        | 15     | {account} |          | XYZ   | stock |
            """,
            "| Account | Kind |\n| A1 | brokerage |\n| A2 | brokerage |",
            Method="lofo",
        )
    )
    assert [(row.row, row.lot_row) for row in found] == [(4, 2), (6, 2)]


# Quantities and lots


def test_one_smallest_unit_more_than_is_held_is_refused() -> None:
    ledger = """
        | ID | Date       | Type | Asset | Quantity   | Amount | Account | Class  |
        | B  | 2025-01-02 | Buy  | ETH   | 1.5        | 10     | EX      | crypto |
        | S  | 2025-02-02 | Sell | ETH   | {quantity} | 11     | EX      | crypto |
        """
    whole = answer(ledger.format(quantity="1.500000000000000000"), WALLETS)
    assert only(whole).gain == 1
    assert whole.open_lots == ()
    more = answer(ledger.format(quantity="1.500000000000000001"), WALLETS)
    (problem,) = errors(more)
    assert (problem.code, problem.row, problem.column) == ("INSUFFICIENT_QUANTITY", 3, "Quantity")
    assert "0.000000000000000001" in problem.message + problem.remedy


@pytest.mark.parametrize(
    ("lot", "code"),
    [
        ("B9", "UNKNOWN_LOT"),
        ("B1:2; B2:2", "LOT_QUANTITY_MISMATCH"),
        ("B1:1; B2:1", "LOT_QUANTITY_MISMATCH"),
        ("B1:3", "INSUFFICIENT_LOT_QUANTITY"),
        ("C1:3", "LOT_NOT_IN_ACCOUNT"),
        ("B3:3", "UNKNOWN_LOT"),
        ("B1:2, B2:1", "UNKNOWN_LOT"),
        ("B1, B2", "UNKNOWN_LOT"),
    ],
)
def test_lots_that_do_not_fit_the_sale_are_refused(lot: str, code: str) -> None:
    report = answer(
        f"""
        | ID | Date       | Type | Asset | Quantity | Amount | Account | Class | Lot   |
        | B1 | 2024-01-02 | Buy  | XYZ   | 2        | 2      | A1      | stock |       |
        | B2 | 2024-02-02 | Buy  | XYZ   | 2        | 4      | A1      | stock |       |
        | C1 | 2024-02-02 | Buy  | XYZ   | 3        | 4      | A2      | stock |       |
        | B3 | 2024-02-02 | Buy  | ABC   | 3        | 4      | A1      | stock |       |
        | S  | 2025-03-03 | Sell | XYZ   | 3        | 9      | A1      | stock | {lot} |
        """,
        BROKER,
    )
    (problem,) = errors(report)
    assert problem.row == 6
    if lot != "B3:3":
        assert problem.code == code, told(report)
    assert ("semicolon" in problem.remedy) is ("," in lot)


def test_a_lot_cannot_be_sold_before_it_was_bought() -> None:
    ledger = """
        | ID | Date             | Type | Asset | Quantity | Amount | Account | Class |
        | S  | 2025-03-03 {one} | Sell | XYZ   | 1        | 9      | A1      | stock |
        | B  | 2025-03-03 {two} | Buy  | XYZ   | 1        | 9      | A1      | stock |
        """
    assert error_codes(answer(ledger.format(one="10:00", two="10:01"), BROKER)) == ["INSUFFICIENT_QUANTITY"]
    assert only(answer(ledger.format(one="10:01", two="10:00"), BROKER)).gain == 0


# Cents


def test_half_a_cent_rounds_away_from_zero_once() -> None:
    row = only(
        answer(
            """
            | ID | Date       | Type | Asset | Quantity | Price | Account | Class |
            | B  | 2025-01-02 | Buy  | XYZ   | 1        | 0.004 | A1      | stock |
            | S  | 2025-02-02 | Sell | XYZ   | 1        | 0.005 | A1      | stock |
            """,
            BROKER,
        )
    )
    assert (row.proceeds, row.basis, row.gain) == (Decimal("0.01"), Decimal("0.00"), Decimal("0.01"))


def test_the_rows_of_a_sale_add_up_to_it() -> None:
    lots = "\n".join(f"| B{n} | 2024-01-{n:02d} | Buy | XYZ | 1 | 1.00 | A1 | stock |" for n in range(1, 8))
    found = rows(
        answer(
            f"""
            | ID | Date       | Type | Asset | Quantity | Amount | Account | Class |
            {lots}
            | S  | 2025-02-03 | Sell | XYZ   | 7        | 100.00 | A1      | stock |
            """,
            BROKER,
        )
    )
    assert len(found) == 7
    assert sum(row.proceeds for row in found) == 100
    assert {row.proceeds for row in found} == {Decimal("14.28"), Decimal("14.29")}


# Short sales


@pytest.mark.parametrize(("short_price", "refused"), [("10.00", False), ("10.01", True)])
def test_a_short_sale_against_an_appreciated_position_is_refused(short_price: str, refused: bool) -> None:
    """26 USC 1259: a short at or below what was paid realises nothing; a cent above is a constructive sale."""
    report = answer(
        f"""
        | ID | Date       | Type       | Asset | Quantity | Price         | Account | Class |
        | B  | 2025-01-02 | Buy        | XYZ   | 10       | 10            | A1      | stock |
        | SS | 2025-03-03 | Short Sell | XYZ   | 10       | {short_price} | A2      | stock |
        | C  | 2025-04-03 | Cover      | XYZ   | 10       | 9             | A2      | stock |
        """,
        BROKER,
    )
    assert error_codes(report) == (["CONSTRUCTIVE_SALE"] if refused else []), told(report)
    assert not refused or "1259" in errors(report)[0].message


@pytest.mark.parametrize(("bought", "term"), [("2024-03-03", Term.SHORT), ("2024-03-02", Term.LONG)])
def test_a_short_sale_loss_is_long_when_the_same_was_held_over_a_year(bought: str, term: Term) -> None:
    """26 USC 1233(d), on the date of the short sale."""
    row = only(
        answer(
            f"""
            | ID | Date       | Type       | Asset | Quantity | Price | Account | Class |
            | B  | {bought}   | Buy        | XYZ   | 10       | 20    | A1      | stock |
            | SS | 2025-03-03 | Short Sell | XYZ   | 10       | 15    | A1      | stock |
            | C  | 2025-06-02 | Cover      | XYZ   | 10       | 17    | A1      | stock |
            """,
            BROKER,
        )
    )
    assert (row.gain, row.term) == (-20, term)


@pytest.mark.parametrize("cover", ["14", "16"])
def test_the_holding_period_begins_anew_when_a_short_sale_closes_with_gain_or_loss(cover: str) -> None:
    """26 USC 1233(b)(2) speaks of the property held, whatever the short sale brought."""
    report = answer(
        f"""
        | ID | Date       | Type       | Asset | Quantity | Price   | Account | Class |
        | B  | 2025-01-06 | Buy        | XYZ   | 10       | 20      | A1      | stock |
        | SS | 2025-06-02 | Short Sell | XYZ   | 4        | 15      | A1      | stock |
        | C  | 2025-07-01 | Cover      | XYZ   | 4        | {cover} | A1      | stock |
        """,
        BROKER,
    )
    only(report)
    held = sorted((lot.held_since, lot.quantity) for lot in report.open_lots)
    assert held == [(date(2025, 1, 6), 6), (date(2025, 7, 1), 4)]


# What the 1099 says


@pytest.mark.parametrize(
    ("bought", "sold", "box"),
    [
        ("2024-01-02", "2024-12-31", "C"),
        ("2025-01-02", "2025-06-02", "H"),
        ("2024-01-02", "2025-06-02", "K"),
        ("2025-12-31", "2026-06-02", "H"),
        ("2026-01-01", "2026-06-02", "G"),
        ("2024-06-02", "2026-06-02", "K"),
    ],
)
def test_an_exchange_reports_nothing_then_proceeds_then_basis_too(bought: str, sold: str, box: str) -> None:
    row = only(
        answer(
            f"""
            | ID | Date     | Type | Asset | Quantity | Amount | Account | Class  |
            | B  | {bought} | Buy  | BTC   | 1        | 10     | EX      | crypto |
            | S  | {sold}   | Sell | BTC   | 1        | 11     | EX      | crypto |
            """,
            "| Account | Kind |\n| EX | exchange |",
        )
    )
    assert row.box == box


def test_units_moved_in_from_elsewhere_have_no_basis_on_the_1099() -> None:
    found = rows(
        answer(
            """
            | ID | Date       | Type     | Asset | Quantity | Amount | Account | To Account | Class  |
            | B1 | 2026-01-02 | Buy      | BTC   | 1        | 10     | COLD    |            | crypto |
            | B2 | 2026-01-03 | Buy      | BTC   | 1        | 10     | EX      |            | crypto |
            | T  | 2026-02-01 | Transfer | BTC   | 1        |        | COLD    | EX         | crypto |
            | S  | 2026-06-02 | Sell     | BTC   | 2        | 22     | EX      |            | crypto |
            """,
            "| Account | Kind |\n| EX | exchange |\n| COLD | wallet |",
        )
    )
    assert {row.lot_row: row.box for row in found} == {2: "H", 3: "G"}


def test_a_wallet_of_ones_own_gets_no_form() -> None:
    row = only(
        answer(
            """
            | ID | Date       | Type | Asset | Quantity | Amount | Account | Class  |
            | B  | 2025-01-02 | Buy  | BTC   | 1        | 10     | COLD    | crypto |
            | S  | 2025-06-02 | Sell | BTC   | 1        | 11     | COLD    | crypto |
            """,
            "| Account | Kind |\n| COLD | wallet |",
        )
    )
    assert row.box == "I"


def test_a_wrong_basis_in_a_box_without_basis_is_simply_the_right_one() -> None:
    """Instructions for Form 8949, code B: boxes B, E, H, K take the correct basis in (e) and nothing in (g)."""
    row = only(
        answer(
            """
            | ID | Date       | Type | Asset | Quantity | Amount | Account | Class | Reported | Reported Basis |
            | B  | 2025-01-02 | Buy  | XYZ   | 1        | 10     | A1      | stock |          |                |
            | S  | 2025-06-02 | Sell | XYZ   | 1        | 11     | A1      | stock | no basis | 7              |
            """,
            BROKER,
        )
    )
    assert (row.box, row.basis, row.adjustment, row.gain) == ("B", 10, 0, 1)


@pytest.mark.parametrize(("code", "adjustment", "washed"), [("E", "-4", 14), ("L", "4", 6)])
def test_a_users_code_and_ours_stand_in_alphabetical_order_with_one_net_amount(
    code: str, adjustment: str, washed: int
) -> None:
    """Selling costs the 1099 left out make the loss 14, a loss not deductible anyway leaves 6: that much is washed."""
    report = answer(
        f"""
        | ID | Date       | Type | Asset | Quantity | Amount | Account | Class | Code   | Adjustment   |
        | B1 | 2025-01-02 | Buy  | XYZ   | 1        | 100    | A1      | stock |        |              |
        | S  | 2025-06-02 | Sell | XYZ   | 1        | 90     | A1      | stock | {code} | {adjustment} |
        | B2 | 2025-06-03 | Buy  | XYZ   | 1        | 91     | A1      | stock |        |              |
        """,
        BROKER,
    )
    row = only(report)
    assert (row.codes, row.wash_disallowed, row.adjustment, row.gain) == (f"{code}W", washed, 10, 0)
    assert [lot.basis for lot in report.open_lots] == [91 + washed]
