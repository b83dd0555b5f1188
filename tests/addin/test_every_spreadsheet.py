"""The same ledger as each spreadsheet hands it over gives the same answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from addin.example_ledger import AS_SERIALS, NET, caller
from capgain.addin.excel.com_values import excel_rows
from capgain.addin.excel.lite import lite_given
from capgain.addin.functions.answering import answer
from capgain.addin.functions.cells import Block
from capgain.addin.libreoffice.document_cells import uno_rows

COM = tuple(tuple(row) for row in AS_SERIALS)
UNO = tuple(tuple("" if cell is None else cell for cell in row) for row in AS_SERIALS)
LITE = [[cell if cell is not None else "" for cell in row] for row in AS_SERIALS]
NATIVE = [
    [
        date(1899, 12, 30).fromordinal(date(1899, 12, 30).toordinal() + int(row[0]))
        if isinstance(row[0], float)
        else row[0],
        *row[1:],
    ]
    for row in AS_SERIALS
]


@pytest.mark.parametrize(
    "block",
    [
        Block(excel_rows(COM)),
        Block(uno_rows(UNO)),
        lite_given(LITE),
        Block(NATIVE),  # type: ignore[arg-type]
        Block([[Decimal(repr(cell)) if type(cell) is float else cell for cell in row] for row in AS_SERIALS]),  # type: ignore[misc]
    ],
    ids=["com", "uno", "lite", "dates", "decimals"],
)
def test_every_spreadsheets_cells_give_the_same_number(block: Block) -> None:
    assert answer("CAPGAIN", [block, 2025.0], caller()) == Decimal(NET)
