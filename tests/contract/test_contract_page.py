"""docs/contract.md is true: its lists are the program's, and its example is what the program prints."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from capgain.addin.cli import COMMANDS, program
from capgain.addin.functions.registry import FUNCTIONS
from capgain.engine.settings import SCHEDULE_D_INPUT_LINES
from capgain.workbook.reading.columns import LEDGER_COLUMNS
from capgain.workbook.reading.setting_names import BY_YEAR, FOR_ALL_YEARS
from capgain.workbook.reading.transaction_types import TYPE_NAMES

PAGE = (Path(__file__).parents[2] / "docs" / "contract.md").read_text(encoding="utf-8")


def part(heading: str) -> str:
    """What stands under a heading, up to the next."""
    return re.split(r"(?m)^#+ ", PAGE[PAGE.index(f"# {heading}\n") + 2 :])[0]


def named(heading: str) -> list[str]:
    """The first column of the table under a heading, names parted by commas."""
    rows = re.findall(r"(?m)^\| ([^|]+) \|", part(heading))[1:]
    return [name.strip("` ") for row in rows for name in row.split(",")]


def test_the_columns_are_those_of_the_ledger() -> None:
    assert sorted(named("Columns")) == sorted(LEDGER_COLUMNS)


def test_the_types_are_those_of_the_ledger() -> None:
    assert sorted(named("Types")) == sorted(TYPE_NAMES)


def test_the_settings_are_those_that_are_read() -> None:
    assert sorted(named("Settings")) == sorted([*BY_YEAR, *FOR_ALL_YEARS])
    for line in SCHEDULE_D_INPUT_LINES:
        assert re.search(rf"\b{line}\b", part("Settings").rpartition("Schedule D 4")[2] + " 4"), line


def test_the_commands_are_those_of_the_program() -> None:
    found = {name.split()[0] for name in re.findall(r"(?m)^\| `([^`]+)`", part("4. The command line"))}
    assert found == set(COMMANDS)


def test_the_functions_are_those_of_the_registry() -> None:
    assert named("5. Functions") == [function.name for function in FUNCTIONS]


def test_the_sheets_of_the_report_stand_in_the_order_told(tmp_path: Path) -> None:
    out = tmp_path / "demo.xlsx"
    assert CliRunner().invoke(program, ["demo", "-o", str(out)], prog_name="capgain").exit_code == 0
    kinds = [re.sub(r" \d{4}$", "", name) for name in openpyxl.load_workbook(out, read_only=True).sheetnames]
    told = " ".join(part("6. The report workbook").split())
    order = re.findall(r"in the name: (.+?)\.", told)[0].split(", ")
    assert list(dict.fromkeys(kinds)) == [name for name in order if name in kinds]
    where_asked_for = {
        "To Fix",
        "Form 6781",
        "Estimates",
        "Tax",
        "Harvest",
        "Carryover",
        "Income",
        "Wash Sales",
        "Lot Proof",
        "Roll-forward",
    }
    assert set(order) - set(kinds) <= where_asked_for


def test_the_document_of_compute_is_the_one_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (ledger,) = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    (command,) = re.findall(r"\$ capgain (compute [^\n]*)\n", PAGE)
    (shown,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    Path("ledger.csv").write_text(ledger, encoding="utf-8")
    printed = json.loads(CliRunner().invoke(program, shlex.split(command), prog_name="capgain").stdout)
    expected = json.loads(shown)
    lines, shown_lines = (document["years"]["2025"]["schedule_d"] for document in (printed, expected))
    assert {number: lines[number] for number in shown_lines} == shown_lines
    printed["years"]["2025"]["schedule_d"] = shown_lines
    printed["engine_version"] = expected["engine_version"]
    assert printed == expected
