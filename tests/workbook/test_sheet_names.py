"""Names of sheets: those that Excel takes stay, others become such, and none is given twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from capgain.workbook.sheet_names import LONGEST, free_sheet_name


@pytest.mark.parametrize(
    ("wanted", "given_name"),
    [
        ("Trades", "Trades"),
        ("Bob's trades", "Bob's trades"),
        ("a/b[c]:d*e?f\\g", "a b c  d e f g"),
        ("'quoted'", "quoted"),
        ("x" * 31, "x" * 31),
        ("x" * 32, "x" * 31),
        ("History", "History 2"),
        ("\n\t", "Sheet"),
        ("", "Sheet"),
    ],
)
def test_a_name_that_excel_does_not_take_becomes_one(wanted: str, given_name: str) -> None:
    assert free_sheet_name(wanted, ()) == given_name


@given(st.lists(st.text(max_size=40), max_size=12))
def test_names_are_excels_and_differ(wanted: list[str]) -> None:
    taken: set[str] = set()
    book = Workbook("never written.xlsx")
    for text in wanted:
        name = free_sheet_name(text, taken)
        assert 0 < len(name.encode("utf-16-le")) <= 2 * LONGEST
        assert name.lower() not in taken
        taken.add(name.lower())
        book.add_worksheet(name)
    book.fileclosed = 1
