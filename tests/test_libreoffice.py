"""The helper that recalculates workbooks must itself be able to find a wrong value."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from libreoffice import needs_libreoffice, recalculated, values


@needs_libreoffice
def test_a_wrong_cached_value_is_recalculated(tmp_path: Path) -> None:
    path = tmp_path / "wrong.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("A")
    sheet.write_number(0, 0, 2)
    sheet.write_formula(0, 1, "=A1+3", None, 999)
    book.close()
    assert values(path)["A"]["B1"] == 999
    assert recalculated(path)["A"]["B1"] == 5
