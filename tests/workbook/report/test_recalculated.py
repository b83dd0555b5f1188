"""LibreOffice recalculates the report: every formula is the engine's to the cent, and a changed cell fails a check."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from capgain.engine.report import TaxReport
from capgain.workbook.file_writer import write_book
from capgain.workbook.report import report_book
from libreoffice import formulas, needs_libreoffice, needs_pdftoppm, pages_to_png, recalculated, to_pdf, values

pytestmark = needs_libreoffice

HALF_A_CENT = 0.005
Make = Callable[..., tuple[Any, TaxReport]]


def differences(path: Path) -> list[str]:
    """The formulas whose recalculated value is not the cached one."""
    cached, fresh = values(path), recalculated(path)
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


@pytest.mark.parametrize("settings", VARIANTS.values(), ids=VARIANTS)
def test_settings_of_every_kind_recalculate_too(
    settings: tuple[tuple[str, object], ...], make: Make, tmp_path: Path
) -> None:
    source, report = make(settings=(("Name", "Value"), *settings))
    path = tmp_path / "report.xlsx"
    write_book(report_book(report, source, None), path)
    assert differences(path) == []


def test_a_ledger_of_no_sales_recalculates(make: Make, tmp_path: Path) -> None:
    source, report = make(((date(2025, 1, 2), "Buy", "XYZ", 1, 10, 0, "Schwab", None, None, None, "stock"),))
    path = tmp_path / "report.xlsx"
    write_book(report_book(report, source, 2025), path)
    assert differences(path) == []


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
