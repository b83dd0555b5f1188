"""A run that is killed before any of its file operations leaves the old result or the new one; the next makes the new.

What it leaves beside them lies under hidden names, and the next run removes it and says so.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from command_line import PATIENCE, SOURCES, process

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a run is killed in a process that was forked")

LEDGER = """Date,Type,Asset,Quantity,Amount,Account,Class
2024-03-01,Buy,AAPL,20,3600,Schwab,stock
2025-06-12,Sell,AAPL,20,3980,Schwab,stock
"""
COINBASE = (
    "ID,Timestamp,Transaction Type,Asset,Quantity Transacted,Price Currency,Price at Transaction,Subtotal,"
    "Total (inclusive of fees and/or spread),Fees and/or Spread,Notes\n"
    "cb-1,2025-03-01 12:00:00 UTC,Buy,BTC,0.01,USD,84000,840,845,5,\n"
)
BROKER = ("--set", "Account Schwab=brokerage")


PRICE_FILES = {
    "BTC.csv": "Date,Open,High,Low,Close,Volume\n2025-03-01,84000,84000,84000,84000,1\n",
    "AAPL.csv": "Date,Open,High,Low,Close,Volume\n2025-06-30,150,150,150,150,1\n",
}


@dataclass(frozen=True)
class Killed:
    """A command whose runs are killed: what is there before, and what it writes.

    `first` makes what is there before; `steps_aside` names what may meanwhile lie under a hidden name; `code_again` is
    how a run ends that finds the result there already.
    """

    arguments: tuple[str, ...]
    writes: tuple[str, ...]
    first: tuple[tuple[str, ...], ...] = ()
    code: int = 0
    code_again: int | None = None
    same_bytes: bool = True
    removes: tuple[str, ...] = ()
    kept: dict[str, str] = field(default_factory=dict)
    steps_aside: tuple[str, ...] = ()


REPORT = ("report", "ledger.csv", "-o", "out.xlsx", *BROKER)
HANDOFF = ("handoff", "ledger.csv", "-o", "package", *BROKER)
NEW = ("new", "book.xlsx")
IMPORT = ("import", "coinbase.csv", "-o", "book.xlsx", "--time-zone", "UTC")
IMPORT_MORE = ("import", "more.csv", "-o", "book.xlsx", "--time-zone", "UTC")
UNDO = ("import", "--undo", "book.xlsx")
UNDO_FILES = ("book.xlsx.before-import", "book.xlsx.last-import")
PRICES = ("prices", "BTC.csv", "--all", "-o", "book.xlsx")
CALENDAR = ("calendar", "ledger.csv", "-o", "dates.ics", "--as-of", "2025-07-01", *BROKER)
BATCH = ("batch", "clients", "-o", "out", "--as-of", "2026-03-01", *BROKER, "--what")
INDEX = ("out/index.json", "out/index.xlsx")
PACKAGE = ("package/workpapers.xlsx", "package/manifest.json", "package.zip")
RUNS = {
    "a report": Killed(REPORT, ("out.xlsx",), code_again=2),
    "a report in place of another": Killed(
        (*REPORT, "--force"), ("out.xlsx",), first=((*REPORT, "--set", "Filing Status=mfj"),)
    ),
    "a report with ticks": Killed(
        ("harvest", "ledger.csv", "--prices", "AAPL.csv", "--as-of", "2025-07-01", "-o", "out.xlsx", *BROKER),
        ("out.xlsx",),
        code_again=2,
    ),
    "a demo in place of another": Killed(
        ("demo", "staking", "-o", "out.xlsx"), ("out.xlsx",), first=(("demo", "harvest", "-o", "out.xlsx"),)
    ),
    "a blank workbook": Killed(("new", "out.xlsx"), ("out.xlsx",), code_again=2),
    "a calendar": Killed(CALENDAR, ("dates.ics",), code_again=2),
    "a calendar in place of another": Killed(
        (*CALENDAR, "--force"), ("dates.ics",), first=((*CALENDAR[:-3], "2025-09-01", *BROKER),)
    ),
    "prices into a book": Killed(PRICES, ("book.xlsx",), first=(NEW,)),
    "prices into a file": Killed(("prices", "BTC.csv", "-o", "prices.csv"), ("prices.csv",), code_again=2),
    "an import into a new book": Killed(IMPORT, ("book.xlsx",), same_bytes=False),
    "an import into a book": Killed(IMPORT, ("book.xlsx", *UNDO_FILES), first=(NEW,)),
    "an import after another": Killed(IMPORT_MORE, ("book.xlsx", *UNDO_FILES), first=(NEW, IMPORT)),
    "an import taken back": Killed(UNDO, ("book.xlsx",), first=(NEW, IMPORT), code_again=1, removes=UNDO_FILES),
    "an import taken back from a book that went on": Killed(
        UNDO, ("book.xlsx",), first=(NEW, IMPORT, PRICES), code_again=1, removes=UNDO_FILES
    ),
    "an import of a file that is not known": Killed(
        ("import", "unknown.csv", "-o", "book.xlsx"), ("unknown.format.toml",), code=1, code_again=1
    ),
    "the extension": Killed(("addin", "build", "--libreoffice"), ("capgain.oxt",), code_again=2),
    "the first package": Killed(HANDOFF, PACKAGE),
    "a package in place of another": Killed(
        HANDOFF,
        PACKAGE,
        first=((*HANDOFF, "--set", "Filing Status=mfj"),),
        kept={"package/letter.txt": "from the accountant"},
        steps_aside=("package.zip",),
    ),
    "a batch": Killed((*BATCH, "handoff"), ("out/ledger/workpapers.xlsx", "out/ledger.zip", *INDEX), same_bytes=False),
    "a batch of reports in place of others": Killed(
        (*BATCH, "report"),
        ("out/ledger/report.xlsx", *INDEX),
        first=((*BATCH, "report", "--status", "mfj"),),
        same_bytes=False,
    ),
    "a batch of numbers": Killed((*BATCH, "compute"), ("out/ledger/compute.json", *INDEX), same_bytes=False),
}


def hidden(name: str) -> bool:
    return any(part.startswith(".capgain-") for part in name.split("/"))


def inputs(pristine: Path, run: Killed) -> Path:
    """A folder with what the runs read, and with what `run` finds there."""
    pristine.mkdir()
    (pristine / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    (pristine / "coinbase.csv").write_text(COINBASE, encoding="utf-8")
    (pristine / "more.csv").write_text(
        f"{COINBASE}{COINBASE.splitlines()[1].replace('cb-1', 'cb-2')}\n", encoding="utf-8"
    )
    (pristine / "unknown.csv").write_text("When,What,Coin,Units,Dollars\n2025-01-02,BUY,BTC,1,100\n", encoding="utf-8")
    for name, text in PRICE_FILES.items():
        (pristine / name).write_text(text, encoding="utf-8")
    (pristine / "clients").mkdir()
    (pristine / "clients" / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    for arguments in run.first:
        assert process(*arguments, cwd=pristine).returncode == 0
    for name, text in run.kept.items():
        (pristine / name).write_text(text, encoding="utf-8")
    return pristine


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_old_or_new_is_there_whole_whenever_a_run_is_killed(run: Killed, tmp_path: Path) -> None:
    pristine = inputs(tmp_path / "pristine", run)
    program = Path(__file__).parents[1] / "killed.py"
    done = subprocess.run(
        [sys.executable, program, pristine, *run.arguments],
        env={**os.environ, "PYTHONPATH": SOURCES, "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    *kills, undisturbed = map(json.loads, done.stdout.splitlines())
    assert undisturbed["code"] == run.code, undisturbed["said"]
    assert not any(map(hidden, undisturbed["files"]))
    import killed

    before, after = killed.files(pristine), undisturbed["files"]
    assert set(run.writes) <= set(after)
    assert set(before) - set(after) == set(run.removes)
    assert len(kills) > 3
    stages = set()
    for kill in kills:
        left = {name: content for name, content in kill["left"].items() if not hidden(name)}
        assert "damaged" not in left.values(), kill
        meanwhile = {name for name in left if name.endswith((".before-next-import", ".begun"))}
        assert set(left) <= set(before) | set(after) | meanwhile
        assert set(before) - {*run.removes, *run.steps_aside} <= set(left), kill
        if run.same_bytes:
            assert all(
                content in (before.get(name), after.get(name)) for name, content in left.items() if name in run.writes
            ), kill
        stages.add(tuple(left.get(name) for name in run.writes))
        finished = all(left.get(name) != before.get(name) for name in run.writes) and not set(run.removes) & set(left)
        assert kill["code"] == (run.code if run.code_again is None or not finished else run.code_again), kill["said"]
        assert not any(map(hidden, kill["files"])), kill
        assert kill["files"].keys() == after.keys(), kill
        if run.same_bytes:
            assert kill["files"] == after
        if any(map(hidden, kill["left"])) and not all(name.endswith("-lock") for name in kill["left"] if hidden(name)):
            assert "interrupted run" in kill["said"], kill
    assert len(stages) > 1, "no kill fell after the result was there"
