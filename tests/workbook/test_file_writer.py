"""Writing a book to a file: exact kinds, nothing half-written, the same bytes twice."""

from __future__ import annotations

import re
import zipfile
from copy import deepcopy
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from capgain.workbook.long_rows import LongRows, Stretch
from capgain.workbook.sheets import (
    BAD,
    DATE,
    MONEY,
    MOST_ROWS,
    PLAIN,
    TIME,
    TITLE,
    Book,
    Cell,
    Chart,
    ConditionalFormat,
    Formula,
    Note,
    Page,
    Row,
    Series,
    Sheet,
    Table,
    Validation,
)
from capgain.workbook.whole_file import OutputExists
from capgain.workbook.xlsx import writer
from capgain.workbook.xlsx.worksheet import LONGEST_TEXT
from capgain.workbook.xlsx.writer import TooLarge, write_book

WHEN = datetime(2025, 12, 31)


def book_of(*rows: Row, **given: object) -> Book:
    sheet = Sheet(name="Sheet A", rows=rows, **given)  # type: ignore[arg-type]
    return Book(sheets=(sheet,), title="A title", created=WHEN)


def cell_of(content: object, tmp_path: Path, style: object = PLAIN, *, cached: bool = False) -> object:
    """What openpyxl reads back of one cell."""
    path = tmp_path / "one.xlsx"
    write_book(book_of((Cell(content, style),)), path, overwrite=True)  # type: ignore[arg-type]
    loaded = openpyxl.load_workbook(path, data_only=cached)
    value = loaded["Sheet A"]["A1"]
    loaded.close()
    return value


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "http://example.com", "00123", "1e5", " x "])
def test_text_stays_text(text: str, tmp_path: Path) -> None:
    cell = cell_of(text, tmp_path)
    assert (cell.value, cell.data_type) == (text, "s")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("expected", "kind"),
    [(Decimal("12.34"), "n"), (0, "n"), (True, "b"), (False, "b"), ("Yes", "s"), ("17", "s"), (date(2025, 1, 2), "d")],
)
def test_a_formula_carries_its_value_in_its_own_kind(expected: object, kind: str, tmp_path: Path) -> None:
    style = DATE if kind == "d" else PLAIN
    content = Formula("=A2", expected)  # type: ignore[arg-type]
    formula = cell_of(content, tmp_path, style)
    assert formula.value == "=A2"  # type: ignore[attr-defined]
    cached = cell_of(content, tmp_path, style, cached=True)
    assert cached.data_type == kind  # type: ignore[attr-defined]
    value = cached.value  # type: ignore[attr-defined]
    if isinstance(expected, Decimal):
        assert value == float(expected)
    elif isinstance(expected, date):
        assert value.date() == expected
    else:
        assert value == expected
        assert isinstance(value, bool) == isinstance(expected, bool)
        assert isinstance(value, str) == isinstance(expected, str)


@pytest.mark.parametrize("number", [0.1, 1 / 3, 0.30000000000000004, 1e22, 5e-324, 123456789.123456789, -0.0])
def test_a_double_is_kept_to_its_last_bit(number: float, tmp_path: Path) -> None:
    assert cell_of(number, tmp_path).value == number  # type: ignore[attr-defined]


def test_dates_are_dates_and_those_before_excels_calendar_are_text(tmp_path: Path) -> None:
    assert cell_of(date(2025, 3, 1), tmp_path, DATE).value == datetime(2025, 3, 1)  # type: ignore[attr-defined]
    moment = datetime(2025, 3, 1, 23, 59, 58)
    assert cell_of(moment, tmp_path, TIME).value == moment  # type: ignore[attr-defined]
    assert cell_of(date(1900, 3, 1), tmp_path, DATE).value == datetime(1900, 3, 1)  # type: ignore[attr-defined]
    assert cell_of(date(1899, 5, 4), tmp_path, DATE).value == "1899-05-04"  # type: ignore[attr-defined]
    assert cell_of(date(1900, 2, 28), tmp_path, DATE).value == "1900-02-28"  # type: ignore[attr-defined]


def test_a_date_without_a_date_style_still_shows_as_a_date(tmp_path: Path) -> None:
    assert cell_of(date(2025, 3, 1), tmp_path).number_format == "mm/dd/yyyy"  # type: ignore[attr-defined]


def test_text_too_long_for_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    value = cell_of("x" * 40_000, tmp_path).value  # type: ignore[attr-defined]
    assert len(value) == LONGEST_TEXT
    assert value.endswith("[cut: 40,000 characters]")


def test_text_of_signs_that_excel_counts_twice_is_cut_by_its_count(tmp_path: Path) -> None:
    value = cell_of("\N{GRINNING FACE}" * 20_000, tmp_path).value  # type: ignore[attr-defined]
    assert len(value.encode("utf-16-le")) // 2 <= LONGEST_TEXT
    assert value.endswith("[cut: 20,000 characters]")
    assert cell_of("\N{GRINNING FACE}" * 16_383, tmp_path).value == "\N{GRINNING FACE}" * 16_383  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["<r><t>bold</t></r>", "<r>&</r>", "<r>", "&amp;", "_x0041_"])
def test_text_that_looks_like_xml_is_text(text: str, tmp_path: Path) -> None:
    assert cell_of(text, tmp_path).value == text  # type: ignore[attr-defined]


def test_rows_written_directly_are_the_bytes_that_xlsxwriter_writes(tmp_path: Path) -> None:
    rows: list[Row] = [
        (Cell("a"), None, Cell(Decimal("1.5"), MONEY), Cell(True), Cell(date(2025, 3, 1))),
        (),
        (Cell("b & <c>"), Cell(""), Cell(None, MONEY), Cell(1e-9), Cell(12), Cell(date(1899, 1, 1))),
        *[(None, Cell("a"), Cell(Decimal(number), MONEY)) for number in range(40)],
        (Cell(Formula("=A1&B3", "ab & <c>")), Cell(Formula("=C1*2", Decimal(3))), Cell(Formula("=1=1", True))),
    ]
    write_book(book_of(*rows, heights={3: 30, 60: 40}), tmp_path / "ours.xlsx")
    bare = xlsxwriter.Workbook(tmp_path / "bare.xlsx", deepcopy(writer._WRITER_OPTIONS))
    sheet, formats = bare.add_worksheet("Sheet A"), writer._Formats(bare)
    sheet.set_row(2, 30)
    sheet.set_row(59, 40)
    for place, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell is not None:
                write_by_xlsxwriter(sheet, place, column, cell, formats.of(cell.style, cell.content))
    bare.close()
    data = re.compile(rb"<dimension.*?>|<sheetData>.*</sheetData>", re.DOTALL)
    with zipfile.ZipFile(tmp_path / "ours.xlsx") as ours, zipfile.ZipFile(tmp_path / "bare.xlsx") as theirs:
        for part in ("xl/sharedStrings.xml", "xl/styles.xml"):
            assert ours.read(part) == theirs.read(part)
        ours_data, their_data = (data.findall(book.read("xl/worksheets/sheet1.xml")) for book in (ours, theirs))
    assert len(ours_data) == 2
    assert ours_data == their_data


def write_by_xlsxwriter(sheet: Any, place: int, column: int, cell: Cell, look: object) -> None:
    match cell.content:
        case None | "":
            sheet.write_blank(place, column, None, look)
        case bool():
            sheet.write_boolean(place, column, cell.content, look)
        case str():
            sheet.write_string(place, column, cell.content, look)
        case Formula(text, expected):
            sheet.write_formula(place, column, text, look, float(expected) if expected == 3 else expected)
        case date() if cell.content.year < 1900:
            sheet.write_string(place, column, cell.content.isoformat(), look)
        case date():
            sheet.write_number(place, column, (cell.content - date(1899, 12, 30)).days, look)
        case number:
            sheet.write_number(place, column, float(number), look)


def test_the_same_book_gives_the_same_bytes(tmp_path: Path) -> None:
    book = book_of((Cell("a"), Cell(Decimal("1.5"), MONEY), Cell(Formula("=B1", Decimal("1.5")), MONEY)))
    write_book(book, tmp_path / "one.xlsx")
    write_book(book, tmp_path / "two.xlsx")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_title_author_and_the_given_date_are_set(tmp_path: Path) -> None:
    write_book(book_of((Cell(1),)), tmp_path / "one.xlsx")
    properties = openpyxl.load_workbook(tmp_path / "one.xlsx").properties
    assert (properties.title, properties.creator, properties.created) == ("A title", "CapGain", WHEN)


def test_an_existing_file_is_replaced_only_where_the_caller_says_so(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_bytes(b"precious")
    with pytest.raises(OutputExists, match=r"mine\.xlsx exists already"):
        write_book(book_of((Cell(1),)), path)
    assert path.read_bytes() == b"precious"
    write_book(book_of((Cell(1),)), path, overwrite=True)
    assert zipfile.is_zipfile(path)
    assert [found.name for found in tmp_path.iterdir()] == ["mine.xlsx"]


def test_a_sheet_of_more_rows_than_excel_has_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "MOST_ROWS", 2)
    with pytest.raises(TooLarge, match="Sheet Sheet A needs 3 rows; 2 fit"):
        write_book(book_of((), (), ()), tmp_path / "out.xlsx")
    assert not list(tmp_path.iterdir())


def long_rows(count: int) -> LongRows:
    """A heading, and rows below it, of which none is made before it is asked for."""
    rows = LongRows([(Cell("Heading"), Cell("Amount"))])
    rows.extend(Stretch(range(count - 1), lambda one, number: (Cell(f"row {number}"), Cell(one)), 2, range(2)))
    return rows


@pytest.mark.parametrize("count", [MOST_ROWS, MOST_ROWS + 1])
def test_the_last_row_that_fits_fits(count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled: list[int] = []
    monkeypatch.setattr(writer, "_fill", lambda book, written, progress: filled.append(book.sheets[0].height))
    book = Book(sheets=(Sheet(name="Gains", rows=long_rows(count)),), title="A title", created=WHEN)
    if count == MOST_ROWS == 1_048_570:
        write_book(book, tmp_path / "out.xlsx")
        assert filled == [MOST_ROWS]
    else:
        with pytest.raises(TooLarge, match="Sheet Gains needs 1,048,571 rows; 1,048,570 fit on a sheet"):
            write_book(book, tmp_path / "out.xlsx")
        assert not filled
        assert not list(tmp_path.iterdir())


def test_rows_that_are_made_while_they_are_written_give_the_bytes_of_rows_that_are_there(tmp_path: Path) -> None:
    made = long_rows(50)
    made.append((None, Cell("total"), None))
    made.append(())
    given = {"notes": (Note("D20", "far right"),), "heights": {60: 40.0}, "table": Table("Things", "A1:B50")}
    for name, rows in (("made.xlsx", made), ("there.xlsx", tuple(made))):
        write_book(Book(sheets=(Sheet(name="A", rows=rows, **given),), title="", created=WHEN), tmp_path / name)  # type: ignore[arg-type]
    assert (tmp_path / "made.xlsx").read_bytes() == (tmp_path / "there.xlsx").read_bytes()


def test_a_book_without_any_text_has_no_part_for_texts(tmp_path: Path) -> None:
    write_book(book_of((Cell(1), Cell(None, MONEY))), tmp_path / "one.xlsx")
    with zipfile.ZipFile(tmp_path / "one.xlsx") as parts:
        assert "xl/sharedStrings.xml" not in parts.namelist()
        assert b"sharedStrings" not in parts.read("[Content_Types].xml")


def test_a_cell_that_a_stretch_of_rows_did_not_tell_of_is_not_written_silently(tmp_path: Path) -> None:
    rows = LongRows([(Cell("Heading"),)])
    rows.extend(Stretch(range(3), lambda one, number: (None, Cell(one)), 2, range(1)))
    with pytest.raises(IndexError):
        write_book(Book(sheets=(Sheet(name="A", rows=rows),), title="", created=WHEN), tmp_path / "one.xlsx")
    assert not list(tmp_path.iterdir())


def test_everything_a_sheet_says_of_itself_is_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "one.xlsx"
    book = book_of(
        (Cell("Head"), Cell("Other")),
        (Cell("x"), Cell(Decimal(2), MONEY)),
        (Cell("y"), Cell(Decimal(3), MONEY)),
        widths=(30.0, 12.0),
        heights={1: 39.0},
        freeze=(1, 1),
        page=Page(
            landscape=True, header=("left", "", "Jane && John"), footer=("", "Page &P", ""), repeat=(1, 1), breaks=(2,)
        ),
        tab="FF0000",
        gridlines=False,
        zoom=90,
        table=Table("Things", "A1:B3"),
        validations=(Validation("A2:A3", ("x", "y"), title="Pick", strict=True),),
        notes=(Note("A1", "what it is"),),
        conditional_formats=(ConditionalFormat("A2:A3", '"x"', BAD),),
        charts=(
            Chart(
                "column",
                "Title",
                (Series("='Sheet A'!$B$1", "='Sheet A'!$A$2:$A$3", "='Sheet A'!$B$2:$B$3"),),
                "D2",
                "alt",
            ),
        ),
        protected=True,
        outline={3: 1},
    )
    write_book(book, path)
    sheet = openpyxl.load_workbook(path)["Sheet A"]
    assert sheet.column_dimensions["A"].width == pytest.approx(30, abs=1)
    assert sheet.row_dimensions[1].height == 39
    assert sheet.freeze_panes == "B2"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 1)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.print_area == "'Sheet A'!$A$1:$B$3"
    assert [found.id for found in sheet.row_breaks.brk] == [2]
    assert (sheet.oddHeader.left.text, sheet.oddHeader.right.text) == ("left", "Jane && John")
    assert sheet.oddFooter.center.text == "Page &P"
    assert sheet.sheet_properties.tabColor.rgb == "FFFF0000"
    assert not sheet.sheet_view.showGridLines
    assert sheet.sheet_view.zoomScale == 90
    assert sheet.tables["Things"].ref == "A1:B3"
    assert sheet.data_validations.dataValidation[0].formula1 == '"x,y"'
    assert sheet["A1"].comment.text == "what it is"
    assert len(sheet.conditional_formatting) == 1
    assert len(sheet._charts) == 1
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert sheet.row_dimensions[3].outlineLevel == 1


def test_a_title_has_a_row_as_high_as_its_letters_and_a_stated_height_stands(tmp_path: Path) -> None:
    path = tmp_path / "titles.xlsx"
    rows = ((Cell("Schedule D", TITLE),), (Cell("plain"),), (Cell("Part I", TITLE),))
    write_book(book_of(*rows, heights={3: 39.75}), path)
    dimensions = openpyxl.load_workbook(path)["Sheet A"].row_dimensions
    assert dimensions[1].height >= TITLE.font_size * 1.25
    assert dimensions[3].height == 39.75
