"""`capgain` alone says what to do next, and help and completion lead on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from addin.cli.conftest import Run
from capgain.addin.cli import COMMANDS, GROUPS
from capgain.workbook.template import write_template

SAMPLES = Path(__file__).parents[2] / "workbook" / "importing" / "samples"
LEDGER = "Date,Type,Asset,Quantity,Amount\n2025-01-02,Buy,AAPL,1,100\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_an_empty_folder_leads_to_the_demo_and_a_new_book(run: Run, folder: Path) -> None:
    shown = run().stdout
    assert "capgain demo\n" in shown
    assert "capgain new book.xlsx\n" in shown


def test_a_ledger_leads_to_check(run: Run, folder: Path) -> None:
    (folder / "my trades.csv").write_text(LEDGER, encoding="utf-8")
    shown = run().stdout
    assert 'capgain check "my trades.csv"\n' in shown
    assert "capgain import" not in shown


def test_files_of_a_source_lead_to_one_import_into_the_only_book(run: Run, folder: Path) -> None:
    shutil.copy(SAMPLES / "coinbase.csv", folder)
    shutil.copy(SAMPLES / "kraken_ledgers.csv", folder)
    (folder / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert "capgain import coinbase.csv kraken_ledgers.csv -o book.xlsx\n" in run().stdout
    write_template(folder / "mine.xlsx")
    assert "capgain import coinbase.csv kraken_ledgers.csv -o mine.xlsx\n" in run().stdout


def test_what_cannot_be_read_stops_nothing(run: Run, folder: Path) -> None:
    (folder / "broken.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    (folder / "empty.csv").write_bytes(b"")
    result = run()
    assert result.exit_code == 0
    assert "capgain demo" in result.stdout


def test_every_command_stands_in_one_group_of_the_help() -> None:
    assert sorted(COMMANDS) == sorted(name for group in GROUPS.values() for name in group)


def test_a_misspelt_command_is_answered_with_the_nearest(run: Run) -> None:
    result = run("chek")
    assert result.exit_code == 2
    assert "Did you mean check?" in result.stderr
    assert "Did you mean" not in run("xyzzy").stderr


def test_the_shell_completes_commands_and_options() -> None:
    asked = {**os.environ, "_CAPGAIN_COMPLETE": "bash_complete", "COMP_CWORD": "1", "COMP_WORDS": "capgain ha"}
    program = "from capgain.addin.cli import main; main()"
    shown = subprocess.run(
        [sys.executable, "-c", program], env=asked, capture_output=True, text=True, check=False
    ).stdout
    assert [line.split(",")[1] for line in shown.split()] == ["harvest", "handoff"]
