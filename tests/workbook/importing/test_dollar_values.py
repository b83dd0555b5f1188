from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from capgain.workbook.importing.source_files import UnreadableImport

from .builders import file, kraken, ledger, run

STAKED = "L1,S1,2025-03-05 12:00:00,staking,,currency,DOT,10,0,10"
SWAP = (
    "L2,T1,2025-03-06 12:00:00,trade,,currency,XXBT,-0.1,0,1",
    "L3,T1,2025-03-06 12:00:00,trade,,currency,XETH,4,0,4",
)


def test_a_missing_value_is_a_problem_that_says_what_and_when(tmp_path: Path) -> None:
    result = run(tmp_path, kraken(tmp_path, STAKED))
    assert result.rows == ()
    assert [item.message for item in result.problems] == [
        "The file does not say what 10 DOT was worth in dollars on 2025-03-05."
    ]


def test_it_is_looked_up_by_date_in_a_price_file_and_marked(tmp_path: Path) -> None:
    prices = file(tmp_path, "prices.csv", "Asset,Date,Price", "DOT,2025-03-05,4.50", "DOT,2025-03-06,5")
    result = run(tmp_path, kraken(tmp_path, STAKED), prices=[prices])
    assert ledger(result, "Type", "Amount", "Note") == [
        ("Income", "45", "staking; Looked up: DOT 4.50 on 2025-03-05 from prices.csv")
    ]


def test_what_was_received_counts_and_what_was_given_up_only_without_it(tmp_path: Path) -> None:
    both = file(tmp_path, "both.csv", "Asset,Date,Price", "ETH,2025-03-06,2000", "BTC,2025-03-06,81000")
    sold = file(tmp_path, "sold.csv", "Asset,Date,Price", "BTC,2025-03-06,81000")
    path = kraken(tmp_path, *SWAP)
    assert ledger(run(tmp_path, path, prices=[both]), "Amount") == [("8000",)]
    (tmp_path / "book.xlsx").unlink()
    assert ledger(run(tmp_path, path, prices=[sold]), "Amount") == [("8100",)]


def test_the_day_is_that_of_the_tax_zone(tmp_path: Path) -> None:
    prices = file(tmp_path, "prices.csv", "Asset,Date,Price", "DOT,2025-03-04,4", "DOT,2025-03-05,5")
    late = STAKED.replace("12:00:00", "03:00:00")
    assert ledger(run(tmp_path, kraken(tmp_path, late), prices=[prices]), "Amount") == [("40",)]


def test_an_open_item_is_settled_once_the_prices_sheet_has_its_day(tmp_path: Path) -> None:
    path = kraken(tmp_path, STAKED)
    book = run(tmp_path, path).output
    workbook = openpyxl.load_workbook(book)
    workbook["Prices"].append(["DOT", 4.25, "2025-03-05"])
    workbook.save(book)
    result = run(tmp_path, path, into=book)
    assert ledger(result, "Type", "Amount") == [("Income", "42.5")]
    assert result.unsettled == ()


def test_two_prices_for_one_day_are_refused(tmp_path: Path) -> None:
    prices = file(tmp_path, "prices.csv", "Asset,Date,Price", "DOT,2025-03-05,4", "dot,2025-03-05,5")
    with pytest.raises(UnreadableImport, match="Keep the right one"):
        run(tmp_path, kraken(tmp_path, STAKED), prices=[prices])


@pytest.mark.parametrize("line", ["DOT,soon,4", "DOT,2025-03-05,-4", "DOT,2025-03-05,four", "DOT"])
def test_a_line_that_is_no_price_is_refused(tmp_path: Path, line: str) -> None:
    prices = file(tmp_path, "prices.csv", "Asset,Date,Price", line, "DOT,2025-03-05,4")
    with pytest.raises(UnreadableImport, match="row 2"):
        run(tmp_path, kraken(tmp_path, STAKED), prices=[prices])
