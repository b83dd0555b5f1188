"""A ledger of ours, or a sheet kept by hand, as the file that is imported: its dates, totals and further sheets."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.reading.ledger_file import read_ledger_file

from .builders import coinbase, file, ledger, run

HEADER = "Date,Type,Asset,Quantity,Amount,Account,Acquired,Basis"
BUY = "623d,2022-03-25 06:45:27 UTC,Buy,BTC,0.01,USD,40000,400,404,4,"


def test_one_date_that_has_no_such_month_decides_the_order_of_all(tmp_path: Path) -> None:
    rows = ("15/01/2025,Buy,VTI,10,2500,Degiro,,", "05/02/2025,Sell,VTI,4,1100,Degiro,,")
    result = run(tmp_path, file(tmp_path, "a.csv", HEADER, *rows))
    assert [row.at for row in result.rows] == [datetime(2025, 1, 15), datetime(2025, 2, 5)]
    opening = ("15/01/2025,Opening,VTI,10,,Degiro,05/02/2024,2500", "16/01/2025,Sell,VTI,4,1100,Degiro,,")
    result = run(tmp_path, file(tmp_path, "a.csv", HEADER, *opening))
    assert ledger(result, "Acquired") == [("2024-02-05",), ("",)]


def test_the_month_stands_first_where_no_date_says_otherwise(tmp_path: Path) -> None:
    result = run(tmp_path, file(tmp_path, "a.csv", HEADER, "05/02/2025,Buy,VTI,4,1100,Degiro,,"))
    assert [row.at for row in result.rows] == [datetime(2025, 5, 2)]
    known = ("05/02/2025,Buy,VTI,4,1100,Degiro,,", "05/13/2025,Buy,VTI,4,1100,Degiro,,")
    result = run(tmp_path, file(tmp_path, "a.csv", HEADER, *known))
    assert [row.at.month for row in result.rows] == [5, 5]


def test_dates_of_two_orders_are_refused(tmp_path: Path) -> None:
    rows = ("15/01/2025,Buy,VTI,10,2500,Degiro,,", "02/15/2025,Sell,VTI,4,1100,Degiro,,")
    with pytest.raises(UnreadableImport, match="02/15/2025 contradicts"):
        run(tmp_path, file(tmp_path, "a.csv", HEADER, *rows))


@pytest.mark.parametrize("word", ["Total", "TOTALS", "Grand Total", "Subtotal"])
def test_a_line_of_totals_is_no_event(word: str, tmp_path: Path) -> None:
    rows = ("2025-01-15,Buy,VTI,10,2500,Degiro,,", f"{word},,,,2500,,,")
    result = run(tmp_path, file(tmp_path, "a.csv", HEADER, *rows))
    assert (result.rows_added, [one.reason for one in result.ignored]) == (1, ["a line of totals"])
    named = run(tmp_path, file(tmp_path, "a.csv", HEADER, rows[0], "Total return,Buy,VTI,1,5,Degiro,,"))
    assert len(named.problems) == 1


def test_of_a_workbook_of_ours_the_ledger_alone_is_read_and_its_other_sheets_are_named(tmp_path: Path) -> None:
    other = run(tmp_path, coinbase(tmp_path, BUY)).output.rename(tmp_path / "other.xlsx")
    result = run(tmp_path, other)
    assert ledger(result, "Type", "Asset", "Account") == [("Buy", "BTC", "Coinbase")]
    said = " ".join(result.notices)
    assert "other.xlsx: its sheet Ledger is read alone, and not Accounts, Settings" in said
    assert run(tmp_path, coinbase(tmp_path, BUY), into=result.output).rows_added == 0


def test_the_tax_zone_is_written_though_there_is_nothing_else_to_add(tmp_path: Path) -> None:
    book = run(tmp_path, coinbase(tmp_path, BUY), zone=None).output
    assert {problem.code for problem in read_ledger_file(book).ledger.problems} == {"TIME_ZONE_MISSING"}
    again = run(tmp_path, coinbase(tmp_path, BUY), into=book)
    assert again.rows_added == 0
    settings = dict(row[:2] for row in openpyxl.load_workbook(book)["Settings"].iter_rows(values_only=True))
    assert settings["Time Zone"] == "America/New_York"
    assert read_ledger_file(book).ledger.problems == ()


def test_a_file_that_is_not_there_is_answered_with_the_one_that_is(tmp_path: Path) -> None:
    file(tmp_path, "coinbase (1).csv", HEADER, "2025-01-15,Buy,VTI,10,2500,Degiro,,")
    with pytest.raises(UnreadableImport, match=r"there is coinbase \(1\)\.csv"):
        run(tmp_path, tmp_path / "coinbase.csv")
    with pytest.raises(UnreadableImport, match=r"Check the name and the folder\.$"):
        run(tmp_path, tmp_path / "elsewhere" / "coinbase.csv")


@pytest.mark.parametrize(
    ("heading", "hour"),
    [("Time (UTC)", 20), ("Time UTC", 20), ("Time (GMT)", 20), ("Time GMT", 20), ("Time", 1), ("Trade Time", 1)],
)
@pytest.mark.parametrize("asset", ["Asset", "Ticker"])
def test_a_column_of_times_beside_the_dates_is_a_part_of_them(
    asset: str, heading: str, hour: int, tmp_path: Path
) -> None:
    rows = ("2025-01-05,01:30,Buy,VTI,1,100,Schwab", "2026-01-01,01:30,Sell,VTI,1,150,Schwab")
    result = run(tmp_path, file(tmp_path, "a.csv", f"Date,{heading},Type,{asset},Quantity,Amount,Account", *rows))
    days = (4, 31) if hour == 20 else (5, 1)
    assert [(row.at.day, row.at.hour) for row in result.rows] == [(day, hour) for day in days]


@pytest.mark.parametrize("heading", ["Date (UTC)", "Date (GMT)", "Timestamp (GMT)"])
def test_a_heading_that_says_utc_moves_its_times(heading: str, tmp_path: Path) -> None:
    row = "2026-01-01 01:30,Buy,VTI,1,100,Schwab"
    result = run(tmp_path, file(tmp_path, "a.csv", f"{heading},Type,Asset,Quantity,Amount,Account", row))
    assert [row.at for row in result.rows] == [datetime(2025, 12, 31, 20, 30)]
