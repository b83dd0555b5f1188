"""An investor hands a workbook over, without IRS forms at hand and with notes of their own."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from capgain.addin.cli import program

LEDGER = (
    "Date,Type,Asset,Quantity,Amount,Account,Class,Note\n"
    "2024-01-05,Buy,AAPL,10,1800,Schwab,stock,{note}\n"
    "2025-03-05,Sell,AAPL,10,2400,Schwab,,\n"
)


def handed_off(tmp_path: Path, note: str = "", *options: str) -> Result:
    ledger = tmp_path / "trades.csv"
    ledger.write_text(LEDGER.format(note=note))
    arguments = ["handoff", str(ledger), "-o", str(tmp_path / "package"), "--status", "single"]
    return CliRunner().invoke(program, [*arguments, "--set", "Account Schwab=brokerage", *options])


def test_without_official_forms_the_package_is_whole_and_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder of forms lies in the user's home, and no path of it may go into the package."""
    home = Path("/home/ana")
    monkeypatch.setattr(
        "capgain.workbook.handoff.official_forms.forms_folder.user_forms_folder", lambda: home / "forms"
    )
    result = handed_off(tmp_path)
    assert result.exit_code == 0, result.output
    assert "The official Form 8949 of 2025 is not in the folder of forms." in result.output
    manifest = json.loads((tmp_path / "package" / "manifest.json").read_text())
    assert len(manifest["missing_official_forms"]) == 2
    texts = [
        str(cell)
        for sheet in openpyxl.load_workbook(tmp_path / "package" / "workpapers.xlsx")
        for row in sheet.iter_rows(values_only=True)
        for cell in row
    ]
    assert any("Form 8949 of 2025 is not in the folder" in text for text in texts)
    assert str(home) not in "\n".join([*texts, json.dumps(manifest)])


def test_a_path_in_a_note_does_not_stop_the_package(tmp_path: Path) -> None:
    assert handed_off(tmp_path, r"statement: C:\Users\ana\2025.pdf").exit_code == 0


def test_a_full_number_in_a_note_is_named_by_what_stands_before_it(tmp_path: Path) -> None:
    note = "transfer of gift to 987-65-4321"
    refused = handed_off(tmp_path, note)
    assert refused.exit_code == 1
    assert "transfer of gift to ***-**-4321" in refused.output
    assert "987-65" not in refused.output
    assert not (tmp_path / "package").exists()
    assert handed_off(tmp_path, note, "--show-ssn").exit_code == 0


def test_a_year_filed_with_another_amount_is_told_everywhere_and_not_ready(tmp_path: Path) -> None:
    drift = ("--set", "Filed Short 2024=-12.50")
    handed = handed_off(tmp_path, "", *drift)
    assert handed.output.startswith("NOT READY TO FILE\n")
    assert "Filed Short 2024 says that -12.50 was filed; the ledger gives 0.00." in handed.output
    readme = openpyxl.load_workbook(tmp_path / "package" / "workpapers.xlsx", data_only=True)["Readme"]
    assert readme["A1"].value == "NOT READY TO FILE"
    check = ["check", str(tmp_path / "trades.csv"), "--set", "Account Schwab=brokerage"]
    assert "NOT READY TO FILE" in CliRunner().invoke(program, [*check, *drift]).output
    assert "READY TO FILE" in CliRunner().invoke(program, [*check, "--set", "Filed Short 2024=0"]).output
    assert "NOT READY" not in CliRunner().invoke(program, [*check, "--set", "Filed Short 2024=0"]).output
