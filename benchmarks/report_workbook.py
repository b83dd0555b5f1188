"""`capgain report` by its parts, and lay-out and writing against bare XlsxWriter filling the same cells.

python benchmarks/report_workbook.py [--rows N] [--pairs N]
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import xlsxwriter

import workload
from capgain.engine.compute import compute
from capgain.workbook.reading import read_ledger_file
from capgain.workbook.report import report_book
from capgain.workbook.sheets import FONT, FONT_SIZE, Book, Formula, Sheet, Style
from capgain.workbook.xlsx.worksheet import number_of, text_of
from capgain.workbook.xlsx.writer import write_book
from measuring import run_process


class Bare:
    """The reference: XlsxWriter filling the same cells with the same formats, and nothing else of the sheets.

    `seconds` are those of its calls alone; what each call is given was made before.
    """

    def __init__(self, book: Book, path: Path) -> None:
        self.cells = 0
        self.seconds = 0.0
        target = xlsxwriter.Workbook(path, {"default_format_properties": {"font_name": FONT, "font_size": FONT_SIZE}})
        looks: dict[Style, Any] = {}
        for sheet in book.sheets:
            self._fill(target.add_worksheet(sheet.name), sheet, target, looks)
        start = time.process_time()
        target.close()
        self.seconds += time.process_time() - start

    def _fill(self, target: Any, sheet: Sheet, book: Any, looks: dict[Style, Any]) -> None:
        calls: list[tuple[Any, tuple[Any, ...]]] = []
        for number, row in enumerate(sheet.rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    if cell.style not in looks:
                        looks[cell.style] = book.add_format({"num_format": cell.style.number_format or "General"})
                    calls.append(_call(target, number, column, cell.content, looks[cell.style]))
        self.cells += len(calls)
        start = time.process_time()
        for write, given in calls:
            write(*given)
        self.seconds += time.process_time() - start


def _call(target: Any, row: int, column: int, content: Any, look: Any) -> tuple[Any, tuple[Any, ...]]:
    if isinstance(content, Formula):
        text = text_of(content.expected)
        value = text if text is not None else number_of(content.expected)
        return target.write_formula, (row, column, content.text, look, value)
    text = text_of(content)
    if content is None or text == "":
        return target.write_blank, (row, column, None, look)
    if text is not None:
        return target.write_string, (row, column, text, look)
    if isinstance(content, bool):
        return target.write_boolean, (row, column, content, look)
    return target.write_number, (row, column, number_of(content), look)


def main() -> None:
    """Measure the parts in this process, then the command as a whole."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--pairs", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "ledger.csv", Path(folder) / "report.xlsx"
        workload.write_csv(list(workload.trades(asked.rows)), path)
        gc.disable()  # as the command does
        marks = [time.process_time()]
        file = read_ledger_file(path, overrides=("Filing Status=single",))
        marks.append(time.process_time())
        report = compute(file.ledger)
        marks.append(time.process_time())
        laid, written, bare = [], [], []
        for _ in range(asked.pairs):
            start = time.process_time()
            book = report_book(report, file, 2025)
            laid.append(time.process_time() - start)
            start = time.process_time()
            write_book(book, out, overwrite=True)
            written.append(time.process_time() - start)
            reference = Bare(book, Path(folder) / "bare.xlsx")
            bare.append(reference.seconds)
        command = [sys.executable, "-m", "capgain.addin.cli", "report", str(path), "--status", "single"]
        whole = run_process([*command, "-o", str(Path(folder) / "whole.xlsx")])
        assert whole.returncode == 0
        start_up = run_process([sys.executable, "-c", "import capgain.workbook.report, capgain.workbook.xlsx.writer"])
    both = statistics.median(lay + write for lay, write in zip(laid, written, strict=True))
    print(
        json.dumps(
            {
                "rows": asked.rows,
                "cells": reference.cells,
                "start_up_seconds": round(start_up.seconds, 2),
                "read_seconds": round(marks[1] - marks[0], 2),
                "compute_seconds": round(marks[2] - marks[1], 2),
                "lay_out_seconds": round(statistics.median(laid), 2),
                "write_seconds": round(statistics.median(written), 2),
                "bare_seconds": round(statistics.median(bare), 2),
                "ratio": round(both / statistics.median(bare), 2),
                "write_ratio": round(statistics.median(written) / statistics.median(bare), 2),
                "whole_seconds": round(whole.seconds, 2),
                "whole_ratio": round(whole.seconds / statistics.median(bare), 2),
                "whole_peak_mib": round(whole.peak_mib),
            }
        )
    )


if __name__ == "__main__":
    main()
