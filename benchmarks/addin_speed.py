"""What a cell costs: the Python side of the add-in, measured apart from Excel.

    python benchmarks/addin_speed.py [ROWS]

Prints milliseconds, and each as a ratio to one reference: a bare loop that looks at every cell of the same block.
The start of the process that answers formulas is measured as a process of its own, against `python -c pass`: with and
without the libraries that it keeps out, and with the first formula on the block, which is what a user waits for the
first number (limit 40 times, 1.0 s where `python -c pass` takes 25 ms). Excel's own part (reading Value2, comparing it
with what crossed last, COM) is not in these figures.
"""

from __future__ import annotations

import marshal
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from capgain.addin.excel import com_server
from capgain.addin.excel.com_values import excel_rows
from capgain.addin.functions.answering import answer
from capgain.addin.functions.caller import Caller
from capgain.addin.functions.cells import Block
from capgain.addin.functions.ledgers import LEDGERS, Computed, Source
from measuring import run_process

HEADER = ("Date", "Type", "Asset", "Quantity", "Price", "Amount", "Fee", "Account", "Class", "Reported", "Note", "ID")
MISSING = ("missing",)


def cells(rows: int) -> tuple[tuple[object, ...], ...]:
    """A ledger as Value2 gives it: 20 assets bought and sold over four years."""
    chance = random.Random(1)
    start = date(2022, 1, 3)
    held = dict.fromkeys(range(20), 0.0)
    table: list[tuple[object, ...]] = [HEADER]
    for place in range(rows):
        asset = chance.randrange(20)
        serial = float((start + timedelta(days=place * 1400 // rows) - date(1899, 12, 30)).days)
        price = round(chance.uniform(10, 500), 2)
        sells = held[asset] >= 10 and chance.random() < 0.45
        quantity = float(chance.randint(1, 10))
        held[asset] += -quantity if sells else quantity
        kind = "Sell" if sells else "Buy"
        reported = "basis" if sells else None
        table.append(
            (serial, kind, f"S{asset:02}", quantity, price, None, 1.0, "Broker", "stock", reported, None, f"T{place}")
        )
    return tuple(table)


def milliseconds(do: Callable[[], object], times: int = 5) -> float:
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        do()
        best = min(best, time.perf_counter() - began)
    return best * 1000


def look(values: tuple[tuple[object, ...], ...]) -> int:
    """The reference: every cell looked at once."""
    found = 0
    for row in values:
        for cell in row:
            if cell is not None:
                found += 1
    return found


def start(code: str) -> float:
    """Median processor milliseconds of a process."""
    runs = [run_process([sys.executable, "-c", code]) for _ in range(5)]
    assert not any(run.returncode for run in runs), code
    return statistics.median(run.seconds for run in runs) * 1000


STARTS = {
    "python -c pass": "pass",
    "server process": "from capgain.addin.excel import server_process; server_process.prepare()",
    "the same with pandas, as xlwings would": "import xlwings, capgain.addin.excel.com_server",
}

FIRST_FORMULA = """
import marshal, os
from capgain.addin.excel import server_process
server_process.prepare()
from capgain.addin.excel import com_server
with open({path!r}, "rb") as file:
    values = marshal.load(file)
block = ("block", "token", "Ledger", 1.0, 1.0, False, "[B]Ledger!$A$1", "", values)
[[answer]] = com_server.answer("CAPGAIN", "[B]Out!$A$1", False, (("missing",),) * 4, (block, ("value", 2025.0)))
assert isinstance(answer, float), answer
os._exit(0)
"""
"""The process that Excel starts, and its first answer, with which it does not end; the cells are read from a file in
place of Excel's memory.
"""

LIMIT = 40
"""Times `python -c pass`: the first formula of 10,000 rows, the start of its process included."""


def first_formula(values: tuple[tuple[object, ...], ...]) -> float:
    """Median processor milliseconds from the start of the server to the first answer."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cells"
        path.write_bytes(marshal.dumps(values))
        return start(FIRST_FORMULA.format(path=str(path)))


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    values = cells(rows)
    whole = f"server process and the first formula of {rows:,} rows"
    starts = {what: start(code) for what, code in STARTS.items()}
    starts[whole] = first_formula(values)
    caller = Caller()
    reference = milliseconds(lambda: look(values))

    def fresh() -> Block:
        return Block(excel_rows(values), sheet="Ledger")

    def first() -> object:
        LEDGERS.clear()
        return answer("CAPGAIN", [fresh(), 2025.0], caller)

    def ask(token: str, sent: object) -> object:
        block = ("block", token, "Ledger", 1.0, 1.0, False, "[B]Ledger!$A$1", "", sent)
        return com_server.answer("CAPGAIN", "[B]Out!$A$1", False, (MISSING,) * 4, (block, ("value", 2025.0)))

    block_of_cells = fresh()
    first_call = milliseconds(first, 3)
    handle = answer("CAPGAIN_LEDGER", [fresh()], caller)
    assert isinstance(handle, str), handle
    ask("token", values)
    measured = {
        "convert Excel's tuples to a block": milliseconds(fresh),
        "the block's key": milliseconds(lambda: fresh().digest) - milliseconds(fresh),
        "read the block into transactions": milliseconds(lambda: Computed(Source(block_of_cells)).ledger),
        "first call: convert, read, match, answer": first_call,
        "further call, the cells crossing again": milliseconds(lambda: answer("CAPGAIN", [fresh(), 2025.0], caller)),
        "further call, unchanged range (token)": milliseconds(lambda: ask("token", None)),
        "further call through a handle": milliseconds(lambda: answer("CAPGAIN", [handle, 2025.0], caller)),
        "1,000 formulas on one sheet (token)": milliseconds(lambda: [ask("token", None) for _ in range(1000)], 3),
        "1,000 formulas through a handle": milliseconds(
            lambda: [answer("CAPGAIN", [handle, 2025.0], caller) for _ in range(1000)], 3
        ),
    }
    print(f"{rows:,} rows x {len(HEADER)} columns; reference: a loop over the cells, {reference:.2f} ms")
    for what, spent in measured.items():
        print(f"{what:<45} {spent:10.3f} ms {spent / reference:9.2f} x")
    nothing = starts["python -c pass"]
    for what, spent in starts.items():
        print(f"{'start: ' + what:<58} {spent:7.0f} ms {spent / nothing:6.1f} x python -c pass")
    print(f"first formula, start included: {starts[whole] / nothing:.0f} times python -c pass; limit {LIMIT}")


if __name__ == "__main__":
    main()
