"""Sponsors' tables of what a trust sold for its expenses become rows of Type Trust Sale."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from capgain.engine.compute import compute
from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.reading import read_ledger_file

from .builders import file, ledger, run

SPDR = "Date,Gold Ounces per Share,Per Share Gold Ounces Sold To Cover Expenses,Expenses Per Share,Proceeds Per Share"


@pytest.mark.parametrize(
    "header",
    [
        SPDR,
        "date,ounces_per_share,per_share_ounces_sold_to_cover_expenses,expenses,proceeds_per_share",
        "Purchase Date,Gold Purchased per Share,Gold Ozs Sold Per Share,Expenses Per Share,Proceeds Per Share",
        "Date,BTC per Share,BTC Paid Out Per Share,Expenses,Gross Proceeds Per Share",
        "Day,Bitcoin / Share,Bitcoin Sold / Share,Fees,Proceeds / Share",
        '"Date ","Ether\nper Share","Ether Sold\nper Share",Expenses,"Proceeds\nper Share"',
    ],
)
def test_the_columns_are_told_by_their_words(header: str, tmp_path: Path) -> None:
    table = file(tmp_path, "FBTC 2024.csv", header, "2/4/2024,0.0008,0.0000002,0.01,0.0151")
    result = run(tmp_path, table)
    assert ledger(result, "Type", "Asset", "Date", "Price", "Basis", "Kind") == [
        ("Trust Sale", "FBTC", "2024-02-04", "0.0151", "0.0000002/0.0008", "")
    ]


def test_the_part_sold_may_stand_there_as_a_factor(tmp_path: Path) -> None:
    result = run(
        tmp_path, file(tmp_path, "slv.csv", "Date,Cost Basis Factor,Proceeds per Share", "2021-01-31,0.00035,0.00965")
    )
    assert ledger(result, "Asset", "Basis", "Price") == [("SLV", "0.00035", "0.00965")]


@pytest.mark.parametrize("written", ["Jan-24", "January 2024", "2024-01", "1/2024", "01-2024", "JAN 24"])
def test_a_month_alone_stands_on_its_last_day_as_monthly(written: str, tmp_path: Path) -> None:
    result = run(tmp_path, file(tmp_path, "gbtc.csv", SPDR, f"{written},0.0009,0.000001,0.04,0.04"))
    assert ledger(result, "Date", "Kind") == [("2024-01-31", "monthly")]


def test_a_workbook_of_a_sponsor_is_read_with_the_symbol_in_its_title(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ("iShares Bitcoin Trust ETF (IBIT), gross proceeds 2024",),
        (),
        ("Date", "Bitcoin per share", "Bitcoin sold per share", "Proceeds per share"),
        ("01/31/2024", 0.00057, 0.0000001, 0.0043),
        ("Shareholders should ask their tax advisers.",),
    ):
        book.active.append(row)
    book.save(tmp_path / "tax file.xlsx")
    result = run(tmp_path, tmp_path / "tax file.xlsx")
    assert ledger(result, "Asset", "Date", "Basis") == [("IBIT", "2024-01-31", "0.0000001/0.00057")]
    assert len(result.ignored) == 2


def test_the_same_table_twice_in_other_writings_is_one(tmp_path: Path) -> None:
    first = file(tmp_path, "GLD.csv", SPDR, "2/4/2024,0.09,0.00003,0.05,0.05")
    run(tmp_path, first)
    again = file(tmp_path, "GLD again.csv", SPDR, "2024-02-04,0.0900,0.00003,,$0.0500")
    assert run(tmp_path, again, into=tmp_path / "book.xlsx").rows_added == 0


def test_the_shares_of_the_ledger_sell_their_part_and_earlier_days_sell_nothing(tmp_path: Path) -> None:
    """100 shares for 17,000 from 20 January on: 17,000 x 0.00003 / 0.09 = 5.67 of basis, 5.60 of proceeds."""
    bought = file(
        tmp_path, "own.csv", "Date,Type,Asset,Quantity,Amount,Account,Class", "2022-01-20,Buy,GLD,100,17000,F,stock"
    )
    table = file(tmp_path, "GLD.csv", SPDR, "1/5/2022,0.09,0.00003,,0.057", "2/4/2022,0.09,0.00003,,0.056")
    run(tmp_path, bought, table)
    report = compute(read_ledger_file(tmp_path / "book.xlsx").ledger)
    (row,) = report.years[2022].dispositions
    assert (row.proceeds, row.basis) == (Decimal("5.60"), Decimal("5.67"))
    assert "NOT_HELD" not in {problem.code for problem in report.problems}
    assert "WASH_WINDOW_OPEN" not in {problem.code for problem in report.problems}


@pytest.mark.parametrize(
    ("name", "line", "words"),
    [
        ("trust.csv", "2/4/2024,0.09,0.00003,,0.05", "not which trust"),
        ("GLD or SLV.csv", "2/4/2024,0.09,0.00003,,0.05", "not which trust"),
        ("BTC.csv", "2/4/2024,0.09,0.00003,,0.05", "not which trust"),
        ("GLD.csv", "4th of 2,0.09,0.00003,,0.05", "no date"),
        ("GLD.csv", "13/13/2024,0.09,0.00003,,0.05", "no date"),
        ("GLD.csv", "2/4/2024,0.09,0.09,,0.05", "less sold than held"),
        ("GLD.csv", "2/4/2024,,0.00003,,0.05", "less sold than held"),
        ("GLD.csv", "2/4/2024,0.09,-0.00003,,0.05", "less sold than held"),
        ("GLD.csv", "2/4/2024,0.09,0.00003,,", "less sold than held"),
        ("GLD.csv", "2/4/2024,0.09,x,,0.05", "no number"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(name: str, line: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableImport, match=words):
        run(tmp_path, file(tmp_path, name, SPDR, line))


def test_a_list_of_sales_with_proceeds_per_share_is_no_such_table(tmp_path: Path) -> None:
    header = "Symbol,Qty.,Date Acquired,Acquisition Cost Per Share,Date Sold,Total Proceeds,Proceeds Per Share"
    table = file(tmp_path, "GLD.csv", header, "GLD,10,01/05/2023,150,02/04/2024,1900,190")
    try:
        result = run(tmp_path, table)
    except UnreadableImport:
        return
    assert all(row.type != "Trust Sale" for row in result.rows)
