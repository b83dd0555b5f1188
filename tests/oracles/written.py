"""Every kind of file that CapGain writes, made by its own commands."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import openpyxl

from command_line import process

SAMPLES = Path(__file__).parents[1] / "workbook" / "importing" / "samples"

BROKEN = """Date,Type,Asset,Quantity,Price,Amount,Fee,Account,Class
2024-01-05,Buy,AAPL,100,150,,1,Schwab,stock
2025-03-01,Sell,AAPL,500,100,,1,Schwab,stock
"""

HELD: tuple[tuple[object, ...], ...] = (
    ("Date", "Type", "Asset", "Quantity", "Price", "Amount", "Fee", "Account", "Class", "Multiplier"),
    (date(2024, 1, 6), "Buy", "AAPL 01/16/2026 200 C", 3, 5.1, None, 1, "Schwab", "option", 100),
    (date(2025, 2, 6), "Buy", "AAPL 01/16/2026 200 C", 2, 9.1, None, 1, "Schwab", "option", 100),
    (date(2025, 3, 6), "Short Sell", "XYZ", 4, 250, None, 1, "Schwab", "stock"),
    (date(2024, 1, 6), "Buy", "*ODD?", 10, None, 2000, 1, "Odd*", "stock"),
    (date(2024, 1, 7), "Buy", "BTC", "1.123456789012345678", 50000, None, 1, "Coinbase", "crypto"),
    (date(2025, 6, 6), "Sell", "*ODD?", 2, None, 300, 1, "Odd*", "stock"),
)
PRICES = (
    ("Asset", "Price", "Date"),
    ("AAPL 01/16/2026 200 C", 4, date(2025, 11, 20)),
    ("XYZ", 260, date(2025, 11, 20)),
    ("*ODD?", 190, date(2025, 11, 20)),
    ("BTC", 90000, date(2025, 11, 20)),
)
SETTINGS = (("Name", "Value"), ("Filing Status", "single"), ("Other Income 2025", 90000))
ACCOUNTS = (("Account", "Kind"), ("Schwab", "brokerage"), ("Odd*", "brokerage"), ("Coinbase", "exchange"))


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
    live = folder / "live prices.xlsx"
    done = process("new", live, "--live-prices")
    assert done.returncode == 0, done.stderr
    files["new ledger with Excel's own price formulas"] = live
    clients = folder / "clients"
    clients.mkdir()
    held, unpriced = clients / "held.xlsx", folder / "unpriced ledger.xlsx"
    _ledger_book(held, Prices=PRICES)
    _ledger_book(unpriced)
    run("report with options, a short sale and odd names", "held.xlsx", "report", held)
    run("report without a price", "unpriced.xlsx", "report", unpriced)
    run("report with ticks", "ticked.xlsx", "harvest", held, "--as-of", "2025-11-20")
    done = process("batch", clients, "-o", folder / "all clients")
    assert done.returncode in (0, 1), done.stdout + done.stderr
    files["index of many clients"] = folder / "all clients" / "index.xlsx"
    priced = folder / "priced.xlsx"
    shutil.copy(new, priced)
    prices = folder / "prices.csv"
    prices.write_text("Asset,Price,Date\nAAPL,271.86,2025-12-31\n", encoding="utf-8")
    run("prices taken in", "priced.xlsx", "prices", prices, "--all", "--time-zone", "America/New_York")
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


def _ledger_book(path: Path, **more: tuple[tuple[object, ...], ...]) -> None:
    book = openpyxl.Workbook()
    for name, rows in {"Ledger": HELD, "Settings": SETTINGS, "Accounts": ACCOUNTS, **more}.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    book.save(path)
