"""A year is answered whether or not the ledger has a row in it (contract, section 4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from capgain.engine.compute import compute
from capgain.workbook.reading import read_ledger_file

TRADES = """Date,Type,Asset,Quantity,Amount,Account,Class
2023-03-01,Buy,AAPL,10,9000,Schwab,stock
2024-06-03,Sell,AAPL,10,1000,Schwab,stock
"""


@pytest.mark.parametrize(
    ("year", "line_14", "line_16"), [(2021, 0, 0), (2023, 0, 0), (2025, -5000, -5000), (2026, -2000, -2000)]
)
def test_a_year_before_or_after_the_rows_has_its_forms(tmp_path: Path, year: int, line_14: int, line_16: int) -> None:
    path = tmp_path / "trades.csv"
    path.write_text(TRADES, encoding="utf-8")
    report = compute(
        read_ledger_file(path, overrides=["Account Schwab=brokerage", "Carryover Long=0"]).ledger, through=year
    )
    form = report.years[year].schedule_d
    assert form is not None
    assert (form.line_14, form.line_16) == (line_14, line_16)


def test_a_stated_carryover_enters_the_first_year_of_the_ledger_not_an_earlier_one(tmp_path: Path) -> None:
    path = tmp_path / "trades.csv"
    path.write_text(TRADES, encoding="utf-8")
    ledger = read_ledger_file(path, overrides=["Account Schwab=brokerage", "Carryover Long=700"]).ledger
    years = compute(ledger, through=2020).years
    lines = {year: report.schedule_d.line_14 for year, report in years.items() if report.schedule_d is not None}
    assert lines == {2020: 0, 2021: 0, 2022: 0, 2023: -700, 2024: 0}


def test_a_year_without_data_is_told_of_when_it_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "trades.csv"
    path.write_text(TRADES, encoding="utf-8")
    ledger = read_ledger_file(path, overrides=["Account Schwab=brokerage"]).ledger
    asked, not_asked = compute(ledger, through=2010), compute(ledger)
    assert [problem.year for problem in asked.problems if problem.code == "YEAR_WITHOUT_DATA"] == [2010]
    assert not [problem for problem in not_asked.problems if problem.code == "YEAR_WITHOUT_DATA"]
