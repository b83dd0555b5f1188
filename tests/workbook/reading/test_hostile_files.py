"""Workbooks made to break a reader: each is refused in a sentence that names the cell, at once and with little memory.

Every command runs in a process of its own, as what goes wrong in a reader can end one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from books_of_tables import written
from command_line import PATIENCE, SOURCES
from waiting import each

resource = pytest.importorskip("resource", reason="limits of memory are set with the system's own")

WAITING = Path(__file__).parent / "hostile_files_waiting.txt"
LARGEST = 1536 * 1024 * 1024
"""bytes of address space a command may ask for"""
LONGEST = 30
"""seconds of the processor a command may take"""

BOOK = {
    "ledger": """
        | Date       | Type | Asset | Quantity | Amount | Fee | Account | Class  |
        | 2024-01-02 | Buy  | BTC   | 1        | 100    | 1   | X       | crypto |
        | 2024-03-02 | Sell | BTC   | 0.25     | 80     |     | X       |        |
    """,
    "accounts": """
        | Account | Kind     |
        | X       | exchange |
    """,
}
DATE_STYLE = 's="1"'
HOSTILE = {
    "far-number": ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "XFD1048576"),
    "far-formula-without-a-value": ('<row r="9"><c r="A99999999"><f>1+1</f></c></row>', "A99999999"),
    "date-before-all-time": (f'<row r="4"><c r="A4" {DATE_STYLE}><v>-1e308</v></c><c r="B4"><v>1</v></c></row>', "A4"),
}
COMMANDS = {
    "check": ("check", "BOOK"),
    "compute": ("compute", "BOOK", "--json"),
    "report": ("report", "BOOK", "-o", "report.xlsx"),
    "handoff": ("handoff", "BOOK", "-o", "package"),
    "import": ("import", "coinbase.csv", "-o", "BOOK", "--time-zone", "UTC"),
    "balances": ("balances", "BOOK"),
    "eval": ("eval", "BOOK", "=CAPGAIN(Ledger[#All], 2024)"),
}
TRIED = {
    f"{hostile} {command}": (hostile, command)
    for hostile in HOSTILE
    for command in COMMANDS
    if hostile == "far-number" or command in ("compute", "report")
}


def with_cells(rows: str, path: Path) -> Path:
    """A good book whose Ledger has these rows of XML below its own."""
    good = written(BOOK, path.with_name("good.xlsx"))
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name).decode("utf-8")
            if name == "xl/worksheets/sheet1.xml":
                assert "</sheetData>" in content
                content = content.replace("</sheetData>", f"{rows}</sheetData>")
            if name == "xl/styles.xml":
                content = content.replace("</cellXfs>", '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs>')
            target.writestr(name, content)
    good.unlink()
    return path


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (LARGEST, LARGEST))
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST))


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    arguments = ["book.xlsx" if one == "BOOK" else one for one in COMMANDS[command]]
    return subprocess.run(
        [sys.executable, "-m", "capgain.addin.cli", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": SOURCES, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        preexec_fn=limited,
        timeout=PATIENCE,
    )


def folder_with(rows: str, folder: Path) -> Path:
    (folder / "coinbase.csv").write_text(
        "ID,Timestamp,Transaction Type,Asset,Quantity Transacted,Price Currency,Price at Transaction,Subtotal,"
        "Total (inclusive of fees and/or spread),Fees and/or Spread,Notes\n"
        "cb-1,2025-03-01 12:00:00 UTC,Buy,BTC,0.01,USD,84000,840,845,5,\n",
        encoding="utf-8",
    )
    with_cells(rows, folder / "book.xlsx")
    return folder


@pytest.mark.parametrize("tried", each(TRIED, WAITING))
def test_the_cell_is_named_and_nothing_is_written(tried: tuple[str, str], tmp_path: Path) -> None:
    hostile, command = tried
    rows, cell = HOSTILE[hostile]
    folder = folder_with(rows, tmp_path)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    result = run(command, folder)
    said = result.stdout + result.stderr
    assert result.returncode == 1, said
    assert "Traceback" not in said
    assert "backtrace" not in said
    row = cell.removeprefix("A")
    assert cell in said or f"row {row}" in said or f'"row": {row}' in said, said
    if command == "compute":
        assert json.loads(result.stdout)["problems"]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("command", ["compute", "report"])
def test_a_format_alone_in_a_far_cell_does_no_harm(command: str, tmp_path: Path) -> None:
    folder = folder_with(f'<row r="1048576"><c r="XFD1048576" {DATE_STYLE}/></row>', tmp_path)
    result = run(command, folder)
    assert result.returncode == 0, result.stdout + result.stderr
