"""The accountant's package: one folder and one zip, whole or not at all; a second run loses nothing of anybody's."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from capgain.engine.compute import compute
from capgain.engine.problems import InvalidLedger, UnknownYear
from capgain.workbook import whole_file
from capgain.workbook.handoff import package, staging
from capgain.workbook.handoff.handed_off import Handoff
from capgain.workbook.handoff.package import handoff
from capgain.workbook.handoff.staging import OutputInTheWay, UnfitWorkpapers
from capgain.workbook.reading import read_ledger_file
from capgain.workbook.whole_file import CannotWrite, hidden_beside
from capgain.workbook.xlsx.lint import Finding, lint
from command_line import process

from . import books
from .books import LEDGER, SETTINGS, book

DAY = date(2025, 3, 1)
NO_FORMS = Path("no-such-folder")


def made(path: Path, out: Path, **more: object) -> Handoff:
    return handoff(path, out, **{"forms_dir": NO_FORMS, "today": DAY, **more})  # type: ignore[arg-type]


def sheet(out: Path, name: str) -> Worksheet:
    return openpyxl.load_workbook(out / "workpapers.xlsx")[name]


def shown(out: Path, name: str) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(out / "workpapers.xlsx", data_only=True)[name].iter_rows(values_only=True))


def texts(rows: Sequence[tuple[object, ...]]) -> str:
    return "\n".join(str(value) for row in rows for value in row if value is not None)


def files_below(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield file.relative_to(folder).as_posix(), file.read_bytes()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return book(tmp_path_factory.mktemp("book") / "taxes.xlsx")


@pytest.fixture(scope="module")
def package_of_2024(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Handoff:
    return made(source, tmp_path_factory.mktemp("out") / "handoff")


def test_the_folder_holds_workpapers_import_files_and_a_manifest_with_every_hash(package_of_2024: Handoff) -> None:
    found = dict(files_below(package_of_2024.folder))
    assert (
        set(found)
        == set(package_of_2024.files)
        == {
            "workpapers.xlsx",
            "manifest.json",
            "import/READ ME FIRST.txt",
            "import/capital-gains-2024.csv",
            "import/dispositions-2024.csv",
            "import/drake-8949-2024.csv",
            "import/form-8949-2024.csv",
            "import/olt-2024.csv",
            "import/opening-2025.csv",
            "import/ots-8949-2024-AD.csv",
            "import/ots-8949-2024-BE.csv",
            "import/ots-8949-2024-CF.csv",
            "import/statements-2024.pdf",
            "import/turbotax-online-crypto-2024.csv",
            "import/taxact-2024.csv",
            "import/txf-2024.txf",
        }
    )
    manifest = json.loads(found["manifest.json"])
    assert {name: about["sha256"] for name, about in manifest["files"].items()} == {
        name: sha256(content).hexdigest() for name, content in found.items() if name != "manifest.json"
    }
    with ZipFile(package_of_2024.zip_file) as archive:
        assert {name.removeprefix("handoff/"): archive.read(name) for name in archive.namelist()} == found


def test_the_manifest_names_ledger_engine_method_and_elections(package_of_2024: Handoff, source: Path) -> None:
    manifest = json.loads((package_of_2024.folder / "manifest.json").read_text())
    assert manifest["ledger"] == {
        "file": "taxes.xlsx",
        "sha256": sha256(source.read_bytes()).hexdigest(),
        "rows": len(LEDGER),
    }
    assert manifest["engine_version"]
    assert manifest["tax_year"] == 2024
    assert manifest["method_and_elections"]["Method"] == "fifo"
    assert manifest["method_and_elections"]["Exception 2"] == "no"
    assert manifest["filing_ready"] is package_of_2024.filing_ready is True
    assert manifest["facts"]["Schedule D line 16"] == "10221.00"
    assert manifest["checks"] == {"count": package_of_2024.checks, "failed": 0}


def test_a_missing_official_form_is_named_everywhere_and_fails_nothing(package_of_2024: Handoff) -> None:
    manifest = json.loads((package_of_2024.folder / "manifest.json").read_text())
    readme = texts(shown(package_of_2024.folder, "Readme"))
    for text in (manifest["missing_official_forms"], package_of_2024.missing_forms):
        assert len(text) == 2
        assert "official Schedule D of 2024" in text[0]
        assert "https://www.irs.gov/pub/irs-prior/f8949--2024.pdf" in text[1]
    assert "The official Schedule D of 2024 is not in" in readme


def test_the_sheets_stand_in_the_order_in_which_they_are_read(package_of_2024: Handoff) -> None:
    names = openpyxl.load_workbook(package_of_2024.folder / "workpapers.xlsx").sheetnames
    assert names == [
        "Cover",
        "Readme",
        "Open Points",
        "Questions",
        "Checks",
        "Schedule D",
        "8949 A",
        "8949 D",
        "8949 E",
        "8949 F",
        "Carryover",
        "Tax",
        "1099 Reconciliation",
        "Adjustments",
        "Gains",
        "Wash Sales",
        "Income",
        "Income by Kind",
        "Gifts and Losses",
        "Open Lots",
        "Roll-forward",
        "Lot Proof",
        "Opening 2025",
        "Elections",
        "Summary",
        "Ledger",
        "Accounts",
        "Settings",
        "Change Log",
    ]


def test_the_gate_comes_first_and_every_check_passes(package_of_2024: Handoff) -> None:
    assert shown(package_of_2024.folder, "Readme")[0][0] == "READY TO FILE"
    results = [row[6] for row in shown(package_of_2024.folder, "Checks")[1:]]
    assert results
    assert set(results) == {"PASS"}


def test_the_number_is_masked_in_every_file_unless_asked_for(source: Path, tmp_path: Path, irs_forms: Path) -> None:
    for show_ssn in (False, True):
        out = tmp_path / f"out{show_ssn}"
        made(source, out, forms_dir=irs_forms, show_ssn=show_ssn)
        found = b""
        for name, content in files_below(out):
            if name.endswith(".xlsx"):
                with ZipFile(out / name) as parts:
                    found += b"".join(parts.read(part) for part in parts.namelist())
            else:
                found += content
        assert (b"123-45-6789" in found) is show_ssn
        assert (b"***-**-6789" in found) is not show_ssn


def test_the_filled_forms_are_those_of_the_engine(source: Path, tmp_path: Path, irs_forms: Path) -> None:
    result = made(source, tmp_path / "out", forms_dir=irs_forms)
    assert not result.missing_forms
    assert {"schedule-d-2024.pdf", "schedule-d-2024-flat.pdf", "form-8949-2024.pdf", "form-8949-2024-flat.pdf"} <= set(
        result.files
    )
    checks = [row for row in shown(tmp_path / "out", "Checks") if "Official Schedule D" in str(row[2])]
    assert len(checks) > 5
    assert all(row[6] == "PASS" for row in checks)


def test_made_again_from_the_same_ledger_every_file_is_the_same_to_the_byte(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(source, out)
    before, zipped = dict(files_below(out)), (tmp_path / "out.zip").read_bytes()
    made(source, out, today=date(2025, 4, 1))
    assert dict(files_below(out)) == before
    assert (tmp_path / "out.zip").read_bytes() == zipped
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "out.zip"]


def mark(out: Path, name: str, cells: Mapping[str, str]) -> None:
    """Enter something the way a reviewer would, in a program that writes the file anew."""
    made_before = openpyxl.load_workbook(out / "workpapers.xlsx")
    for cell, text in cells.items():
        made_before[name][cell] = text
    made_before.save(out / "workpapers.xlsx")


def row_of(out: Path, name: str, text: str) -> int:
    return next(
        number for number, row in enumerate(shown(out, name), start=1) if any(text in str(value) for value in row)
    )


def test_tick_marks_and_sign_offs_stay_with_their_rows_when_the_ledger_grows(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(source, out)
    sold, prepared = row_of(out, "8949 A", "10 sh. NEW"), row_of(out, "Readme", "Prepared by")
    line_7 = row_of(out, "Schedule D", "Net short-term capital gain")
    line_15 = row_of(out, "Schedule D", "Net long-term capital gain")
    mark(out, "8949 A", {f"K{sold}": "A"})
    mark(out, "Readme", {f"B{prepared}": "AE 3/1"})
    mark(out, "Schedule D", {f"I{line_7}": "F", f"I{line_15}": "PY"})
    grown = (
        *LEDGER[:6],
        ("2024-05-03", "Buy", "AAA", 5, 500, 0, "Schwab", "stock", None, None, None, "N1"),
        ("2024-05-30", "Sell", "AAA", 5, 450, 0, "Schwab", None, "basis", None, None, "N2"),
        *LEDGER[6:],
    )
    result = made(book(tmp_path / "taxes.xlsx", ledger=grown), out, today=date(2025, 4, 2))
    moved = row_of(out, "8949 A", "10 sh. NEW")
    assert moved == sold + 1
    assert sheet(out, "8949 A")[f"K{moved}"].value == "A"
    assert sheet(out, "8949 A")[f"K{sold}"].value is None
    assert sheet(out, "Readme")[f"B{row_of(out, 'Readme', 'Prepared by')}"].value == "AE 3/1"
    assert sheet(out, "Schedule D")[f"I{line_7}"].value == "F"
    assert sheet(out, "Schedule D")[f"I{line_15}"].value == "PY"
    assert result.remarks == ()
    log = texts(shown(out, "Change Log"))
    assert "First hand-off into this folder." in log
    assert "Schedule D line 7: 749.50 before, 699.50 here." in log
    assert "Ledger SHA-256" in log
    kept = next((out / "earlier").iterdir())
    assert openpyxl.load_workbook(kept)["Schedule D"][f"I{line_7}"].value == "F"


def test_a_note_beside_the_table_does_not_part_a_row_from_its_tick_mark(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(source, out)
    sold = row_of(out, "8949 A", "10 sh. NEW")
    mark(out, "8949 A", {f"K{sold}": "A", f"M{sold}": "see the broker's letter"})
    result = made(source, out, today=date(2025, 4, 2))
    assert sheet(out, "8949 A")[f"K{sold}"].value == "A"
    assert result.remarks == ()


def test_a_mark_on_a_row_whose_figures_changed_is_kept_and_questioned(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(source, out)
    sold = row_of(out, "8949 A", "10 sh. NEW")
    mark(out, "8949 A", {f"K{sold}": "A"})
    dearer = (*LEDGER[:-1], (*LEDGER[-1][:4], 1760.5, *LEDGER[-1][5:]))
    result = made(book(tmp_path / "taxes.xlsx", ledger=dearer), out)
    assert sheet(out, "8949 A")[f"K{sold}"].value == "A ?"
    assert "the figures of this row changed since 'A' was entered" in result.remarks[0]
    assert "the figures of this row changed" in texts(shown(out, "Change Log"))
    assert made(tmp_path / "taxes.xlsx", out).remarks == ()
    assert sheet(out, "8949 A")[f"K{sold}"].value == "A ?"


def test_a_mark_whose_row_is_gone_is_told_and_not_moved_to_another(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(source, out)
    sold = row_of(out, "8949 E", "10 sh. ABC")
    mark(out, "8949 E", {f"K{sold}": "R"})
    result = made(book(tmp_path / "taxes.xlsx", ledger=(*LEDGER[:6], *LEDGER[7:])), out)
    assert any("'R' was entered in K" in remark and "not there any more" in remark for remark in result.remarks)
    assert all(row[10] is None for row in shown(out, "8949 E")[5:])


def test_a_mark_on_a_sale_whose_quantity_or_code_changed_is_kept_and_questioned(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(source, out)
    mark(out, "8949 A", {f"K{row_of(out, '8949 A', '10 sh. NEW')}": "A"})
    mark(out, "8949 E", {f"K{row_of(out, '8949 E', '10 sh. ABC')}": "JD"})
    fewer = (*LEDGER[-1][:3], 8, *LEDGER[-1][4:])
    coded = (*LEDGER[6][:9], "T", *LEDGER[6][10:])
    result = made(book(tmp_path / "taxes.xlsx", ledger=(*LEDGER[:6], coded, *LEDGER[7:-1], fewer)), out)
    assert sheet(out, "8949 A")[f"K{row_of(out, '8949 A', '8 sh. NEW')}"].value == "A ?"
    assert sheet(out, "8949 E")[f"K{row_of(out, '8949 E', '10 sh. ABC')}"].value == "JD ?"
    assert ["it is marked with a question mark" in remark for remark in result.remarks] == [True, True]


def test_cells_beside_a_list_and_notes_stay_with_their_rows_and_are_named_when_they_cannot(
    source: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    made(source, out)
    row, listed = row_of(out, "8949 E", "10 sh. ABC"), row_of(out, "Gains", "NEW")
    entered = openpyxl.load_workbook(out / "workpapers.xlsx")
    entered["8949 E"][f"M{row}"] = "see the broker's letter"
    entered["Gains"][f"AE{listed}"] = "asked on 3/1"
    entered["Change Log"]["E2"] = "filed 4/2"
    entered["Gains"][f"D{listed}"].comment = openpyxl.comments.Comment("why so late?", "Eve")
    entered.save(out / "workpapers.xlsx")
    without = book(tmp_path / "taxes.xlsx", ledger=(*LEDGER[:6], *LEDGER[7:]))
    for day in (date(2025, 4, 2), date(2025, 4, 3)):
        result = made(without, out, today=day)
        moved = row_of(out, "Gains", "NEW")
        assert sheet(out, "Gains")[f"AE{moved}"].value == "asked on 3/1"
        note = sheet(out, "Gains")[f"D{moved}"].comment
        assert (note.text, note.author) == ("why so late?", "Eve")
        assert sheet(out, "Change Log")["E2"].value == "filed 4/2"
    assert moved == listed - 1
    assert result.remarks == ()
    assert f'"see the broker\'s letter" was entered in M{row}' in texts(shown(out, "Change Log"))


def test_a_column_that_the_taxpayers_own_sheet_has_no_more_does_not_come_back(tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(book(tmp_path / "taxes.xlsx", own={"Mine": [["a", "b", "c"], [1, 2, 3]]}), out)
    entered = openpyxl.load_workbook(out / "workpapers.xlsx")
    entered["Mine"]["E2"] = "theirs"
    entered.save(out / "workpapers.xlsx")
    made(book(tmp_path / "taxes.xlsx", own={"Mine": [["a", "b"], [1, 2]]}), out)
    assert shown(out, "Mine")[1] == (1, 2, None, None, "theirs")


def test_files_of_others_in_the_folder_are_kept(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(source, out)
    (out / "notes").mkdir()
    (out / "notes" / "call.txt").write_text("ask about row 4")
    made(source, out)
    assert (out / "notes" / "call.txt").read_text() == "ask about row 4"
    assert json.loads((out / "manifest.json").read_text())["files"].keys() == {
        name for name, _ in files_below(out) if name not in ("manifest.json", "notes/call.txt")
    }


def test_a_folder_or_zip_that_is_something_else_is_left_alone(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "photos"
    other.mkdir()
    (other / "manifest.json").write_text('{"made_by": "somebody"}')
    with pytest.raises(OutputInTheWay, match="holds no earlier hand-off"):
        made(source, other)
    assert list(other.iterdir()) == [other / "manifest.json"]
    (tmp_path / "fresh.zip").write_bytes(b"mine")
    with pytest.raises(OutputInTheWay, match=r"fresh\.zip exists already"):
        made(source, tmp_path / "fresh")
    monkeypatch.chdir(other)
    with pytest.raises(OutputInTheWay, match="holds no earlier hand-off"):
        made(source, Path())
    with pytest.raises(OutputInTheWay, match="There is no folder"):
        made(source, tmp_path / "no" / "such")
    assert not (tmp_path / "fresh").exists()


def test_a_package_that_an_older_run_put_aside_is_named(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(source, out)
    out.rename(tmp_path / ".capgain-0123456789abcdef-old")
    with pytest.raises(OutputInTheWay, match=r"if \.capgain-0123456789abcdef-old is it, name it out\.$"):
        made(source, out)


def test_next_years_opening_rows_name_accounts_and_assets_as_they_are(tmp_path: Path) -> None:
    odd = ("@home", "=1+1", "+plus", "-minus", "'quoted")
    ledger = [f"2024-01-05,Buy,=A{n},1,10,{name},stock" for n, name in enumerate(odd)]
    path = tmp_path / "odd.csv"
    path.write_text("\n".join(["Date,Type,Asset,Quantity,Amount,Account,Class", *ledger]), encoding="utf-8")
    overrides = [f"Account {name}=brokerage" for name in odd if not name.startswith("=")]
    before = read_ledger_file(path, overrides=overrides).ledger
    assert not [problem for problem in before.problems if problem.is_error]
    handoff(path, tmp_path / "out", year=2024, overrides=overrides)
    again = read_ledger_file(tmp_path / "out" / "import" / "opening-2025.csv").ledger
    assert sorted((entry.account, entry.asset) for entry in again.transactions) == sorted(
        (entry.account, entry.asset) for entry in before.transactions
    )


@pytest.mark.parametrize("total_tax", ["9000", "0"])
@pytest.mark.parametrize("known", [{"Other Income 2024": "90000"}, {"Current Year Tax 2024": "12000"}, {}])
def test_a_package_with_estimated_tax_passes_its_examination(
    tmp_path: Path, known: dict[str, str], total_tax: str
) -> None:
    """Its sheet had a function that is none of the plain ones, and no such package could be made."""
    stated = {"Total Tax 2023": total_tax, "AGI 2023": "90000", "Withholding 2024": "2500", **known}
    path = book(tmp_path / "taxes.xlsx", settings={**SETTINGS, **stated})
    made(path, tmp_path / "out")
    assert "Estimates" in openpyxl.load_workbook(tmp_path / "out" / "workpapers.xlsx").sheetnames
    report = tmp_path / "report.xlsx"
    assert process("report", path, "-o", report).returncode == 0
    assert not [found for found in lint(report) if found.rule == "plain functions"]


@pytest.mark.parametrize("length", [253, 254, 255, 300, 2000])
def test_no_formula_passes_excels_limits_however_long_a_name_is(tmp_path: Path, length: int) -> None:
    account, asset = "Fund " + "*" * (length - 5), "A" * length
    ledger = [
        ("2024-01-05", "Buy", asset, 10, 100, 0, account, "stock"),
        ("2024-03-05", "Sell", asset, 5, 70, 0, account, "stock"),
    ]
    path = book(tmp_path / "long.xlsx", ledger=ledger)
    made = handoff(path, tmp_path / "out", year=2024, overrides=[f"Account {account}=brokerage"])
    assert lint(made.folder / "workpapers.xlsx", ssn_is_shown=True) == ()
    report = tmp_path / "report.xlsx"
    assert process("report", path, "-o", report, "--set", f"Account {account}=brokerage").returncode == 0
    assert not [found for found in lint(report, ssn_is_shown=True) if found.rule == "Excel's limits"]


def test_the_examination_sees_formulas_that_excel_does_not_take(tmp_path: Path) -> None:
    for formula, is_found in (
        (f'=LEN("{"a" * 255}")', False),
        (f'=LEN("{"a" * 256}")', True),
        ("=" + "+".join(["1"] * 4096), False),
        ("=" + "+".join(["1"] * 4097), True),
    ):
        made = openpyxl.Workbook()
        assert made.active is not None
        made.active["A1"] = formula
        made.save(tmp_path / "made.xlsx")
        assert any(found.rule == "Excel's limits" for found in lint(tmp_path / "made.xlsx")) is is_found, len(formula)


def test_a_ledger_inside_the_folder_is_refused(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(source, out)
    inside = book(out / "ledger.xlsx")
    with pytest.raises(OutputInTheWay, match=r"ledger\.xlsx lies in"):
        made(inside, out)
    assert inside.exists()


def test_a_workbook_of_marks_that_cannot_be_read_stops_the_run_and_keeps_everything(
    source: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    made(source, out)
    (out / "workpapers.xlsx").write_bytes(b"broken")
    before = dict(files_below(out))
    with pytest.raises(OutputInTheWay, match="could not be kept"):
        made(source, out)
    assert dict(files_below(out)) == before


def test_with_errors_in_the_ledger_nothing_is_written(tmp_path: Path) -> None:
    broken = book(
        tmp_path / "taxes.xlsx",
        ledger=(*LEDGER, ("2024-09-01", "Sell", "XYZ", 999, 1, 0, "Schwab", None, None, None, None, "T11")),
    )
    with pytest.raises(InvalidLedger):
        made(broken, tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["taxes.xlsx"]


def test_a_year_without_a_schedule_d_is_refused_by_name(source: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownYear, match="no Schedule D for 1999 to hand off"):
        made(source, tmp_path / "out", year=1999)
    assert not (tmp_path / "out").exists()


def test_without_a_disposal_and_tax_year_the_year_of_the_last_row_is_handed_off(tmp_path: Path) -> None:
    bought = book(tmp_path / "bought.xlsx", ledger=LEDGER[:1], settings={"Filing Status": "single"})
    assert made(bought, tmp_path / "out").year == int(str(LEDGER[0][0])[:4])


def test_workpapers_that_fail_their_examination_are_not_written(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found_wanting(file: BinaryIO, *, ssn_is_shown: bool) -> object:
        findings = lint(file, ssn_is_shown=ssn_is_shown)
        assert findings == ()
        return (Finding("plain functions", "Gains!A1", "LAMBDA is not a function that every Excel has"),)

    monkeypatch.setattr(staging, "lint", found_wanting)
    with pytest.raises(UnfitWorkpapers, match="Gains!A1: LAMBDA is not a function"):
        made(source, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("refused", "said"), [("write_bytes", "out"), ("rename to out", "out"), ("rename from out.zip", "out.zip")]
)
def test_a_refusal_to_write_halfway_leaves_the_earlier_package_as_it_was(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str, said: str
) -> None:
    out = tmp_path / "out"
    made(source, out)
    before = dict(files_below(tmp_path))
    more = book(tmp_path / "more.xlsx", ledger=LEDGER[:-1])
    rename, writing = os.rename, Path.write_bytes

    def renamed(one: Path, other: Path) -> None:
        if refused in (f"rename from {Path(one).name}", f"rename to {Path(other).name}"):
            raise OSError(28, "No space left on device")
        rename(one, other)

    def written(path: Path, content: bytes) -> int:
        if refused == "write_bytes":
            raise OSError(28, "No space left on device")
        return writing(path, content)

    monkeypatch.setattr(whole_file, "exchanged", lambda one, other: False)
    monkeypatch.setattr(Path, "write_bytes", written)
    monkeypatch.setattr(os, "rename", renamed)
    with pytest.raises(CannotWrite, match=rf"Cannot write {said}: No space left on device\."):
        made(more, out)
    assert {**before, "more.xlsx": more.read_bytes()} == dict(files_below(tmp_path))


@pytest.mark.parametrize("named", ["the earlier", "the new"])
def test_the_zip_of_the_folder_gets_its_name_back_after_a_kill_though_the_next_run_is_refused(
    source: Path, tmp_path: Path, named: str
) -> None:
    out, archive = tmp_path / "out", tmp_path / "out.zip"
    made(source, out)
    earlier, folder_before = archive.read_bytes(), dict(files_below(out))
    made(book(tmp_path / "more.xlsx", ledger=LEDGER[:-1]), out)
    new = archive.read_bytes()
    archive.unlink()
    hidden_beside(archive).write_bytes(earlier)
    hidden_beside(archive).write_bytes(new)
    hidden_beside(archive).write_bytes(new[:-50])
    if named == "the earlier":
        (out / "manifest.json").write_bytes(folder_before["manifest.json"])
    wrong = book(tmp_path / "wrong.xlsx", ledger=[*LEDGER, ("no day", *LEDGER[-1][1:])])
    with pytest.raises(InvalidLedger):
        made(wrong, out)
    assert archive.read_bytes() == (earlier if named == "the earlier" else new)
    assert not list(tmp_path.glob(".capgain-*"))


def test_what_was_done_about_a_zip_without_its_name_is_said(source: Path, tmp_path: Path) -> None:
    made(source, tmp_path / "out")
    (tmp_path / "out.zip").rename(hidden_beside(tmp_path / "out.zip"))
    again = made(source, tmp_path / "out")
    assert again.remarks[0] == "An interrupted run had left out.zip without its name: it is in its place."


def test_a_folder_in_the_place_of_the_zip_is_refused_before_anything_is_written(source: Path, tmp_path: Path) -> None:
    made(source, tmp_path / "out")
    (tmp_path / "out.zip").unlink()
    (tmp_path / "out.zip").mkdir()
    before = dict(files_below(tmp_path))
    with pytest.raises(OutputInTheWay, match=r"out\.zip is a folder"):
        made(book(tmp_path / "more.xlsx", ledger=LEDGER[:-1]), tmp_path / "out")
    (tmp_path / "more.xlsx").unlink()
    assert dict(files_below(tmp_path)) == before


def test_exception_2_gives_one_row_a_broker_a_statement_sheet_and_a_pdf(tmp_path: Path) -> None:
    path = book(tmp_path / "taxes.xlsx", settings={**SETTINGS, "Exception 2": "yes"})
    out = tmp_path / "out"
    result = made(path, out)
    assert "statements-2024.pdf" in result.files
    row = next(row for row in shown(out, "8949 E") if row[0] == "Fidelity see attached statement")
    assert row[3:8] == (2400, 2000, "MT", 0, 400)
    statement = shown(out, "Statement E Fidelity")
    assert [line[0] for line in statement[1:3]] == ["10 sh. ABC", "10 sh. ABC"]
    formula = sheet(out, "8949 E")["D6"].value
    assert formula == "='Statement E Fidelity'!D4"
    assert result.checks_failed == 0


def test_exception_1_keeps_rows_off_form_8949_and_on_line_1a(tmp_path: Path) -> None:
    path = book(tmp_path / "taxes.xlsx", settings={**SETTINGS, "Exception 1": "yes"})
    result = made(path, tmp_path / "out")
    names = openpyxl.load_workbook(tmp_path / "out" / "workpapers.xlsx").sheetnames
    assert "8949 A" not in names
    assert "8949 D" in names
    assert result.checks_failed == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["facts"]["Schedule D line 1a"].endswith("gain 749.50")


def test_differences_to_a_1099_that_stay_open_keep_the_return_from_being_ready(tmp_path: Path) -> None:
    lines = (
        ("Schwab", "1099-B", "A", "total", 1750.5, 1000, None, "basis"),
        ("Schwab", "1099-B", "D", "total", 1000, 2505, None, "basis"),
        ("Fidelity", "1099-B", "E", "total", 2400, None, None, "no basis"),
    )
    settled = made(book(tmp_path / "a.xlsx", forms_1099=lines), tmp_path / "settled")
    assert settled.filing_ready
    assert settled.checks_failed == 0
    wrong = (*lines[:2], ("Fidelity", "1099-B", "E", "total", 2399, None, None, "no basis"))
    result = made(book(tmp_path / "b.xlsx", forms_1099=wrong), tmp_path / "open")
    assert not result.filing_ready
    assert [problem.row for problem in result.reasons] == [4]
    assert shown(tmp_path / "open", "Readme")[0][0] == "NOT READY TO FILE"
    failed = [row for row in shown(tmp_path / "open", "1099 Reconciliation") if row[11] == "FAIL"]
    assert [(row[0], row[2], row[4], row[8], row[10]) for row in failed] == [
        ("Fidelity", "E", "Proceeds", "unexplained", -1)
    ]
    assert "Forms 1099: every figure agrees" in texts(
        [row for row in shown(tmp_path / "open", "Checks") if row[6] == "FAIL"]
    )


def test_drift_from_what_was_filed_fails_a_check(tmp_path: Path) -> None:
    path = book(
        tmp_path / "taxes.xlsx",
        settings={**SETTINGS, "Filed Short 2023": -5, "Filed Long 2024": 9471.5, "Filed Carryover Short 2023": 0},
    )
    result = made(path, tmp_path / "out")
    failed = [row for row in shown(tmp_path / "out", "Checks") if row[6] == "FAIL" and row[0]]
    assert [(row[1], row[3], row[4]) for row in failed] == [("2023", 0, -5)]
    assert result.checks_failed == 1


def test_missing_basis_stands_on_to_fix_and_blocks_filing_until_a_note_settles_it(tmp_path: Path) -> None:
    sold = ("2024-09-01", "Sell", "ETH", 2, 5000, 0, "Coinbase", "crypto", "none", None, None, "T11")
    settings = {**SETTINGS, "Missing Basis": "zero"}
    result = made(book(tmp_path / "taxes.xlsx", ledger=(*LEDGER, sold), settings=settings), tmp_path / "out")
    assert not result.filing_ready
    to_fix = texts(shown(tmp_path / "out", "To Fix"))
    for expected in ("ETH / Coinbase", "Likely cause", "transfer in from another own account", "Choices", "5000"):
        assert expected in to_fix


def test_the_users_own_sheets_become_values_and_add_in_formulas_become_notes(tmp_path: Path) -> None:
    path = book(
        tmp_path / "taxes.xlsx",
        own={
            "My Plan": (("Net", "='C:\\Users\\ana\\AddIns\\capgain.xlam'!CAPGAIN(Ledger!A1:L20,2024)"), ("x", 7)),
            "Secret": (("do not", "show"),),
            "Income": (("salary", 1),),
            "Overview": (("my own summary", 2),),
        },
        hidden=("Secret",),
    )
    out = tmp_path / "out"
    made(path, out)
    book_out = openpyxl.load_workbook(out / "workpapers.xlsx")
    assert "Secret" not in book_out.sheetnames
    assert book_out["Income"]["A1"].value == "Ledger row"
    assert book_out["Overview"]["A1"].value == "my own summary"
    plan = book_out["My Plan"]
    assert plan["B2"].value == 7
    assert plan["B1"].comment is not None
    assert plan["B1"].comment.text.endswith("=CAPGAIN(Ledger!A1:L20,2024)")
    assert "ana" not in plan["B1"].comment.text
    readme = texts(shown(out, "Readme"))
    assert "not in here: Secret (hidden), Income (these workpapers have a sheet of that name)." in readme
    assert lint(out / "workpapers.xlsx") == ()


def test_next_years_ledger_can_begin_with_the_opening_rows(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(source, out)
    later: tuple[tuple[object, ...], ...] = (
        ("2025-06-01", "Sell", "XYZ", 70, 9000, 0, "Schwab", "stock", "basis"),
        ("2025-06-02", "Sell", "ABC", 20, 9000, 0, "Fidelity", "stock", "basis"),
        ("2025-06-03", "Sell", "BTC", "0.250000000000000001", 9000, 0, "Coinbase", "crypto", "none"),
    )
    sales = [(*row[:3], 50, *row[4:]) if row[2] == "XYZ" else row for row in later]
    whole = read_ledger_file(book(tmp_path / "whole.xlsx", ledger=(*LEDGER, *sales)))
    opening = list(csv.DictReader(StringIO((out / "import" / "opening-2025.csv").read_text(), newline="")))
    columns = list(opening[0])
    rows = [[row[column] for column in columns] for row in opening]
    extra = ["Amount", "Fee", "Reported"]
    fresh = tmp_path / "fresh.csv"
    with fresh.open("w", newline="") as target:
        writer = csv.writer(target)
        writer.writerow([*columns, *extra])
        writer.writerows([*row, "", "", ""] for row in rows)
        for when, kind, asset, quantity, amount, fee, account, asset_class, reported in sales:
            named = {"Date": when, "Type": kind, "Asset": asset, "Quantity": quantity, "Account": account}
            named |= {"Class": asset_class, "Amount": amount, "Fee": fee, "Reported": reported}
            writer.writerow([named.get(column, "") for column in (*columns, *extra)])
    over = [f"Account {name} = {kind}" for name, kind in books.ACCOUNTS[1:]]
    once = compute(whole.ledger)
    again = compute(read_ledger_file(fresh, overrides=over).ledger)
    assert not again.has_errors, again.problems
    seen = [
        [(row.asset, row.units, row.proceeds_cents, row.basis_cents, row.term, row.box) for row in report.dispositions]
        for report in (once.years[2025], again.years[2025])
    ]
    assert seen[0] == seen[1]
    assert len(seen[0]) >= 3


def test_a_wash_sale_across_the_year_end_is_told_with_the_opening_rows(tmp_path: Path) -> None:
    rows = (
        *LEDGER,
        ("2024-11-01", "Buy", "WWW", 10, 1000, 0, "Schwab", "stock", None, None, None, "W1"),
        ("2024-12-20", "Sell", "WWW", 10, 400, 0, "Schwab", None, "basis", None, None, "W2"),
        ("2025-01-05", "Buy", "WWW", 10, 500, 0, "Schwab", "stock", None, None, None, "W3"),
    )
    result = made(book(tmp_path / "taxes.xlsx", ledger=rows), tmp_path / "out")
    (told,) = [text for text in result.left_to_do if text.startswith("Wash sale across the year end")]
    assert "$600.00 of the loss on row 13 belongs in the basis of the purchase of 01/05/2025 (row 14)" in told


def test_a_csv_and_a_report_workbook_can_be_handed_off_too(source: Path, tmp_path: Path) -> None:
    first = made(source, tmp_path / "first")
    again = made(tmp_path / "first" / "workpapers.xlsx", tmp_path / "second")
    assert again.checks_failed == 0
    assert openpyxl.load_workbook(again.folder / "workpapers.xlsx").sheetnames == (
        openpyxl.load_workbook(first.folder / "workpapers.xlsx").sheetnames
    )
    amounts = [
        {
            name: value
            for name, value in json.loads((out / "manifest.json").read_text())["facts"].items()
            if name.startswith(("Schedule D", "Form 8949", "Carryover"))
        }
        for out in (first.folder, again.folder)
    ]
    assert amounts[0] == amounts[1]
    assert Decimal(amounts[0]["Schedule D line 16"]) == Decimal("10221.00")


def test_a_basis_the_broker_has_wrong_stays_in_column_e_and_is_corrected_with_code_b(tmp_path: Path) -> None:
    path = tmp_path / "taxes.csv"
    path.write_text(
        "Date,Type,Asset,Quantity,Amount,Account,Class,Reported,Reported Basis\n"
        "2024-01-05,Buy,XYZ,10,1000,Schwab,stock,,\n"
        "2024-05-06,Sell,XYZ,10,1500,Schwab,,basis,900\n"
    )
    out = tmp_path / "out"
    source = read_ledger_file(path, overrides=["Account Schwab = brokerage", "Filing Status = single"])
    result = package.handoff_of(source, out, forms_dir=NO_FORMS, today=DAY)
    row = next(row for row in shown(out, "8949 A") if row[0] == "10 sh. XYZ")
    assert row[3:8] == (1500, 900, "B", -100, 500)
    assert "B: the basis reported by the broker is wrong" in texts(shown(out, "Adjustments"))
    assert result.checks_failed == 0


def test_what_of_a_purchase_was_pay_stands_among_the_income_and_explains_the_brokers_basis(tmp_path: Path) -> None:
    ledger, form = tmp_path / "ledger.csv", tmp_path / "1099.csv"
    ledger.write_text(
        "Date,Type,Asset,Quantity,Amount,Account,Class,Compensation\n"
        "2025-01-02,Buy,ACME,10,1200,Schwab,stock,180\n2025-06-12,Sell,ACME,5,700,Schwab,stock,\n"
    )
    form.write_text(
        "Broker,Box,Asset,Quantity,Acquired,Sold,Proceeds,Basis\nSchwab,A,ACME,5,2025-01-02,2025-06-12,700,510\n"
    )
    result = process(
        "handoff", str(ledger), "-o", str(tmp_path / "out"), "--1099", str(form), "--status", "single",
        *("--set", "Account Schwab=brokerage"),
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    pay = next(row for row in shown(tmp_path / "out", "Income by Kind") if row[0] == "Pay in stock")
    assert pay[1:3] == ("Schwab", 180)
    lines = {row[4]: row for row in shown(tmp_path / "out", "1099 Reconciliation")[1:4]}
    assert lines["Basis corrected by B"][7:12] == (-90, "pay", -90, 0, "PASS")
    gains = shown(tmp_path / "out", "Gains")
    assert (gains[1][11], gains[1][12], gains[1][13]) == (510, "B", -90)


def test_every_page_of_an_unfinished_year_or_a_draft_says_so(source: Path, tmp_path: Path) -> None:
    def heads(out: Path) -> set[str]:
        return {str(one.oddHeader.center.text) for one in openpyxl.load_workbook(out / "workpapers.xlsx")}

    assert heads(made(source, tmp_path / "over").folder) == {"None"}
    unfinished = made(source, tmp_path / "unfinished", today=date(2024, 9, 1)).folder
    assert heads(unfinished) == {"YEAR NOT OVER: figures to 2024-08-01"}
    broken = book(tmp_path / "broken.xlsx", ledger=[*LEDGER, ("2024-09-01", "Sell", "XYZ", "many", 1)])
    draft = made(broken, tmp_path / "draft", draft=True).folder
    assert heads(draft) == {"DRAFT - NOT READY TO FILE"}


def test_the_cover_names_the_public_address_of_a_form_that_is_missing(package_of_2024: Handoff) -> None:
    said = [row for row in shown(package_of_2024.folder, "Cover") if str(row[0]).startswith("Official ")]
    assert [row[:2] for row in said] == [
        ("Official Schedule D", "not in the folder of forms: https://www.irs.gov/pub/irs-prior/f1040sd--2024.pdf"),
        ("Official Form 8949", "not in the folder of forms: https://www.irs.gov/pub/irs-prior/f8949--2024.pdf"),
    ]
