"""`capgain batch` over a made-up folder of clients: one after the other, and on workers, in one run.

    python benchmarks/batch_speed.py [--what compute|report|handoff] [--jobs N ...] [--clients N] [--largest ROWS]

300 clients: 289 of 20 to 3,000 rows (60 % workbooks, the others CSV), ten broken in ten ways, one of 60,000 rows. Each
run is a process of its own, and prints the time from start to end as a ratio to the clients' own seconds added up, the
processor time of all its processes (which a busy machine changes little), the peak memory of the command's own process
and of the worker that held most, and how many processes wanted the machine meanwhile.
With `--jobs 1` a client is a process of its own, without Dask. All runs have to say and write the same.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

import workload

SEED = 1091
FEWEST, MOST = 20, 3_000
WORKBOOKS = 0.6
OPTIONS = ("--status", "single", "--as-of", "2026-11-01")
SAID_OF_A_RUN = frozenset({"seconds", "peak_mib", "made"})
COLUMNS = ("Date", "Type", "Asset", "Quantity", "Amount", "Account", "Class")


class Run(NamedTuple):
    """One batch: seconds from start to end, of the processors, those that the clients took, and MiB."""

    wall: float
    processor: float
    clients: float
    parent_mib: float
    worker_mib: int
    waiting: float
    status: Counter[str]
    said: str


def write_book(history: Sequence[workload.Trade], path: Path) -> None:
    """The history as a workbook."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Ledger")
        sheet.write_row(0, 0, COLUMNS)
        for number, trade in enumerate(history, 1):
            amount = Decimal(trade.quantity * trade.price).scaleb(-10).quantize(Decimal("0.01"))
            quantity = Decimal(trade.quantity).scaleb(-8)
            at = trade.at.isoformat(sep=" ", timespec="seconds")
            kind = "Buy" if trade.is_buy else "Sell"
            sheet.write_row(
                number, 0, (at, kind, trade.asset, float(quantity), float(amount), workload.ACCOUNT, "stock")
            )


def make_clients(folder: Path, clients: int, largest: int) -> None:
    """Ten broken clients, a large one, and the others of sizes as a firm has them: many small, few large."""
    chance = random.Random(SEED)
    for number in range(clients - 11):
        rows = int(math.exp(chance.uniform(math.log(FEWEST), math.log(MOST))))
        assets = min(chance.choice((1, 2, 5, 10)), rows // 4)
        history = list(workload.trades(rows, assets, seed=number))
        if chance.random() < WORKBOOKS:
            write_book(history, folder / f"client-{number:03}.xlsx")
        else:
            workload.write_csv(history, folder / f"client-{number:03}.csv")
    workload.write_csv(list(workload.trades(largest, seed=7)), folder / "large.csv")
    for name, content in broken(folder):
        (folder / name).write_bytes(content)


def broken(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Ten files that are no ledger, or one with errors."""
    history = list(workload.trades(200, 2, seed=3))
    book, text = folder / "whole.xlsx", folder / "whole.csv"
    write_book(history, book)
    workload.write_csv(history, text)
    whole, lines = book.read_bytes(), text.read_text(encoding="utf-8").splitlines()
    book.unlink()
    text.unlink()
    yield "cut.xlsx", whole[: len(whole) // 2]
    yield "old.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5_000)
    yield "empty.csv", b""
    yield "list.csv", b"Name,Phone\nA,1\n"
    yield "type.csv", "\n".join(lines).replace("Sell", "Sold maybe").encode()
    yield "unheld.csv", "\n".join(line for line in lines if ",Buy," not in line).encode()
    yield "days.csv", "\n".join(lines).replace("2019-", "2019/13/").encode()
    yield "binary.csv", bytes((0, 1, 2)) * 1_000
    yield "quote.csv", "\n".join([*lines, '"open quote']).encode()
    yield (
        "comma.csv",
        "\n".join([*lines[:5], lines[5].replace(lines[5].split(",")[3], '"1.234,5"'), *lines[6:]]).encode(),
    )


def run_batch(folder: Path, out: Path, what: str, jobs: int, more: Sequence[str] = ()) -> Run:
    """Run the command and look at it while it works."""
    command = [sys.executable, "-m", "capgain.addin.cli", "batch", str(folder), "-o", str(out)]
    command += ["--what", what, "--jobs", str(jobs), "--json", *OPTIONS, *more]
    parent, processor, waiting = 0.0, 0.0, []
    started = time.perf_counter()
    with (
        tempfile.TemporaryFile() as printed,
        subprocess.Popen(command, stdout=printed, start_new_session=True) as process,
    ):
        while process.poll() is None:
            parent = max(parent, peak_of(process.pid))
            processor = max(processor, processor_seconds(process.pid))
            waiting.append(float(os.getloadavg()[0]))
            time.sleep(0.2)
        wall = time.perf_counter() - started
        assert process.returncode == 1, "ten clients are errors"
        printed.seek(0)
        clients = json.load(printed)["clients"]
    return Run(
        wall,
        processor,
        sum(client["seconds"] for client in clients),
        parent,
        max(client["peak_mib"] for client in clients),
        statistics.median(waiting),
        Counter(client["status"] for client in clients),
        said_of(clients, out),
    )


def said_of(clients: Sequence[dict[str, Any]], out: Path) -> str:
    """A hash of all that was said and written of the clients."""
    digest = sha256()
    for client in clients:
        digest.update(json.dumps({key: client[key] for key in client if key not in SAID_OF_A_RUN}).encode())
    for file in sorted(out.rglob("*")):
        if file.is_file() and not file.is_relative_to(out / ".batch") and file.parent != out:
            digest.update(str(file.relative_to(out)).encode() + file.read_bytes())
    return digest.hexdigest()


def processor_seconds(session: int) -> float:
    """What the living processes of a session have had of the processors, with their children that ended."""
    ticks = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:  # ended meanwhile
            continue
        if int(fields[3]) == session:
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def peak_of(process: int) -> float:
    """VmHWM of a running process in MiB, 0 where the system does not say."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0.0
    return max((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), default=0.0)


def main() -> None:
    """Make the clients, run each number of jobs, then the first again with nothing changed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--what", choices=["compute", "report", "handoff"], default="compute")
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--clients", type=int, default=300)
    parser.add_argument("--largest", type=int, default=60_000, help="rows of the largest client")
    parser.add_argument("--send-files", action="store_true", help="once more with files sent to the workers")
    asked = parser.parse_args()
    if asked.clients < 12:
        parser.error("--clients: ten are broken and one is large, so at least 12")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "clients"
        folder.mkdir()
        make_clients(folder, asked.clients, asked.largest)
        ways: list[tuple[str, int, tuple[str, ...]]] = [(f"--jobs {jobs}", jobs, ()) for jobs in asked.jobs]
        if asked.send_files:
            ways.append((f"--jobs {asked.jobs[-1]} --send-files", asked.jobs[-1], ("--send-files",)))
        runs: list[Run] = []
        for name, jobs, more in ways:
            out = Path(place) / f"out-{len(runs)}"
            runs.append(run_batch(folder, out, asked.what, jobs, more))
            print(f"{name:<22} {describe(runs[-1], runs[0])}", flush=True)
            if len(runs) > 1:
                shutil.rmtree(out)
        again = run_batch(folder, Path(place) / "out-0", asked.what, asked.jobs[0])
        print(f"{'nothing changed':<22} {again.wall:.1f} s, {again.wall / runs[0].wall:.3f} of the first run")
        print(f"{asked.clients} clients, {asked.what}: {', '.join(f'{n} {s}' for s, n in runs[0].status.items())}")
        if len({run.said for run in runs}) > 1:
            sys.exit("The runs did not say and write the same.")


def describe(run: Run, first: Run) -> str:
    """One line of figures."""
    return (
        f"{run.wall:.1f} s ({run.wall / first.wall:.2f} of the first run), {run.wall / run.clients:.2f} of the "
        f"clients' own {run.clients:.1f}; processor {run.processor:.1f} s ({run.processor / first.processor:.2f}); "
        f"MiB {run.parent_mib:.0f} command, {run.worker_mib} worker; {run.waiting:.0f} processes waiting"
    )


if __name__ == "__main__":
    main()
