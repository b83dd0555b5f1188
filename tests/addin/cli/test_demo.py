"""`capgain demo` and `capgain new`: the first things a person runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from capgain.engine.compute import compute
from capgain.engine.report import TaxReport
from capgain.workbook.demo import demo_ledger
from command_line import Run

Document = Callable[..., Mapping[str, Any]]


@pytest.fixture(scope="module")
def report() -> TaxReport:
    return compute(demo_ledger().ledger)


@pytest.fixture
def in_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_demo_ledger_is_ready_to_file(report: TaxReport) -> None:
    assert [str(problem) for problem in report.problems] == []
    assert report.filing_ready
    assert list(report.years) == [2022, 2023, 2024, 2025]


def test_the_demo_ledger_has_a_few_hundred_rows_of_every_day_kinds() -> None:
    rows = demo_ledger().ledger.transactions
    assert 250 <= len(rows) <= 400
    kinds = {type(row).__name__ for row in rows}
    assert kinds >= {
        *("Buy", "Sell", "Trade", "Income", "Dividend", "Reinvest", "Transfer", "Fee", "Spend", "Interest", "Opening"),
    }
    assert {row.account for row in rows} >= {"Schwab", "Coinbase", "Kraken", "Trezor"}


def test_in_the_demo_crypto_losses_offset_stock_gains_and_a_loss_carries_forward(report: TaxReport) -> None:
    year = report.years[2025]
    assert year.form_8949 is not None
    assert year.schedule_d is not None
    assert year.carryover is not None
    gains = {box: totals.gain for box, totals in year.form_8949.boxes.items()}
    assert gains["A"] > 0, "short-term stock"
    assert gains["H"] < 0, "short-term coins"
    assert report.years[2022].carryover is not None
    assert report.years[2022].carryover.short > 0
    assert report.wash_sales


def test_demo_writes_its_workbook_and_replaces_only_its_own(run: Run, in_empty_folder: Path) -> None:
    first = run("demo")
    assert first.exit_code == 0, first.output
    out = in_empty_folder / "capgain-demo.xlsx"
    assert "Tax year 2025" in first.stdout
    assert "READY TO FILE" in first.stdout
    assert run("demo").exit_code == 0
    openpyxl.Workbook().save(out)
    mine = out.read_bytes()
    refused = run("demo")
    assert refused.exit_code == 2
    assert "already exists" in refused.stderr
    assert out.read_bytes() == mine
    assert run("demo", "-o", "other.xlsx").exit_code == 0
    assert sorted(path.name for path in in_empty_folder.iterdir()) == ["capgain-demo.xlsx", "other.xlsx"]


def test_the_demo_workbook_is_itself_a_ledger_with_the_same_numbers(
    run: Run, document: Document, in_empty_folder: Path, report: TaxReport
) -> None:
    assert run("demo").exit_code == 0
    found = document("compute", "capgain-demo.xlsx")
    assert found["filing_ready"]
    for year, expected in report.years.items():
        assert expected.schedule_d is not None
        lines = found["years"][str(year)]["schedule_d"]
        assert lines["7"] == f"{expected.schedule_d.line_7:.2f}"
        assert lines["16"] == f"{expected.schedule_d.line_16:.2f}"
        assert lines["21"] == f"{expected.schedule_d.line_21:.2f}"


def test_a_new_workbook_can_be_computed_at_once_and_is_never_written_over(
    run: Run, document: Document, in_empty_folder: Path
) -> None:
    assert run("new", "book.xlsx").exit_code == 0
    book = in_empty_folder / "book.xlsx"
    with_examples = document("compute", book)
    assert not [problem for problem in with_examples["problems"] if problem["severity"] == "error"]
    before = book.read_bytes()
    refused = run("new", "book.xlsx")
    assert refused.exit_code == 2
    assert book.read_bytes() == before
    assert run("new", "book.xls").exit_code == 2
