"""The workpapers as a reviewer gets them: recalculated, examined, readable, and protected where formulas live."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from capgain.workbook.handoff.package import handoff
from capgain.workbook.sheets import Book, Cell, Formula, Page, Sheet
from capgain.workbook.xlsx.lint import lint
from capgain.workbook.xlsx.writer import write_book
from libreoffice import formulas, needs_libreoffice, recalculated, values

from .books import LEDGER, SETTINGS, book

HALF_A_CENT = 0.005

BUSY = (
    *LEDGER,
    *(
        (
            f"2024-08-{day:02d}",
            kind,
            f"Q{day}",
            3,
            amount + day,
            1,
            "Schwab",
            "stock",
            reported,
            None,
            None,
            f"Q{kind}{day}",
        )
        for day in range(2, 20)
        for kind, amount, reported in (("Buy", 100, None), ("Sell", 130, "basis"))
    ),
)
FORMS = (
    ("Schwab", "1099-B", "A", "NEW", 1750.5, 1000, None, "basis"),
    ("Schwab", "1099-B", "D", "total", 1000, 2505, None, "basis"),
    ("Fidelity", "1099-B", "E", "total", 2399, None, None, "no basis"),
    ("Vanguard", "1099-B", "A", "total", 5, 5, None, "basis"),
)


@pytest.fixture(
    scope="module",
    params=[{}, {"Exception 1": "yes"}, {"Exception 2": "yes", "Whole Dollars": "yes"}],
    ids=["every row", "exception 1", "exception 2 in whole dollars"],
)
def workpapers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("papers")
    path = book(folder / "taxes.xlsx", ledger=BUSY, settings={**SETTINGS, **request.param}, forms_1099=FORMS)
    made = handoff(path, folder / "out", forms_dir=folder / "none", today=date(2025, 3, 1))
    return made.folder / "workpapers.xlsx"


@needs_libreoffice
def test_every_formula_recalculates_to_its_stored_value(workpapers: Path) -> None:
    cached, fresh = values(workpapers), recalculated(workpapers)
    found = 0
    wrong = []
    for sheet, cells in formulas(workpapers).items():
        for place, formula in cells.items():
            before, after = cached[sheet].get(place), fresh[sheet].get(place)
            found += 1
            if isinstance(before, int | float) and isinstance(after, int | float):
                if abs(before - after) >= HALF_A_CENT:
                    wrong.append((sheet, place, formula, before, after))
            elif before is None or before != after or str(after).startswith("#"):
                wrong.append((sheet, place, formula, before, after))
    assert found > 400
    assert wrong == []


def test_the_workpapers_pass_their_examination(workpapers: Path) -> None:
    assert lint(workpapers) == ()


def test_form_8949_stands_in_pages_of_fourteen_rows_with_totals_each(tmp_path: Path) -> None:
    path = book(tmp_path / "taxes.xlsx", ledger=BUSY)
    handoff(path, tmp_path / "out", forms_dir=tmp_path / "none")
    sheet = openpyxl.load_workbook(tmp_path / "out" / "workpapers.xlsx", data_only=True)["8949 A"]
    labels = [row[0].value for row in sheet.iter_rows(min_row=6)]
    pages = [place for place, label in enumerate(labels) if str(label).startswith("2  Totals, page ")]
    assert pages == [14, 20]
    assert labels[pages[0]] == "2  Totals, page 1 of 2"
    assert labels[-1] == "Box A, all pages"
    assert [one.id for one in sheet.row_breaks.brk] == [6 + 14]
    first, second, total = (sheet.cell(6 + place, 8).value for place in (*pages, len(labels) - 1))
    assert total == pytest.approx(first + second)


def test_sheets_with_formulas_of_the_return_are_protected_without_a_password(workpapers: Path) -> None:
    made = openpyxl.load_workbook(workpapers)
    protected = {name for name in made.sheetnames if made[name].protection.sheet}
    assert {"Checks", "Schedule D", "Carryover", "1099 Reconciliation"} <= protected
    assert {name for name in made.sheetnames if name.startswith("8949 ")} <= protected
    assert all(not made[name].protection.password for name in made.sheetnames)
    open_cells = [
        cell.coordinate for row in made["Schedule D"].iter_rows() for cell in row if not cell.protection.locked
    ]
    assert len(open_cells) > 20


def test_lists_and_forms_keep_their_headings_in_view_and_nothing_is_merged_or_hidden(workpapers: Path) -> None:
    made = openpyxl.load_workbook(workpapers)
    for name in made.sheetnames:
        assert not made[name].merged_cells.ranges
        assert made[name].sheet_state == "visible"
        if name not in ("Cover", "Readme", "Carryover", "Summary", "Tax"):
            assert made[name].freeze_panes, name


def test_no_sheet_is_printed_in_less_than_eight_points(workpapers: Path) -> None:
    """A letter page takes 165 characters of eight points across, upright 125; what is wider goes over two pages."""
    for sheet in openpyxl.load_workbook(workpapers):
        last = range_boundaries(sheet.print_area.rpartition("!")[2])[2] if sheet.print_area else sheet.max_column
        found = {
            place: one.width - PADDING
            for one in sheet.column_dimensions.values()
            for place in range(one.min, one.max + 1)
        }
        widths = [found.get(place, STANDARD) for place in range(1, last + 1)]
        fits = 165 if sheet.page_setup.orientation == "landscape" else 125
        pages = sheet.page_setup.fitToWidth
        repeated = 0.0
        if pages > 1:
            assert sheet.print_title_cols, sheet.title
            columns = range_boundaries(f"{sheet.print_title_cols.replace(':', '1:')}1")[2]
            repeated = (pages - 1) * sum(widths[:columns])
        assert (sum(widths) + repeated) / pages <= fits + 0.5, (sheet.title, sum(widths), pages)


PADDING, STANDARD = 5 / 7, 8.43
"""What a file adds to the width of a column, and a column's width without one of its own."""


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2.1."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_row_is_as_high_as_its_wrapped_text(workpapers: Path) -> None:
    """LibreOffice fits no row as it opens a file: lines would lie over the next row. 1.25 letters go into a digit's
    width, and a line takes eleven points at least."""
    book = openpyxl.load_workbook(workpapers, data_only=True)
    looked_at = 0
    for sheet in book:
        widths = {n: one.width for one in sheet.column_dimensions.values() for n in range(one.min, one.max + 1)}
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.alignment.wrap_text):
            if isinstance(cell.value, str):
                lines = sum(
                    ceil(len(part) / (widths.get(cell.column, 8.43) * 1.25)) or 1 for part in cell.value.split("\n")
                )
                height = sheet.row_dimensions[cell.row].height or 15
                looked_at += lines > 1
                assert lines == 1 or height >= min(lines * 11, 409), f"{sheet.title}!{cell.coordinate}: {cell.value}"
    assert looked_at > 20


def test_long_names_and_descriptions_are_printed_whole(tmp_path: Path) -> None:
    couple = "Maximiliana Wolkenstein-Hohenfels and Bartholomew Wolkenstein-Hohenfels"
    sale = "0x8f3a1234567890abcdef1234567890abcdef6b2c"
    rows = (
        ("2023-01-05", "Buy", "BTC", "1.123456789012345678", 20000, 0, "Wallet", "crypto", None, None, None, "b1"),
        ("2024-02-05", "Sell", "BTC", "0.123456789012345678", 5000, 0, "Wallet", "crypto", None, None, None, sale),
    )
    path = book(tmp_path / "taxes.xlsx", ledger=rows, settings={**SETTINGS, "Name": couple})
    made = handoff(path, tmp_path / "out", forms_dir=tmp_path / "none", today=date(2025, 3, 1))
    found = openpyxl.load_workbook(made.folder / "workpapers.xlsx")
    assert found["Schedule D"]["A3"].value == f"Name(s) shown on return: {couple}"
    assert found["Schedule D"]["C3"].value is None
    (form,) = (sheet for sheet in found if sheet.title.startswith("8949"))
    assert form["A6"].value == f"0.123456789012345678 BTC, tx {sale}"
    assert form["A6"].alignment.wrap_text
    assert form.row_dimensions[6].height > 30
    assert form.row_dimensions[7].height is None
    assert form.oddHeader.right.text.startswith(f"{couple[:59]}… ")


def test_text_stands_out_from_its_ground_everywhere(workpapers: Path) -> None:
    pairs = set()
    for sheet in openpyxl.load_workbook(workpapers):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    ink = cell.font.color.rgb if cell.font.color is not None else "FF000000"
                    ground = cell.fill.fgColor.rgb if cell.fill.patternType else "FFFFFFFF"
                    pairs.add((str(ink)[-6:] if isinstance(ink, str) else "000000", str(ground)[-6:]))
    assert len(pairs) > 4
    assert {pair for pair in pairs if contrast(*pair) < 4.5} == set()


def test_links_lead_to_cells_that_exist_and_back_from_the_ledger(workpapers: Path) -> None:
    made = openpyxl.load_workbook(workpapers)
    targets = set()
    for sheet in made:
        for row in sheet.iter_rows():
            for cell in row:
                found = re.match(r'=HYPERLINK\("#\'(.+?)\'!([A-Z]+)(\d+)"', str(cell.value))
                if found:
                    assert found[1] in made.sheetnames
                    assert int(found[3]) <= made[found[1]].max_row
                    targets.add((sheet.title, found[1]))
    assert ("Gains", "Ledger") in targets
    assert any(start == "Ledger" and end.startswith("8949 ") for start, end in targets)


def test_the_readme_says_what_each_sheet_is(workpapers: Path) -> None:
    made = openpyxl.load_workbook(workpapers, data_only=True)
    said = {
        row[0]: row[1] for row in made["Readme"].iter_rows(values_only=True, max_col=2) if row[0] in made.sheetnames
    }
    assert set(made.sheetnames) - {"Readme"} <= set(said)
    assert all(said.values())
    assert "the taxpayer's own sheet, as values" not in said.values()
    assert said.get("Income") != said.get("Income by Kind")


def test_adjustments_say_why(workpapers: Path) -> None:
    rows = list(openpyxl.load_workbook(workpapers, data_only=True)["Adjustments"].iter_rows(values_only=True))
    why = {row[6]: row[10] for row in rows[1:] if row[6]}
    assert "moves into the basis of the replacement" in str(why["EW"])
    assert "of the Form 1099" in str(why["EW"])
    assert "were received net of costs" in str(why["EW"])
    assert "the broker reported the wrong term" in str(why["T"])


PAGE = Page(header=("a", "", ""), footer=("b", "", ""))
GOOD = Book(
    sheets=(Sheet(name="Totals", rows=((Cell(1), Cell(Formula("=SUM(A1:A1)", Decimal(1)))),), page=PAGE),),
    title="t",
    created=datetime(2025, 1, 1),
)


def with_formula(text: str, expected: Any = Decimal(1)) -> Book:
    return replace(GOOD, sheets=(replace(GOOD.sheets[0], rows=((Cell(Formula(text, expected)),),)),))


def examined(book: Book, tmp_path: Path, spoil: Callable[[dict[str, bytes]], None] | None = None) -> list[str]:
    path = tmp_path / "papers.xlsx"
    write_book(book, path, overwrite=True)
    if spoil is not None:
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        spoil(parts)
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
    return [finding.rule for finding in lint(path)]


def test_the_examination_finds_nothing_wrong_with_a_plain_workbook(tmp_path: Path) -> None:
    assert examined(GOOD, tmp_path) == []


@pytest.mark.parametrize(
    ("formula", "rule"),
    [
        ("=_xlfn.XLOOKUP(1,A1:A2,B1:B2)", "plain functions"),
        ("=CAPGAIN(A1:A2,2024)", "plain functions"),
        ("=SUM([1]Other!A1)", "links"),
        ("=SUM('C:\\x\\[b.xlsx]S'!A1)", "links"),
        ("=SUM(#REF!)", "no errors"),
    ],
)
def test_a_formula_that_needs_more_than_plain_excel_is_found(tmp_path: Path, formula: str, rule: str) -> None:
    assert rule in examined(with_formula(formula), tmp_path)


def replaced(part: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def spoil(parts: dict[str, bytes]) -> None:
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new)

    return spoil


def added(part: str) -> Callable[[dict[str, bytes]], None]:
    def spoil(parts: dict[str, bytes]) -> None:
        parts[part] = b"x"

    return spoil


SHEET = "xl/worksheets/sheet1.xml"
SPOILED: Mapping[str, tuple[Callable[[dict[str, bytes]], None], str]] = {
    "a macro": (added("xl/vbaProject.bin"), "macros"),
    "a link to a file": (added("xl/externalLinks/externalLink1.xml"), "links"),
    "a connection": (added("xl/connections.xml"), "connections"),
    "an add-in": (added("xl/webextensions/webextension1.xml"), "add-ins"),
    "custom xml": (added("customXml/item1.xml"), "custom XML"),
    "a hidden sheet": (
        replaced("xl/workbook.xml", b'name="Totals"', b'name="Totals" state="hidden"'),
        "no hidden sheets",
    ),
    "no cached value": (replaced(SHEET, b"</f><v>1.0</v>", b"</f>"), "cached values"),
    "an error": (replaced(SHEET, b"</f><v>1.0</v>", b"</f><v>#N/A</v>"), "no errors"),
    "merged cells": (
        replaced(SHEET, b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>'),
        "no merged cells",
    ),
    "a password": (
        replaced(SHEET, b"<sheetData>", b'<sheetProtection password="83AF" sheet="1"/><sheetData>'),
        "protected without password",
    ),
    "no footer": (replaced(SHEET, b"<oddFooter>", b"<oddX>"), "print set-up"),
    "no title": (
        replaced("docProps/core.xml", b"<dc:title>t</dc:title>", b"<dc:title></dc:title>"),
        "document properties",
    ),
    "a name that says nothing": (
        replaced("xl/workbook.xml", b'name="Totals"', b'name="Sheet1"'),
        "names that say something",
    ),
    "a number in full": (replaced("docProps/core.xml", b"<dc:title>t", b"<dc:title>123-45-6789"), "masked SSN"),
    "somebody's folder": (replaced("docProps/core.xml", b"<dc:title>t", b"<dc:title>/home/ana/x"), "no personal paths"),
}


@pytest.mark.parametrize("what", SPOILED)
def test_the_examination_finds(tmp_path: Path, what: str) -> None:
    spoil, rule = SPOILED[what]
    assert rule in examined(GOOD, tmp_path, spoil)
