"""Every kind of file that CapGain writes, made by its own commands."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import openpyxl

from command_line import process

SAMPLES = Path(__file__).parents[1] / "workbook" / "importing" / "samples"

BROKEN = """Date,Type,Asset,Quantity,Price,Amount,Fee,Account,Class
2024-01-05,Buy,AAPL,100,150,,1,Schwab,stock
2025-03-01,Sell,AAPL,500,100,,1,Schwab,stock
"""


def written(folder: Path) -> Mapping[str, Path]:
    """One file of each kind, by what it is."""
    files: dict[str, Path] = {}

    def run(kind: str, name: str, *arguments: object, codes: tuple[int, ...] = (0,)) -> Path:
        files[kind] = folder / name
        done = process(*arguments, "-o", files[kind])
        assert done.returncode in codes, done.stdout + done.stderr
        return files[kind]

    demo = run("report of the demo", "demo.xlsx", "demo")
    run("report of every year", "every year.xlsx", "report", demo, "--year", "all")
    broken = folder / "broken.csv"
    broken.write_text(BROKEN, encoding="utf-8")
    run("draft of a ledger with errors", "draft.xlsx", "report", broken, "--draft", codes=(1,))
    package = folder / "package"
    done = process("handoff", demo, "-o", package)
    assert done.returncode == 0, done.stdout + done.stderr
    for path in sorted(package.rglob("*.xlsx")):
        files[f"package: {path.name}"] = path
    new = folder / "new.xlsx"
    done = process("new", new)
    assert done.returncode == 0, done.stderr
    files["new ledger"] = new
    sample = next(path for path in sorted(SAMPLES.iterdir()) if path.name.startswith("coinbase"))
    run("imported into a new book", "imported.xlsx", "import", sample, "--time-zone", "America/New_York")
    own = folder / "own.xlsx"
    _own_book(own)
    shutil.copy(own, folder / "added to.xlsx")
    run("added to a book of somebody's own", "added to.xlsx", "import", sample, "--time-zone", "America/New_York")
    run("the add-in", "capgain.xlam", "addin", "build")
    return files


def _own_book(path: Path) -> None:
    """A book as openpyxl saves it, with an empty list of number formats among others."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Ledger"
    sheet.append(["Date", "Type", "Asset", "Quantity", "Price", "Amount", "Fee", "Account", "Class", "Id", "Note"])
    book.create_sheet("Mine")["A1"] = "=SUM(Ledger!D2:D9)"
    book.save(path)
