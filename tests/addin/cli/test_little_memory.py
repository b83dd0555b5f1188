"""Little memory, and what is nested without end: one line that says so, exit code 1, nothing half-written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import hostile_books
from capgain.addin.cli.refusal import LedgerCommand
from command_line import PATIENCE, SOURCES, Run

MEGABYTE = 1 << 20
ROWS = 100_000
LEDGER = """Date,Type,Asset,Quantity,Amount,Account,Class
2024-03-01,Buy,AAPL,20,3600,Schwab,stock
2025-06-12,Sell,AAPL,20,3980,Schwab,stock
"""
LIMITED = (
    (110, ("compute", "book.xlsx", "--json")),
    (200, ("compute", "book.xlsx", "--json")),
    (150, ("report", "book.xlsx", "-o", "out.xlsx")),
    (200, ("import", "book.xlsx", "-o", "out.xlsx")),  # numpy alone needs more than 150
)


def limited(arguments: Sequence[str], folder: Path, megabytes: int) -> subprocess.CompletedProcess[str]:
    """Run `capgain` where the whole process may have so many megabytes of address space."""
    import resource

    limit = megabytes * MEGABYTE
    return subprocess.run(
        [sys.executable, "-m", "capgain.addin.cli", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": SOURCES, "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("little")
    below = "".join(hostile_books.row(number) for number in range(3, ROWS))
    (made / "book.xlsx").write_bytes(hostile_books.with_cells(below))
    return made


@pytest.mark.skipif(sys.platform != "linux", reason="a limit of address space is Linux's")
@pytest.mark.parametrize(("megabytes", "command"), LIMITED)
def test_with_too_little_memory_a_command_says_so_in_a_line(
    megabytes: int, command: Sequence[str], folder: Path
) -> None:
    found = limited(command, folder, megabytes)
    assert found.returncode == 1, found.stderr[-2000:]
    said = found.stdout + found.stderr
    assert "needs more memory than there is" in said
    assert "Traceback" not in said
    assert "--json" not in command or json.loads(found.stdout)["problems"][0]["code"] == "TOO_LITTLE_MEMORY"
    assert [one.name for one in folder.iterdir()] == ["book.xlsx"]


DEEP = 100_000
NESTED = {
    "m.format.toml": f"name = {'[' * DEEP}{']' * DEEP}\n",
    "digits.toml": f"name = {'1' * 6_000}\n",
    "manifest.json": "[" * DEEP + "]" * DEEP,
    "prices.csv": "[" * DEEP + "]" * DEEP,
}


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("import", "ledger.csv", "-o", "b.xlsx", "--format", "m.format.toml"), "stand too deep in one another"),
        (("import", "ledger.csv", "-o", "b.xlsx", "--format", "digits.toml"), "digits.toml is not TOML"),
        (("import", "prices.csv", "-o", "b.xlsx"), "prices.csv is not a table"),
        (("prices", "prices.csv", "-o", "p.csv"), "prices.csv is not a table"),
        (("handoff", "ledger.csv", "-o", "."), "holds no earlier hand-off"),
        (("eval", "ledger.csv", f"=CAPGAIN_NET({'-' * 7_000}1,2,3)"), "too deep in one another"),
        (("eval", "ledger.csv", f"=CAPGAIN_NET({'-' * 70_000}1,2,3)"), "has 70,019 characters; Excel takes 8,192"),
        (("eval", "ledger.csv", f"=CAPGAIN_LOTS(A{'1' * 5_000}:B2)"), "The formula"),
    ],
)
def test_what_is_nested_without_end_is_refused_where_it_is_read(
    command: Sequence[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in {"ledger.csv": LEDGER, **NESTED}.items():
        Path(name).write_text(text, encoding="utf-8")
    found = run(*command)
    assert found.exit_code in (1, 2), found.output
    assert said in found.output
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(["ledger.csv", *NESTED])


def test_what_is_nested_without_end_is_refused_in_a_line() -> None:
    def deeper() -> None:
        deeper()

    found = CliRunner().invoke(LedgerCommand("deep", callback=deeper), [])
    assert (found.exit_code, found.output.count("\n")) == (1, 3)
    assert found.output.startswith("error: Something in a file stands deeper in itself than any program writes it.")
    assert click.unstyle(found.output) == found.output
