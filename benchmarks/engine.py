"""The engine from parsed rows to Schedule D, against the bare integer loop of the same run.

    python benchmarks/engine.py [--rows N] [--assets A] [--shape mixed|front] [--method fifo|hifo] [--wash on|off]

Prints seconds, the ratio to the loop, and peak memory a row. One configuration a process, so that memory is its own.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace

import reference
import workload
from capgain.engine.classes import FilingStatus, Method, WashScope
from capgain.engine.compute import compute
from capgain.engine.settings import ByYear
from measuring import median_seconds, peak_mib


def main() -> None:
    """Measure one configuration."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--assets", type=int, default=20)
    parser.add_argument("--shape", choices=["mixed", "front"], default="mixed")
    parser.add_argument("--method", choices=[method.value for method in Method], default="fifo")
    parser.add_argument("--wash", choices=["on", "off"], default="on")
    asked = parser.parse_args()

    history = list(workload.trades(asked.rows, asked.assets, asked.shape))
    repeats = 5 if asked.rows <= 100_000 else 1
    loop = reference.hifo if asked.method == "hifo" else reference.fifo
    loop_seconds = median_seconds(lambda: loop(history), max(repeats, 3))
    exact_total, matches = loop(history)
    matched = len(matches)
    del matches
    ledger = workload.ledger(
        history,
        filing_status=ByYear(FilingStatus.SINGLE),
        method=ByYear(Method(asked.method)),
        wash_sales=WashScope.SECURITIES if asked.wash == "on" else WashScope.OFF,
    )
    before = peak_mib()
    seconds = median_seconds(lambda: compute(replace(ledger)), repeats)  # a ledger remembers what it was asked
    memory = peak_mib() - before

    report = compute(ledger)
    assert not report.has_errors, report.problems[:3]
    rows = [row for year in report.years.values() for row in year.dispositions]
    if asked.wash == "off" and asked.method in ("fifo", "hifo"):
        difference = abs(sum(row.gain_cents for row in rows) - exact_total / 10**8)
        assert difference <= len(history), f"the engine and the loop differ by {difference} cents"
    print(
        json.dumps(
            {
                **vars(asked),
                "matches": matched,
                "form_8949_rows": len(rows),
                "wash_sales": len(report.wash_sales),
                "loop_seconds": round(loop_seconds, 4),
                "engine_seconds": round(seconds, 3),
                "ratio": round(seconds / loop_seconds, 1),
                "peak_kib_per_row": round(memory * 1024 / asked.rows, 2),
            }
        )
    )


if __name__ == "__main__":
    main()
