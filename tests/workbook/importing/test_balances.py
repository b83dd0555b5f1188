from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl

from capgain.workbook.balances import check_balances, implied_balances
from capgain.workbook.reading.blocks import ledger_from_blocks
from capgain.workbook.reading.ledger_file import read_ledger_file

from .builders import file, run

HEADER = (
    "Date,Type,Asset,Quantity,Amount,Fee,Fee Asset,Fee Quantity,Account,To Account,Received Asset,Received Quantity,"
    "Price,Class,Basis"
)
ROWS = (
    "2024-01-01,Buy,BTC,2,80000,10,BTC,0.01,Kraken,,,,,crypto,",
    "2024-02-01,Transfer,BTC,0.5,,,,,Kraken,Trezor,,0.499,50000,crypto,",
    "2024-03-01,Trade,BTC,0.25,10000,,,,Kraken,,ETH,4,,crypto,",
    "2024-04-01,Buy,AAPL,10,1500,,,,Schwab,,,,,stock,",
    "2024-05-01,Split,AAPL,4,,,,,,,,,,,",
    "2024-06-01,Spin-off,AAPL,0.5,,,,,Schwab,,XYZ,,,,0.1",
    "2024-07-01,Sell,AAPL,41,1500,,,,Schwab,,,,,stock,",
)


def implied(folder: Path, as_of: date | None = None) -> dict[tuple[str, str], Decimal]:
    ledger = read_ledger_file(file(folder, "ledger.csv", HEADER, *ROWS)).ledger
    return {(account, asset): units for account, asset, units in implied_balances(ledger, as_of).values() if units}


def test_every_row_counts_and_what_was_oversold_shows_as_negative(tmp_path: Path) -> None:
    assert implied(tmp_path) == {
        ("Kraken", "BTC"): Decimal("1.24"),
        ("Trezor", "BTC"): Decimal("0.499"),
        ("Kraken", "ETH"): Decimal(4),
        ("Schwab", "AAPL"): Decimal(-1),
        ("Schwab", "XYZ"): Decimal(20),
    }


def test_a_day_counts_to_its_end(tmp_path: Path) -> None:
    assert implied(tmp_path, date(2024, 4, 30))["Schwab", "AAPL"] == 10
    assert implied(tmp_path, date(2024, 5, 1))["Schwab", "AAPL"] == 40


def test_short_positions_and_their_cover_come_to_nothing() -> None:
    ledger = ledger_from_blocks(
        [
            ["Date", "Type", "Asset", "Quantity", "Amount", "Account", "Class"],
            ["2024-01-01", "Short Sell", "GME", 5, 500, "IB", "stock"],
            ["2024-01-09", "Cover", "GME", 5, 400, "IB", "stock"],
        ]
    )
    assert implied_balances(ledger, date(2024, 1, 1))["ib", "gme"][2] == -5
    assert implied_balances(ledger)["ib", "gme"][2] == 0


def test_stated_balances_are_compared_as_of_their_day(tmp_path: Path) -> None:
    book = run(tmp_path, file(tmp_path, "ledger.csv", HEADER, *ROWS)).output
    workbook = openpyxl.load_workbook(book)
    sheet = workbook["Balances"]
    for row in (
        ["kraken", "btc", 1.24, None],
        ["Trezor", "BTC", 0.5, None],
        ["Schwab", "AAPL", 40, date(2024, 6, 30)],
        ["Ledger", "SOL", 7, None],
        ["Schwab", "XYZ", "lots", None],
    ):
        sheet.append(row)
    workbook.save(book)
    check = check_balances(book)
    told = {(one.account, one.asset): (one.implied, one.stated, one.agrees) for one in check.balances}
    assert told == {
        ("Kraken", "BTC"): (Decimal("1.24"), Decimal("1.24"), True),
        ("Trezor", "BTC"): (Decimal("0.499"), Decimal("0.5"), False),
        ("Schwab", "AAPL"): (Decimal(40), Decimal(40), True),
        ("Ledger", "SOL"): (Decimal(0), Decimal(7), False),
        ("Kraken", "ETH"): (Decimal(4), None, None),
        ("Schwab", "XYZ"): (Decimal(20), None, None),
    }
    assert [one.difference for one in check.differences] == [Decimal(7), Decimal("0.001")]
    (problem,) = check.problems
    assert (problem.sheet, problem.row, problem.column) == ("Balances", 6, "Quantity")


def test_as_of_a_day_only_what_is_stated_for_it_counts(tmp_path: Path) -> None:
    path = file(tmp_path, "ledger.csv", HEADER, *ROWS)
    told = {(one.account, one.asset): one.implied for one in check_balances(path, date(2024, 2, 1)).balances}
    assert told == {("Kraken", "BTC"): Decimal("1.49"), ("Trezor", "BTC"): Decimal("0.499")}
