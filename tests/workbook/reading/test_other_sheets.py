"""Sheets beside the ledger that hold transactions like it."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from capgain.workbook.handoff.workpapers.readme import PURPOSES
from capgain.workbook.reading import read_ledger_file
from capgain.workbook.report.readme import WHAT_EACH_SHEET_IS

HEADER = ["Date", "Type", "Asset", "Quantity", "Amount", "Account", "Class"]
BUY: list[object] = [date(2024, 1, 2), "Buy", "AAPL", 10, 1500, "Schwab", "stock"]
OTHER: list[object] = [date(2025, 1, 2), "Sell", "AAPL", 5, 900, "Schwab", "stock"]
Rows = list[list[object]]


def codes(folder: Path, sheets: dict[str, Rows], *settings: str) -> list[tuple[str, str]]:
    book = openpyxl.Workbook()
    book.remove(book["Sheet"])
    for title, rows in {"Ledger": [[*HEADER], BUY], **sheets}.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(folder / "book.xlsx")
    problems = read_ledger_file(folder / "book.xlsx", overrides=settings).ledger.problems
    return [(problem.code, problem.sheet) for problem in problems]


def test_transactions_on_another_sheet_are_not_left_out_in_silence(tmp_path: Path) -> None:
    others = {"2025": [[*HEADER], OTHER], "Kraken": [["Exported"], ["Time", "Side", "Coin", "Volume"], OTHER[:4]]}
    assert codes(tmp_path, others) == [("SHEET_NOT_READ", "2025"), ("SHEET_NOT_READ", "Kraken")]


@pytest.mark.parametrize(
    "rows",
    [
        [["Date", "Type", "Quantity", "Price"], [date(2025, 1, 2), "Buy", 1, 3000]],
        [["Time", "Side", "Pair", "Executed", "Price"], ["2025-01-02 10:00:00", "BUY", "ETHUSD", "1", "3,000.00"]],
        [["Date", "Symbol", "Shares", "Price"], [date(2025, 1, 2), "MSFT", 5, 400]],
        [["Symbol", "Qty", "Date Bought", "Cost", "Date Sold", "Proceeds"],
         ["MSFT", 5, date(2024, 1, 2), 100, date(2025, 1, 2), 200]],
        [OTHER],
        [["kept since 2020"]] * 25 + [[*HEADER], OTHER],
    ],
    ids=["of one coin", "of a pair", "of sales", "of closed lots", "no header", "a header far down"],
)  # fmt: skip
def test_transactions_are_known_without_the_ledgers_headings(rows: Rows, tmp_path: Path) -> None:
    assert codes(tmp_path, {"More": rows}) == [("SHEET_NOT_READ", "More")]
    assert codes(tmp_path, {"More": rows}, "Ignore Sheets=More") == []


def test_settings_say_which_sheets_hold_nothing_new(tmp_path: Path) -> None:
    others: dict[str, Rows] = {"2025": [[*HEADER], OTHER], "Old": [[*HEADER], OTHER]}
    assert codes(tmp_path, others, "Ignore Sheets=old; 2025") == []
    assert codes(tmp_path, others, "Ignore Sheets=Old") == [("SHEET_NOT_READ", "2025")]


def test_headings_without_transactions_and_other_tables_are_no_ledger(tmp_path: Path) -> None:
    others: dict[str, Rows] = {
        "Template": [[*HEADER]],
        "Holdings": [["Asset", "Quantity", "Amount"], ["AAPL", 5, 900]],
        "Dividends": [["Date", "Asset", "Amount"], [date(2025, 1, 2), "AAPL", 30]],
        "Budget": [["Date", "What", "Amount"], [date(2025, 1, 2), "Purchase", 30]],
        "Quotes": [["Asset", "Price", "Date"], ["AAPL", 5, date(2025, 1, 2)]],
        "Plans": [[*HEADER], [date(2027, 1, 2), "maybe", "AAPL", 5, 900]],
        "Open Items": [["Date", "Type", "Asset", "Quantity", "Why", "Decision"], [*OTHER[:4], "?", "left out"]],
    }
    assert codes(tmp_path, others) == []


@pytest.mark.parametrize(
    ("title", "rows", "meant"),
    [
        ("Account", [["Account", "Kind"], ["Schwab", "ira"]], "Accounts"),
        ("Config", [["Setting", "Value"], ["Carryover Long 2024", 5000]], "Settings"),
        ("1099-B", [["Broker", "Form", "Box", "Proceeds"], ["Schwab", "1099-B", "D", 900]], "1099"),
    ],
)
def test_a_sheet_with_the_headings_of_another_is_not_passed_over_for_its_name(
    title: str, rows: Rows, meant: str, tmp_path: Path
) -> None:
    assert codes(tmp_path, {title: rows}) == [("SHEET_NOT_READ", title)]
    assert codes(tmp_path, {title: rows}, f"Ignore Sheets={title}") == []
    assert ("SHEET_NOT_READ", title) not in codes(tmp_path, {meant: rows})


def test_a_list_of_names_and_values_that_are_no_settings_is_none(tmp_path: Path) -> None:
    assert codes(tmp_path, {"Contacts": [["Name", "Value"], ["Joe", "555 1234"]]}) == []


REPORT: dict[str, Rows] = {name: [["something else"]] for name in ("Readme", "Gains", "Checks")}


def test_a_sheet_of_the_persons_own_blocks_beside_a_report_too(tmp_path: Path) -> None:
    assert codes(tmp_path, {**REPORT, "Kraken": [[*HEADER], OTHER]}) == [("SHEET_NOT_READ", "Kraken")]


@pytest.mark.parametrize("name", [*WHAT_EACH_SHEET_IS, *PURPOSES])
def test_no_sheet_of_a_report_or_of_workpapers_is_taken_for_the_persons_own(name: str, tmp_path: Path) -> None:
    if name in ("Ledger", "Accounts", "Settings", "Prices", "1099"):
        return
    ours = {"8949 ": "8949 Box A", "Statement ": "Statement A 1", "Opening ": "Opening 2026"}.get(name, f"{name} 2024")
    assert codes(tmp_path, {**REPORT, ours: [[*HEADER], OTHER]}) == []
