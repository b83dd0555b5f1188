"""`capgain` itself: help, start-up, usage errors, and what it sends through a pipe."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from capgain.addin.cli import COMMANDS, program
from command_line import Run, process

HEAVY = {"pandas", "numpy", "openpyxl", "xlsxwriter", "python_calamine", "xlwings", "rich", "pypdf"}


@pytest.mark.parametrize("arguments", [["--help"], ["compute", "--help"], ["report", "--help"]])
def test_help_answers_without_loading_pandas_openpyxl_xlwings_or_rich(arguments: list[str]) -> None:
    script = (
        "import sys\nfrom capgain.addin.cli import program\n"
        f"program.main({arguments!r}, standalone_mode=False)\n"
        f"loaded = {HEAVY!r} & set(sys.modules)\nassert not loaded, loaded\n"
    )
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    assert "Usage" in finished.stdout


def test_compute_of_a_text_file_loads_no_library_of_tables_no_planning_and_no_tax(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text("Date,Type,Asset,Quantity,Amount\n2024-01-02,Buy,AAPL,1,2.50\n2025-01-02,Sell,AAPL,1,3.50\n")
    not_needed = HEAVY | {
        "capgain.workbook.importing",
        "capgain.workbook.report",
        "capgain.engine.explain",
        "capgain.engine.planning",
        "capgain.engine.forms.tax",
        "capgain.engine.forms.worksheets.by_name",
        "capgain.engine.forms.form_1099.sheet_rows",
    }
    script = (
        "import sys\nfrom capgain.addin.cli import program\n"
        f"program.main(['compute', {str(path)!r}, '--json', '--status', 'single'], standalone_mode=False)\n"
        f"loaded = {not_needed!r} & set(sys.modules)\nassert not loaded, loaded\n"
    )
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    assert '"gain": "1.00"' in finished.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_of_the_table_exists_under_its_name_and_explains_itself(name: str, run: Run) -> None:
    command = import_module(f"capgain.addin.cli.{COMMANDS[name][0]}").command
    assert command.name == name
    result = run(name, "--help")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) > 3


def test_the_help_lists_every_command(run: Run) -> None:
    shown = run("--help").stdout
    assert all(f"  {name} " in shown for name in COMMANDS)
    assert list(program.commands) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["compute"],
        ["compute", "x.csv", "--year", "twenty"],
        ["compute", "x.csv", "--year", "99"],
        ["compute", "x.csv", "--status", "married"],
        ["compute", "x.csv", "--method", "best"],
        ["compute", "x.csv", "--set", "Filing Status"],
        ["compute", "x.csv", "--unknown"],
        ["report", "x.csv"],
        ["report", "x.csv", "-o", "out.pdf"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_code_2_with_a_word_on_standard_error(arguments: list[str], run: Run) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage: capgain" in result.stderr


def test_the_version_is_that_of_the_package(run: Run) -> None:
    assert run("--version").stdout.startswith("CapGain ")


def control_characters(text: str) -> set[str]:
    return {character for character in text if not character.isprintable() and character != "\n"}


@pytest.mark.parametrize("environment", [{}, {"FORCE_COLOR": "1"}, {"NO_COLOR": "1"}, {"TERM": "xterm-256color"}])
def test_a_piped_run_prints_no_control_characters(environment: dict[str, str], tmp_path: Path) -> None:
    finished = process("demo", cwd=tmp_path, **environment)
    assert finished.returncode == 0, finished.stderr
    assert not control_characters(finished.stdout + finished.stderr)
    broken = tmp_path / "broken.csv"
    broken.write_text("Date,Type,Asset,Quantity\n2025-01-02,Sell,\x1b[31mRED\x1b[0m,5\n")
    refused = process("compute", broken, cwd=tmp_path, **environment)
    assert refused.returncode == 1
    assert not control_characters(refused.stdout + refused.stderr)
