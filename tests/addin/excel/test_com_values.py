"""Cells as Excel hands them over by COM, and answers as it takes them."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from addin.example_ledger import AS_SERIALS, NET
from capgain.addin.excel.com_values import EXCEL_ERRORS, excel_answer, excel_array, excel_cell, excel_rows
from capgain.addin.functions.cells import CellError, ErrorCode

COM = tuple(tuple(row) for row in AS_SERIALS)


def test_an_error_in_a_cell_crosses_com_as_an_integer_and_is_read_as_its_text() -> None:
    assert excel_cell(-2146826246) == "#N/A"
    assert excel_cell(-2146826281) == "#DIV/0!"
    assert excel_cell(7) == "#UNKNOWN!"
    assert excel_cell(7.0) == 7.0
    assert excel_cell(True) is True
    assert excel_rows(((1.0, -2146826265),)) == ((1.0, "#REF!"),)
    assert len(EXCEL_ERRORS) == len(set(EXCEL_ERRORS.values()))


def test_a_row_that_excel_made_one_dimensional_is_one_row() -> None:
    assert excel_array((1.0, "a")) == ((1.0, "a"),)
    assert excel_array(((1.0,), (2.0,))) == ((1.0,), (2.0,))


def test_answers_for_excel_mark_errors_and_count_dates_in_the_workbooks_system() -> None:
    table = [[date(2025, 3, 1), None, Decimal("12.34"), True, CellError(ErrorCode.NOT_AVAILABLE, "why")]]
    assert excel_answer(table, False) == [[45717.0, "", 12.34, True, "\x01#N/A"]]
    assert excel_answer(table, True)[0][0] == 45717.0 - 1462


@pytest.fixture
def classic_udfs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """xlwings' COM machinery, which needs pywin32, imported here with empty modules in its place."""
    for name in ("pythoncom", "pywintypes", "win32com", "win32com.client"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    sys.modules["pythoncom"].CoInitialize = lambda *_: None  # type: ignore[attr-defined]
    sys.modules["win32com.client"].Dispatch = lambda book: book  # type: ignore[attr-defined]
    import xlwings

    windows = types.ModuleType("xlwings._xlwindows")

    class Range:
        address = "$A$1"

        def __init__(self, xl: Any = None) -> None:
            self.xl = xl

    windows.Range = Range  # type: ignore[attr-defined]
    windows.is_range_instance = lambda value: False  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "xlwings._xlwindows", windows)
    monkeypatch.setattr(xlwings, "_xlwindows", windows, raising=False)
    monkeypatch.setitem(sys.modules, "xlwings.com_server", types.SimpleNamespace(loop=None))  # type: ignore[arg-type]
    monkeypatch.setitem(xlwings.engines.engines_by_name, "excel", types.SimpleNamespace(name="excel"))
    monkeypatch.delitem(sys.modules, "xlwings.udfs", raising=False)
    from xlwings import udfs

    yield udfs
    sys.modules.pop("xlwings.udfs", None)


def test_values_pass_through_xlwings_own_call_unconverted(classic_udfs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its real decorators, as on Windows: `call_udf` is what CallUDF runs."""
    import xlwings

    for name, real in (("func", "xlfunc"), ("arg", "xlarg"), ("ret", "xlret")):
        monkeypatch.setattr(xlwings, name, getattr(classic_udfs, real))
    monkeypatch.delitem(sys.modules, "capgain.addin.excel.com_server", raising=False)
    block = ("block", "t-1", "Ledger", 1.0, 1.0, False, "[B]Ledger!$A$1", "", COM)
    missing = (("missing",),) * 4
    module = "capgain.addin.excel.com_server"
    called = ["CAPGAIN", "[B]Out!$A$1", False, missing, (block, ("value", 2025.0), ("missing",))]
    assert classic_udfs.call_udf(module, "answer", called) == [[float(NET)]]
    again = ("block", "t-1", "Ledger", 1.0, 1.0, False, "[B]Ledger!$A$1", "", None)
    called[4] = (again, ("value", 2025.0), ("value", "nett"))
    assert classic_udfs.call_udf(module, "answer", called) == [["\x01#VALUE!"]]
    called[4] = (("block", "t-2", "Ledger", 1.0, 1.0, False, "", "", None), ("value", 2025.0))
    assert classic_udfs.call_udf(module, "answer", called) == [["\x01#RESEND"]]
    assert classic_udfs.call_udf(module, "forget", []) == [[True]]
    sys.modules.pop(module, None)
