"""Ctrl-C, SIGTERM and SIGHUP at any moment: one line, the shell's exit code, the old result or the new."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import killed
from command_line import PATIENCE, SOURCES, process
from journeys.test_killed_runs import (
    BROKER,
    CALENDAR,
    HANDOFF,
    IMPORT,
    IMPORT_MORE,
    LEDGER,
    NEW,
    PRICES,
    REPORT,
    UNDO,
    Killed,
    inputs,
)

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a run is interrupted in a process that was forked")

SAID = "capgain: interrupted. What was not finished is removed; a result that was complete is there.\n"
MOMENTS = 9
BEGUN = (
    "import signal; [signal.signal(number, signal.SIG_DFL) for number in (signal.SIGTERM, signal.SIGHUP)]; "
    "signal.signal(signal.SIGINT, signal.default_int_handler); import capgain.engine.compute as engine; "
    "engine.compute = lambda *given, compute=engine.compute, **named: "
    "(print('up', flush=True), compute(*given, **named))[1]; from capgain.addin.cli import main; main()"
)
"""Says when it computes."""
RUNS = {
    "a report": Killed(REPORT, ("out.xlsx",)),
    "a report in place of another": Killed(
        (*REPORT, "--force"), ("out.xlsx",), first=((*REPORT, "--set", "Filing Status=mfj"),)
    ),
    "an import after another": Killed(IMPORT_MORE, ("book.xlsx",), first=(NEW, IMPORT), same_bytes=False),
    "an import taken back": Killed(UNDO, ("book.xlsx",), first=(NEW, IMPORT)),
    "a blank workbook": Killed(("new", "out.xlsx"), ("out.xlsx",)),
    "a demo in place of another": Killed(
        ("demo", "staking", "-o", "out.xlsx"), ("out.xlsx",), first=(("demo", "harvest", "-o", "out.xlsx"),)
    ),
    "a calendar in place of another": Killed(
        (*CALENDAR, "--force"), ("dates.ics",), first=((*CALENDAR[:-3], "2025-09-01", *BROKER),)
    ),
    "the extension": Killed(("addin", "build", "--libreoffice"), ("capgain.oxt",)),
    "prices into a book": Killed(PRICES, ("book.xlsx",), first=(NEW,)),
    "a package in place of another": Killed(
        HANDOFF, ("package/workpapers.xlsx", "package.zip"), first=((*HANDOFF, "--set", "Filing Status=mfj"),)
    ),
}


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_an_interrupted_run_says_so_in_a_line_and_leaves_the_old_or_the_new(run: Killed, tmp_path: Path) -> None:
    pristine = inputs(tmp_path / "pristine", run)
    before = killed.files(pristine)
    done = subprocess.run(
        [sys.executable, Path(__file__).parents[1] / "interrupted.py", pristine, str(MOMENTS), *run.arguments],
        env={**os.environ, "PYTHONPATH": SOURCES, "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) > 4
    assert process(*run.arguments, cwd=pristine).returncode == 0
    after = killed.files(pristine)
    for one in found:
        assert (one["code"], one["said"]) == (128 + one["signal"], SAID), one
        assert not [name for name in one["files"] if ".capgain-" in name], one
        assert "damaged" not in one["files"].values(), one
        assert set(run.writes) & set(before) <= set(one["files"]), one
        if run.same_bytes:
            for name in run.writes:
                assert one["files"].get(name) in (before.get(name), after.get(name)), one


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_command_that_reads_is_interrupted_while_it_computes(number: signal.Signals, tmp_path: Path) -> None:
    rows = "".join(f"2024-03-01,Buy,A{row},20,3600,Schwab,stock\n" for row in range(60_000))
    (tmp_path / "ledger.csv").write_text(f"Date,Type,Asset,Quantity,Amount,Account,Class\n{rows}", encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-c", BEGUN, "compute", "ledger.csv", "--json"],
        env={**os.environ, "PYTHONPATH": SOURCES, "PYTHONWARNINGS": "error"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "up\n"
        running.send_signal(number)
        out, said = running.communicate(timeout=PATIENCE)
    assert (running.returncode, out.replace("up\n", ""), said) == (128 + number, "", SAID)


AS_IT_LOADS = """
import os, signal, sys
module, number = sys.argv.pop(1), int(sys.argv.pop(1))
for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(each, signal.default_int_handler if each == signal.SIGINT else signal.SIG_DFL)
sys.addaudithook(
    lambda event, what: event == "exec" and what[0].co_filename.endswith(module) and os.kill(os.getpid(), number)
)
from capgain.addin.start import main
main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
@pytest.mark.parametrize("module", ["click/core.py", "addin/cli/compute.py", "workbook/reading/__init__.py"])
def test_a_signal_while_the_program_loads_ends_it_in_a_line(
    module: str, number: signal.Signals, tmp_path: Path
) -> None:
    (tmp_path / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    found = subprocess.run(
        [sys.executable, "-c", AS_IT_LOADS, module, str(int(number)), "compute", "ledger.csv"],
        env={**os.environ, "PYTHONPATH": SOURCES},
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=PATIENCE,
    )
    assert (found.returncode, found.stdout, found.stderr) == (128 + number, "", SAID)


MADE_ANOTHER_ERROR = """
import os, signal, sys
from capgain.addin.cli.interrupted import told_where_interrupted
from capgain.workbook.interruption import end_at_signals, told_of_signals
signal.signal(signal.SIGTERM, signal.SIG_DFL)
end_at_signals()
with told_where_interrupted(), told_of_signals():
    if sys.argv[1:]:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        except KeyboardInterrupt:
            pass
    raise ImportError("a module was not loaded")
"""


def test_an_interruption_of_which_a_module_made_another_error_is_one(tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", MADE_ANOTHER_ERROR, *arguments],
            env={**os.environ, "PYTHONPATH": SOURCES},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    found = run("interrupted")
    assert (found.returncode, found.stderr) == (143, SAID)
    found = run()
    assert (found.returncode, "ImportError: a module was not loaded" in found.stderr) == (1, True)


def test_a_signal_that_was_to_be_ignored_is(tmp_path: Path) -> None:
    line = f"trap '' HUP; '{sys.executable}' -c 'import os, signal; from capgain.addin.cli import main; " + (
        "import capgain.addin.cli.interrupted; from capgain.workbook.interruption import tell_of_signals; "
        "tell_of_signals(); os.kill(os.getpid(), signal.SIGHUP); print(1)'"
    )
    found = subprocess.run(
        ["bash", "-c", line],
        env={**os.environ, "PYTHONPATH": SOURCES},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (found.returncode, found.stdout) == (0, "1\n"), found.stderr
