"""`capgain handoff` against `capgain report` of the same ledger and year, each as a whole process.

python benchmarks/handoff_speed.py [--book NAME]...
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from measuring import run_process

YEAR = 2025
SETTINGS = ("Filing Status=single", "Account Broker=brokerage", f"Tax Year={YEAR}", f"Ledger Through={YEAR + 1}-02-28")
LEDGER = ("Date", "Type", "Asset", "Quantity", "Price", "Account", "Class", "Lot")
FORM = ("Broker", "Form", "Box", "Asset", "Quantity", "Acquired", "Sold", "Proceeds", "Basis")


class Book(NamedTuple):
    """A made-up ledger: sales of the year, each of one lot, further purchases, and whether a Form 1099 lists them."""

    sales: int
    further: int
    has_1099: bool


BOOKS = {
    "1099": Book(12_000, 0, True),
    "dispositions": Book(20_000, 0, False),
    "ledger": Book(30_000, 40_000, False),
}


class Lot(NamedTuple):
    """A purchase at 10 dollars and its sale at 12, so that no wash sale comes in; `sold` None: kept."""

    asset: str
    units: int
    bought: date
    sold: date | None


def lots(book: Book) -> Iterator[Lot]:
    for number in range(book.sales + book.further):
        bought = date(YEAR - 2, 1, 2) + timedelta(number % 700)
        sold = date(YEAR, 1, 2) + timedelta(number % 360) if number < book.sales else None
        yield Lot(f"S{number % 40}", number + 1, bought, sold)


def write(book: Book, folder: Path) -> list[str]:
    """The ledger, and the form where it has one; the options that name them."""
    made = list(enumerate(lots(book)))
    ledger, form = folder / "ledger.csv", folder / "1099.csv"
    with ledger.open("w", newline="", encoding="utf-8") as target:
        rows = csv.writer(target)
        rows.writerow(LEDGER)
        rows.writerows((lot.bought, "Buy", lot.asset, lot.units, 10, "Broker", "stock", f"L{n}") for n, lot in made)
        rows.writerows(
            (lot.sold, "Sell", lot.asset, lot.units, 12, "Broker", "stock", f"L{n}") for n, lot in made if lot.sold
        )
    if not book.has_1099:
        return [str(ledger)]
    with form.open("w", newline="", encoding="utf-8") as target:
        rows = csv.writer(target)
        rows.writerow(FORM)
        for _, lot in made:
            if lot.sold:
                box = "D" if lot.sold > lot.bought + timedelta(365) else "A"
                rows.writerow(
                    (
                        "Broker",
                        "1099-B",
                        box,
                        lot.asset,
                        lot.units,
                        lot.bought,
                        lot.sold,
                        lot.units * 12,
                        lot.units * 10,
                    )
                )
    return [str(ledger), "--1099", str(form)]


def main() -> None:
    """Measure both commands on each book, turn and turn about."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--book", action="append", choices=sorted(BOOKS))
    asked = parser.parse_args()
    for name in asked.book or BOOKS:
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            options = [*write(BOOKS[name], folder), "--year", str(YEAR)]
            for setting in SETTINGS:
                options += ["--set", setting]
            command = [sys.executable, "-m", "capgain.addin.cli"]
            report = run_process([*command, "report", *options, "-o", str(folder / "report.xlsx")])
            package = run_process([*command, "handoff", *options, "-o", str(folder / "package"), "--forms", made])
            assert (report.returncode, package.returncode) == (0, 0)
            print(
                f"{name}: report {report.seconds:.1f} s {report.peak_mib:.0f} MiB, handoff {package.seconds:.1f} s "
                f"{package.peak_mib:.0f} MiB, ratio {package.seconds / report.seconds:.2f}"
            )


if __name__ == "__main__":
    main()
