"""The process that answers formulas, started as Excel starts it."""

from __future__ import annotations

import os
import re
import subprocess
import sys

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
loaded = sorted({name.partition(".")[0] for name in sys.modules})
import pandas
print(answer, pandas.DataFrame({"a": [1]}).shape, *loaded)
"""


def started_by_vba() -> str:
    """What VBA has Python run, up to the call that then waits for Excel."""
    (code,) = re.findall(r'LicenseKeyEnvString & "(.*?)\(\'\$\(CLSID\)\'\)', xlwings_module())
    module, call = "from capgain.addin.excel import server_process; ", "server_process.serve"
    assert code == module + call
    return module + "server_process.prepare()"


def test_it_answers_without_pandas_and_whoever_wants_pandas_gets_it() -> None:
    program = started_by_vba() + "\n" + ANSWER
    environment = {**os.environ, "PYTHONPATH": SOURCES}
    said = subprocess.run(
        [sys.executable, "-B", "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    answer, shape, rest = said.stdout.partition("(1, 1)")
    assert answer.strip() == "[[250.0]]"
    assert shape
    assert UNUSED.isdisjoint(rest.split())
    assert "xlwings" in rest.split()
