"""What people do to the workpapers stays when the package is made again, or is named where it cannot stay."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from capgain.workbook.handoff.handed_off import Handoff
from capgain.workbook.handoff.package import handoff

from .books import LEDGER, book

Entered = Callable[[openpyxl.Workbook], None]


def made(path: Path, out: Path, *, fresh: bool = False, day: int = 1) -> Handoff:
    return handoff(path, out, forms_dir=out.parent / "none", today=date(2025, 3, day), fresh=fresh)


def edited(out: Path, enter: Entered) -> None:
    workpapers = openpyxl.load_workbook(out / "workpapers.xlsx")
    enter(workpapers)
    workpapers.save(out / "workpapers.xlsx")


def sheet(out: Path, name: str) -> Worksheet:
    found = openpyxl.load_workbook(out / "workpapers.xlsx")[name]
    assert isinstance(found, Worksheet)
    return found


def row_of(found: Worksheet, text: str, column: int = 1) -> int:
    return next(row[0].row for row in found.iter_rows() if str(row[column - 1].value) == text)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return book(tmp_path / "taxes.xlsx")


@pytest.fixture
def more(tmp_path: Path) -> Path:
    (tmp_path / "more").mkdir()
    sold = ("2024-09-03", "Sell", "ABC", 1, 95, 0, "Fidelity", "stock", "no basis", None, None, "T90")
    return book(tmp_path / "more" / "taxes.xlsx", ledger=(*LEDGER, sold))


def test_a_sheet_that_people_added_comes_along_through_any_number_of_runs(
    source: Path, more: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    made(source, out)

    def enter(workpapers: openpyxl.Workbook) -> None:
        notes = workpapers.create_sheet("CPA notes", 3)
        notes["A1"], notes["B1"], notes["A2"] = "call client", 12.5, date(2025, 2, 14)
        notes["B2"] = "=ROUND(B1*2,2)"
        notes["B3"] = "='Schedule D'!G10"
        notes["B4"] = "=XLOOKUP(1,A1:A2,B1:B2)"
        notes["A1"].font, notes["A1"].fill = Font(bold=True, color="FFC00000"), PatternFill("solid", fgColor="FF00B0F0")
        notes["B1"].number_format = "0.000"
        notes["A1"].comment = Comment("by phone", "Eve")
        notes.column_dimensions["A"].width = 33
        notes.freeze_panes = "A2"
        choice = DataValidation(type="list", formula1='"open,done"')
        choice.add("C1:C9")
        notes.add_data_validation(choice)

    edited(out, enter)
    results = [made(path, out, day=day) for day, path in enumerate((more, more, source), start=2)]
    kept = sheet(out, "CPA notes")
    assert (kept["A1"].value, kept["B1"].value, kept["A2"].value.date()) == ("call client", 12.5, date(2025, 2, 14))
    assert (kept["B2"].value, kept["B3"].value) == ("=ROUND(B1*2,2)", "='Schedule D'!G10")
    assert kept["A1"].font.b
    assert kept["A1"].font.color.rgb == "FFC00000"
    assert kept["A1"].fill.fgColor.rgb == "FF00B0F0"
    assert kept["B1"].number_format == "0.000"
    assert (kept["A1"].comment.text, kept["A1"].comment.author) == ("by phone", "Eve")
    assert kept.column_dimensions["A"].width == pytest.approx(33, abs=1)
    assert kept.freeze_panes == "A2"
    assert [rule.formula1 for rule in kept.data_validations.dataValidation] == ['"open,done"']
    names = openpyxl.load_workbook(out / "workpapers.xlsx").sheetnames
    assert names[-2:] == ["CPA notes", "Change Log"]
    assert any("B4 had formulas" in remark for remark in results[0].remarks)
    assert any("B3 look at sheets that were made anew" in remark for remark in results[0].remarks)
    assert "CPA notes" not in json.loads((out / "manifest.json").read_text())["sheets"]


def test_what_cannot_be_carried_is_named_and_the_earlier_file_holds_it(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(source, out)

    def enter(workpapers: openpyxl.Workbook) -> None:
        notes = workpapers.create_sheet("Picture")
        notes["A1"], notes["A2"] = 1, 2
        notes.merge_cells("C1:D1")
        chart = BarChart()
        chart.add_data(Reference(notes, min_col=1, min_row=1, max_row=2))
        notes.add_chart(chart, "E2")

    edited(out, enter)
    changed = (out / "workpapers.xlsx").read_bytes()
    result = made(source, out, day=2)
    assert (out / "earlier" / "workpapers-2025-03-01-1.xlsx").read_bytes() == changed
    assert any("Picture: a chart, picture or shape stays in the earlier file" in one for one in result.remarks)
    assert any("Picture: the merging of cells stays in the earlier file" in one for one in result.remarks)
    log = [row[2].value for row in sheet(out, "Change Log").iter_rows(min_row=2)]
    assert any("Picture" in str(text) for text in log)


def test_highlights_stay_with_their_rows_and_the_programs_own_colours_are_none(
    source: Path, more: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    made(source, out)

    def enter(workpapers: openpyxl.Workbook) -> None:
        listed = workpapers["Gains"]
        row = row_of(listed, "NEW", 4)
        listed.cell(row, 12).fill = PatternFill("solid", fgColor="FFFFFF00")
        listed.cell(row, 11).font = Font(color="FF7030A0")

    edited(out, enter)
    made(more, out, day=2)
    listed = sheet(out, "Gains")
    row = row_of(listed, "NEW", 4)
    assert listed.cell(row, 12).fill.fgColor.rgb == "FFFFFF00"
    assert listed.cell(row, 11).font.color.rgb == "FF7030A0"
    coloured = [cell.coordinate for one in listed.iter_rows(min_row=2) for cell in one if cell.fill.fill_type]
    assert coloured == [f"L{row}"]


def test_answers_stay_with_their_keys_and_move_below_once_they_are_not_asked_any_more(
    tmp_path: Path, source: Path
) -> None:
    out = tmp_path / "out"
    sold = ("2024-09-01", "Sell", "ETH", 2, 5000, 0, "Coinbase", "crypto", "none", None, None, "T11")
    without = book(tmp_path / "without.xlsx", ledger=(*LEDGER, sold), settings={"Missing Basis": "zero"})
    first = made(without, out)

    def enter(workpapers: openpyxl.Workbook) -> None:
        questions = workpapers["Questions"]
        questions.cell(row_of(questions, "Q-ZERO", 2), 5).value = "bought in 2015, no records"
        questions.cell(row_of(questions, "Q-ZERO", 2), 4).value = "See remark"
        questions.cell(row_of(questions, "Q-STATE", 2), 4).value = "Ohio"

    edited(out, enter)
    again = made(without, out, day=2)
    assert again.questions_open == first.questions_open - 2
    later = made(source, out, day=3)
    questions = sheet(out, "Questions")
    zero, state = row_of(questions, "Q-ZERO", 2), row_of(questions, "Q-STATE", 2)
    assert questions.cell(state, 4).value == "Ohio"
    assert (questions.cell(zero, 4).value, questions.cell(zero, 5).value) == (
        "See remark",
        "bought in 2015, no records",
    )
    assert zero > row_of(questions, "Earlier questions: not asked any more, their answers kept")
    assert later.questions_open == first.questions_open - 2


def test_the_reviewers_name_is_questioned_once_schedule_d_has_changed(source: Path, more: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(source, out)

    def enter(workpapers: openpyxl.Workbook) -> None:
        cover = workpapers["Cover"]
        for role, name in (("Prepared by", "Ana"), ("Reviewed by", "Bo")):
            cover.cell(row_of(cover, role), 2).value = name

    edited(out, enter)
    made(source, out, day=2)
    cover = sheet(out, "Cover")
    assert cover.cell(row_of(cover, "Reviewed by"), 2).value == "Bo"
    for day in (3, 4):
        made(more, out, day=day)
        cover = sheet(out, "Cover")
        assert cover.cell(row_of(cover, "Reviewed by"), 2).value == "Bo ?"
        assert cover.cell(row_of(cover, "Prepared by"), 2).value == "Ana"


def test_a_fresh_package_takes_nothing_over_and_keeps_the_earlier_workbook(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(source, out)

    def enter(workpapers: openpyxl.Workbook) -> None:
        cover = workpapers["Cover"]
        cover.cell(row_of(cover, "Prepared by"), 2).value = "Ana"

    edited(out, enter)
    made(source, out, fresh=True, day=2)
    cover = sheet(out, "Cover")
    assert cover.cell(row_of(cover, "Prepared by"), 2).value is None
    assert [file.name for file in (out / "earlier").iterdir()] == ["workpapers-2025-03-01-1.xlsx"]
