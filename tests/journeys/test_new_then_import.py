"""Someone begins with `capgain new` and imports into that workbook, its example rows still there."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from click.testing import CliRunner

from capgain.addin.cli import program

from .test_open_items import BUY, HEADER


def run(*arguments: object) -> str:
    result = CliRunner().invoke(program, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_example_rows_leave_when_an_import_brings_rows(tmp_path: Path) -> None:
    book, source = tmp_path / "book.xlsx", tmp_path / "cb.csv"
    source.write_text(f"{HEADER}\n{BUY}")
    run("new", book)
    assert len(ids(book)) > 1
    run("import", source, "-o", book, "--time-zone", "America/New_York")
    assert len(ids(book)) == 1
    said = run("check", book)
    assert "example rows" not in said
    assert "NOT READY" not in said


def ids(book: Path) -> list[object]:
    """What stands in the first column of a book's ledger, below the header."""
    cells = openpyxl.load_workbook(book)["Ledger"]["A"]
    return [cell.value for cell in cells[1:] if cell.value is not None]
