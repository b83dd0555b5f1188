"""How long an import of 100,000 rows takes, against csv.reader over the same file.

python benchmarks/import_speed.py [rows]
"""

from __future__ import annotations

import csv
import random
import resource
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from capgain.workbook.importing.import_files import import_files

HEADER = [
    "ID",
    "Timestamp",
    "Transaction Type",
    "Asset",
    "Quantity Transacted",
    "Price Currency",
    "Price at Transaction",
    "Subtotal",
    "Total (inclusive of fees and/or spread)",
    "Fees and/or Spread",
    "Notes",
]


def write_export(path: Path, rows: int) -> None:
    """A Coinbase transaction report of so many buys, sells and rewards in four coins."""
    chance = random.Random(1)
    at = datetime(2018, 1, 1)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for number in range(rows):
            at += timedelta(minutes=chance.randint(1, 40))
            kind = chance.choice(["Buy", "Sell", "Staking Income", "Advanced Trade Buy"])
            units, price = chance.randint(1, 10**8), chance.randint(100, 60_000)
            cents = units * price // 10**6
            fee = cents // 100
            total = cents - fee if kind == "Sell" else cents + fee
            dollars = [f"${amount // 100}.{amount % 100:02}" for amount in (cents, total, fee)]
            quantity = f"{'-' if kind == 'Sell' else ''}{units // 10**8}.{units % 10**8:08}"
            coin = chance.choice(["BTC", "ETH", "SOL", "ADA"])
            writer.writerow([f"id{number:07}", f"{at} UTC", kind, coin, quantity, "USD", f"${price}.00", *dollars, ""])


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        export, book = Path(folder) / "coinbase.csv", Path(folder) / "book.xlsx"
        write_export(export, rows)
        reference = []
        for _ in range(5):
            start = time.process_time()
            with export.open(encoding="utf-8", newline="") as stream:
                for _row in csv.reader(stream):
                    pass
            reference.append(time.process_time() - start)
        start = time.process_time()
        result = import_files([export], output=book, time_zone="America/New_York")
        new = time.process_time() - start
        start = time.process_time()
        again = import_files([export], into=book, output=book)
        second = time.process_time() - start
    plain = min(reference)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"csv.reader alone        {plain:6.2f} s for {rows:,} rows")
    print(f"import, new workbook    {new:6.2f} s, {new / plain:5.0f} times as long, {result.rows_added:,} written")
    print(f"import again            {second:6.2f} s, {second / plain:5.0f} times as long, {again.rows_added:,} written")
    print(f"peak memory             {peak:6.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
