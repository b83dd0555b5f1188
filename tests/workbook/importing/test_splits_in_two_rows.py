"""Splits that a source tells in two rows, one of the shares that left and one of those that came."""

from __future__ import annotations

from pathlib import Path

import pytest

from .builders import SCHWAB, file, ledger, run

TASTYTRADE = (
    "Date,Type,Sub Type,Action,Symbol,Instrument Type,Description,Value,Quantity,Average Price,Commissions,Fees,"
    "Multiplier,Root Symbol,Underlying Symbol,Expiration Date,Strike Price,Call or Put,Order #,Currency"
)
SPLIT = "2024-06-10T09:00:00-0400,Receive Deliver,Forward Split"
TASTYTRADE_2021 = (
    "Date/Time,Transaction Code,Transaction Subcode,Symbol,Buy/Sell,Open/Close,Quantity,Expiration Date,Strike,"
    "Call/Put,Price,Fees,Amount,Description,Account Reference"
)
FIDELITY = (
    "Run Date,Action,Symbol,Description,Type,Quantity,Price ($),Commission ($),Fees ($),Accrued Interest ($),"
    "Amount ($),Settlement Date"
)


def tastytrade(closed: int, opened: int, *actions: str) -> tuple[str, ...]:
    close, begin = actions or ("SELL_TO_CLOSE", "BUY_TO_OPEN")
    return (
        f"{SPLIT},{close},NVDA,Equity,Close,1,{closed},1,--,0,,,,,,,,USD",
        f"{SPLIT},{begin},NVDA,Equity,Open,-1,{opened},1,--,0,,,,,,,,USD",
    )


@pytest.mark.parametrize(
    ("closed", "opened", "ratio"),
    [(10, 100, "10/1"), (30, 3, "1/10"), (1003, 100, "1/10"), (2, 3, "3/2")],
)
def test_the_ratio_is_what_came_for_what_left(tmp_path: Path, closed: int, opened: int, ratio: str) -> None:
    path = file(tmp_path, "tastytrade.csv", TASTYTRADE, *tastytrade(closed, opened))
    result = run(tmp_path, path)
    assert ledger(result, "Type", "Asset", "Quantity") == [("Split", "NVDA", ratio)]
    assert result.unsettled == ()
    assert run(tmp_path, path, into=result.output).rows_added == 0


def test_a_short_position_splits_the_same_way(tmp_path: Path) -> None:
    rows = tastytrade(10, 100, "BUY_TO_CLOSE", "SELL_TO_OPEN")
    result = run(tmp_path, file(tmp_path, "tastytrade.csv", TASTYTRADE, *rows))
    assert ledger(result, "Type", "Quantity") == [("Split", "10/1")]


def test_one_of_the_two_rows_alone_is_an_open_item(tmp_path: Path) -> None:
    for row in tastytrade(10, 100):
        result = run(tmp_path, file(tmp_path, "tastytrade.csv", TASTYTRADE, row))
        assert result.rows == ()
        assert "do not give a whole ratio" in result.problems[0].message


def test_units_that_give_no_plain_ratio_are_an_open_item(tmp_path: Path) -> None:
    result = run(tmp_path, file(tmp_path, "tastytrade.csv", TASTYTRADE, *tastytrade(1009, 461)))
    assert result.rows == ()
    assert [len(one.places) for one in result.problems] == [2]


def test_an_option_that_a_split_changed_is_no_split_of_shares(tmp_path: Path) -> None:
    rows = [row.replace("Equity", "Equity Option") for row in tastytrade(1, 10)]
    result = run(tmp_path, file(tmp_path, "tastytrade.csv", TASTYTRADE, *rows))
    assert result.rows == ()
    assert all("changed an option" in one.message for one in result.problems)


@pytest.mark.parametrize("old", ["AEI", "02115D107"])
def test_old_shares_may_be_called_by_their_number(tmp_path: Path, old: str) -> None:
    rows = (
        "01/05/2024,YOU BOUGHT ALSET (AEI) (Cash),AEI,ALSET,Cash,500,1.00,,,,-500.00,01/09/2024",
        f"02/05/2024,REVERSE SPLIT R/S FROM 02115D107#REOR,{old},ALSET,Cash,-500,,,,,0.00,",
        "02/05/2024,REVERSE SPLIT R/S TO 02115D208#REOR,AEI,ALSET,Cash,25,,,,,0.00,",
    )
    result = run(tmp_path, file(tmp_path, "fidelity.csv", FIDELITY, *rows))
    assert ledger(result, "Type", "Asset", "Quantity", "Class") == [
        ("Buy", "AEI", "500", ""),
        ("Split", "AEI", "1/20", ""),
    ]
    assert result.unsettled == ()


@pytest.mark.parametrize("told", [("-180",), ("-200", "20")])
def test_a_reverse_split_may_tell_what_it_took_or_both_numbers(tmp_path: Path, told: tuple[str, ...]) -> None:
    rows = [f"02/18/2024,Reverse Split,XYZ,XYZ,{units},,," for units in told]
    path = file(tmp_path, "schwab.csv", SCHWAB, *rows, "01/18/2024,Buy,XYZ,XYZ,200,$1.00,,-$200.00")
    assert ledger(run(tmp_path, path), "Type", "Quantity") == [("Buy", "200"), ("Split", "1/10")]


def test_rows_of_the_old_shares_under_their_number_are_called_by_the_symbol_that_the_split_leaves(
    tmp_path: Path,
) -> None:
    rows = (
        "01/05/2024,YOU BOUGHT OXFORD (691543102) (Cash),691543102,OXFORD,Cash,1530,4.00,,,,-6120.00,01/09/2024",
        "02/05/2024,REVERSE SPLIT R/S TO 691543847#REOR,691543102,OXFORD LANE,Cash,-1530,,,,,0.00,",
        "02/05/2024,REVERSE SPLIT R/S FROM 691543102#REOR,OXLC,OXFORD LANE,Cash,306,,,,,0.00,",
    )
    result = run(tmp_path, file(tmp_path, "fidelity.csv", FIDELITY, *rows))
    assert ledger(result, "Type", "Asset", "Class") == [("Buy", "OXLC", ""), ("Split", "OXLC", "")]


def schwab_split(before: str, after: str, cash: str) -> tuple[str, ...]:
    return (
        f'"05/19/2026","Cash In Lieu","PPCB","PROPANC","","","","{cash}"',
        f'"05/18/2026","Reverse Split","PPCB","PROPANC","{after}","","",""',
        f'"05/18/2026","Reverse Split","74346N701","PROPANC","-{before}","","",""',
    )


def test_cash_for_the_fraction_joins_a_split_whose_ratio_leaves_one(tmp_path: Path) -> None:
    result = run(tmp_path, file(tmp_path, "schwab.csv", SCHWAB, *schwab_split("14,684", "587", "$0.68")))
    assert ledger(result, "Type", "Asset", "Quantity", "Amount") == [("Split", "PPCB", "1/25", "0.68")]
    assert result.unsettled == ()


def test_cash_for_a_fraction_that_the_ratio_does_not_leave_is_an_open_item(tmp_path: Path) -> None:
    result = run(tmp_path, file(tmp_path, "schwab.csv", SCHWAB, *schwab_split("100", "5", "$0.68")))
    assert ledger(result, "Quantity", "Amount") == [("1/20", "")]
    assert ["say 1/20, which leaves none" in one.message for one in result.problems] == [True]


def test_the_older_history_of_tastytrade_tells_a_split_as_a_sale_and_a_purchase(tmp_path: Path) -> None:
    rows = (
        "08/31/2020 9:00 AM,Receive Deliver,Forward Split,AAPL,Buy,Open,40,,,,,0.00,-5000.00,Open,Individual...39",
        "08/31/2020 9:00 AM,Receive Deliver,Forward Split,AAPL,Sell,Close,10,,,,,0.00,5000.00,Close,Individual...39",
    )
    result = run(tmp_path, file(tmp_path, "tastytrade.csv", TASTYTRADE_2021, *rows))
    assert ledger(result, "Type", "Asset", "Quantity") == [("Split", "AAPL", "4/1")]


@pytest.mark.parametrize("what", ["Symbol Change", "Stock Merger", "Cash Settled Assignment"])
def test_what_else_that_history_tells_as_a_sale_and_is_none_is_an_open_item(what: str, tmp_path: Path) -> None:
    row = f"08/31/2020 9:00 AM,Receive Deliver,{what},FB,Sell,Close,10,,,,,0.00,3000.00,Close 10 FB,Individual...39"
    result = run(tmp_path, file(tmp_path, "tastytrade.csv", TASTYTRADE_2021, row))
    assert (result.rows, len(result.problems)) == ((), 1)
