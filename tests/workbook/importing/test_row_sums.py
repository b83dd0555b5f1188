"""Gross, fee and net of one row: they agree, or the row is not taken."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capgain.workbook.importing.row_sums import Disagreement, RowMoney, by_price, money_of

from .builders import coinbase, file, ledger, run

cents = st.decimals(1, 10**6, places=2)
fees = st.decimals(-50, 50, places=2)
SCHWAB = "Date,Action,Symbol,Description,Quantity,Price,Fees & Comm,Amount"


@given(cents, fees, st.booleans())
def test_figures_that_agree_give_the_money_that_changed_hands(gross: Decimal, fee: Decimal, bought: bool) -> None:
    net = gross + fee if bought else gross - fee
    said = money_of(bought=bought, gross=gross, net=net, fee=fee, checked=True)
    assert isinstance(said, RowMoney)
    assert said.fee >= 0
    assert (said.amount + said.fee if bought else said.amount - said.fee) == net


@given(cents, st.decimals(0, 50, places=2), st.decimals("0.02", 10, places=2), st.booleans(), st.booleans())
def test_two_cents_off_is_no_agreement(gross: Decimal, fee: Decimal, off: Decimal, bought: bool, more: bool) -> None:
    net = (gross + fee if bought else gross - fee) + (off if more else -off)
    assert isinstance(money_of(bought=bought, gross=gross, net=net, fee=fee, checked=True), Disagreement)
    assert isinstance(money_of(bought=bought, gross=gross, net=net, fee=fee, checked=False), RowMoney)


@pytest.mark.parametrize(("bought", "net", "fee"), [(True, "101", "1"), (False, "99", "1"), (True, "100", "0")])
def test_without_a_fee_it_is_the_difference(bought: bool, net: str, fee: str) -> None:
    said = money_of(bought=bought, gross=Decimal(100), net=Decimal(net), fee=None, checked=True)
    assert said == RowMoney(Decimal(100), Decimal(fee))


@pytest.mark.parametrize(("bought", "net"), [(True, "99"), (False, "101")])
def test_a_difference_below_zero_is_no_fee(bought: bool, net: str) -> None:
    said = money_of(bought=bought, gross=Decimal(100), net=Decimal(net), fee=None, checked=True)
    assert isinstance(said, Disagreement)


@pytest.mark.parametrize(
    ("price", "units", "net", "agrees"),
    [
        ("100", "10", "1001.00", True),
        ("100", "10", "1002.00", False),
        ("33.33", "3", "101.00", True),
        ("1.50", "2", "301.00", True),
        ("98.5", "10000", "9851.00", True),
        ("456.78", "0.123", "57.30", True),
    ],
)
def test_price_times_units_stands_for_gross_as_far_as_its_decimals_go(
    price: str, units: str, net: str, agrees: bool
) -> None:
    wrong = by_price(bought=True, price=Decimal(price), units=Decimal(units), fee=Decimal(1), net=Decimal(net))
    assert (wrong is None) == agrees


def test_a_row_that_does_not_add_up_waits_with_its_three_figures(tmp_path: Path) -> None:
    source = coinbase(
        tmp_path, "a1,2025-01-05 15:00:00 UTC,Buy,BTC,0.01,USD,60000,600,610,6,Bought 0.01 BTC for 610 USD"
    )
    result = run(tmp_path, source)
    assert result.rows_added == 0
    assert "600 before the fee, and the fee of 6, is not the 610 after it" in result.problems[0].message


def test_sum_false_takes_it_by_what_is_after_the_fee(tmp_path: Path) -> None:
    mapping = tmp_path / "own.toml"
    mapping.write_text(
        'name = "Own"\nkind = "exchange"\ntime_zone = "UTC"\n[[table]]\nheaders = [["When", "Gross"]]\nsum = false\n'
        '[table.columns]\nat = "When"\nkind = "What"\nasset = "Coin"\nquantity = "Units"\namount = "Gross"\n'
        'fee = "Fee"\nnet = "Net"\n[table.kinds]\n"buy" = "buy"\n',
        encoding="utf-8",
    )
    source = file(tmp_path, "own.csv", "When,What,Coin,Units,Gross,Fee,Net", "2025-01-05,buy,BTC,1,600,6,610")
    result = run(tmp_path, source, formats=[mapping])
    assert ledger(result, "Amount", "Fee") == [("604", "6")]


@pytest.mark.parametrize("sign", ["€", "£", "A$"])
def test_another_countrys_sign_is_named(sign: str, tmp_path: Path) -> None:
    source = file(tmp_path, "s.csv", SCHWAB, f"01/05/2025,Buy,VTI,FUND,10,{sign}250,,-{sign}2500")
    assert "only US dollars" in run(tmp_path, source).problems[0].message


def test_a_fee_paid_where_none_fits_is_not_turned_around(tmp_path: Path) -> None:
    source = file(tmp_path, "s.csv", SCHWAB, "01/05/2025,Sell,VTI,FUND,10,$250.00,$1.00,$2501.00")
    (problem,) = run(tmp_path, source).problems
    assert "less the fee of 1 is not the 2501" in problem.message


SCHWAB_WITH_INTEREST = "Date,Action,Symbol,Description,Quantity,Price,Fees & Comm,Accrued Interest,Amount"
NOTE = "91282CAB7,US TREASURY NOTE 4.25% DUE 03/31/30,10000"


def test_interest_that_had_accrued_is_out_of_schwabs_amount_where_a_column_says_it(tmp_path: Path) -> None:
    rows = (f"03/03/2025,Buy,{NOTE},99.50,,21.50,-9971.50", f"06/03/2025,Sell,{NOTE},100.10,1.00,50.25,10059.25")
    result = run(tmp_path, file(tmp_path, "s.csv", SCHWAB_WITH_INTEREST, *rows))
    assert sorted(ledger(result, "Type", "Amount", "Fee")) == [
        ("Buy", "9950", ""),
        ("Interest", "50.25", ""),
        ("Sell", "10010", "1.00"),
    ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (f"03/03/2025,Buy,{NOTE},99.50,,-9971.50", "is 9950.00, and 21.50 more was paid"),
        (f"03/03/2025,Sell,{NOTE},99.50,1.00,9970.50", "is 9950.00, and 21.50 more came"),
    ],
)
def test_where_none_does_the_row_is_said_to_hold_it(tmp_path: Path, row: str, words: str) -> None:
    (item,) = run(tmp_path, file(tmp_path, "s.csv", SCHWAB, row)).problems
    assert words in item.message
    assert "9950.00 in Amount" in item.remedy
