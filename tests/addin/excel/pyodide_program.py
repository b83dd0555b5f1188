"""Runs inside Pyodide: the engine on a small ledger, and the xlwings functions as Lite calls them."""

import json
import sys
from importlib.metadata import distributions
from types import ModuleType

import xlwings.server

from capgain.addin.excel import lite
from capgain.addin.functions.answering import answer
from capgain.addin.functions.caller import Caller
from capgain.addin.functions.cells import Block

rows = [
    ["Date", "Type", "Asset", "Quantity", "Price", "Fee", "Account", "Class", "Reported"],
    ["2024-01-05", "Buy", "AAPL", 100, 150, 1, "Schwab", "stock", None],
    ["2025-03-01", "Sell", "AAPL", 50, 100, 1, "Schwab", "stock", "basis"],
]
net = answer("CAPGAIN", [Block(rows, sheet="Ledger"), 2025], Caller())

main = ModuleType("main")
for name in lite.__all__:
    setattr(main, name, getattr(lite, name))
called = {
    "func_name": "CAPGAIN_NET",
    "args": [[[5000]], [[-8000]], None, None, None, None],
    "caller_address": "[b.xlsx]S!A1",
    "date_format": "m/d/yyyy",
    "culture_info_name": "en-US",
    "runtime": "1.4",
    "version": xlwings.__version__,
    "client": "Office.js",
    "content_language": "en-US",
    "session_id": "1",
}
names = sorted(entry["name"] for entry in xlwings.server.custom_functions_meta(main)["functions"])
result = await xlwings.server.custom_functions_call(called, main)  # noqa: F704
json.dumps(
    {
        "python": sys.version,
        "net": str(net),
        "names": names,
        "netting": result,
        "foreign": sorted({"pandas", "numpy", "openpyxl", "python_calamine"} & set(sys.modules)),
        "installed": sorted({found.metadata["Name"] for found in distributions()}),
    }
)
