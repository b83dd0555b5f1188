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


MYSTERY = (
    "When,What,Coin,Units,Price,Fee,Total\n"
    '05/01/2025 10:00,bought,BTC,0.01,"$90,000.00",$5.00,$905.00\n'
    '06/01/2025 11:00,sold,BTC,0.005,"$95,000.00",$2.00,$473.00\n'
    "07/01/2025 11:00,odd thing,BTC,0.001,,,\n"
)


def questions(book: xw.Book) -> dict[str, tuple[int, str]]:
    """Row and answer of each question on the sheet, by its key."""
    rows = book.sheets["Import Questions"].used_range.options(ndim=2).value
    return {str(row[5]): (number, str(row[3] or "")) for number, row in enumerate(rows, start=1) if row[5]}


def fill_in(book: xw.Book, **answers: str) -> None:
    """Type answers, by the last word of the question's key."""
    sheet = book.sheets["Import Questions"]
    for key, (number, _) in questions(book).items():
        for word, answer in answers.items():
            if key.rpartition(" ")[2] == word:
                sheet.range((number, 4)).value = answer


def is_saved_or_closed(impl: StandIn) -> bool:
    return any(call[0] in ("save", "close") for call in impl.calls)


def asked(tmp_path: Path, text: str = MYSTERY) -> tuple[xw.Book, StandIn]:
    """A workbook in which the questions about a file stand."""
    unknown = tmp_path / "mystery.csv"
    unknown.write_text(text, encoding="utf-8")
    book, impl = in_file(tmp_path / "mine.xlsx", {"Ledger": ROWS, "Settings": SETTINGS})
    impl.app.chosen = (str(unknown),)
    perform(ACTION, book)
    return book, impl


def test_what_a_file_of_no_known_format_does_not_say_is_asked_on_a_sheet(tmp_path: Path) -> None:
    book, impl = asked(tmp_path)
    assert not is_saved_or_closed(impl)
    assert "No format knows mystery.csv" in impl.app.alerts[-1]
    assert impl.wb.active.title == "Import Questions"
    open_ones = {key for key, (_, answer) in questions(book).items() if not answer and not key.startswith("column")}
    assert open_ones == {"order", "zone", "kind: odd thing"}
    assert questions(book)["kind: bought"][1] == "Buy"
    assert questions(book)["column: net"][1] == "Total"
    assert [path.name for path in tmp_path.iterdir()] == ["mystery.csv"]
    lists = impl.wb["Import Questions"].data_validations.dataValidation
    assert any("mdy: 2025-05-01" in str(one.formula1) for one in lists)


def test_the_answers_import_the_file_and_are_kept_as_its_mapping(tmp_path: Path) -> None:
    book, impl = asked(tmp_path)
    fill_in(book, order="mdy: 2025-05-01", zone="UTC", thing="No transaction")
    perform(ACTION, book)
    assert "Import mystery.csv by the answers" in impl.app.alerts[1]
    assert "2 rows like these would be added" in impl.app.alerts[2]
    assert "Type Buy, Asset BTC" in impl.app.alerts[2]
    assert "Rows added to Ledger in mine.xlsx: 2" in impl.app.alerts[-1]
    (opened,) = impl.app.books.opened
    rows = list(opened.wb["Ledger"].iter_rows(values_only=True))
    added = [dict(zip(rows[0], row, strict=True)) for row in rows[len(ROWS) :]]
    assert [(row["Type"], row["Amount"], row["Fee"]) for row in added] == [("Buy", 900, 5), ("Sell", 475, 2)]
    assert [row["Date"].month for row in added] == [5, 6]
    assert "Import Questions" not in opened.wb.sheetnames
    mapping = (tmp_path / "mystery.format.toml").read_text("utf-8")
    assert 'date_order = "mdy"' in mapping
    assert '"odd thing" = { ignore' in mapping

    impl.app.chosen = (str(tmp_path / "mystery.csv"), str(tmp_path / "mystery.format.toml"))
    perform(ACTION, xw.Book(impl=opened))
    assert "Rows added to Ledger in mine.xlsx: 0" in impl.app.alerts[-1]


def test_a_guess_can_be_corrected(tmp_path: Path) -> None:
    book, _ = asked(tmp_path)
    fill_in(book, order="dmy", zone="America/New_York", thing="Spend", amount="Total", net="", sold="Gift Out")
    perform(ACTION, book)
    mapping = (tmp_path / "mystery.format.toml").read_text("utf-8")
    assert 'amount = "Total"' in mapping
    assert "net =" not in mapping
    assert '"sold" = "gift out"' in mapping


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"order": "mdy", "zone": "UTC"}, "It has no answer."),
        ({"order": "ymd", "zone": "UTC", "thing": "Buy"}, "Answer mdy or dmy."),
        ({"order": "mdy", "zone": "Mars", "thing": "Buy"}, "Mars"),
        ({"order": "mdy", "zone": "UTC", "thing": "Whatever"}, "Answer Buy, Sell"),
        ({"order": "mdy", "zone": "UTC", "thing": "Buy", "asset": "Coins"}, "The file has no column Coins"),
        ({"order": "mdy", "zone": "UTC", "thing": "Buy", "at": ""}, "It has no answer."),
    ],
)
def test_open_and_wrong_answers_are_named_by_row_and_nothing_is_imported(
    answers: dict[str, str], says: str, tmp_path: Path
) -> None:
    book, impl = asked(tmp_path)
    fill_in(book, **answers)
    perform(ACTION, book)
    assert not is_saved_or_closed(impl)
    assert "Row " in impl.app.alerts[-1]
    assert says in impl.app.alerts[-1]
    assert [path.name for path in tmp_path.iterdir()] == ["mystery.csv"]
    assert "Import Questions" in impl.wb.sheetnames


def test_who_does_not_like_what_would_be_added_can_correct_the_answers(tmp_path: Path) -> None:
    book, impl = asked(tmp_path)
    fill_in(book, order="mdy", zone="UTC", thing="No transaction")
    impl.app.answers = ["ok", "cancel"]
    perform(ACTION, book)
    assert not is_saved_or_closed(impl)
    assert "Nothing was imported" in impl.app.alerts[-1]
    assert [path.name for path in tmp_path.iterdir()] == ["mystery.csv"]


def test_other_files_can_be_chosen_while_questions_are_open(tmp_path: Path, coinbase: Path) -> None:
    book, impl = asked(tmp_path)
    impl.app.chosen = (str(coinbase),)
    impl.app.answers = ["cancel", "ok", "ok"]
    perform(ACTION, book)
    assert "Rows added to Ledger in mine.xlsx: 1" in impl.app.alerts[-1]


def test_a_known_file_chosen_with_an_unknown_one_is_imported_with_it(tmp_path: Path, coinbase: Path) -> None:
    unknown = tmp_path / "mystery.csv"
    unknown.write_text(MYSTERY, encoding="utf-8")
    book, impl = in_file(tmp_path / "mine.xlsx", {"Ledger": ROWS, "Settings": SETTINGS})
    impl.app.chosen = (str(coinbase), str(unknown))
    perform(ACTION, book)
    fill_in(book, order="mdy", zone="UTC", thing="No transaction")
    perform(ACTION, book)
    assert "Rows added to Ledger in mine.xlsx: 3" in impl.app.alerts[-1]


def test_a_mapping_that_is_there_already_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mystery.format.toml").write_text("mine", encoding="utf-8")
    _, impl = asked(tmp_path)
    assert "choose it together with the file" in impl.app.alerts[-1]
    assert "Import Questions" not in impl.wb.sheetnames
    assert (tmp_path / "mystery.format.toml").read_text("utf-8") == "mine"


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
