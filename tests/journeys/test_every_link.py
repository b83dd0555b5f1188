"""Whatever workbook CapGain writes, its links lead to cells that exist, and cells without anything are blank."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from capgain.addin.cli import program

LINK = re.compile(r"=HYPERLINK\(\"#'((?:[^']|'')+)'!([A-Z]+[0-9]+)\"")
HEADER = "Date,Type,Asset,Quantity,Amount,Account,Class\n"
BUY = "2024-01-05,Buy,AAPL,10,1800,Schwab,stock\n"
SELL = "2025-03-05,Sell,AAPL,4,600,Schwab,\n"
BUY_BACK = "2025-03-09,Buy,AAPL,1,150,Schwab,\n"


def report_of(tmp_path: Path, rows: str, *options: str) -> openpyxl.Workbook:
    ledger, report = tmp_path / "trades.csv", tmp_path / "report.xlsx"
    ledger.write_text(HEADER + rows)
    result = CliRunner().invoke(program, ["report", str(ledger), "-o", str(report), *options])
    assert report.exists(), result.output
    return openpyxl.load_workbook(report)


def links(book: openpyxl.Workbook) -> Iterator[tuple[str, str, int]]:
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if found := LINK.match(str(cell.value)):
                    yield sheet.title, found[1].replace("''", "'"), int(re.sub("[A-Z]", "", found[2]))


BOOKS = {
    "one year": (BUY + SELL, ()),
    "all years with a wash sale": (BUY + SELL + BUY_BACK, ("--year", "all")),
    "nothing sold": (BUY, ()),
    "warnings": (BUY + SELL.replace("Schwab", "Other"), ("--set", "Missing Basis=zero")),
    "a draft": (BUY.replace("10", "ten"), ("--draft",)),
    "a draft with a wrong setting": (BUY, ("--draft", "--set", "Filing Status=married")),
}


@pytest.mark.parametrize("name", BOOKS)
def test_every_link_leads_to_a_row_that_is_there(tmp_path: Path, name: str) -> None:
    rows, options = BOOKS[name]
    book = report_of(tmp_path, rows, *options)
    found = list(links(book))
    assert found or "setting" in name
    for source, sheet, row in found:
        assert sheet in book.sheetnames, (source, sheet)
        assert row <= max(book[sheet].max_row, 1), (source, sheet, row)


@pytest.mark.parametrize("name", BOOKS)
def test_no_cell_holds_an_empty_text(tmp_path: Path, name: str) -> None:
    rows, options = BOOKS[name]
    book = report_of(tmp_path, rows, *options)
    assert not [
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value == ""
    ]
