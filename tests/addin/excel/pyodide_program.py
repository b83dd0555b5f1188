"""Runs inside Pyodide: the engine on the demo's ledger, and the xlwings functions as Lite calls them."""

import csv
import json
import sys
from importlib.resources import files
from types import ModuleType

import xlwings.server

from capgain.addin.excel import lite
from capgain.addin.functions.answering import answer
from capgain.addin.functions.caller import Caller
from capgain.addin.functions.cells import Block


def table(name: str) -> Block:
    text = files("capgain.workbook.demo").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return Block([[cell or None for cell in row] for row in csv.reader(text.splitlines())], sheet=name.title())


ledger, settings, accounts, prices = (table(name) for name in ("ledger", "settings", "accounts", "prices"))
caller = Caller(settings=settings, accounts=accounts, prices=prices)
net = answer("CAPGAIN", [ledger, 2025], caller)

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
    {"python": sys.version, "net": str(net), "names": names, "netting": result, "pandas": "pandas" in sys.modules}
)
