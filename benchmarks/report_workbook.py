"""`capgain report` by its parts, and its writing against XlsxWriter filling as many bare cells.

python benchmarks/report_workbook.py [--rows N]
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import xlsxwriter

import workload
from capgain.engine.compute import compute
from capgain.workbook.reading import read_ledger_file
from capgain.workbook.report import report_book
from capgain.workbook.xlsx.writer import write_book
from measuring import run_process


def cells(path: Path) -> list[int]:
    """How many cells each sheet of a workbook holds."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        return [archive.read(name).count(b"<c r=") for name in names]


def bare(path: Path, counts: list[int], columns: int = 12) -> float:
    """Seconds that XlsxWriter takes for sheets of as many numbers, with nothing else in them."""
    start = time.process_time()
    with xlsxwriter.Workbook(path) as book:
        for count in counts:
            sheet = book.add_worksheet()
            for number in range(count):
                sheet.write_number(*divmod(number, columns), number)
    return time.process_time() - start


def main() -> None:
    """Measure the parts in this process, then the command as a whole."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "ledger.csv", Path(folder) / "report.xlsx"
        workload.write_csv(list(workload.trades(asked.rows)), path)
        marks = [time.process_time()]
        file = read_ledger_file(path, overrides=("Filing Status=single",))
        marks.append(time.process_time())
        report = compute(file.ledger)
        marks.append(time.process_time())
        book = report_book(report, file, 2025)
        marks.append(time.process_time())
        write_book(book, out)
        marks.append(time.process_time())
        counts = cells(out)
        bare_seconds = bare(Path(folder) / "bare.xlsx", counts)
        command = [
            sys.executable,
            "-m",
            "capgain.addin.cli",
            "report",
            str(path),
            "-o",
            str(Path(folder) / "whole.xlsx"),
        ]
        whole = run_process([*command, "--status", "single"])
        assert whole.returncode == 0
        start_up = run_process([sys.executable, "-c", "import capgain.workbook.report, capgain.workbook.xlsx.writer"])
    read, match, lay_out, write = (later - earlier for earlier, later in itertools.pairwise(marks))
    print(
        json.dumps(
            {
                "rows": asked.rows,
                "cells": sum(counts),
                "start_up_seconds": round(start_up.seconds, 2),
                "read_seconds": round(read, 2),
                "compute_seconds": round(match, 2),
                "lay_out_seconds": round(lay_out, 2),
                "write_seconds": round(write, 2),
                "bare_write_seconds": round(bare_seconds, 2),
                "write_ratio": round((lay_out + write) / bare_seconds, 1),
                "whole_seconds": round(whole.seconds, 2),
                "whole_peak_mib": round(whole.peak_mib),
            }
        )
    )


if __name__ == "__main__":
    main()
