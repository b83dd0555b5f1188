"""`capgain report`: a new workbook, whole or not at all, never over the ledger or what is already there."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl
import pytest

from capgain.workbook.sheets import Book
from capgain.workbook.xlsx import writer
from command_line import Run

Document = Callable[..., Mapping[str, Any]]
CsvLedger = Callable[..., Path]
OPTIONS = ("--status", "single", "--set", "Account Schwab=brokerage")


@pytest.fixture
def trades(csv_ledger: CsvLedger) -> Path:
    return csv_ledger(
        "2023-01-05,Buy,XYZ,10,100,,,Schwab,stock,,,=1+1",
        "2024-06-03,Sell,XYZ,5,120,,,Schwab,stock,,,",
        "2025-06-03,Sell,XYZ,5,80,,,Schwab,stock,,,",
    )


def sheets(path: Path) -> list[str]:
    book = openpyxl.load_workbook(path, read_only=True)
    try:
        return list(book.sheetnames)
    finally:
        book.close()


def test_the_report_is_written_and_the_summary_printed(run: Run, trades: Path, tmp_path: Path) -> None:
    before = trades.read_bytes()
    out = tmp_path / "report.xlsx"
    shown = run("report", trades, "-o", out, *OPTIONS)
    assert shown.exit_code == 0, shown.output
    assert "Tax year 2025" in shown.stdout
    assert str(out) in shown.stdout
    assert {"Readme", "Schedule D", "8949 Long", "Ledger"} <= set(sheets(out))
    assert trades.read_bytes() == before


def test_the_report_of_a_report_gives_the_same_numbers(document: Document, trades: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.xlsx"
    document("report", trades, "-o", out, *OPTIONS)
    first, second = document("compute", trades, *OPTIONS), document("compute", out)
    for year in first["years"]:
        assert second["years"][year]["schedule_d"] == first["years"][year]["schedule_d"]
        assert second["years"][year]["form_8949"] == first["years"][year]["form_8949"]


def test_several_years_have_the_year_in_the_name_of_the_sheet(run: Run, trades: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.xlsx"
    assert run("report", trades, "-o", out, "--year", "all", *OPTIONS).exit_code == 0
    assert {"Schedule D 2024", "Schedule D 2025"} <= set(sheets(out))


def test_an_output_that_exists_is_kept_unless_forced(run: Run, trades: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine.xlsx"
    out.write_bytes(b"precious")
    refused = run("report", trades, "-o", out, *OPTIONS)
    assert refused.exit_code == 2
    assert "already exists" in refused.stderr
    assert out.read_bytes() == b"precious"
    assert run("report", trades, "-o", out, "--force", *OPTIONS).exit_code == 0
    assert "Schedule D" in sheets(out)


def test_the_ledger_itself_is_never_the_output_even_when_forced(run: Run, tmp_path: Path, trades: Path) -> None:
    book = tmp_path / "book.xlsx"
    assert run("report", trades, "-o", book, *OPTIONS).exit_code == 0
    before = book.read_bytes()
    (tmp_path / "sub").mkdir()
    for out in (book, tmp_path / "sub" / ".." / "book.xlsx"):
        refused = run("report", book, "-o", out, "--force")
        assert refused.exit_code == 2
        assert "the ledger itself" in " ".join(refused.stderr.split())
    assert book.read_bytes() == before


def test_a_folder_that_does_not_exist_is_named(run: Run, trades: Path, tmp_path: Path) -> None:
    refused = run("report", trades, "-o", tmp_path / "nowhere" / "out.xlsx", *OPTIONS)
    assert refused.exit_code == 2
    assert "nowhere" in refused.stderr


def test_a_draft_of_a_ledger_with_errors_has_readme_to_fix_and_ledger_only(
    run: Run, csv_ledger: CsvLedger, tmp_path: Path
) -> None:
    broken = csv_ledger("2025-01-05,Buy,XYZ,ten,100,,,Schwab,stock,,,")
    out = tmp_path / "draft.xlsx"
    assert run("report", broken, "-o", out, *OPTIONS).exit_code == 1
    assert not out.exists()
    shown = run("report", broken, "-o", out, "--draft", *OPTIONS)
    assert shown.exit_code == 1
    assert "row 2, column Quantity" in shown.stderr
    assert sheets(out)[:2] == ["Readme", "To Fix"]
    assert "Ledger" in sheets(out)
    assert not {"Schedule D", "8949 Short", "Gains"} & set(sheets(out))


def test_the_forms_of_a_year_without_data_are_refused(run: Run, trades: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.xlsx"
    refused = run("report", trades, "-o", out, "--year", "2011", *OPTIONS)
    assert refused.exit_code == 1
    assert "2011" in refused.stderr
    assert not out.exists()


def test_a_write_that_fails_leaves_nothing_behind(
    run: Run, trades: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    out = tmp_path / "report.xlsx"
    refused = run("report", trades, "-o", out, *OPTIONS)
    assert refused.exit_code == 1
    assert "No space left on device" in refused.stderr
    assert sorted(tmp_path.iterdir()) == [trades]


def test_a_workbook_that_another_run_wrote_meanwhile_is_kept(
    run: Run, trades: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "report.xlsx"
    made = writer._fill

    def overtaken(book: Book, written: BinaryIO, progress: writer.Progress) -> None:
        out.write_bytes(b"theirs")
        made(book, written, progress)

    monkeypatch.setattr(writer, "_fill", overtaken)
    refused = run("report", trades, "-o", out, *OPTIONS)
    assert refused.exit_code == 1
    assert "report.xlsx exists already" in refused.stderr
    assert out.read_bytes() == b"theirs"
    assert run("report", trades, "-o", out, "--force", *OPTIONS).exit_code == 0
    assert "Schedule D" in sheets(out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.xlsx", trades.name]
