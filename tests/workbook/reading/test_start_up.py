"""What reading loads: no spreadsheet library for a text file or a block of cells."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("pandas", "numpy", "openpyxl", "xlsxwriter", "python_calamine", "zoneinfo")

READ_TEXT = """
import sys
from capgain.workbook.reading import read_ledger_file
file = read_ledger_file(sys.argv[1])
assert len(file.ledger.transactions) == 1, file.ledger.problems
print(*sorted(set(sys.argv[2].split(",")) & set(sys.modules)))
"""
READ_BLOCKS = """
import sys
from capgain.workbook.reading.blocks import ledger_from_blocks
ledger = ledger_from_blocks([["Date", "Type", "Asset", "Quantity", "Amount"], ["2025-01-02", "Buy", "AAPL", 1, 2.5]])
assert len(ledger.transactions) == 1, ledger.problems
print(*sorted(set(sys.argv[2].split(",")) & set(sys.modules)))
"""


@pytest.mark.parametrize("program", [READ_TEXT, READ_BLOCKS], ids=["a text file", "blocks of cells"])
def test_reading_loads_no_spreadsheet_library(tmp_path: Path, program: str) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text("Date,Type,Asset,Quantity,Amount\n2025-01-02,Buy,AAPL,1,2.50\n")
    run = subprocess.run(
        [sys.executable, "-c", program, str(path), ",".join(HEAVY)], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == ""
