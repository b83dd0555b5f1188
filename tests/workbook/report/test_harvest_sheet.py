"""The sheet Harvest: its savings are live, recalculate to the engine's, and follow a changed price."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from capgain.engine.ledger import Price
from capgain.engine.planning.harvest import harvest
from capgain.engine.report import TaxReport
from capgain.workbook.report import report_book
from capgain.workbook.report.harvest import AT
from capgain.workbook.sheets import Book, Formula
from capgain.workbook.xlsx.writer import write_book
from libreoffice import formulas, needs_libreoffice, recalculated, recalculated_all, values

Make = Callable[..., tuple[Any, TaxReport]]
HALF_A_CENT = 0.005

ROWS: tuple[tuple[object, ...], ...] = (
    (date(2023, 1, 5), "Buy", "AAPL", 100, 12000, 0, "Schwab", None, None, "A", "stock"),
    (date(2025, 2, 3), "Buy", "TSLA", 100, 40000, 0, "Schwab", None, None, "T1", "stock"),
    (date(2025, 3, 3), "Sell", "AAPL", 40, 12000, 0, "Schwab", None, None, None, "stock"),
    (date(2025, 3, 4), "Buy", "NVDA", 10, 9000, 0, "Schwab", None, None, "N", "stock"),
    (date(2025, 4, 4), "Sell", "NVDA", 5, 9000, 0, "Schwab", None, None, None, "stock"),
    (date(2025, 4, 7), "Buy", "ETH", "1.123456789012345678", 4500, 0, "Coinbase", None, None, None, "crypto"),
    (date(2025, 12, 10), "Buy", "TSLA", 30, 9000, 0, "Schwab", None, None, "T2", "stock"),
    (date(2025, 12, 11), "Buy", "VOO", "3.5", 2500, 0, "Schwab", None, None, None, "fund"),
)
PRICES = (
    ("Asset", "Price", "Date"),
    ("AAPL", 90, date(2025, 12, 19)),
    ("TSLA", 300, date(2025, 12, 19)),
    ("NVDA", 1000, date(2025, 12, 19)),
    ("ETH", 3000.125, date(2025, 12, 19)),
)
COINS = (
    *ROWS,
    (date(2020, 1, 5), "Buy", "GOLD COIN", 10, 12000, 0, "Schwab", None, None, None, "collectible"),
    (date(2020, 1, 5), "Buy", "OLD COIN", 10, 12000, 0, "Schwab", None, None, None, "collectible"),
    (date(2025, 5, 5), "Sell", "GOLD COIN", 10, 60000, 0, "Schwab", None, None, None, "collectible"),
)
COIN_PRICES = (*PRICES, ("OLD COIN", 700, date(2025, 12, 19)))
SINGLE = ("Filing Status", "single")
CASES: dict[str, tuple[Any, Any, tuple[tuple[str, object], ...]]] = {
    "other income": (ROWS, PRICES, (SINGLE, ("Other Income", 60000), ("Qualified Dividends", 1000))),
    "the 0% band": (ROWS, PRICES, (("Filing Status", "mfj"), ("Other Income", 52000.25))),
    "separate returns with a loss carried in": (
        ROWS,
        PRICES,
        (("Filing Status", "mfs"), ("Taxable Income", 80000), ("Carryover Short", 1234.56)),
    ),
    "the net investment income tax": (
        ROWS,
        PRICES,
        (
            SINGLE,
            ("Taxable Income", 240000),
            ("MAGI", 210000),
            ("Net Investment Income", 30000),
            ("Qualified Dividends", 5000),
        ),
    ),
    "collectibles": (COINS, COIN_PRICES, (SINGLE, ("Other Income", 150000))),
    "line 18 and 19 from elsewhere": (
        ROWS,
        PRICES,
        (SINGLE, ("Other Income", 150000), ("Schedule D 12", 40000), ("Schedule D 18", 500), ("Schedule D 19", 900)),
    ),
    "no income": (ROWS, PRICES, (SINGLE,)),
    "no tax at all": (ROWS, PRICES, (SINGLE, ("Other Income", -20000))),
}
"""rows, prices and settings by name of the case"""

Fresh = Mapping[str, tuple[Path, Mapping[str, Mapping[str, Any]]]]


def made(make: Make, name: str) -> tuple[Book, TaxReport]:
    rows, prices, settings = CASES[name]
    source, report = make(rows, prices=prices, settings=(("Name", "Value"), *settings))
    assert not report.has_errors, report.problems
    return report_book(report, source, 2025), report


@pytest.fixture(scope="module")
def cases(make: Make, tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    folder = tmp_path_factory.mktemp("harvest")
    paths = []
    for number, name in enumerate(CASES):
        paths.append(folder / f"harvest {number}.xlsx")
        write_book(made(make, name)[0], paths[-1])
    return dict(zip(CASES, zip(paths, recalculated_all(paths), strict=True), strict=True))


@needs_libreoffice
@pytest.mark.parametrize("name", CASES)
def test_every_formula_recalculates_to_the_engine_s_value(name: str, cases: Fresh) -> None:
    path, fresh = cases[name]
    cached, found = values(path)["Harvest"], formulas(path)["Harvest"]
    assert len(found) > 15
    for place, formula in found.items():
        before, after = cached[place], fresh["Harvest"].get(place)
        same = before == after
        if isinstance(before, int | float) and isinstance(after, int | float):
            same = abs(before - after) < HALF_A_CENT
        assert same, f"{place} {formula}: {before!r}, recalculated {after!r}"


def listed(book: Book) -> dict[int, dict[str, Any]]:
    """The list's cells by the ledger row of the lot and heading; a formula is its expected value."""
    rows = [list(row) for row in book.sheet("Harvest").rows]
    heading = next(
        place for place, row in enumerate(rows) if row and row[0] is not None and row[0].content == "Ledger row"
    )
    found: dict[int, dict[str, Any]] = {}
    for row in rows[heading + 1 :]:
        cells = {}
        for name, cell in zip(AT, row, strict=False):
            content = None if cell is None else cell.content
            cells[name] = content.expected if isinstance(content, Formula) else content
        found[int(str(cells["Ledger row"]))] = cells
    return found


@pytest.mark.parametrize("name", CASES)
def test_the_list_is_the_engine_s(name: str, make: Make) -> None:
    book, report = made(make, name)
    engine = harvest(report.ledger, date(2025, 12, 19))
    rows = listed(book)
    assert list(rows) == [lot.row for lot in engine.losses]
    for lot in engine.losses:
        cells = rows[lot.row]
        assert (cells["Loss"], cells["Saves"]) == (lot.unrealized, lot.saves)
        assert (cells["Not allowed"] or 0) == lot.disallowed
        assert cells["Saves so far"] == lot.saves_so_far


def test_the_wash_sale_of_tesla_is_shown_with_its_days(make: Make) -> None:
    """Loss 100 a share on 100 shares; the 30 bought on 10 December replace 30 of them until 10 January."""
    cells = listed(made(make, "other income")[0])[3]
    assert (cells["Loss"], cells["Units replaced"], cells["Not allowed"]) == (-10000, 30, 3000)
    assert (cells["Clear from"], cells["Buy back from"]) == (date(2026, 1, 10), date(2026, 1, 19))
    assert cells["Sell"] is None


def test_an_asset_without_a_price_is_named(make: Make) -> None:
    book, _ = made(make, "other income")
    words = [str(cell.content) for row in book.sheet("Harvest").rows for cell in row if cell is not None]
    assert any("without a price" in text and "VOO" in text for text in words)


def test_without_income_there_are_no_dollars_of_tax(make: Make) -> None:
    book, _ = made(make, "no income")
    words = [str(cell.content) for row in book.sheet("Harvest").rows for cell in row if cell is not None]
    assert any("No dollars of tax" in text for text in words)
    assert {cells["Saves"] for cells in listed(book).values()} == {None}


def test_there_is_no_sheet_without_prices_of_the_year(make: Make) -> None:
    for prices in (None, (("Asset", "Price", "Date"), ("AAPL", 90, date(2024, 12, 19)))):
        source, report = make(ROWS, prices=prices)
        assert "Harvest" not in [sheet.name for sheet in report_book(report, source, 2025).sheets]


def test_a_price_without_a_date_is_of_the_end_of_a_year_that_is_over(make: Make) -> None:
    source, report = make(ROWS, prices=(("Asset", "Price"), ("AAPL", 90)))
    first = report_book(report, source, 2025).sheet("Harvest").rows[0][0]
    assert first is not None
    assert first.content == "Harvest as of 12/31/2025"
    assert "Harvest" not in [sheet.name for sheet in report_book(report, source, 2024).sheets]


@needs_libreoffice
def test_a_changed_price_changes_what_the_sale_saves(make: Make, tmp_path: Path) -> None:
    """AAPL at 100 instead of 90: 60 shares lose 20 each instead of 30."""
    book, report = made(make, "other income")
    path = tmp_path / "book.xlsx"
    write_book(book, path)
    opened = openpyxl.load_workbook(path)
    sheet = opened["Harvest"]
    number = next(row for row in range(1, sheet.max_row + 1) if sheet[f"B{row}"].value == "AAPL")
    sheet[f"{AT['Price']}{number}"] = 100
    opened.save(tmp_path / "changed.xlsx")
    fresh = recalculated(tmp_path / "changed.xlsx")["Harvest"]
    ledger = replace(report.ledger, prices=(*report.ledger.prices, Price("AAPL", Decimal(100))))
    lot = next(lot for lot in harvest(ledger, date(2025, 12, 19)).losses if lot.asset == "AAPL")
    assert fresh[f"{AT['Loss']}{number}"] == -1200
    assert lot.saves is not None
    assert abs(fresh[f"{AT['Saves']}{number}"] - float(lot.saves)) < HALF_A_CENT
