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


def test_example_rows_among_imported_ones_are_told_and_never_ready_to_file(tmp_path: Path) -> None:
    book, source = tmp_path / "book.xlsx", tmp_path / "cb.csv"
    source.write_text(f"{HEADER}\n{BUY}")
    run("new", book)
    assert "example rows" not in run("check", book)
    run("import", source, "-o", book, "--time-zone", "America/New_York")
    said = run("check", book)
    assert "the example rows of a new workbook are still in the ledger and count as trades: row 2, 3" in said
    assert "NOT READY TO FILE" in said

    workbook = openpyxl.load_workbook(book)
    workbook["Ledger"].delete_rows(2, 8)
    workbook.save(book)
    assert "example rows" not in run("check", book)
