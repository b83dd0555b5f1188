"""A row of totals below the rows of any source: held against them, and no transaction."""

from __future__ import annotations

from pathlib import Path

import pytest

from .builders import coinbase, file, ledger, run

KOINLY = (
    "Date,Type,Label,Sending Wallet,Sent Amount,Sent Currency,Sent Cost Basis,Receiving Wallet,Received Amount,"
    "Received Currency,Received Cost Basis,Fee Amount,Fee Currency,Gain (USD),Net Value (USD),Fee Value (USD)"
)
ROWS = (
    "2024-01-05 10:00:00 UTC,buy,,Coinbase,1000,USD,,Coinbase,0.5,ETH,1000,,,,1000,",
    "2024-06-05 10:00:00 UTC,sell,,Coinbase,0.2,ETH,400,Coinbase,700,USD,,,,300,700,",
)


@pytest.mark.parametrize("word", ["TOTAL", "Total:", "Grand Total"])
def test_a_total_that_the_rows_come_to_is_ignored_by_name(tmp_path: Path, word: str) -> None:
    result = run(tmp_path, file(tmp_path, "koinly.csv", KOINLY, *ROWS, f"{word},,,,,,,,,,,,,300,1700,"))
    assert ledger(result, "Type") == [("Buy",), ("Sell",)]
    assert [(one.place.line, one.reason) for one in result.ignored] == [(4, "the file's own total")]
    assert result.unsettled == ()


def test_a_total_that_they_do_not_come_to_is_an_open_item_with_both_figures(tmp_path: Path) -> None:
    result = run(tmp_path, file(tmp_path, "koinly.csv", KOINLY, *ROWS, "TOTAL,,,,,,,,,,,,,300,1700.02,"))
    assert [one.message for one in result.problems] == [
        "A row of totals says 1700.02 in Net Value (USD), the rows come to 1700. A row may be missing."
    ]


def test_a_total_without_figures_is_an_open_item(tmp_path: Path) -> None:
    result = run(tmp_path, file(tmp_path, "koinly.csv", KOINLY, *ROWS, "TOTAL,,,,,,,,,,,,,,,"))
    assert "no figure that could be compared" in result.problems[0].message


def test_a_row_with_a_day_is_no_total_whatever_it_begins_with(tmp_path: Path) -> None:
    row = "total,2024-01-05 10:00:00 UTC,Buy,ETH,0.5,USD,$1800.00,$900.00,$905.00,$5.00,"
    assert ledger(run(tmp_path, coinbase(tmp_path, row)), "Type", "ID") == [("Buy", "total")]
