"""Rows read by their common columns alone, and the same rows in a ledger that fills the rarer ones beside them."""

from __future__ import annotations

import pytest

from capgain.engine.classes import Reported
from capgain.engine.ledger import Ledger
from capgain.engine.transactions import Buy, Sell
from capgain.workbook.reading.blocks import ledger_from_blocks
from capgain.workbook.written.misread import Cell

HEADER = ["Date", "Type", "Asset", "Quantity", "Price", "Fee", "Reported"]
ROWS: list[list[Cell]] = [
    ["2025-01-02", "Buy", "AAPL", 10, 100.5, 1, None],
    ["2025-02-03", "Sell", "AAPL", 4, 110.25, 1, "basis"],
    ["2025-02-04", "Sell", "AAPL", 1, 110.25, None, None],
]
RARER: dict[str, tuple[str, str]] = {
    "Underlying": ("Buy", "XYZ 100"),
    "Identified": ("Buy", "married"),
    "Basis": ("Buy", "1006"),
    "Compensation": ("Buy", "500"),
    "Lot": ("Sell", "A1"),
    "Method": ("Sell", "hifo"),
    "Reported Basis": ("Sell", "400"),
    "Code": ("Sell", "T"),
    "Order": ("Sell", "O-1"),
}
"""A column, and a row that fills it."""


def read(header: list[str], rows: list[list[Cell]]) -> Ledger:
    return ledger_from_blocks([header, *rows])


@pytest.mark.parametrize("column", RARER)
def test_a_row_says_the_same_whether_or_not_other_rows_fill_a_rarer_column(column: str) -> None:
    kind, word = RARER[column]
    further: list[Cell] = ["2025-03-01", kind, "MSFT", 10, 100, None, None, word]
    alone = read(HEADER, ROWS)
    beside = read([*HEADER, column], [*([*row, None] for row in ROWS), further])
    assert beside.transactions[:3] == alone.transactions
    assert [type(row) for row in alone.transactions] == [Buy, Sell, Sell]


def test_what_stands_in_reported_alone_is_read_and_refused_like_beside_other_columns() -> None:
    stated = read(HEADER, ROWS).transactions[1]
    assert isinstance(stated, Sell)
    assert stated.reported is Reported.BASIS
    wrong = [list(row) for row in ROWS]
    wrong[1][6] = "perhaps"
    alone = read(HEADER, wrong)
    beside = read([*HEADER, "Code"], [*([*row, None] for row in wrong[:1]), [*wrong[1], "T"], [*wrong[2], None]])
    (found,) = [one for one in alone.problems if one.column == "Reported"]
    assert (found.row, found.code) == (3, "UNKNOWN_WORD")
    assert found in beside.problems
    assert len(alone.transactions) == 2
