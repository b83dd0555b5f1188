"""The ribbon's Import on a stand-in Excel: files chosen in its dialog end in the open workbook's Ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw

from addin.example_ledger import ROWS
from addin.stand_in_book import StandIn, stand_in
from capgain.addin.excel.ribbon import native
from capgain.addin.excel.ribbon.pressed import perform

ACTION = "import_into_ledger"
SOLD = "cb-1,2025-03-01 12:00:00 UTC,Sell,BTC,0.25,USD,84000,21000,20995,5,"
COINBASE = (
    "ID,Timestamp,Transaction Type,Asset,Quantity Transacted,Price Currency,Price at Transaction,Subtotal,"
    "Total (inclusive of fees and/or spread),Fees and/or Spread,Notes\n"
)
SETTINGS: list[list[Any]] = [["Name", "Value"], ["Time Zone", "America/New_York"]]


@pytest.fixture(autouse=True)
def _engine() -> Iterator[None]:
    """No stand-in is left as xlwings' active engine."""
    yield
    xw.engines.active = None


@pytest.fixture
def coinbase(tmp_path: Path) -> Path:
    path = tmp_path / "coinbase.csv"
    path.write_text(COINBASE + SOLD + "\n", encoding="utf-8")
    return path


def in_file(path: Path, sheets: dict[str, list[list[Any]]]) -> tuple[xw.Book, StandIn]:
    """An open workbook that has a file."""
    book, impl = stand_in(sheets)
    impl.name, impl.fullname = path.name, str(path)
    return book, impl


def test_the_rows_of_the_chosen_files_stand_in_the_ledger_of_the_workbook_opened_again(
    tmp_path: Path, coinbase: Path
) -> None:
    book, impl = in_file(tmp_path / "mine.xlsx", {"Mine": [["=1+1"]], "Ledger": ROWS, "Settings": SETTINGS})
    impl.app.chosen = (str(coinbase),)
    perform(ACTION, book)
    assert [call[0] for call in impl.calls] == ["save", "close"]
    (opened,) = impl.app.books.opened
    rows = list(opened.wb["Ledger"].iter_rows(values_only=True))
    assert [list(row[: len(ROWS[0])]) for row in rows[: len(ROWS)]] == ROWS
    added = dict(zip(rows[0], rows[len(ROWS)], strict=True))
    assert (added["Type"], added["Asset"], added["Quantity"], added["Account"]) == ("Sell", "BTC", 0.25, "Coinbase")
    assert added["Source File"] == "coinbase.csv"
    assert opened.wb["Mine"]["A1"].value == "=1+1"
    assert opened.wb.active.title == "Ledger"
    assert "Rows added to Ledger in mine.xlsx: 1" in impl.app.alerts[-1]
    assert impl.app.status_bar is False

    perform(ACTION, xw.Book(impl=opened))
    (again,) = impl.app.books.opened
    assert again.wb["Ledger"].max_row == len(ROWS) + 1
    assert "Rows added to Ledger in mine.xlsx: 0" in impl.app.alerts[-1]
    assert "Rows that were there already: 1" in impl.app.alerts[-1]


def test_without_a_ledger_a_new_workbook_beside_the_file_is_opened(tmp_path: Path, coinbase: Path) -> None:
    book, impl = stand_in({"Sheet1": [[None]]})
    impl.app.chosen = (str(coinbase),)
    perform(ACTION, book)
    assert impl.calls == [], "the empty workbook was saved or closed"
    assert impl.app.books.opened[-1].fullname == str(tmp_path / "CapGain ledger.xlsx")
    assert impl.app.books.opened[-1].wb["Ledger"]["B2"].value == "Sell"

    before = (tmp_path / "CapGain ledger.xlsx").read_bytes()
    perform(ACTION, book)
    assert "is there already" in impl.app.alerts[-1]
    assert (tmp_path / "CapGain ledger.xlsx").read_bytes() == before


def test_a_file_of_no_known_format_leaves_the_workbook_as_it_was_and_a_draft_to_fill_in(tmp_path: Path) -> None:
    unknown = tmp_path / "club.csv"
    unknown.write_text("When,What,Coin,How Many\n2025-01-02,got,BTC,1\n", encoding="utf-8")
    book, impl = in_file(tmp_path / "mine.xlsx", {"Ledger": ROWS, "Settings": SETTINGS})
    impl.app.chosen = (str(unknown),)
    perform(ACTION, book)
    (opened,) = impl.app.books.opened
    assert [list(row) for row in opened.wb["Ledger"].iter_rows(values_only=True)] == ROWS
    assert "club.csv" in impl.app.alerts[-1]
    assert "fill in club.format.toml" in impl.app.alerts[-1]
    assert "How Many" in (tmp_path / "club.format.toml").read_text("utf-8")


def test_a_mapping_file_chosen_with_the_table_makes_its_format_known(tmp_path: Path) -> None:
    table, mapping = tmp_path / "club.csv", tmp_path / "club.toml"
    table.write_text("When,What,Coin,How Many,Worth\n2025-01-02 10:00,got,BTC,1,90000\n", encoding="utf-8")
    mapping.write_text(
        'name = "Club"\nkind = "exchange"\ntime_zone = "America/New_York"\n\n[[table]]\nname = "all"\n'
        'headers = [["When", "What", "Coin"]]\n[table.columns]\nat = "When"\nkind = "What"\nasset = "Coin"\n'
        'quantity = "How Many"\nvalue = "Worth"\n'
        '[table.kinds]\ngot = "income"\n',
        encoding="utf-8",
    )
    book, impl = in_file(tmp_path / "mine.xlsx", {"Ledger": ROWS, "Settings": SETTINGS})
    impl.app.chosen = (str(table), str(mapping))
    perform(ACTION, book)
    assert "mine.xlsx: 1" in impl.app.alerts[-1], impl.app.alerts
    (opened,) = impl.app.books.opened
    assert opened.wb["Ledger"].cell(len(ROWS) + 1, 2).value == "Income"


@pytest.mark.parametrize("answer", [False, ()])
def test_a_cancelled_dialog_does_nothing(tmp_path: Path, answer: Any) -> None:
    book, impl = in_file(tmp_path / "mine.xlsx", {"Ledger": ROWS})
    impl.app.chosen = answer
    perform(ACTION, book)
    assert (impl.calls, impl.app.alerts) == ([], [])


def test_who_does_not_want_the_workbook_saved_keeps_it_open(tmp_path: Path, coinbase: Path) -> None:
    book, impl = in_file(tmp_path / "mine.xlsx", {"Ledger": ROWS})
    impl.app.chosen, impl.app.answer = (str(coinbase),), "cancel"
    perform(ACTION, book)
    assert impl.calls == []
    assert impl.app.books.opened == [impl]
    assert impl.app.alerts[-1] == "Nothing was written."


def test_on_a_mac_the_button_says_what_to_do_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "ON_MAC", True)
    book, impl = in_file(tmp_path / "mine.xlsx", {"Ledger": ROWS})
    perform(ACTION, book)
    assert impl.calls == []
    assert "capgain import FILE -o BOOK" in impl.app.alerts[-1]
