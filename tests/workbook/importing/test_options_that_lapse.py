"""Options that expire where the file does not say which way they were held, and sales that turn out to be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from .builders import SCHWAB, file, ledger, run

ROBINHOOD = "Activity Date,Process Date,Settle Date,Instrument,Description,Trans Code,Quantity,Price,Amount"
FIDELITY = (
    "Run Date,Action,Symbol,Description,Type,Quantity,Price ($),Commission ($),Fees ($),Accrued Interest ($),"
    "Amount ($),Settlement Date"
)
TDA = (
    "DATE,TRANSACTION ID,DESCRIPTION,QUANTITY,SYMBOL,PRICE,COMMISSION,AMOUNT,REG FEE,SHORT-TERM RDM FEE,"
    "FUND REDEMPTION FEE, DEFERRED SALES CHARGE"
)
CALL = "AAPL 01/19/2024 190.00 C"


@pytest.mark.parametrize("units", ["1", "-1"])
def test_schwab_does_not_say_which_way_and_the_ledger_finds_out(units: str, tmp_path: Path) -> None:
    lines = (
        f"01/19/2024,Expired,{CALL},CALL APPLE,{units},,,",
        f"01/19/2024,Sell to Open,{CALL},CALL APPLE,1,$1.00,$0.66,$99.34",
    )
    result = run(tmp_path, file(tmp_path, "s.csv", SCHWAB, *lines))
    assert ledger(result, "Type", "Asset", "Quantity", "Amount", "Class") == [
        ("Short Sell", CALL, "1", "100", "option"),
        ("Expire", CALL, "1", "", "option"),
    ]
    assert run(tmp_path, tmp_path / "s.csv", into=result.output).rows_added == 0


def test_what_schwab_took_over_from_td_ameritrade_lapses_too(tmp_path: Path) -> None:
    put = "GLD 12/01/2023 176.50 P"
    line = f"12/04/2023,Journaled Shares,{put},TDA TRAN - REMOVAL OF OPTION DUE TO EXPIRATION (0GLD..X130176500),-1,,,"
    result = run(tmp_path, file(tmp_path, "s.csv", SCHWAB, line))
    assert ledger(result, "Type", "Asset", "Quantity") == [("Expire", put, "1")]


@pytest.mark.parametrize(
    "description", ["Option Expiration for IBIT 8/14/2026 Call $37.00", "IBIT 8/14/2026 Call $37.00"]
)
def test_robinhoods_expiry_is_of_the_option_as_it_was_sold(description: str, tmp_path: Path) -> None:
    lines = (
        f"8/14/2026,8/14/2026,8/17/2026,IBIT,{description},OEXP,1S,,",
        "8/4/2026,8/4/2026,8/5/2026,IBIT,IBIT 8/14/2026 Call $37.00,STO,1,$0.50,$49.95",
    )
    result = run(tmp_path, file(tmp_path, "r.csv", ROBINHOOD, *lines))
    assert ledger(result, "Type", "Asset", "Quantity") == [
        ("Short Sell", "IBIT 8/14/2026 Call $37.00", "1"),
        ("Expire", "IBIT 8/14/2026 Call $37.00", "1"),
    ]


def test_an_expiry_of_an_unnamed_option_waits(tmp_path: Path) -> None:
    line = "7/17/2026,7/17/2026,7/17/2026,TSLA,Option Expiration for TSLA Call $420.00,OEXP,2,,"
    result = run(tmp_path, file(tmp_path, "r.csv", ROBINHOOD, line))
    assert result.rows_added == 0
    assert "does not say which" in result.problems[0].message


def test_fidelitys_expiry_is_of_the_day_that_it_names(tmp_path: Path) -> None:
    what = "CALL (PBI) PITNEY BOWES INC COM DEC 17 21 $9"
    line = f"12/20/2021,EXPIRED {what} as of Dec-17-2021 {what} (100 SHS) (Cash), -PBI211217C9,{what},Cash,-5,,,,,,"
    result = run(tmp_path, file(tmp_path, "f.csv", FIDELITY, line))
    assert ledger(result, "Date", "Type", "Quantity") == [("2021-12-17", "Expire", "5")]


@pytest.mark.parametrize(("fee", "amount"), [("", "$50.00"), ("$0.50", "")])
def test_an_expiry_that_moves_dollars_is_asked_about(fee: str, amount: str, tmp_path: Path) -> None:
    result = run(tmp_path, file(tmp_path, "s.csv", SCHWAB, f"01/19/2024,Expired,{CALL},CALL APPLE,1,,{fee},{amount}"))
    assert result.rows_added == 0
    assert "expired, and the row moves" in result.problems[0].message


def test_what_lapsed_is_no_longer_there_to_be_assigned(tmp_path: Path) -> None:
    put = "AMC 11/21/2025 10.00 P"
    lines = (
        f"11/21/2025,Assigned,{put},PUT AMC,1,,,",
        "11/21/2025,Buy,AMC,AMC ENTERTAINMENT,100,$10.00,,-$1000.00",
        f"11/20/2025,Expired,{put},PUT AMC,1,,,",
        f"11/04/2025,Sell to Open,{put},PUT AMC,1,$2.00,,$200.00",
        f"11/03/2025,Sell to Open,{put},PUT AMC,1,$1.00,,$100.00",
    )
    result = run(tmp_path, file(tmp_path, "s.csv", SCHWAB, *lines))
    assert ("Buy", "AMC", "800") in ledger(result, "Type", "Asset", "Amount")


def tda(number: int, day: str, what: str, symbol: str, units: str, money: str) -> str:
    return f"{day},{number},{what},{units},{symbol},,0.00,{money},,,,"


PUT = "XYZ Apr 21 2023 15.0 Put"
ASSIGNED = tda(8, "04/21/2023", "REMOVAL OF OPTION DUE TO ASSIGNMENT (0XYZ)", PUT, "1", "0.00")
SHARES = tda(9, "04/21/2023", "Bought 100 XYZ @ 15.00", "XYZ", "100", "-1500.00")
SOLD = tda(1, "03/01/2023", f"Sold 1 {PUT} @ 1.00", PUT, "1", "100.00")


def test_a_sale_of_what_is_assigned_was_written(tmp_path: Path) -> None:
    result = run(tmp_path, file(tmp_path, "t.csv", TDA, SOLD, ASSIGNED, SHARES))
    assert ledger(result, "Type", "Asset", "Amount") == [("Buy", "XYZ", "1400")]
    assert result.problems == ()


def test_a_purchase_in_between_closed_what_was_written(tmp_path: Path) -> None:
    lines = (
        SOLD,
        tda(2, "03/02/2023", f"Bought 1 {PUT} @ 0.50", PUT, "1", "-50.00"),
        tda(3, "03/03/2023", f"Sold 1 {PUT} @ 2.00", PUT, "1", "200.00"),
        ASSIGNED,
        SHARES,
    )
    result = run(tmp_path, file(tmp_path, "t.csv", TDA, *lines))
    assert sorted(ledger(result, "Type", "Asset", "Amount")) == [
        ("Buy", "XYZ", "1300"),
        ("Cover", PUT, "50"),
        ("Short Sell", PUT, "100"),
    ]


@pytest.mark.parametrize(
    "before",
    [
        pytest.param((), id="nothing was sold"),
        pytest.param(
            (SOLD, tda(2, "03/02/2023", f"Sold 1 {PUT} @ 2.00", PUT, "1", "200.00")), id="one too many was sold"
        ),
    ],
)
def test_a_sale_that_the_assignment_does_not_bring_to_none_stays_a_sale(
    before: tuple[str, ...], tmp_path: Path
) -> None:
    result = run(tmp_path, file(tmp_path, "t.csv", TDA, *before, ASSIGNED, SHARES))
    assert {kind for (kind,) in ledger(result, "Type")} <= {"Sell"}
    assert "no row tells its premium" in result.problems[0].message


def test_an_expiry_alone_does_not_prove_a_sale_written(tmp_path: Path) -> None:
    lapsed = tda(8, "04/22/2023", "REMOVAL OF OPTION DUE TO EXPIRATION (0XYZ)", PUT, "1", "0.00")
    result = run(tmp_path, file(tmp_path, "t.csv", TDA, SOLD, lapsed))
    assert ("Sell", PUT, "100") in ledger(result, "Type", "Asset", "Amount")
