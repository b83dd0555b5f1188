"""The formulas of Schedule D, Carryover, Tax and Harvest as version 0.1.0 wrote them by hand, cell by cell.

`golden_formulas.txt` has a heading for each case and sheet and a line for each cell. A line changed there is a formula
changed on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from capgain.engine.compute import compute
from capgain.workbook.demo import demo_ledger
from capgain.workbook.report import report_book
from capgain.workbook.sheets import Book, Formula, address
from workbook.report.conftest import ROWS, source_of

GOLDEN = Path(__file__).with_name("golden_formulas.txt")
SHEETS = ("Schedule D", "Carryover", "Tax", "Harvest")
LOTS_SHOWN = 2
"""Lots of the sheet Harvest whose formulas are kept: the others differ in their row alone."""

SINGLE = ("Filing Status", "single")
RICH = (SINGLE, ("Taxable Income", 900000), ("Qualified Dividends", 50000), ("MAGI", 930000))
NIIT = ("Net Investment Income", 200000)
STOCK = (
    (date(2023, 1, 5), "Buy", "AAPL", 100, 12000, 1.25, "Schwab", None, None, None, "stock"),
    (date(2023, 6, 5), "Buy", "MSFT", 40, 12000, 0, "Schwab", None, None, None, "stock"),
    (date(2024, 5, 2), "Sell", "AAPL", 60, 90000, 0, "Schwab", None, None, None, "stock"),
    (date(2024, 5, 3), "Sell", "MSFT", 10, 2200, 0, "Schwab", None, None, None, "stock"),
)
COINS = (
    (date(2020, 1, 5), "Buy", "GOLD COIN", 10, 12000, 0, "Schwab", None, None, None, "collectible"),
    (date(2020, 1, 5), "Buy", "OLD COIN", 10, 12000, 0, "Schwab", None, None, None, "collectible"),
    *STOCK,
    (date(2024, 5, 5), "Sell", "GOLD COIN", 10, 60000, 0, "Schwab", None, None, None, "collectible"),
)
LOSSES = (*STOCK[:2], (date(2024, 5, 2), "Sell", "AAPL", 60, 1000, 0, "Schwab", None, None, None, "stock"))
PRICES = (
    ("Asset", "Price", "Date"),
    ("AAPL", 90, date(2024, 12, 19)),
    ("MSFT", 210, date(2024, 12, 19)),
    ("OLD COIN", 700, date(2024, 12, 19)),
)
ELSEWHERE = (
    ("Schedule D 4", 25000.55),
    ("Schedule D 13", 12000),
    ("Schedule D 18", 500),
    ("Schedule D 19", 900),
    ("Carryover Short", 1234.56),
    ("Carryover Long", 99),
)
CASES: dict[str, tuple[Any, tuple[tuple[str, object], ...], Any, int | None]] = {
    "nothing stated": (ROWS, (SINGLE,), None, 2024),
    "every year, apart, Exception 1": (
        ROWS,
        (("Filing Status", "mfs"), ("Taxable Income", -1000), ("Exception 1", "yes")),
        None,
        None,
    ),
    "whole dollars": (
        ROWS,
        (("Filing Status", "hoh"), ("Taxable Income", 50000), ("Whole Dollars", "yes")),
        None,
        2025,
    ),
    "stock": (STOCK, (*RICH, NIIT), PRICES, 2024),
    "losses": (LOSSES, (SINGLE, ("Other Income", 60000)), PRICES, 2024),
    "collectibles": (COINS, (*RICH, NIIT), PRICES, 2024),
    "lines from elsewhere": (STOCK, (SINGLE, ("Other Income", 150000), *ELSEWHERE), PRICES, 2024),
}
"""rows, settings, prices and year by name of the case; the demo beside them"""


def books() -> Iterator[tuple[str, Book]]:
    demo = demo_ledger()
    report = compute(demo.ledger)
    yield "demo", report_book(report, demo, report.default_year())
    for name, (rows, settings, prices, year) in CASES.items():
        source = source_of(rows, settings=(("Name", "Value"), *settings), prices=prices)
        yield name, report_book(compute(source.ledger), source, year)  # type: ignore[arg-type]


def formulas(book: Book) -> Iterator[tuple[str, str, str]]:
    """Sheet, cell and formula, in the order of the workbook."""
    for sheet in book.sheets:
        if not sheet.name.startswith(SHEETS):
            continue
        last = sheet.freeze[0] + LOTS_SHOWN if sheet.name == "Harvest" else sheet.height
        for number, row in enumerate(sheet.rows[:last], start=1):
            for place, cell in enumerate(row, start=1):
                if cell is not None and isinstance(cell.content, Formula):
                    yield sheet.name, address(number, place), cell.content.text


def listed(name: str, book: Book) -> str:
    """The formulas of a case as they stand in the golden file."""
    lines, last = [], ""
    for sheet, cell, formula in formulas(book):
        if sheet != last:
            lines.append(f"# {name}: {sheet}")
            last = sheet
        lines.append(f"{cell} {formula}")
    return "\n".join(lines) + "\n"


def golden(case: str) -> str:
    """What the golden file has of a case."""
    parts = GOLDEN.read_text(encoding="utf-8").split("# ")
    return "".join(f"# {part}" for part in parts if part.startswith(f"{case}: "))


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return {name: listed(name, book) for name, book in books()}


@pytest.mark.parametrize("case", ["demo", *CASES])
def test_every_formula_is_the_one_that_was_written_by_hand(case: str, made: dict[str, str]) -> None:
    assert made[case].splitlines() == golden(case).splitlines()


def test_the_cases_have_every_sheet() -> None:
    headings = {line.split(": ")[1] for line in GOLDEN.read_text(encoding="utf-8").splitlines() if line[0] == "#"}
    assert headings >= set(SHEETS)
