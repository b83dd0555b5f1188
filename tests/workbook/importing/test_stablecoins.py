"""Coins taken at one dollar by a setting, and the prices that are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from capgain.workbook.importing.import_files import ImportResult
from capgain.workbook.reading.ledger_file import read_ledger_file
from capgain.workbook.reading.stablecoins import ONE_DOLLAR, stablecoins_in

from .builders import book_of, file, kraken, ledger, run, settings

TRADE = (
    "L1,R1,2024-03-05 15:00:00,trade,,currency,USDC,-300,0,0",
    "L2,R1,2024-03-05 15:00:00,trade,,currency,XETH,0.1,0,0",
)


def traded(folder: Path, **more: object) -> ImportResult:
    return run(folder, kraken(folder, *TRADE), **more)


@pytest.mark.parametrize(
    ("said", "coins"),
    [
        ((), frozenset()),
        (("no",), frozenset()),
        (("yes",), ONE_DOLLAR),
        (("USDC; usdt",), frozenset({"USDC", "USDT"})),
        (("USDC", "DAI"), frozenset({"USDC", "DAI"})),
    ],
)
def test_the_setting_is_yes_or_a_list(said: tuple[str, ...], coins: frozenset[str]) -> None:
    assert stablecoins_in(said) == coins


def test_without_it_the_trade_waits_and_the_import_says_that_it_would_be_settled(tmp_path: Path) -> None:
    result = traded(tmp_path)
    assert (result.rows_added, len(result.problems)) == (0, 1)
    assert any("ETH on 2024-03-05" in notice for notice in result.notices)
    assert any("1 of the open items would be settled by --stablecoins yes" in notice for notice in result.notices)


def test_with_it_the_dollars_that_hang_on_it_are_told(tmp_path: Path) -> None:
    result = traded(tmp_path, stablecoins=["yes"])
    assert ledger(result, "Type", "Amount") == [("Trade", "300")]
    assert any("300.00 dollars hang on it" in notice for notice in result.notices)


@pytest.mark.parametrize(("setting", "rows"), [("yes", 1), ("USDC", 1), ("USDT", 0), ("no", 0)])
def test_the_workbook_may_say_it(setting: str, rows: int, tmp_path: Path) -> None:
    stated = settings({"Stablecoins": setting, "Time Zone": "America/New_York"})
    header = ("Date", "Type", "Asset", "Quantity", "Amount", "Account")
    book = book_of(tmp_path / "mine.xlsx", Ledger=[header, ("2024-01-02", "Buy", "BTC", 1, 100, "K")], Settings=stated)
    assert traded(tmp_path, into=book, zone=None).rows_added == rows
    problems = read_ledger_file(book).ledger.problems
    assert not [problem for problem in problems if "Stablecoins" in problem.message]


def test_a_known_price_goes_before_it(tmp_path: Path) -> None:
    prices = file(tmp_path, "prices.csv", "Asset,Date,Price", "USDC,2024-03-05,0.97")
    assert ledger(traded(tmp_path, stablecoins=["yes"], prices=[prices]), "Amount") == [("291",)]
