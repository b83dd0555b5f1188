"""Tables for pandas: every row of the report, exact."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from capgain.engine.compute import compute
from capgain.engine.problems import InvalidLedger
from capgain.engine.report import TaxReport
from capgain.workbook import frames
from capgain.workbook.reading import read_ledger_file
from capgain.workbook.reading.blocks import ledger_from_blocks

TRADES = """Date,Type,Asset,Quantity,Amount,Fee,Account,Class
2023-03-01,Buy,AAPL,3,100,,Schwab,stock
2024-11-15,Buy,ETH,1.000000000000000001,3000,,Kraken,crypto
2024-12-20,Sell,AAPL,1,50,0.01,Schwab,
2025-04-08,Sell,ETH,0.000000000000000001,0.01,,Kraken,
"""


def report(folder: Path) -> TaxReport:
    path = folder / "trades.csv"
    path.write_text(TRADES, encoding="utf-8")
    kinds = ("Account Schwab=brokerage", "Account Kraken=exchange")
    return compute(read_ledger_file(path, overrides=kinds).ledger)


def test_a_table_of_dispositions_adds_up_to_the_report_exactly(tmp_path: Path) -> None:
    found = report(tmp_path)
    table = frames.dispositions(found)
    assert list(table.columns) == list(frames.DISPOSITION_COLUMNS)
    assert list(table["row"]) == [4, 5]
    assert list(table["year"]) == [2024, 2025]
    rows = [row for year in found.years.values() for row in year.dispositions]
    assert sum(table["gain"]) == sum((row.gain for row in rows), Decimal(0)) == Decimal("16.67")
    assert all(isinstance(amount, Decimal) for amount in table["proceeds"])
    assert table["quantity"].iloc[1] == Decimal("0.000000000000000001")


def test_a_table_of_one_year_holds_that_year_alone(tmp_path: Path) -> None:
    found = report(tmp_path)
    assert list(frames.dispositions(found, 2025)["asset"]) == ["ETH"]
    assert frames.dispositions(found, 1999).empty


def test_a_table_of_open_lots_keeps_unrounded_basis(tmp_path: Path) -> None:
    table = frames.open_lots(report(tmp_path)).set_index("asset")
    assert table.loc["AAPL", "quantity"] == 2
    assert abs(table.loc["AAPL", "basis"] - Decimal(200) / 3) < Decimal("1e-20")
    assert not table.loc["ETH", "is_ira"]


def test_a_ledger_with_errors_has_no_tables_but_its_problems() -> None:
    block = [["Date", "Type", "Asset", "Quantity", "Amount", "Account", "Class"]]
    wrong = [*block, ["2025-01-02", "Sell", "XYZ", 5, 100, "Schwab", "stock"]]
    report = compute(ledger_from_blocks(wrong))
    for table in (frames.dispositions, frames.open_lots):
        with pytest.raises(InvalidLedger, match="5 XYZ leave Schwab") as refused:
            table(report)
        assert refused.value.problems == report.problems
