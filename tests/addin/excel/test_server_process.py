"""The process that answers formulas, started as Excel starts it."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys

import pytest

from capgain.addin.building.xlwings_module import xlwings_module
from capgain.addin.excel.server_process import UNUSED
from command_line import SOURCES

ANSWER = """
import sys
from capgain.addin.excel import com_server
cells = (("Date", "Type", "Asset", "Quantity", "Amount", "Account", "Class"),
         (45292.0, "Buy", "QRS", 10.0, 1000.0, "Main", "stock"),
         (45809.0, "Sell", "QRS", 10.0, 1250.0, "Main", "stock"))
block = ("block", "t-1", "Ledger", 1.0, 1.0, False, "[B]Ledger!$A$1", "", cells)
answer = com_server.answer("CAPGAIN", "[B]Out!$A$1", False, (("missing",),) * 4, (block, ("value", 2025.0)))
loaded = sorted(sys.modules)
import pandas
print(answer, pandas.DataFrame({"a": [1]}).shape, *loaded)
"""


NOT_NEEDED = (
    *sorted(UNUSED),
    "importlib.resources",
    "openpyxl",
    "python_calamine",
    "xlsxwriter",
    "click",
    "rich",
    "capgain.workbook.importing",
    "capgain.workbook.report",
    "capgain.workbook.handoff",
    "capgain.engine.explain",
    "capgain.engine.planning.harvest",
    "capgain.engine.planning.estimated_tax",
    "capgain.engine.planning.portfolio",
    "capgain.engine.planning.what_if",
    "capgain.engine.forms.tax",
    "capgain.engine.forms.worksheets.by_name",
    "capgain.engine.forms.worksheets.form_6251",
    "capgain.engine.forms.form_1099.sheet_rows",
    "capgain.engine.years.rates",
)
"""What the gain of a year is worked out without: no file is opened, nothing is planned, no tax is asked for."""


def started_by_vba() -> str:
    """What VBA has Python run, up to the call that then waits for Excel."""
    (code,) = re.findall(r'LicenseKeyEnvString & "(.*?)\(\'\$\(CLSID\)\'\)', xlwings_module())
    module, call = "from capgain.addin.excel import server_process; ", "server_process.serve"
    assert code == module + call
    return module + "server_process.prepare()"


@pytest.fixture(scope="module")
def said() -> str:
    """What the process says: its first answer, then a table of pandas, then the modules loaded before that."""
    program = started_by_vba() + "\n" + ANSWER
    environment = {**os.environ, "PYTHONPATH": SOURCES}
    return subprocess.run(
        [sys.executable, "-B", "-c", program], env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_it_answers_without_pandas_and_whoever_wants_pandas_gets_it(said: str) -> None:
    answer, shape, rest = said.partition("(1, 1)")
    assert answer.strip() == "[[250.0]]"
    assert shape
    assert UNUSED.isdisjoint(rest.split())
    assert "xlwings" in rest.split()


def test_the_first_answer_loads_only_what_the_gain_of_a_year_needs(said: str) -> None:
    loaded = said.split()
    assert set(NOT_NEEDED).isdisjoint(loaded)
    assert "capgain.engine.compute" in loaded
    assert all(importlib.util.find_spec(name) for name in NOT_NEEDED if name.startswith("capgain"))
