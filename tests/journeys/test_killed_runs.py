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

from command_line import SOURCES, process

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


@dataclass(frozen=True)
class Killed:
    """A command whose runs are killed: what is there before, and what it writes.

    `first` makes what is there before; `refuses_its_own` where it does not write over what it has written.
    """

    arguments: tuple[str, ...]
    writes: tuple[str, ...]
    first: tuple[tuple[str, ...], ...] = ()
    refuses_its_own: bool = False
    same_bytes: bool = True
    kept: dict[str, str] = field(default_factory=dict)


REPORT = ("report", "ledger.csv", "-o", "out.xlsx", *BROKER)
HANDOFF = ("handoff", "ledger.csv", "-o", "package", *BROKER)
IMPORT = ("import", "coinbase.csv", "-o", "book.xlsx", "--time-zone", "UTC")
RUNS = {
    "a report": Killed(REPORT, ("out.xlsx",), refuses_its_own=True),
    "a report in place of another": Killed(
        (*REPORT, "--force"), ("out.xlsx",), first=((*REPORT, "--set", "Filing Status=mfj"),)
    ),
    "a blank workbook": Killed(("new", "out.xlsx"), ("out.xlsx",), refuses_its_own=True),
    "an import into a new book": Killed(IMPORT, ("book.xlsx",), same_bytes=False),
    "an import into a book": Killed(IMPORT, ("book.xlsx",), first=(("new", "book.xlsx"),)),
    "the first package": Killed(HANDOFF, ("package/workpapers.xlsx", "package/manifest.json", "package.zip")),
    "a package in place of another": Killed(
        HANDOFF,
        ("package/workpapers.xlsx", "package/manifest.json", "package.zip"),
        first=((*HANDOFF, "--set", "Filing Status=mfj"),),
        kept={"package/letter.txt": "from the accountant"},
    ),
}


def without_undo(files: dict[str, str]) -> dict[str, str]:
    """The files but those that take the last import back, which a run that finds nothing new does not make."""
    return {name: content for name, content in files.items() if not name.endswith(("before-import", "last-import"))}


def hidden(name: str) -> bool:
    return name.split("/")[0].startswith(".capgain-")


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_old_or_new_is_there_whole_whenever_a_run_is_killed(run: Killed, tmp_path: Path) -> None:
    pristine = tmp_path / "pristine"
    pristine.mkdir()
    (pristine / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    (pristine / "coinbase.csv").write_text(COINBASE, encoding="utf-8")
    for arguments in run.first:
        assert process(*arguments, cwd=pristine).returncode == 0
    for name, text in run.kept.items():
        (pristine / name).write_text(text, encoding="utf-8")
    program = Path(__file__).parents[1] / "killed.py"
    done = subprocess.run(
        [sys.executable, program, pristine, *run.arguments],
        env={**os.environ, "PYTHONPATH": SOURCES, "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    *kills, undisturbed = map(json.loads, done.stdout.splitlines())
    assert undisturbed["code"] == 0, undisturbed["said"]
    assert not any(map(hidden, undisturbed["files"]))
    import killed

    before, after = killed.files(pristine), undisturbed["files"]
    assert set(run.writes) <= set(after)
    assert len(kills) > 3
    stages = set()
    for kill in kills:
        left = {name: content for name, content in kill["left"].items() if not hidden(name)}
        assert "damaged" not in left.values()
        assert set(left) <= set(before) | set(after)
        assert set(before) <= set(left), kill
        if run.same_bytes:
            assert all(content in (before.get(name), after.get(name)) for name, content in left.items()), kill
        stages.add(tuple(left.get(name) for name in run.writes))
        finished = all(left.get(name) != before.get(name) for name in run.writes)
        assert kill["code"] == (2 if finished and run.refuses_its_own else 0), kill["said"]
        assert not any(map(hidden, kill["files"])), kill
        assert without_undo(kill["files"]).keys() == without_undo(after).keys()
        if run.same_bytes:
            assert without_undo(kill["files"]) == without_undo(after)
        if any(map(hidden, kill["left"])) and not all(name.endswith("-lock") for name in kill["left"] if hidden(name)):
            assert "interrupted run" in kill["said"]
    assert len(stages) > 1, "no kill fell after the result was there"
