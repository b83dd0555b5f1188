"""The commands that pass a ledger on: import, explain, eval, functions, handoff, forms add, addin."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from capgain.addin.cli import program
from capgain.addin.cli.explain import ROWS_SHOWN
from capgain.addin.functions.registry import FUNCTIONS
from command_line import Run

Document = Callable[..., Mapping[str, Any]]
CsvLedger = Callable[..., Path]
OPTIONS = ("--status", "single", "--set", "Account Schwab=brokerage")
COINBASE = """\
ID,Timestamp,Transaction Type,Asset,Quantity Transacted,Price Currency,Price at Transaction,Subtotal,\
Total (inclusive of fees and/or spread),Fees and/or Spread,Notes
a1,2024-01-05 15:00:00 UTC,Buy,BTC,0.5,USD,44000.00,22000.00,22100.00,100.00,Bought 0.5 BTC
a2,2024-06-05 15:00:00 UTC,Sell,BTC,0.25,USD,70000.00,17500.00,17450.00,50.00,Sold 0.25 BTC
"""


@pytest.fixture
def trades(csv_ledger: CsvLedger) -> Path:
    return csv_ledger(
        "2023-01-05,Buy,XYZ,10,100,,,Schwab,stock,,,",
        "2025-06-03,Sell,XYZ,4,120,,,Schwab,stock,,,",
    )


def test_eval_prints_what_a_cell_would_show(run: Run, trades: Path) -> None:
    shown = run("eval", trades, '=CAPGAIN(Ledger[#All], 2025, "long")', *OPTIONS)
    assert (shown.exit_code, shown.stdout) == (0, "80.00\n")
    rows = run("eval", trades, "=CAPGAIN_8949(Ledger[#All], 2025)", *OPTIONS)
    assert rows.exit_code == 0
    header, row = rows.stdout.splitlines()
    assert len(header.split("\t")) == len(row.split("\t")) == 8
    assert row.split("\t")[3] == "480.00"


def test_eval_prints_an_error_as_the_cell_does_and_says_why(run: Run, document: Document, trades: Path) -> None:
    formula = '=CAPGAIN(Ledger[#All], 2025, "profit")'
    shown = run("eval", trades, formula, *OPTIONS)
    assert (shown.exit_code, shown.stdout) == (1, "#VALUE!\n")
    assert "profit" in shown.stderr
    found = document("eval", trades, formula, *OPTIONS, exit_code=1)
    assert (found["value"], found["error"]) == (None, "#VALUE!")
    assert "profit" in found["reason"]


def test_eval_as_a_document_has_the_value_or_the_rows(document: Document, trades: Path) -> None:
    assert document("eval", trades, "=CAPGAIN(Ledger[#All], 2025)", *OPTIONS)["value"] == "80.00"
    rows = document("eval", trades, "=CAPGAIN_ROWS(Ledger[#All])", *OPTIONS)["value"]
    assert len(rows) == 3


def test_eval_refuses_what_is_no_formula_of_ours(run: Run, trades: Path) -> None:
    for formula in ("=SUM(Ledger[Amount])", "=CAPGAIN(", "CAPGAIN"):
        assert run("eval", trades, formula, *OPTIONS).exit_code == 2


def test_functions_lists_the_registry(run: Run, document: Document) -> None:
    names = [function.name for function in FUNCTIONS]
    assert [function["name"] for function in document("functions")["functions"]] == names
    shown = run("functions").stdout
    assert all(f"{name}(" in shown for name in names)


def test_explain_leads_from_a_line_to_the_ledger_rows(run: Run, document: Document, trades: Path) -> None:
    shown = run("explain", trades, "16", *OPTIONS)
    assert shown.exit_code == 0
    assert "Ledger row 3" in shown.stdout
    found = document("explain", trades, "8b", "--year", "2025", *OPTIONS)
    assert (found["year"], found["line"]) == (2025, "8b")
    assert any(3 in step["rows"] for step in found["steps"])
    assert run("explain", trades, "99", *OPTIONS).exit_code == 2
    assert run("explain", trades, "16", "--year", "2010", *OPTIONS).exit_code == 1


def test_explain_tells_a_long_box_by_asset_and_a_named_sale_in_full(
    run: Run, document: Document, csv_ledger: CsvLedger
) -> None:
    rows = [f"2024-01-0{1 + n % 9},Buy,A{n % 3},1,10,,,Schwab,stock,,," for n in range(ROWS_SHOWN + 1)]
    rows += [f"2025-02-0{1 + n % 9},Sell,A{n % 3},1,12,,,Schwab,stock,,," for n in range(ROWS_SHOWN + 1)]
    asked = (csv_ledger(*rows), "16", "--year", "2025", *OPTIONS)
    first_sale = ROWS_SHOWN + 3
    shown = run("explain", *asked).stdout
    assert "A0, 34 transactions: $68.00 = proceeds $408.00 - basis $340.00." in shown
    assert "Ledger row" not in shown.split("\nNOT READY")[0]
    assert "101 transactions are told in sums. One by one: --asset NAME, --row N of the ledger, or --all." in shown
    one = run("explain", *asked, "--row", first_sale).stdout
    assert one.count("        Ledger row") == 1
    assert "The other 100 transactions: $200.00" in one
    assert "are told in sums" not in one
    assert run("explain", *asked, "--asset", "a1").stdout.count("        Ledger row") == 34
    for every in (run("explain", *asked, "--all").stdout, str(document("explain", *asked))):
        assert all(f"Ledger row {row}:" in every for row in range(first_sale, first_sale + ROWS_SHOWN + 1))
    refused = run("explain", *asked, "--row", "2000")
    assert (refused.exit_code, "comes of row 2000 of the ledger" in refused.stderr) == (2, True)
    assert run("explain", *asked, "--row", first_sale, "--all").exit_code == 2


def test_import_writes_a_ledger_and_the_same_file_again_adds_nothing(
    run: Run, document: Document, tmp_path: Path
) -> None:
    source, book = tmp_path / "coinbase.csv", tmp_path / "book.xlsx"
    source.write_text(COINBASE)
    first = document("import", source, "-o", book, "--time-zone", "America/New_York")
    assert (first["rows_added"], first["duplicates"], first["problems"]) == (2, 0, [])
    [file] = first["files"]
    assert file["rows_read"] == file["ledger"] + file["ignored"] + file["problems"]
    numbers = document("compute", book, "--status", "single")
    assert numbers["years"]["2024"]["schedule_d"]["7"] == "6400.00"
    again = run("import", source, "-o", book)
    assert again.exit_code == 0
    assert "already in the Ledger" in again.stdout
    assert "0 rows added" in again.stdout
    assert document("compute", book, "--status", "single") == numbers


@pytest.mark.skipif(os.name == "nt", reason="Windows has no umask")
def test_a_new_ledger_is_readable_by_whom_new_files_are_and_an_older_one_stays_so(run: Run, tmp_path: Path) -> None:
    source, book = tmp_path / "coinbase.csv", tmp_path / "book.xlsx"
    source.write_text(COINBASE)
    before = os.umask(0o077)
    try:
        assert run("import", source, "-o", book, "--time-zone", "America/New_York").exit_code == 0
        assert book.stat().st_mode & 0o777 == 0o600
        book.chmod(0o640)
        source.write_text(COINBASE.replace("\na", "\nb"))
        assert "2 rows added" in run("import", source, "-o", book).stdout
        assert book.stat().st_mode & 0o777 == 0o640
    finally:
        os.umask(before)


def test_import_of_an_unknown_file_leaves_a_mapping_to_fill_in_and_writes_no_book(
    run: Run, document: Document, tmp_path: Path
) -> None:
    source, book = tmp_path / "odd.csv", tmp_path / "book.xlsx"
    source.write_text("When,What,How Many\n2024-01-05,Purchase,1\n")
    refused = run("import", source, "-o", book)
    assert refused.exit_code == 1
    assert "odd.csv" in refused.stderr
    draft = tmp_path / "odd.format.toml"
    assert "When" in draft.read_text()
    draft.write_text("mine")
    [problem] = document("import", source, "-o", book, exit_code=1)["problems"]
    assert "odd.csv" in problem["message"]
    assert draft.read_text() == "mine"
    assert not book.exists()


def test_handoff_writes_the_package_and_its_zip(document: Document, trades: Path, tmp_path: Path) -> None:
    folder, no_forms = tmp_path / "package", tmp_path / "no forms"
    no_forms.mkdir()
    made = document("handoff", trades, "-o", folder, "--forms", no_forms, *OPTIONS)
    assert (made["year"], made["filing_ready"], made["checks"]["failed"]) == (2025, True, 0)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest
    assert (folder / "workpapers.xlsx").is_file()
    with zipfile.ZipFile(made["zip"]) as archive:
        assert any(name.endswith("workpapers.xlsx") for name in archive.namelist())


def test_handoff_never_replaces_what_is_not_its_own(run: Run, trades: Path, tmp_path: Path) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "diary.txt").write_text("mine")
    refused = run("handoff", trades, "-o", folder, *OPTIONS)
    assert refused.exit_code == 1
    assert [path.name for path in folder.iterdir()] == ["diary.txt"]


def test_forms_add_refuses_what_is_no_official_form(run: Run, tmp_path: Path) -> None:
    fake = tmp_path / "f8949.pdf"
    fake.write_bytes(b"%PDF-1.7 nothing")
    refused = run("forms", "add", fake, "--forms", tmp_path / "forms")
    assert refused.exit_code == 1
    assert "f8949.pdf" in refused.stderr
    assert not (tmp_path / "forms").exists()


def test_addin_build_writes_both_files_and_keeps_what_exists(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("addin", "build").exit_code == 0
    assert run("addin", "build", "--libreoffice", "-o", "other.oxt").exit_code == 0
    for name in ("capgain.xlam", "other.oxt"):
        assert zipfile.is_zipfile(tmp_path / name)
    assert run("addin", "build").exit_code == 2
    assert run("addin", "build", "--force").exit_code == 0


def test_balances_compare_the_ledger_with_what_is_stated(run: Run, document: Document, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    ledger, stated = book.active, book.create_sheet("Balances")
    assert ledger is not None
    ledger.title = "Ledger"
    for row in (
        ("Date", "Type", "Asset", "Quantity", "Price", "Account"),
        ("2025-01-03", "Buy", "BTC", 2, 100, "Kraken"),
        ("2025-02-03", "Sell", "BTC", "0.5", 100, "Kraken"),
        ("2025-02-03", "Buy", "ETH", 1, 100, "Kraken"),
    ):
        ledger.append(row)
    for row in (("Account", "Asset", "Quantity"), ("Kraken", "BTC", 1.25), ("Kraken", "ETH", 1)):
        stated.append(row)
    path = tmp_path / "book.xlsx"
    book.save(path)
    found = document("balances", path)
    assert found["differences"] == 1
    bitcoin, ether = found["balances"]
    assert (bitcoin["implied"], bitcoin["stated"], bitcoin["difference"]) == ("1.5", "1.25", "-0.25")
    assert ether["difference"] == "0"
    [bitcoin] = document("balances", path, "--as-of", "2025-01-31")["balances"][:1]
    assert bitcoin["implied"] == "2"
    assert "1 difference among 2 stated balances" in run("balances", path).stdout


def test_on_a_terminal_an_unknown_file_is_asked_about_shown_and_brought_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, book = tmp_path / "odd.csv", tmp_path / "book.xlsx"
    source.write_text(
        "Type,In,Cur.,Out,Cur.,When\nTrade,0.1,BTC,4200,USD,03/04/2024 15:00\nGot,1,ETH,,,03/05/2024 15:00\n"
    )
    monkeypatch.setattr("capgain.addin.cli.import_files._is_a_person_there", lambda: True)
    arguments = ["import", str(source), "-o", str(book), "--time-zone", "America/New_York"]
    shown = CliRunner().invoke(program, arguments, input="dmy\nMars\nUTC\nMy Exchange\nm\ny\n")
    assert shown.exit_code == 0, shown.output
    assert "mdy for 2024-03-04, dmy for 2024-04-03" in shown.output
    assert '"Mars" is not a time zone' in shown.output
    assert "Date 2024-04-03 11:00:00, Type Buy, Asset BTC, Quantity 0.1, Amount 4200" in " ".join(shown.output.split())
    assert 'date_order = "dmy"' in (tmp_path / "odd.format.toml").read_text()
    assert openpyxl.load_workbook(book)["Ledger"]["B2"].value == "Buy"
    assert openpyxl.load_workbook(book)["Open Items"].max_row == 2


def test_rows_that_are_not_wanted_are_not_brought_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, book = tmp_path / "odd.csv", tmp_path / "book.xlsx"
    source.write_text("Type,In,Cur.,Out,Cur.,When\nTrade,0.1,BTC,4200,USD,2024-03-04\n")
    monkeypatch.setattr("capgain.addin.cli.import_files._is_a_person_there", lambda: True)
    shown = CliRunner().invoke(program, ["import", str(source), "-o", str(book)], input="Mine\nn\n")
    assert shown.exit_code == 1
    assert not book.exists()


@pytest.mark.parametrize(
    ("answers", "columns", "row"),
    [
        ("none: all rows are alike\nb\nItem\nOunces\nPaid\nSafe\ny\n", 'asset = "Item"', "Gold Eagle"),
        ("none: all rows are alike\nb\nnone\nGLDX\nOunces\nPaid\nSafe\ny\n", 'asset = "=GLDX"', "GLDX"),
    ],
)
def test_a_log_of_purchases_without_kinds_is_asked_for_what_its_headings_do_not_say(
    answers: str, columns: str, row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, book = tmp_path / "log.csv", tmp_path / "book.xlsx"
    source.write_text("Day,Item,Ounces,Paid,Dealer\n2024-01-05,Gold Eagle,2,4100,A\n2024-06-05,Gold Eagle,1,2400,B\n")
    monkeypatch.setattr("capgain.addin.cli.import_files._is_a_person_there", lambda: True)
    shown = CliRunner().invoke(program, ["import", str(source), "-o", str(book)], input=answers)
    assert shown.exit_code == 0, shown.output
    assert "Not read: " in shown.output
    assert columns in (tmp_path / "log.format.toml").read_text()
    headings, *added = openpyxl.load_workbook(book)["Ledger"].iter_rows(max_row=3, values_only=True)
    rows = [dict(zip(headings, found, strict=True)) for found in added]
    assert [(one["Type"], one["Asset"], one["Quantity"], one["Amount"]) for one in rows] == [
        ("Buy", row, 2, 4100),
        ("Buy", row, 1, 2400),
    ]


def test_the_kinds_of_a_column_that_the_person_names_are_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, book = tmp_path / "club.csv", tmp_path / "book.xlsx"
    source.write_text(
        "Settled on,Story,Ticker,Shares,Net\n03/04/2024,Took,VTI,10,-2501.50\n04/05/2025,Gave,VTI,4,1078.50\n"
        "05/06/2025,Divi,VTI,,12.00\n"
    )
    monkeypatch.setattr("capgain.addin.cli.import_files._is_a_person_there", lambda: True)
    shown = CliRunner().invoke(
        program, ["import", str(source), "-o", str(book)], input="Story\nmdy\nClub\nb\ns\nd\ny\n"
    )
    assert shown.exit_code == 0, shown.output
    assert "3 rows like these would be added. Go on" in shown.output
    assert [cell.value for cell in openpyxl.load_workbook(book)["Ledger"]["B"][1:4]] == ["Buy", "Sell", "Dividend"]
