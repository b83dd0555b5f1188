"""Whatever stands in the cells that Excel hands over, the server answers: a value, or an error with its reason."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from addin.example_ledger import ROWS
from capgain.addin.excel import com_server

HOSTILE: dict[str, Any] = {
    "not a number": float("nan"),
    "infinity": float("inf"),
    "the greatest number": 1.7976931348623157e308,
    "the least day": -1e308,
    "a day before all": -1.0,
    "a day after all": 2958466.0,
    "a part of a second": 45292.999999999,
    "an error of a kind that is not known": -2146826000,
    "an integer that is no error": 7,
    "true": True,
    "blank": None,
    "a text without end": "x" * 32_767,
    "digits without end": "9" * 32_767,
    "a zero byte": "\0",
    "half a character": "\ud83d",
    "what marks an error for VBA": "\x01#N/A",
    "a formula": '=HYPERLINK("http://x")',
    "a currency": Decimal("922337203685477.5807"),
    "a moment": datetime(2025, 1, 2, 3, 4, 5),
}
ASKED = (
    ("CAPGAIN", (("value", 2025.0),)),
    ("CAPGAIN_CHECK", ()),
    ("CAPGAIN_LOTS", ()),
    ("CAPGAIN_8949", (("value", 2025.0), ("value", "D"))),
)
MISSING = (("missing",),) * 4


def block(rows: Any, token: str = "") -> tuple[Any, ...]:
    return ("block", token, "Ledger", 1.0, 1.0, False, "[B]Ledger!$A$1", "", rows)


def is_answer(found: Any) -> bool:
    return all(isinstance(cell, float | str | bool) for row in found for cell in row) and bool(found)


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_cell_in_any_column_has_an_answer(value: Any) -> None:
    head, first, *others = (tuple(row) for row in ROWS)
    for place in range(len(head)):
        changed = (*first[:place], value, *first[place + 1 :])
        for rows in ((head, changed, *others), (changed, head, first, *others)):
            for name, arguments in ASKED:
                assert is_answer(com_server.answer(name, "[B]Out!$A$1", False, MISSING, (block(rows), *arguments)))


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_setting_or_argument_has_an_answer(value: Any) -> None:
    rows = tuple(tuple(row) for row in ROWS)
    beside = block((("Name", "Value"), ("Filing Status", value), (value, "single")))
    for sheet in range(4):
        sheets = (*MISSING[:sheet], beside, *MISSING[sheet + 1 :])
        assert is_answer(com_server.answer("CAPGAIN", "[B]Out!$A$1", False, sheets, (block(rows), ("value", 2025.0))))
    for kind in (("value", value), ("values", ((value, value), (1.0, value)))):
        for name, _ in ASKED:
            assert is_answer(com_server.answer(name, "[B]Out!$A$1", True, MISSING, (block(rows), kind, kind)))
            assert is_answer(com_server.answer(name, "", True, MISSING, (kind,)))


def test_blocks_of_no_cells_and_of_odd_shapes_have_an_answer() -> None:
    for rows in (
        (),
        ((),),
        ((None,),),
        (("Date",), ("Type",)),
        (("Date", "Type"), ("x",), ()),
        ((None,) * 16_384,) * 3,
    ):
        for name, arguments in ASKED:
            assert is_answer(com_server.answer(name, "[B]Out!$A$1", False, MISSING, (block(rows), *arguments)))
