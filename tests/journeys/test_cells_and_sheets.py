"""A number in a cell and the same number in the report never disagree."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from capgain.addin.cli import program
from capgain.engine.compute import compute
from capgain.workbook.reading import read_ledger_file
from capgain.workbook.report import report_book
from capgain.workbook.sheets import Formula

from .test_printed_pages import ledger_with

ROWS: list[list[object]] = [
    ["2023-01-05", "Buy", "ETH", "0.333333", None, 700.01, None, "Coinbase"],
    ["2023-02-05", "Buy", "ETH", "0.777777", None, 1500.55, None, "Coinbase"],
    ["2023-03-05", "Buy", "VOO", 3, None, 1100.1, None, "Fidelity"],
    ["2023-03-06", "Buy", "VOO", 5, None, 1900.2, None, "My IRA"],
    ["2025-03-05", "Sell", "VOO", 1, None, 500.2, None, "Fidelity"],
]


def test_unrealized_in_a_cell_is_the_total_of_open_lots(tmp_path: Path) -> None:
    book = ledger_with(tmp_path / "mine.xlsx", ROWS, [["Account My IRA", "ira"]])
    source = read_ledger_file(book)
    sheets = report_book(compute(source.ledger), source, 2025)
    answered = CliRunner().invoke(program, ["eval", str(book), '=CAPGAIN(Ledger[#All], 2025, "unrealized")'])
    assert answered.exit_code == 0, answered.output

    def total(sheet: str, heading: str) -> object:
        rows = [[cell.content if cell else None for cell in row] for row in sheets.sheet(sheet).rows]
        (start,) = [number for number, row in enumerate(rows) if heading in row]
        last = next(row for row in rows[start:] if row and row[0] == "Total")
        found = last[rows[start].index(heading)]
        assert isinstance(found, Formula)
        return found.expected

    assert f"{total('Open Lots', 'Unrealized')}" == answered.output.strip()
    remarks = [row[-1].content for row in sheets.sheet("Open Lots").rows if row[-1]]
    assert "IRA" in remarks


def test_a_table_without_its_headings_is_told_to_take_them_along(tmp_path: Path) -> None:
    book = ledger_with(tmp_path / "mine.xlsx", ROWS, [["Account My IRA", "ira"]])
    answered = CliRunner().invoke(program, ["eval", str(book), "=CAPGAIN(Ledger, 2025)"])
    assert answered.stdout.strip() == "#VALUE!"
    assert "Ledger[#All]" in answered.stderr
