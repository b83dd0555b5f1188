"""Someone who imports files says in the sheet Open Items what became of the coins without a partner."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from capgain.addin.cli import program
from capgain.workbook.reading.ledger_file import read_ledger_file

HEADER = (
    "ID,Timestamp,Transaction Type,Asset,Quantity Transacted,Price Currency,Price at Transaction,Subtotal,"
    "Total (inclusive of fees and/or spread),Fees and/or Spread,Notes"
)
BUY = "cb-1,2025-06-01 12:00:00 UTC,Buy,ETH,1,USD,2500,2500,2510,10,"
SEND = "cb-2,2025-07-01 12:00:00 UTC,Send,ETH,-0.2,USD,3000,600,600,0,to a friend"
RECEIVE = "cb-3,2025-07-02 12:00:00 UTC,Receive,LINK,12,USD,15,180,180,0,from somewhere"


def imported(tmp_path: Path, *decisions: str) -> Path:
    """A workbook after an import, Decisions entered, and the same import again."""
    source, book = tmp_path / "cb.csv", tmp_path / "book.xlsx"
    source.write_text("\n".join((HEADER, BUY, SEND, RECEIVE)))
    arguments = ["import", str(source), "-o", str(book), "--time-zone", "America/New_York"]
    for decided in ((), decisions):
        if decided:
            workbook = openpyxl.load_workbook(book)
            sheet = workbook["Open Items"]
            column = [cell.value for cell in sheet[1]].index("Decision") + 1
            for row, decision in enumerate(decided, start=2):
                sheet.cell(row, column, decision)
            workbook.save(book)
        result = CliRunner().invoke(program, arguments)
        assert result.exit_code == 0, result.output
    return book


@pytest.mark.parametrize("decision", ["Gift Out", "spend", "Lost", "Donate"])
def test_a_decision_that_names_a_type_becomes_a_ledger_row_at_the_next_import(tmp_path: Path, decision: str) -> None:
    book = imported(tmp_path, decision, "Income")
    rows = {(row[1].value, row[2].value): row for row in openpyxl.load_workbook(book)["Ledger"].iter_rows(min_row=2)}
    heading = [cell.value for cell in openpyxl.load_workbook(book)["Ledger"][1]]
    sent, came = rows[decision.title(), "ETH"], rows["Income", "LINK"]
    assert sent[heading.index("Quantity")].value == 0.2
    assert sent[heading.index("Account")].value == came[heading.index("Account")].value == "Coinbase"
    assert came[heading.index("Amount")].value == 180
    assert not [found for found in read_ledger_file(book).ledger.problems if found.code == "OPEN_ITEM"]


def test_a_type_in_decision_is_not_settled_before_it_is_imported(tmp_path: Path) -> None:
    book = imported(tmp_path)
    workbook = openpyxl.load_workbook(book)
    workbook["Open Items"].cell(2, [cell.value for cell in workbook["Open Items"][1]].index("Decision") + 1, "Gift Out")
    workbook.save(book)
    first, _ = [found for found in read_ledger_file(book).ledger.problems if found.code == "OPEN_ITEM"]
    assert "Decision says Gift Out: import again" in first.remedy


def test_any_other_words_in_decision_keep_the_event_out(tmp_path: Path) -> None:
    book = imported(tmp_path, "entered by hand in row 9", "a scam token, worth nothing")
    assert [type(row).__name__ for row in read_ledger_file(book).ledger.transactions] == ["Buy"]
    assert not [found for found in read_ledger_file(book).ledger.problems if found.code == "OPEN_ITEM"]


def test_the_sheet_has_the_columns_its_advice_names(tmp_path: Path) -> None:
    heading = [cell.value for cell in openpyxl.load_workbook(imported(tmp_path))["Open Items"][1]]
    assert {"Decision", "Account", "To Account"} <= set(heading)
