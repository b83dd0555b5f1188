"""Every sample imported a second time, or with its rows in another order: nothing is added, nothing is lost."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from capgain.workbook.importing.import_files import ImportResult, import_files

from .builders import file
from .test_formats import FILES, NAMES, SAMPLES, TABLES, WITHOUT_ZONE

ONE_AFTER_ANOTHER = {
    "binance_transactions": "rows of one second next to each other are trades",
    "schwab_equity_awards": "details stand below their row",
    "schwab_equity_awards_2026": "details stand below their row",
    "gemini": "its own totals",
    "interactive_brokers": "each table has its header above it",
    "robinhood_1099": "each form has its header above it",
    "vanguard": "each table has its header above it",
}
"""Samples in which the order of rows says something."""


def brought_in(path: Path, name: str, output: Path, into: Path | None = None) -> ImportResult:
    prices = SAMPLES / f"{name}.prices.csv"
    return import_files(
        [path],
        output=output,
        into=into,
        time_zone="America/New_York",
        prices=[prices] if prices.exists() else [],
        lots="lots" in name or "1099" in name,
        source_zones=dict.fromkeys(WITHOUT_ZONE, "UTC"),
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_second_import_adds_nothing_and_leaves_as_much_to_settle(name: str, tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    first = brought_in(FILES[name], name, book)
    again = brought_in(FILES[name], name, book, into=book)
    assert again.rows == ()
    assert sorted(item.message for item in again.unsettled) == sorted(item.message for item in first.unsettled)


@pytest.mark.parametrize("name", sorted(set(TABLES) - set(ONE_AFTER_ANOTHER)))
def test_the_order_of_rows_says_nothing(name: str, tmp_path: Path) -> None:
    with FILES[name].open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.reader(text))
    widest = max(len(row) for row in rows)
    top = next(place for place, row in enumerate(rows) if sum(map(bool, row)) > widest // 2) + 1
    below = rows[top:]
    random.Random(name).shuffle(below)
    shuffled = tmp_path / FILES[name].name
    with shuffled.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text).writerows([*rows[:top], *below])

    def told(result: ImportResult) -> list[dict[str, object]]:
        said = [{k: v for k, v in row.values.items() if not k.startswith("Source")} for row in result.rows]
        return sorted(said, key=repr)

    inorder = brought_in(FILES[name], name, tmp_path / "one.xlsx")
    assert told(brought_in(shuffled, name, tmp_path / "two.xlsx")) == told(inorder)


@pytest.mark.parametrize("name", NAMES)
def test_what_waits_does_not_enter_the_ledger_because_another_file_is_imported(name: str, tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    first = brought_in(FILES[name], name, book)
    other = file(tmp_path, "another.csv", "Date,Type,Asset,Quantity,Amount,Account", "2025-01-02,Buy,ZZZ,1,5,Elsewhere")
    later = import_files([other], output=book, into=book, time_zone="America/New_York")
    assert [row.values["Asset"] for row in later.rows] == ["ZZZ"]
    assert sorted(item.message for item in later.unsettled) == sorted(item.message for item in first.unsettled)
