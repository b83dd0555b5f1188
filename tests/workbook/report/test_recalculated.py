"""LibreOffice recalculates the report: every formula is the engine's to the cent, and a changed cell fails a check."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from capgain.engine.report import TaxReport
from capgain.workbook.report import report_book
from capgain.workbook.xlsx.writer import write_book
from libreoffice import (
    formulas,
    needs_libreoffice,
    needs_pdftoppm,
    pages_to_png,
    recalculated,
    recalculated_all,
    to_pdf,
    values,
)

pytestmark = needs_libreoffice

HALF_A_CENT = 0.005
Make = Callable[..., tuple[Any, TaxReport]]


def differences(path: Path) -> list[str]:
    """The formulas whose recalculated value is not the cached one."""
    return _differences(path, recalculated(path))


def _differences(path: Path, fresh: Mapping[str, Mapping[str, Any]]) -> list[str]:
    cached = values(path)
    found = []
    for sheet, cells in formulas(path).items():
        for place, formula in cells.items():
            before, after = cached[sheet].get(place), fresh[sheet].get(place)
            if not _same(before, after):
                found.append(f"{sheet}!{place} {formula}: {before!r}, recalculated {after!r}")
    return found


def _same(before: Any, after: Any) -> bool:
    numbers = (int, float)
    if (
        isinstance(before, numbers)
        and isinstance(after, numbers)
        and isinstance(before, bool) == isinstance(after, bool)
    ):
        return abs(before - after) < HALF_A_CENT
    return before is not None and type(before) is type(after) and before == after and not str(after).startswith("#")


@pytest.mark.parametrize("which", ["written", "written_all"])
def test_every_formula_recalculates_to_the_engine_s_value(which: str, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue(which)
    assert sum(map(len, formulas(path).values())) > 250
    assert differences(path) == []


COLLECTIBLES = (
    (date(2023, 1, 5), "Buy", "GOLD COIN", 10, 12000, 0, "Schwab", None, None, None, "collectible"),
    (date(2023, 1, 5), "Buy", "AAPL", 100, 12000, 0, "Schwab", None, None, None, "stock"),
    (date(2023, 6, 5), "Buy", "MSFT", 10, 3000, 0, "Schwab", None, None, None, "stock"),
    (date(2024, 5, 1), "Sell", "GOLD COIN", 10, 60000, 0, "Schwab", None, None, None, "collectible"),
    (date(2024, 5, 2), "Sell", "AAPL", 100, 90000, 0, "Schwab", None, None, None, "stock"),
    (date(2024, 5, 3), "Sell", "MSFT", 10, 2200, 0, "Schwab", None, None, None, "stock"),
)
STOCK = COLLECTIBLES[1:3] + COLLECTIBLES[4:]
SINGLE = ("Filing Status", "single")
RATES = {
    "no income": (("Taxable Income", 0),),
    "a loss of income": (("Taxable Income", -20000),),
    "a row of the tax table": (("Other Income", 3024.99),),
    "the lowest rows": (("Other Income", 24.5),),
    "the end of the tax table": (("Other Income", 99999.99),),
    "fifteen percent": (("Other Income", 100000), ("Qualified Dividends", 1234.56)),
    "twenty percent and the net investment income tax": (
        ("Taxable Income", 900000),
        ("Qualified Dividends", 50000),
        ("MAGI", 930000),
        ("Net Investment Income", 200000),
    ),
}
"""what Settings state of a return's income"""

ITEMIZED = (("Deduction", "itemized"),)

VARIANTS = {
    "exception 1 and separate returns": (("Filing Status", "mfs"), ("Taxable Income", -1000), ("Exception 1", "yes")),
    "nothing stated": (("Filing Status", "single"),),
    "gains from elsewhere": (
        ("Filing Status", "mfj"),
        ("Taxable Income", 200000),
        ("Schedule D 4", 25000.55),
        ("Schedule D 13", 12000),
        ("Schedule D 18", 500),
        ("Qualified Dividends", 0),
        ("Carryover Short", 1234.56),
        ("Carryover Long", 99),
    ),
    "whole dollars": (("Filing Status", "hoh"), ("Taxable Income", 50000), ("Whole Dollars", "yes")),
}


CASES: dict[str, tuple[tuple[tuple[object, ...], ...] | None, tuple[tuple[str, object], ...], int | None]] = {
    **{name: (None, settings, None) for name, settings in VARIANTS.items()},
    **{f"stock, {name}": (STOCK, (SINGLE, *income), 2024) for name, income in RATES.items()},
    **{f"collectibles, {name}": (COLLECTIBLES, (SINGLE, *income), 2024) for name, income in RATES.items()},
    "the AMT of separate returns": (
        STOCK,
        (("Filing Status", "mfs"), ("Other Income", 900000), ("AMT Adjustments", 300000), ("Foreign Tax Credit", 500)),
        2024,
    ),
    "the AMT with itemized deductions, collectibles": (
        COLLECTIBLES,
        (SINGLE, ("Other Income", 90000), *ITEMIZED, ("Schedule A 7", 40000), ("AMT Adjustments", 400000.5)),
        2024,
    ),
    "no AMT without Schedule A 7": (STOCK, (SINGLE, ("Other Income", 90000), *ITEMIZED), 2024),
    "section 1256 contracts": (
        (
            *STOCK,
            (date(2024, 5, 1), "Buy", "/ESU4", 3, 15000.1, 2.25, "Schwab", None, None, None, "1256"),
            (date(2024, 5, 2), "Sell", "/ESU4", 1, 5100.55, 0.75, "Schwab", None, None, None, "1256"),
            (date(2024, 5, 3), "Short Sell", "/ESU4", 3, 14000, 0, "Schwab", None, None, None, "1256"),
            (date(2024, 6, 3), "Cover", "/ESU4", 1, 5200, 1, "Schwab", None, None, None, "1256"),
            (date(2024, 12, 31), "1256 Loss", None, None, 777.77, None, 'K-1 "Alpha"', None, None, None, None),
        ),
        (SINGLE, ("Other Income", 90000), ("Form 6781 4", -12.34), ("Schedule D 4", 100), ("Schedule D 11", -5)),
        2024,
    ),
    "section 1256 contracts in whole dollars": (
        (
            (date(2024, 5, 1), "Buy", "/ESU4", 1, 5000.1, 2.25, "Schwab", None, None, None, "1256"),
            (date(2024, 5, 2), "Sell", "/ESU4", 1, 5100.55, 0.75, "Schwab", None, None, None, "1256"),
        ),
        (SINGLE, ("Whole Dollars", "yes")),
        2024,
    ),
    **{
        f"open section 1256 contracts, {name}": (
            (
                *COLLECTIBLES[:3],
                (date(2026, 1, 10), "Buy", "/ESZ6", 2, 500012.5, 4.53, "Schwab", None, None, None, "1256"),
                (date(2026, 3, 10), "Sell", "/ESZ6", 1, 255000, 2.25, "Schwab", None, None, None, "1256"),
                (date(2026, 5, 10), "Short Sell", "/MNQZ6", 3, 120000, 1.11, "Coinbase", None, None, None, "1256"),
                (date(2026, 6, 1), "Sell", "GOLD COIN", 5, 30000, 0, "Schwab", None, None, None, "collectible"),
            ),
            (SINGLE, ("Other Income", 100000), ("Tax Year", 2026), *settings),
            2026,
        )
        for name, settings in {
            "with collectibles": (),
            "at a loss carried over": (("Carryover Long 2026", 90000.5),),
            "in whole dollars": (("Whole Dollars", "yes"), ("Schedule D 4", 33), ("Schedule D 11", -45)),
            "lines stated": (("Form 6781 4", -300), ("Schedule D 18", 50), ("AMT Adjustments", 200000)),
        }.items()
    },
    "estimated tax, annualized": (
        STOCK,
        (
            SINGLE,
            ("Other Income", 90000),
            ("Total Tax 2023", 30000),
            ("AGI 2023", 150000.01),
            ("Withholding", 9000.03),
            ("Estimated Paid 2024", "2024-04-15 4000; 2024-06-20 3000.5"),
        ),
        2024,
    ),
    "estimated tax of last year alone": (
        STOCK,
        (SINGLE, ("Total Tax 2023", 30000), ("AGI 2023", 150000), ("Estimated Paid 2024", 1001)),
        2024,
    ),
    "no estimated tax is required": (
        STOCK,
        (SINGLE, ("Current Year Tax", 20000.55), ("Withholding 2024", 19000.56)),
        2024,
    ),
    "no sales": (((date(2025, 1, 2), "Buy", "XYZ", 1, 10, 0, "Schwab", None, None, None, "stock"),), (SINGLE,), 2025),
}
"""rows, settings and year by name of the case"""

OPEN_CONTRACTS = (
    ("Asset", "Price", "Date"),
    ("/ESZ6", 5333.37, date(2026, 12, 31)),
    ("/MNQZ6", 20500.33, date(2026, 12, 31)),
    ("GOLD COIN", 5000, date(2026, 12, 31)),
)
"""The year's last prices: of a year that is over they are the marks themselves."""

Fresh = Mapping[str, tuple[Path, Mapping[str, Mapping[str, Any]]]]


@pytest.fixture(scope="module")
def cases(make: Make, tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """Every case's report and its recalculated values, from one start of LibreOffice."""
    folder = tmp_path_factory.mktemp("cases")
    paths = []
    for number, (rows, settings, year) in enumerate(CASES.values()):
        given: dict[str, object] = {} if rows is None else {"rows": rows}
        if "open" in list(CASES)[number]:
            given["prices"] = OPEN_CONTRACTS
        source, report = make(**given, settings=(("Name", "Value"), *settings))
        paths.append(folder / f"case {number}.xlsx")
        write_book(report_book(report, source, year), paths[-1])
    return dict(zip(CASES, zip(paths, recalculated_all(paths), strict=True), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_every_kind_of_settings_and_every_rate_recalculates(name: str, cases: Fresh) -> None:
    path, fresh = cases[name]
    assert _differences(path, fresh) == []
    assert "FAIL" not in fresh["Checks"].values()


def test_a_changed_amount_fails_a_check_and_the_readme_says_so(written: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written)
    sheet = book["8949 Long"]
    row = next(cell.row for cell in sheet["A"] if cell.value == "40 sh. AAPL")
    sheet[f"D{row}"] = sheet[f"D{row}"].value + 100
    changed = tmp_path / "changed.xlsx"
    book.save(changed)
    fresh = recalculated(changed)
    failed = [fresh["Checks"][f"C{place[1:]}"] for place, value in fresh["Checks"].items() if value == "FAIL"]
    assert any("box D, column (d)" in text for text in failed)
    assert any("Schedule D line 16" in text for text in failed)
    assert "FAIL" in fresh["Readme"].values()


@needs_pdftoppm
def test_the_forms_print_one_page_wide(written: Path, tmp_path: Path) -> None:
    pdf = to_pdf(written, tmp_path)
    pages = pages_to_png(pdf, tmp_path, dpi=20)
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    printed = text.split("\f")[: len(pages)]
    form = [page for page in printed if "Form 8949 (2024) Part" in page]
    assert len(form) == 3
    assert all("(a)" in page and "(h)" in page for page in form)
    schedule = [page for page in printed if "Schedule D (Form 1040) 2024" in page]
    assert len(schedule) == 2
    assert "Part III" in schedule[1]
    assert all("Page " in page for page in printed)
