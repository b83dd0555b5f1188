"""Cells as XML: what a cell of a spreadsheet can hold of a number, a date or a text."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from capgain.workbook.xlsx.sheet_xml import CellForm, Value, cell_xml


@pytest.mark.parametrize("number", ["123456789012.345", "1E+20", "0.00000001", "-12.50", "100000000000000000000"])
def test_a_number_of_fifteen_digits_is_a_number(number: str) -> None:
    assert f"<v>{Decimal(number):f}</v>" in cell_xml("", "A1", 0, Decimal(number))


@pytest.mark.parametrize("number", ["1234567890123.456", "1000000000000000000000000000.01", "-0.1234567890123456"])
def test_a_number_of_more_digits_is_text_digit_for_digit(number: str) -> None:
    assert f"<t>{number}</t>" in cell_xml("", "A1", 0, Decimal(number))


@pytest.mark.parametrize(
    "value", ["plain", " edge ", "a<b&c", "x", Decimal(7), date(2025, 3, 1), datetime(2025, 3, 1, 6)]
)
def test_a_column_writes_each_cell_as_a_cell_of_its_own(value: Value) -> None:
    form = CellForm("x:", "AB", 3, date_1904=False)
    for row in (7, 8):
        assert form.xml(row, value) == cell_xml("x:", f"AB{row}", 3, value)


def test_a_column_keeps_different_texts_apart_however_many_there_are() -> None:
    form = CellForm("", "A", 0, date_1904=False)
    for round_of_two in range(2):
        for number in range(300):
            assert f"<t>text {number}</t>" in form.xml(number, f"text {number}"), round_of_two
