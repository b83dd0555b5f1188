"""The last import taken back, the example rows of a new workbook, and the tax zone that an import is told."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from unittest.mock import Mock

import openpyxl
import pytest

from capgain.workbook.importing import kept_import
from capgain.workbook.importing.kept_import import kept_beside
from capgain.workbook.importing.undo import NothingToUndo, undo
from capgain.workbook.reading.ledger_file import read_ledger_file
from capgain.workbook.template import write_template
from capgain.workbook.xlsx import book_parts

from .builders import book_of, coinbase, kraken, run

ONE = "cb-1,2025-03-01 12:00:00 UTC,Buy,BTC,0.01,USD,84000,840,845,5,"
TWO = "cb-2,2025-03-02 12:00:00 UTC,Buy,BTC,0.02,USD,84000,1680,1690,10,"
SENT = "cb-9,2025-03-07 02:00:00 UTC,Send,BTC,-0.005,USD,85000,425,425,0,Sent"


def imported_twice(folder: Path) -> tuple[Path, bytes]:
    book = run(folder, coinbase(folder, ONE)).output
    before = book.read_bytes()
    run(folder, coinbase(folder, ONE, TWO, SENT, name="more.csv"), into=book)
    return book, before


def values(book: Path, sheet: str = "Ledger") -> list[tuple[object, ...]]:
    rows = list(openpyxl.load_workbook(book)[sheet].iter_rows(values_only=True))
    return [row for row in rows if any(cell is not None for cell in row)]


def saved_by_another_program(book: Path, **cells: object) -> None:
    opened = openpyxl.load_workbook(book)
    for cell, value in cells.items():
        opened["Ledger"][cell] = value
    opened.save(book)


def test_the_workbook_is_again_what_it_was(tmp_path: Path) -> None:
    book, before = imported_twice(tmp_path)
    assert kept_beside(book).read_bytes() == before
    done = undo(book)
    assert (done.rows, done.is_whole) == (1, True)
    assert book.read_bytes() == before
    assert not kept_beside(book).exists()
    with pytest.raises(NothingToUndo, match=r"No import into book\.xlsx is on record"):
        undo(book)


def test_in_a_workbook_saved_since_the_rows_and_open_items_leave_and_the_rest_stays(tmp_path: Path) -> None:
    book, _ = imported_twice(tmp_path)
    ledger = values(book)
    saved_by_another_program(book, S2="checked")
    done = undo(book)
    assert (done.rows, done.is_whole) == (1, False)
    assert [row[:3] for row in values(book)] == [row[:3] for row in ledger[:2]]
    assert openpyxl.load_workbook(book)["Ledger"]["S2"].value == "checked"
    assert len(values(book, "Open Items")) == 1
    assert run(tmp_path, tmp_path / "more.csv", into=book).rows_added == 1


def test_a_row_that_was_changed_is_named_and_nothing_is_touched(tmp_path: Path) -> None:
    book, _ = imported_twice(tmp_path)
    saved_by_another_program(book, D3=0.03)
    before = book.read_bytes()
    with pytest.raises(NothingToUndo, match=r"1 of the 1 rows .* \(row 3\).*before-import"):
        undo(book)
    assert book.read_bytes() == before


def test_a_run_that_adds_nothing_keeps_what_the_one_before_kept(tmp_path: Path) -> None:
    book, before = imported_twice(tmp_path)
    run(tmp_path, coinbase(tmp_path, ONE, name="again.csv"), into=book)
    assert kept_beside(book).read_bytes() == before


def test_the_examples_of_a_new_workbook_leave_when_rows_come(tmp_path: Path) -> None:
    book = tmp_path / "new.xlsx"
    write_template(book)
    assert len(values(book)) > 2
    result = run(tmp_path, coinbase(tmp_path, ONE), into=book)
    assert result.rows_added == 1
    assert [row[1] for row in values(book)] == ["Type", "Buy"]
    assert [entry.row for entry in read_ledger_file(book).ledger.transactions] == [2]


def test_the_tax_zone_of_an_import_is_written_where_settings_name_none(tmp_path: Path) -> None:
    header = ("Date", "Type", "Asset", "Quantity", "Amount", "Account")
    row = ("2024-01-02", "Buy", "BTC", 1, 100, "Kraken")
    book = book_of(tmp_path / "mine.xlsx", Ledger=[header, row], Settings=[("Name", "Value"), ("Year", 2025)])
    run(tmp_path, coinbase(tmp_path, ONE), into=book, zone="America/New_York")
    assert ("Time Zone", "America/New_York") in values(book, "Settings")
    line = "W1,R1,2024-03-05 15:00:00,deposit,,currency,XXBT,1.5,0,0"
    assert not any(
        "tax zone" in notice for notice in run(tmp_path, kraken(tmp_path, line), into=book, zone=None).notices
    )


@pytest.mark.parametrize("is_written", [False, True], ids=["before", "after"])
def test_a_run_killed_before_or_after_the_book_is_written_leaves_its_last_import_to_be_taken_back(
    is_written: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, before = imported_twice(tmp_path)
    between = book.read_bytes()
    third = coinbase(tmp_path, TWO.replace("cb-2", "cb-3"), name="third.csv")
    with monkeypatch.context() as killed:
        killed.setattr(kept_import, "settle_interrupted", lambda book: ())
        if not is_written:
            killed.setattr(book_parts, "write_whole", Mock(side_effect=KeyboardInterrupt))
        with nullcontext() if is_written else pytest.raises(KeyboardInterrupt):
            run(tmp_path, third, into=book)
    assert kept_import.next_beside(book).read_bytes() == between
    assert kept_beside(book).read_bytes() == before
    done = undo(book)
    assert done.is_whole
    assert "interrupted import" in done.told[0]
    assert book.read_bytes() == (between if is_written else before)
    assert not [one for one in tmp_path.iterdir() if "import" in one.suffix]


def test_a_copy_that_is_not_the_workbook_before_the_import_takes_nobodys_place(tmp_path: Path) -> None:
    book, _ = imported_twice(tmp_path)
    content = book.read_bytes()
    kept_beside(book).write_bytes(b"another")
    with pytest.raises(NothingToUndo, match="is not there, or is not book"):
        undo(book)
    assert book.read_bytes() == content
