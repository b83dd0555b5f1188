"""The sheet Harvest: what is ticked is live, recalculates to the engine's, and follows another price."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from capgain.engine.planning.ticked import LotKey, Tick, planned
from capgain.engine.report import TaxReport
from capgain.workbook.report import report_book
from capgain.workbook.report.harvest_list import BAD_CELL, FIRST, TOO_MANY, UNPRICED_TICK, WASHED
from capgain.workbook.sheets import Book, Formula
from capgain.workbook.xlsx.writer import write_book
from libreoffice import formulas, needs_libreoffice, recalculated, recalculated_all, values

Make = Callable[..., tuple[Any, TaxReport]]
HALF_A_CENT = 0.005
DAY = date(2025, 12, 19)

ROWS: tuple[tuple[object, ...], ...] = (
    (date(2023, 1, 5), "Buy", "AAPL", 100, 12000, 0, "Schwab", None, None, "A", "stock"),
    (date(2025, 2, 3), "Buy", "TSLA", 100, 40000, 0, "Schwab", None, None, "T1", "stock"),
    (date(2025, 3, 3), "Sell", "AAPL", 40, 12000, 0, "Schwab", None, None, None, "stock"),
    (date(2025, 3, 4), "Buy", "NVDA", 10, 9000, 0, "Schwab", None, None, "N", "stock"),
    (date(2025, 4, 4), "Sell", "NVDA", 5, 9000, 0, "Schwab", None, None, None, "stock"),
    (date(2025, 4, 7), "Buy", "ETH", "1.123456789012345678", 4500, 0, "Coinbase", None, None, None, "crypto"),
    (date(2025, 12, 10), "Buy", "TSLA", 30, 9000, 0, "Schwab", None, None, "T2", "stock"),
    (date(2025, 12, 11), "Buy", "VOO", "3.5", 2500, 0, "Schwab", None, None, "V", "fund"),
)
PRICES = (
    ("Asset", "Price", "Date"),
    ("AAPL", 90, DAY),
    ("TSLA", 300, DAY),
    ("NVDA", 1000, DAY),
    ("ETH", 3000.125, DAY),
)
COINS = (
    *ROWS,
    (date(2020, 1, 5), "Buy", "GOLD COIN", 10, 12000, 0, "Schwab", None, None, None, "collectible"),
    (date(2020, 1, 5), "Buy", "OLD COIN", 10, 12000, 0, "Schwab", None, None, "O", "collectible"),
    (date(2025, 5, 5), "Sell", "GOLD COIN", 10, 60000, 0, "Schwab", None, None, None, "collectible"),
)
COIN_PRICES = (*PRICES, ("OLD COIN", 700, DAY))
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
    "income figured from AGI": (
        ROWS,
        PRICES,
        (SINGLE, ("AGI Without Gains", 90000), ("65 or Older", 1), ("Qualified Dividends", 5000)),
    ),
    "AGI, itemized, with Form 8960 line by line": (
        COINS,
        COIN_PRICES,
        (
            ("Filing Status", "mfj"),
            ("AGI Without Gains", 240000),
            ("Itemized Deductions", 41000),
            ("Schedule A 7", 10000),
            ("65 or Older", 2),
            ("Form 8960 1", 700),
            ("Form 8960 9b", 300),
            ("Schedule 1 4", -1500),
        ),
    ),
    "line 18 and 19 from elsewhere": (
        ROWS,
        PRICES,
        (SINGLE, ("Other Income", 150000), ("Schedule D 12", 40000), ("Schedule D 18", 500), ("Schedule D 19", 900)),
    ),
    "no income": (ROWS, PRICES, (SINGLE,)),
    "no tax at all": (ROWS, PRICES, (SINGLE, ("Other Income", -20000))),
}
"""rows, prices and settings by name of the case"""

KEYS = {
    "A": LotKey(2, "Schwab", "A", date(2023, 1, 5)),
    "T1": LotKey(3, "Schwab", "T1", date(2025, 2, 3)),
    "N": LotKey(5, "Schwab", "N", date(2025, 3, 4)),
    "ETH": LotKey(7, "Coinbase", "", date(2025, 4, 7)),
}
TICKS: Mapping[LotKey, Decimal | None] = {
    KEYS["A"]: Decimal(7),
    KEYS["T1"]: None,
    KEYS["N"]: Decimal(2),
    KEYS["ETH"]: None,
}
COMPARED = ("line_7", "line_15", "line_16", "line_21", "carry_short", "carry_long", "taxable_income", "tax")

Fresh = Mapping[str, tuple[Path, Mapping[str, Mapping[str, Any]]]]


def made(make: Make, name: str, ticks: Mapping[LotKey, Decimal | None] | None = None) -> tuple[Book, TaxReport]:
    rows, prices, settings = CASES[name]
    source, report = make(rows, prices=prices, settings=(("Name", "Value"), *settings))
    assert not report.has_errors, report.problems
    return report_book(report, source, 2025, ticks=ticks), report


@pytest.fixture(scope="module")
def ticked(make: Make, tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    folder = tmp_path_factory.mktemp("harvest")
    paths = []
    for number, name in enumerate(CASES):
        paths.append(folder / f"harvest {number}.xlsx")
        write_book(made(make, name, TICKS)[0], paths[-1])
    return dict(zip(CASES, zip(paths, recalculated_all(paths), strict=True), strict=True))


@needs_libreoffice
@pytest.mark.parametrize("name", CASES)
def test_every_formula_recalculates_to_its_value(name: str, ticked: Fresh) -> None:
    path, fresh = ticked[name]
    for sheet in ("Harvest", "Portfolio", "Open Lots", "Calendar", "Tax"):
        cached, found = values(path)[sheet], formulas(path)[sheet]
        assert found or (name, sheet) == ("no income", "Tax")
        for place, formula in found.items():
            before, after = cached.get(place), fresh[sheet].get(place)
            same = before == after
            if isinstance(before, int | float) and isinstance(after, int | float):
                same = abs(before - after) < HALF_A_CENT
            assert same, f"{sheet} {place} {formula}: {before!r}, recalculated {after!r}"


@needs_libreoffice
@pytest.mark.parametrize("name", CASES)
def test_the_ticked_sales_come_to_what_the_engine_says(name: str, ticked: Fresh, make: Make) -> None:
    _, report = made(make, name)
    prices = {"A": 90, "T1": 300, "N": 1000, "ETH": Decimal("3000.125")}
    assets = {"A": "AAPL", "T1": "TSLA", "N": "NVDA", "ETH": "ETH"}
    ticks = [Tick(KEYS[lot], assets[lot], Decimal(price), TICKS[KEYS[lot]]) for lot, price in prices.items()]
    engine = planned(report.ledger, DAY, ticks)
    fresh = ticked[name][1]["Harvest"]
    for column, lines in (("H", engine.now), ("J", engine.then)):
        for row, line in enumerate(COMPARED, start=3):
            amount: Decimal | None = getattr(lines, line)
            shown = fresh[f"{column}{row}"]
            if amount is None:
                assert shown == "state Other Income"
            else:
                assert abs(abs(shown) - abs(float(amount))) < HALF_A_CENT, (line, shown, amount)
    saved = fresh["L12"]
    assert saved == "state Other Income" if engine.tax_saved is None else abs(saved - float(engine.tax_saved)) < 0.005


def listed(book: Book) -> dict[str, dict[str, Any]]:
    """The list's cells by asset and lot, and heading; a formula is its expected value."""
    rows = [list(row) for row in book.sheet("Harvest").rows]
    headings = [cell.content for cell in rows[FIRST - 2] if cell is not None]
    found: dict[str, dict[str, Any]] = {}
    for row in rows[FIRST - 1 :]:
        if len(row) < 18 or row[1] is None or not row[1].content:
            continue
        cells = {}
        for name, cell in zip(headings, row, strict=False):
            content = None if cell is None else cell.content
            cells[str(name)] = content.expected if isinstance(content, Formula) else content
        found[f"{cells['Asset']} {cells['Lot'] or ''}".strip()] = cells
    return found


def test_losses_come_first_and_lots_without_a_price_last(make: Make) -> None:
    assert list(listed(made(make, "other income")[0])) == [
        "TSLA T1",
        "AAPL A",
        "ETH",
        "TSLA T2",
        "NVDA N",
        "VOO V",
    ]


def test_a_ticked_loss_is_washed_by_what_was_bought_in_the_last_30_days(make: Make) -> None:
    """Loss 100 a share on 100 shares; the 30 bought on 10 December replace 30 of them."""
    cells = listed(made(make, "other income", TICKS)[0])["TSLA T1"]
    assert (cells["Result of the sale"], cells["Not allowed (wash)"], cells["Watch"]) == (-10000, 3000, WASHED)
    assert cells["Buy back from"] == date(2026, 1, 19)


def test_without_ticks_both_returns_are_the_same(make: Make) -> None:
    sheet = made(make, "other income")[0].sheet("Harvest")
    for row in sheet.rows[2:10]:
        assert row[11] is not None
        assert isinstance(row[11].content, Formula)
        assert row[11].content.expected == 0


@needs_libreoffice
def test_what_is_no_tick_is_marked_and_counts_as_nothing_and_a_price_may_be_typed_over(
    make: Make, tmp_path: Path
) -> None:
    book, _ = made(make, "other income")
    path = tmp_path / "book.xlsx"
    write_book(book, path)
    opened = openpyxl.load_workbook(path)
    sheet = opened["Harvest"]
    at = {
        f"{sheet.cell(row, 2).value} {sheet.cell(row, 19).value or ''}".strip(): row
        for row in range(FIRST, sheet.max_row + 1)
        if sheet.cell(row, 2).value
    }
    for lot, tick in (("TSLA T1", "yes"), ("NVDA N", 6), ("VOO V", "x"), ("AAPL A", " x ")):
        sheet.cell(at[lot], 1).value = tick
    sheet.cell(at["AAPL A"], 8).value = 100
    opened.save(tmp_path / "changed.xlsx")
    fresh = recalculated(tmp_path / "changed.xlsx")["Harvest"]
    assert fresh[f"Q{at['TSLA T1']}"] == BAD_CELL
    assert fresh[f"Q{at['NVDA N']}"] == TOO_MANY
    assert fresh[f"Q{at['VOO V']}"] == UNPRICED_TICK
    assert (fresh[f"K{at['AAPL A']}"], fresh[f"L{at['AAPL A']}"]) == (60, -1200)
    assert fresh["L4"] == -1200
    assert fresh["A14"].startswith("3 cell(s) in column Sell")


def test_without_income_there_are_no_dollars_of_tax(make: Make) -> None:
    book, _ = made(make, "no income")
    words = [str(cell.content) for row in book.sheet("Harvest").rows for cell in row if cell is not None]
    assert any("No dollars of tax" in text for text in words)
    assert words.count("state Other Income") == 5


def test_there_is_no_sheet_in_a_year_that_the_day_looked_from_is_not_in(make: Make) -> None:
    source, report = make(ROWS, prices=PRICES)
    assert "Harvest" not in [sheet.name for sheet in report_book(report, source, 2024).sheets]


def test_a_price_without_a_date_is_of_the_end_of_a_year_that_is_over(make: Make) -> None:
    source, report = make(ROWS, prices=(("Asset", "Price"), ("AAPL", 90)))
    day = report_book(report, source, 2025).sheet("Portfolio").rows[0][4]
    assert day is not None
    assert day.content == date(2025, 12, 31)


@needs_libreoffice
def test_open_contracts_stand_apart_beside_the_living_lines_of_schedule_d(make: Make, tmp_path: Path) -> None:
    """(5,333.37 - 5,000) x 50 = 16,668.50. Of a year that is over they are on Schedule D itself."""
    day = date(2026, 12, 31)
    rows = (*ROWS, (date(2026, 3, 3), "Buy", "/ESZ6", 1, 250000, 0, "Schwab", None, None, None, "1256"))
    prices = (*PRICES, ("AAPL", 90, day), ("/ESZ6", 5333.37, day))
    source, report = make(rows, prices=prices, settings=(("Name", "Value"), SINGLE, ("Other Income 2026", 60000)))
    path = tmp_path / "book.xlsx"
    write_book(report_book(report, source, 2026), path)
    in_cells, fresh = formulas(path)["Harvest"], recalculated(path)["Harvest"]
    assert (fresh["H3"], fresh["H4"]) == pytest.approx((6667.40, 10001.10))
    lines = [text for text in in_cells.values() if str(text).startswith("='Schedule D'!")]
    assert len(lines) == 2
