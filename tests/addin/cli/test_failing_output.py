"""A full disk, a closed output or a reader that has gone: one line that says so, exit code 1, nothing half-written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import PATIENCE, SOURCES

LEDGER = """Date,Type,Asset,Quantity,Amount,Account,Class
2024-03-01,Buy,AAPL,20,3600,Schwab,stock
2025-06-12,Sell,AAPL,20,3980,Schwab,stock
"""
BROKER = "--set 'Account Schwab=brokerage'"
READING = (
    f"compute ledger.csv {BROKER}",
    f"compute ledger.csv --json {BROKER}",
    "compute broken.csv --json",
    "check ledger.csv",
    "eval ledger.csv '=CAPGAIN_LOTS(Ledger[#All])'",
    "functions",
    "--help",
    "--version",
)
WRITING = (
    (f"report ledger.csv -o out.xlsx {BROKER}", "Cannot write out.xlsx"),
    ("demo -o out.xlsx", "Cannot write out.xlsx"),
    ("new out.xlsx", "Cannot write out.xlsx"),
    (f"handoff ledger.csv -o package {BROKER}", "Cannot write package.zip"),
    ("import coinbase.csv -o book.xlsx --time-zone UTC", "Cannot write book.xlsx"),
)
COINBASE = (
    "ID,Timestamp,Transaction Type,Asset,Quantity Transacted,Price Currency,Price at Transaction,Subtotal,"
    "Total (inclusive of fees and/or spread),Fees and/or Spread,Notes\n"
    "cb-1,2025-03-01 12:00:00 UTC,Buy,BTC,0.01,USD,84000,840,845,5,\n"
)

on_posix = pytest.mark.skipif(os.name == "nt", reason="a shell and its devices are needed")


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    line = line.replace("capgain ", f"'{sys.executable}' -m capgain.addin.cli ")
    env = {**os.environ, "PYTHONPATH": SOURCES, "PYTHONWARNINGS": "error"}
    return subprocess.run(["bash", "-c", line], cwd=folder, env=env, capture_output=True, text=True, timeout=PATIENCE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    (tmp_path / "broken.csv").write_text("Date,Type\n", encoding="utf-8")
    (tmp_path / "coinbase.csv").write_text(COINBASE, encoding="utf-8")
    return tmp_path


@on_posix
@pytest.mark.parametrize("command", READING)
def test_what_standard_output_refuses_is_one_line_and_exit_code_1(command: str, folder: Path) -> None:
    ends = {
        "> /dev/full": "capgain: standard output cannot be written: No space left on device. The rest of it is lost.\n",
        ">&-": "capgain: there is no standard output to write to: it is closed. Nothing was done.\n",
        "> >(true) ; exit $?": "capgain: the program that reads this output has ended. The rest of it is lost.\n",
    }
    for end, said in ends.items():
        if end == "> /dev/full" and not Path("/dev/full").exists():
            continue
        line = (
            f"exec 3> >(exec true); sleep 0.2; capgain {command} >&3" if "true" in end else f"capgain {command} {end}"
        )
        found = shell(line, folder)
        assert (found.returncode, found.stderr) == (1, said), end


@on_posix
def test_without_standard_error_a_command_does_its_work(folder: Path) -> None:
    found = shell(f"capgain report ledger.csv -o out.xlsx {BROKER} 2>&-", folder)
    assert found.returncode == 0
    assert (folder / "out.xlsx").is_file()


@on_posix
@pytest.mark.parametrize(("command", "said"), WRITING)
def test_where_the_disk_is_full_nothing_is_left(command: str, said: str, folder: Path) -> None:
    before = sorted(one.name for one in folder.iterdir())
    found = shell(f"ulimit -f 4; capgain {command}", folder)
    assert found.returncode == 1
    assert found.stderr.startswith(f"error: {said}: File too large.\n")
    assert "Traceback" not in found.stderr
    assert "Exception ignored" not in found.stderr
    assert "another program" not in found.stderr
    assert sorted(one.name for one in folder.iterdir()) == before


@on_posix
def test_an_import_that_finds_the_disk_full_leaves_the_book_as_it_was(folder: Path) -> None:
    assert shell("capgain new book.xlsx", folder).returncode == 0
    before, names = (folder / "book.xlsx").read_bytes(), sorted(one.name for one in folder.iterdir())
    found = shell("ulimit -f 4; capgain import coinbase.csv -o book.xlsx --time-zone UTC", folder)
    assert found.returncode == 1
    assert found.stderr.startswith("error: Cannot write book.xlsx.before-next-import: File too large.\n")
    assert sorted(one.name for one in folder.iterdir()) == names
    assert (folder / "book.xlsx").read_bytes() == before


@on_posix
@pytest.mark.parametrize(("command", "_said"), WRITING)
def test_what_is_written_has_the_rights_that_the_umask_leaves(command: str, _said: str, folder: Path) -> None:
    before = set(folder.iterdir())
    found = shell(f"umask 077; capgain {command}", folder)
    assert found.returncode == 0, found.stderr
    made = [one for one in folder.rglob("*") if one not in before]
    assert made
    assert {oct(one.stat().st_mode & 0o777) for one in made} <= {"0o600", "0o700"}


@on_posix
def test_letters_that_the_output_does_not_have_are_written_as_numbers(folder: Path) -> None:
    (folder / "broken.csv").write_text(LEDGER.replace("20,3980,Schwab", "30,3980,Süd ☃"), encoding="utf-8")
    ascii_alone = "PYTHONUTF8=0 PYTHONCOERCECLOCALE=0 LC_ALL=C"
    for command in ("check broken.csv", "balances broken.csv", "calendar broken.csv"):
        found = shell(f"{ascii_alone} capgain {command}", folder)
        assert "Traceback" not in found.stderr, found.stderr
    assert r"S\xfcd \u2603" in shell(f"{ascii_alone} capgain check broken.csv", folder).stdout


@on_posix
@pytest.mark.parametrize("command", ["compute ledger.csv", "new book.xlsx", "batch . -o out", "demo"])
def test_a_folder_that_has_gone_is_said_in_a_line(command: str, folder: Path) -> None:
    found = shell(f"mkdir gone && cd gone && rmdir ../gone && capgain {command}", folder)
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr == "capgain: the folder in which this runs is not there any more. Change to another folder.\n"


@on_posix
def test_a_batch_that_may_write_small_files_alone_says_which_it_could_not_write(folder: Path) -> None:
    (folder / "clients").mkdir()
    (folder / "ledger.csv").rename(folder / "clients" / "ledger.csv")
    found = shell("ulimit -f 4; capgain batch clients -o out --what compute --jobs 1", folder)
    assert found.returncode == 1
    assert "Error: Cannot write index.xlsx: File too large." in found.stderr
    assert "Traceback" not in found.stderr
    assert not list((folder / "out").rglob(".capgain-*"))
