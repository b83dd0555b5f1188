"""A report takes work in proportion to the ledger's assets and accounts."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from capgain.engine.compute import compute
from capgain.workbook.reading.ledger_file import read_ledger_file
from capgain.workbook.report import report_book
from capgain.workbook.report.ledger_proof import LedgerProof

HEADER = ("Date", "Type", "Asset", "Quantity", "Amount", "Account", "Class")


def looks_at_cells(assets: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often the cells of a ledger of two rows for each asset are looked at while its report is laid out."""
    rows: list[tuple[object, ...]] = [HEADER]
    for number in range(assets):
        day = date(2025, 1, 2) + timedelta(days=number % 90)
        place = (f"S{number}", 10, 1000 + number, f"Account {number}", "stock")
        rows += [(day, "Buy", *place), (day + timedelta(days=120), "Sell", *place)]
    path = folder / f"{assets}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    source = read_ledger_file(path, overrides=["Filing Status=single"])
    report = compute(source.ledger, lots_as_of=date(2025, 12, 31))
    looks, text = [0], LedgerProof._text

    def counted(proof: LedgerProof, row: int, column: str) -> str:
        looks[0] += 1
        return text(proof, row, column)

    with monkeypatch.context() as patched:
        patched.setattr(LedgerProof, "_text", counted)
        report_book(report, source, 2025)
    return looks[0]


def test_twice_the_assets_and_accounts_are_twice_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once, twice = (looks_at_cells(assets, tmp_path, monkeypatch) for assets in (20, 40))
    assert once > 0
    assert twice <= 2.2 * once
