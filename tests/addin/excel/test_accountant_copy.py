"""The ribbon's Accountant Copy on a stand-in Excel: the saved workbook's hand-off beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import xlwings as xw

from addin.example_ledger import ROWS
from addin.stand_in_book import stand_in
from capgain.addin.excel.ribbon.pressed import perform

SHEETS = {"Ledger": ROWS, "Settings": [["Name", "Value"], ["Tax Year", 2025], ["Filing Status", "single"]]}


@pytest.fixture(autouse=True)
def _engine() -> Iterator[None]:
    """No stand-in is left as xlwings' active engine."""
    yield
    xw.engines.active = None


def test_the_folder_and_its_zip_stand_beside_the_saved_workbook(tmp_path: Path) -> None:
    book, impl = stand_in(SHEETS)
    impl.fullname = str(tmp_path / "mine.xlsx")
    perform("accountant_copy", book)
    assert impl.calls[0] == ("save",)
    assert (tmp_path / "mine for accountant" / "workpapers.xlsx").exists(), impl.app.alerts
    assert (tmp_path / "mine for accountant" / "manifest.json").exists()
    assert "mine for accountant" in impl.app.alerts[-1]


def test_a_workbook_without_a_file_is_asked_to_be_saved_first() -> None:
    book, impl = stand_in(SHEETS)
    impl.fullname = "Book1"
    perform("accountant_copy", book)
    assert impl.calls == []
    assert impl.app.alerts[-1].startswith("Save the workbook first.")
