"""Both sides of one trade a second apart, several trades in one second, and a trade between two accounts."""

from __future__ import annotations

from pathlib import Path

import pytest

from .builders import file, ledger, run

BINANCE = "User_ID,UTC_Time,Account,Operation,Coin,Change,Remark"
SUMM = (
    "Timestamp (UTC),Type,Base Currency,Base Amount,Quote Currency,Quote Amount,Fee Currency,Fee Amount,From,To,ID,"
    "Description,Reference Price Per Unit,Reference Price Currency"
)


def converted(*legs: tuple[int, str, str]) -> list[str]:
    return [f"1,2024-02-10 08:00:{second:02},Spot,Binance Convert,{coin},{units}," for second, coin, units in legs]


@pytest.mark.parametrize(("apart", "is_one"), [(1, True), (2, True), (3, False)])
def test_two_sides_within_two_seconds_are_one_conversion(tmp_path: Path, apart: int, is_one: bool) -> None:
    rows = converted((0, "BTC", "-0.01"), (apart, "USDC", "420"))
    result = run(tmp_path, file(tmp_path, "b.csv", BINANCE, *rows), stablecoins=["yes"])
    trade = [("Trade", "BTC", "0.01", "USDC", "420")]
    columns = ("Type", "Asset", "Quantity", "Received Asset", "Received Quantity")
    assert ledger(result, *columns) == (trade if is_one else [])
    assert len(result.problems) == (0 if is_one else 2)
    assert run(tmp_path, tmp_path / "b.csv", into=result.output, stablecoins=["yes"]).rows == ()


def test_with_two_possible_other_sides_neither_is_taken(tmp_path: Path) -> None:
    rows = converted((0, "BTC", "-0.01"), (1, "USDC", "420"), (2, "USDC", "421"))
    result = run(tmp_path, file(tmp_path, "b.csv", BINANCE, *rows), stablecoins=["yes"])
    assert ("BTC", "0.01") not in ledger(result, "Asset", "Quantity")
    assert result.problems


def test_purchases_of_two_coins_in_one_second_are_two_by_the_order_of_their_rows(tmp_path: Path) -> None:
    legs = (("Transaction Buy", "BTC", "0.01"), ("Transaction Spend", "USDC", "-500"))
    legs += (("Transaction Buy", "ETH", "0.1"), ("Transaction Spend", "USDC", "-250"))
    rows = [f"1,2024-02-16 08:00:00,Spot,{what},{coin},{units}," for what, coin, units in legs]
    result = run(tmp_path, file(tmp_path, "b.csv", BINANCE, *rows), stablecoins=["yes"])
    bought = [("500", "BTC", "0.01"), ("250", "ETH", "0.1")]
    assert set(ledger(result, "Quantity", "Received Asset", "Received Quantity")) == set(bought)
    apart = run(tmp_path, file(tmp_path, "b.csv", BINANCE, rows[0], rows[2], rows[1], rows[3]), stablecoins=["yes"])
    assert apart.rows == ()
    assert [one.message.split(":")[0] for one in apart.problems] == [
        "USDC became BTC, ETH, several trades in the same second or in one"
    ]


def test_a_bridge_that_trades_between_two_accounts_is_a_trade_and_a_move(tmp_path: Path) -> None:
    rows = ("2024-02-01 10:05:00,bridge-trade-out,ETH,0.5,,,,,One,,t2,b1,2300,USD",)
    rows += ("2024-02-01 10:06:00,bridge-trade-in,WETH,0.499,,,,,,Two,t3,b1,2300,USD",)
    result = run(tmp_path, file(tmp_path, "s.csv", SUMM, *rows))
    assert ledger(result, "Type", "Asset", "Quantity", "Account", "Received Asset", "To Account") == [
        ("Trade", "ETH", "0.5", "One", "WETH", ""),
        ("Transfer", "WETH", "0.499", "One", "", "Two"),
    ]
    assert run(tmp_path, tmp_path / "s.csv", into=result.output).rows == ()


TD = "DATE,TRANSACTION ID,DESCRIPTION,QUANTITY,SYMBOL,PRICE,COMMISSION,AMOUNT,REG FEE"
BOUGHT = "01/04/2023,1,Bought 100 EXM @ 10.5,100,EXM,10.50,0.00,-1050.00,"


def test_units_that_come_by_a_reverse_split_make_no_larger_ratio(tmp_path: Path) -> None:
    came = "02/24/2023,8,MANDATORY - REVERSE SPLIT,10,EXM,,,0.00,"
    result = run(tmp_path, file(tmp_path, "t.csv", TD, BOUGHT, came))
    assert ledger(result, "Type") == [("Buy",)]
    assert ["by a reverse split" in one.message for one in result.problems] == [True]
    forward = run(tmp_path, file(tmp_path, "t.csv", TD, BOUGHT, came.replace("REVERSE SPLIT,10", "SPLIT,100")))
    assert ledger(forward, "Type", "Quantity") == [("Buy", "100"), ("Split", "2/1")]


def test_an_option_sold_by_nobody_who_bought_it_and_expired_is_asked_about(tmp_path: Path) -> None:
    sold = "01/05/2023,2,Sold 1 EXM Feb 17 2023 12.0 Call @ 0.5,1,EXM Feb 17 2023 12.0 Call,0.50,0.65,49.35,"
    ended = "02/17/2023,3,REMOVAL OF OPTION DUE TO EXPIRATION,1,EXM Feb 17 2023 12.0 Call,,,0.00,"
    bought = "01/03/2023,4,Bought 1 EXM Feb 17 2023 12.0 Call @ 0.4,1,EXM Feb 17 2023 12.0 Call,0.40,0.65,-40.65,"
    said = [
        [notice for notice in run(tmp_path, file(tmp_path, "t.csv", TD, *rows)).notices if "Short Sell" in notice]
        for rows in ((sold, ended), (bought, sold, ended))
    ]
    assert [len(notices) for notices in said] == [1, 0]
