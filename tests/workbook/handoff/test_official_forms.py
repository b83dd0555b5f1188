"""The IRS's own forms, filled and read back: every page, every amount, in the right field."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from capgain.engine.classes import AssetClass, FilingStatus
from capgain.engine.forms.form_8949 import Form8949, Totals
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.results.carryovers import Carryover
from capgain.engine.results.dispositions import Disposition
from capgain.engine.units import UNITS
from capgain.engine.years import tax_year
from capgain.workbook.handoff.official_forms.filled_forms import (
    MOST_FILLABLE_PAGES,
    Taxpayer,
    filled_form_8949,
    filled_schedule_d,
    with_hyphens,
)
from capgain.workbook.handoff.official_forms.form_fields import Form8949Fields, form_fields, years_with_fields
from capgain.workbook.handoff.official_forms.forms_folder import (
    FormsFolder,
    MissingForm,
    UnusableForm,
    add_forms,
    recognise,
)
from capgain.workbook.handoff.package import handoff_of
from capgain.workbook.reading import read_ledger_file
from capgain.workbook.report.printed_rows import amount_text, printed_form
from capgain.workbook.whole_file import named_for

from .books import book

Make = Callable[..., Disposition]
ANA = Taxpayer("Ana Example", "***-**-6789")
YEARS_OF_8949 = (2020, 2021, 2022, 2024, 2025)
YEARS_OF_SCHEDULE_D = (2020, 2021, 2022, 2023, 2024, 2025)
LINES_IN_ORDER = ("1a", "1b", "2", "3", "4", "5", "6", "7", "8a", "8b", "9", "10", "11", "12", "13", "14", "15")


@pytest.fixture(scope="module")
def forms(irs_forms: Path) -> FormsFolder:
    return FormsFolder.read(irs_forms)


def values(pdf: bytes) -> dict[str, str]:
    """Field values of a PDF; a checkbox that is off has none."""
    fields = PdfReader(BytesIO(pdf)).get_fields() or {}
    return {name: str(field.value) for name, field in fields.items() if field.value not in (None, "/Off")}


def sales(make: Make, box: str, count: int, **changes: object) -> list[Disposition]:
    return [make(box, row=5 + n, proceeds=100_000 + n, basis=80_000 + 7 * n, **changes) for n in range(count)]


def pages_of(pdf: bytes) -> int:
    return len(PdfReader(BytesIO(pdf)).pages)


def rows_read_back(form: Form8949Fields, read: dict[str, str], copy: str, box: str) -> list[tuple[str, ...]]:
    part = form.part_of(box)
    return [
        row
        for row in (tuple(read.get(copy + fields[column], "") for column in "abcdefgh") for fields in part.rows)
        if any(row)
    ]


@pytest.mark.parametrize("year", YEARS_OF_8949)
def test_form_8949_has_a_page_for_every_fourteen_rows_and_eleven_from_2025(
    forms: FormsFolder, disposition: Make, year: int
) -> None:
    per_page = 11 if year >= 2025 else 14
    rows = [*sales(disposition, "A", per_page + 1), *sales(disposition, "E", per_page)]
    printed = printed_form(Form8949.of(rows, tax_year(year)), exception_2=False, in_whole_dollars=False, ids={})
    filled = filled_form_8949(forms.find("Form 8949", year), printed, ANA)
    assert filled.pages == 3
    assert filled.fillable is not None
    assert pages_of(filled.fillable) == pages_of(filled.flat) == 3
    read = values(filled.fillable)
    form = form_fields(year).form_8949
    short, long = form.part_of("A"), form.part_of("E")
    assert read[short.boxes["A"]] == "/1"
    assert read["copy2." + short.boxes["A"]] == "/1"
    assert read[long.boxes["E"]] == "/2"
    ticked = [name for name in read if ".c1_1" in name or ".c2_1" in name]
    assert len(ticked) == 3
    assert len(rows_read_back(form, read, "", "A")) == per_page
    last = sales(disposition, "A", per_page + 1)[-1]
    amounts = (f"{last.proceeds:,.2f}", f"{last.basis:,.2f}", "", "", f"{last.gain:,.2f}")
    assert rows_read_back(form, read, "copy2.", "A") == [("10 sh. XYZ", "03/01/2023", "06/03/2024", *amounts)]
    assert read[short.name] == read["copy2." + short.name] == read[long.name] == "Ana Example"
    assert read[long.ssn] == "***-**-6789"


@pytest.mark.parametrize("year", YEARS_OF_8949)
def test_the_totals_of_a_page_are_those_of_its_rows(forms: FormsFolder, disposition: Make, year: int) -> None:
    rows = [
        disposition("B", proceeds=100_000, basis=150_000, codes="W", adjustment=30_000, wash=30_000),
        disposition("B", row=6, proceeds=50_000, basis=20_050),
    ]
    printed = printed_form(Form8949.of(rows, tax_year(year)), exception_2=False, in_whole_dollars=False, ids={})
    filled = filled_form_8949(forms.find("Form 8949", year), printed, ANA)
    assert filled.fillable is not None
    read = values(filled.fillable)
    part = form_fields(year).form_8949.part_of("B")
    assert [read[part.rows[0][column]] for column in "defgh"] == ["1,000.00", "1,500.00", "W", "300.00", "(200.00)"]
    assert {column: read[name] for column, name in part.totals.items()} == {
        "d": "1,500.00",
        "e": "1,700.50",
        "g": "300.00",
        "h": "99.50",
    }


def test_digital_assets_have_their_own_boxes_on_the_2025_form(forms: FormsFolder, disposition: Make) -> None:
    rows = [disposition(box, asset="BTC", asset_class=AssetClass.CRYPTO, units=UNITS // 2) for box in "GHIJKL"]
    whole = "0x8f3a1234567890abcdef1234567890abcdef6b2c"
    printed = printed_form(Form8949.of(rows, tax_year(2025)), exception_2=False, in_whole_dollars=False, ids={5: whole})
    assert {row.description for rows in printed.rows.values() for row in rows} == {f"0.5 BTC, tx {whole}"}
    filled = filled_form_8949(forms.find("Form 8949", 2025), printed, ANA)
    assert filled.fillable is not None
    read = values(filled.fillable)
    form = form_fields(2025).form_8949
    places = {"G": "", "H": "copy2.", "I": "copy3.", "J": "", "K": "copy2.", "L": "copy3."}
    for box, copy in places.items():
        part = form.part_of(box)
        assert read[copy + part.boxes[box]] != "/Off"
        assert sum(read.get(copy + name) is not None for name in part.boxes.values()) == 1
        assert read[copy + part.rows[0]["a"]] == "0.5 BTC, tx 0x8f3a…6b2c"


def test_whole_dollars_round_half_up_and_only_the_total_of_cents(forms: FormsFolder, disposition: Make) -> None:
    rows = [disposition("A", row=n, proceeds=100_050, basis=50_049) for n in (5, 6, 7)]
    printed = printed_form(Form8949.of(rows, tax_year(2024)), exception_2=False, in_whole_dollars=True, ids={})
    filled = filled_form_8949(forms.find("Form 8949", 2024), printed, ANA)
    assert filled.fillable is not None
    read = values(filled.fillable)
    part = form_fields(2024).form_8949.part_of("A")
    assert [read[part.rows[0][column]] for column in "deh"] == ["1,001", "500", "501"]
    assert [read[part.totals[column]] for column in "deh"] == ["3,002", "1,501", "1,501"]


@pytest.mark.parametrize("year", YEARS_OF_SCHEDULE_D)
def test_schedule_d_carries_every_line_of_the_engine(forms: FormsFolder, disposition: Make, year: int) -> None:
    rows = [
        disposition("A", proceeds=500_000, basis=900_000),
        disposition("B", proceeds=100_001, basis=50_000, codes="W", adjustment=1_000, wash=1_000),
        disposition("F", proceeds=300_000, basis=100_000),
    ]
    schedule = ScheduleD(
        form_8949=Form8949.of(rows, tax_year(year)),
        carried_in=Carryover(Decimal("1234.56"), Decimal("7.00")),
        stated={"5": Decimal("-20.00"), "13": Decimal("150.25")},
        status=FilingStatus.SINGLE,
        year=tax_year(year),
        qualified_dividends=Decimal(10),
    )
    official = forms.find("Schedule D", year)
    filled = filled_schedule_d(official, schedule.amounts(), ANA, in_whole_dollars=False)
    assert filled.fillable is not None
    read = values(filled.fillable)
    fields = form_fields(year).schedule_d
    assert [read.get(fields.rows["1b"][column]) for column in "degh"] == ["5,000.00", "9,000.00", None, "(4,000.00)"]
    assert [read.get(fields.rows["2"][column]) for column in "degh"] == ["1,000.01", "500.00", "10.00", "510.01"]
    assert read[fields.rows["10"]["h"]] == "2,000.00"
    assert read[fields.lines["5"]] == "(20.00)"
    assert read[fields.lines["6"]] == "1,234.56"
    assert read[fields.lines["14"]] == "7.00"
    assert read[fields.lines["13"]] == "150.25"
    assert read[fields.lines["7"]] == "(4,744.55)"
    assert read[fields.lines["15"]] == "2,143.25"
    assert read[fields.lines["16"]] == "(2,601.30)"
    assert read[fields.lines["21"]] == "2,601.30"
    assert fields.lines["18"] not in read
    assert fields.questions["22"].yes in read
    assert fields.questions["17"].yes not in read
    assert fields.questions["qof"].no not in read
    assert read[fields.name] == "Ana Example"


@pytest.mark.parametrize("year", YEARS_OF_SCHEDULE_D)
def test_every_line_of_schedule_d_stands_where_the_form_has_it(
    forms: FormsFolder, disposition: Make, year: int
) -> None:
    """Every line from 1a to 19 has an amount of its own; read by place, they follow one another as printed."""
    rows = [disposition(box, row=5, proceeds=100_000 + n, basis=50_000) for n, box in enumerate("AD")]
    rows += [
        disposition(box, row=6, proceeds=200_000 + n, basis=60_000, codes="O", adjustment=100 + n)
        for n, box in enumerate("ABCDEF")
    ]
    stated = {"4": 11, "5": -12, "11": 13, "12": -14, "13": 15, "18": 17, "19": 19}
    schedule = ScheduleD(
        form_8949=Form8949.of(rows, tax_year(year), exception_1=True),
        carried_in=Carryover(Decimal(21), Decimal(22)),
        stated={line: Decimal(amount) for line, amount in stated.items()},
        status=FilingStatus.SINGLE,
        year=tax_year(year),
    )
    amounts = schedule.amounts()
    filled = filled_schedule_d(forms.find("Schedule D", year), amounts, ANA, in_whole_dollars=False)
    assert filled.fillable is not None
    read = []
    for page in PdfReader(BytesIO(filled.fillable)).pages:
        on_page = []
        for widget in (one.get_object() for one in page["/Annots"]):
            left, _, _, top = (float(side) for side in widget["/Rect"])
            if isinstance(widget.get("/V"), TextStringObject) and widget["/V"]:
                on_page.append((-round(top), left, str(widget["/V"])))
        read += [text for _, _, text in sorted(on_page)]
    expected = [ANA.name, ANA.ssn]
    for line in (*LINES_IN_ORDER, "16", "18", "19"):
        value = amounts[line]
        if isinstance(value, Totals):
            expected += [
                amount_text(one, in_whole_dollars=False)
                for one in (value.proceeds, value.basis, value.adjustment, value.gain)
                if one or line not in ("1a", "8a")
            ]
        else:
            assert isinstance(value, Decimal)
            expected.append(amount_text(abs(value) if line in ("6", "14") else value, in_whole_dollars=False))
    assert read == expected


def test_a_gain_ticks_line_17_and_20_and_leaves_21_and_22(forms: FormsFolder, disposition: Make) -> None:
    schedule = ScheduleD(
        form_8949=Form8949.of([disposition("D")], tax_year(2024)),
        carried_in=Carryover(Decimal(0), Decimal(0)),
        status=FilingStatus.SINGLE,
        year=tax_year(2024),
    )
    filled = filled_schedule_d(forms.find("Schedule D", 2024), schedule.amounts(), ANA, in_whole_dollars=False)
    assert filled.fillable is not None
    read = values(filled.fillable)
    questions = form_fields(2024).schedule_d.questions
    assert read[questions["17"].yes] == "/1"
    assert read[questions["20"].yes] == "/1"
    assert questions["22"].yes not in read
    assert questions["22"].no not in read
    assert form_fields(2024).schedule_d.lines["21"] not in read


def test_a_flat_copy_shows_every_value_to_any_viewer(forms: FormsFolder, disposition: Make, tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    rows = sales(disposition, "A", 15, asset="QQQ(x)\\y")
    printed = printed_form(Form8949.of(rows, tax_year(2024)), exception_2=False, in_whole_dollars=False, ids={})
    filled = filled_form_8949(forms.find("Form 8949", 2024), printed, Taxpayer("José Łukasz", "***-**-6789"))
    assert not PdfReader(BytesIO(filled.flat)).get_fields()
    assert filled.fillable is not None
    for name, content in (("flat.pdf", filled.flat), ("fields.pdf", filled.fillable)):
        path = tmp_path / name
        path.write_bytes(content)
        shown = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
        assert "José Lukasz" in shown
        assert shown.count("10 sh. QQQ(x)\\y") == 15
        for row in rows:
            assert f"{row.proceeds:,.2f}" in shown
            assert f"{row.basis:,.2f}" in shown


def test_a_form_that_was_filled_before_loses_its_old_values(
    forms: FormsFolder, disposition: Make, tmp_path: Path
) -> None:
    official = forms.find("Form 8949", 2024)
    part = form_fields(2024).form_8949.part_of("A")
    writer = PdfWriter(clone_from=official.path)
    for page in writer.pages:
        for annotation in page["/Annots"]:  # type: ignore[attr-defined]
            if annotation.get_object().get("/T") == "f1_11[0]":
                annotation.get_object()[NameObject("/V")] = TextStringObject("OLD ROW")
    used = tmp_path / "used.pdf"
    writer.write(used)
    assert "OLD ROW" in values(used.read_bytes()).values()
    printed = printed_form(
        Form8949.of([disposition("A")], tax_year(2024)), exception_2=False, in_whole_dollars=False, ids={}
    )
    filled = filled_form_8949(recognise(used), printed, ANA)
    assert filled.fillable is not None
    assert part.rows[1]["a"] not in values(filled.fillable)


def test_many_pages_come_flat_only(forms: FormsFolder, disposition: Make) -> None:
    rows = sales(disposition, "A", 14 * MOST_FILLABLE_PAGES + 1)
    printed = printed_form(Form8949.of(rows, tax_year(2024)), exception_2=False, in_whole_dollars=False, ids={})
    seen: list[tuple[int, int]] = []
    filled = filled_form_8949(forms.find("Form 8949", 2024), printed, ANA, lambda done, of: seen.append((done, of)))
    assert filled.fillable is None
    assert pages_of(filled.flat) == filled.pages == MOST_FILLABLE_PAGES + 1
    assert seen[-1] == (MOST_FILLABLE_PAGES + 1, MOST_FILLABLE_PAGES + 1)


def test_forms_are_recognised_by_their_fields_and_year_and_not_by_name(irs_forms: Path, tmp_path: Path) -> None:
    renamed = tmp_path / "download (3).pdf"
    shutil.copyfile(irs_forms / "f8949-2022.pdf", renamed)
    found = recognise(renamed)
    assert (found.form, found.year) == ("Form 8949", 2022)
    place = tmp_path / "forms" / "f8949--2022.pdf"
    place.parent.mkdir()
    left = place.with_name(f"{named_for(place)}0123456789abcdef.pdf")
    left.write_bytes(b"%PDF")
    added = add_forms([renamed, irs_forms / "f1040sd-2025.pdf", irs_forms / "i8949-2025.pdf"], tmp_path / "forms")
    assert sorted(path.name for path in (tmp_path / "forms").iterdir()) == ["f1040sd--2025.pdf", "f8949--2022.pdf"]
    assert [official.year for official in added.added] == [2022, 2025]
    assert "i8949-2025.pdf is not a fillable PDF" in added.refused[0]
    assert added.told == (f"Removed what an interrupted run left of {place.name}: {left.name}.",)


def test_a_form_whose_fields_differ_from_its_year_is_refused_by_name(irs_forms: Path, tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=irs_forms / "f8949-2025.pdf")
    writer.add_metadata({"/Title": "2024 Form 8949"})
    changed = tmp_path / "f8949--2024.pdf"
    writer.write(changed)
    with pytest.raises(UnusableForm, match=r"titled Form 8949 2024 but lacks .* unknown field.*irs-prior/f8949--2024"):
        recognise(changed)
    with pytest.raises(MissingForm, match=r"f8949--2024\.pdf is titled Form 8949 2024 but"):
        FormsFolder.read(tmp_path).find("Form 8949", 2024)


def test_a_form_whose_columns_moved_is_refused(irs_forms: Path, tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=irs_forms / "f8949-2024.pdf")
    for annotation in writer.pages[0]["/Annots"]:  # type: ignore[attr-defined]
        field = annotation.get_object()
        if field["/T"] == "f1_6[0]":
            left, bottom, right, top = (float(side) for side in field["/Rect"])
            field["/Rect"][0], field["/Rect"][2] = (
                type(field["/Rect"][0])(left + 70),
                type(field["/Rect"][0])(right + 70),
            )
            assert top > bottom
    moved = tmp_path / "moved.pdf"
    writer.write(moved)
    with pytest.raises(UnusableForm, match="columns do not"):
        recognise(moved)


def test_a_missing_form_is_named_with_where_to_get_it(tmp_path: Path) -> None:
    folder = FormsFolder.read(tmp_path / "none")
    with pytest.raises(MissingForm, match=r"Form 8949 of 2023 is not in .*irs\.gov.*f8949--2023\.pdf"):
        folder.find("Form 8949", 2023)
    with pytest.raises(MissingForm, match="Schedule D 2018 cannot be filled"):
        folder.find("Schedule D", 2018)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty: it holds not a single byte"),
        (b"%PDF-1.7\n garbage", "is not a fillable PDF"),
        (b"not a pdf at all", "is not a fillable PDF"),
    ],
)
def test_a_damaged_file_is_refused_with_a_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(content)
    with pytest.raises(UnusableForm, match=rf"broken\.pdf {words}"):
        recognise(path)


def test_a_folder_of_forms_that_may_not_be_looked_into_is_said_and_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as closed:
        closed.setattr(Path, "is_dir", refused)
        forms = FormsFolder.read(tmp_path / "forms")
    with pytest.raises(
        MissingForm, match=r"Form 8949 of 2024 is not at hand: .*forms cannot be looked into: Permission"
    ):
        forms.find("Form 8949", 2024)


def test_a_title_that_is_no_text_is_none(tmp_path: Path) -> None:
    writer = PdfWriter()
    field = DictionaryObject({NameObject("/Subtype"): NameObject("/Widget"), NameObject("/T"): TextStringObject("f1")})
    field[NameObject("/FT")] = NameObject("/Tx")
    writer.add_blank_page(612, 792)[NameObject("/Annots")] = ArrayObject([writer._add_object(field)])
    writer.add_metadata({})
    assert writer._info is not None
    writer._info.get_object()[NameObject("/Title")] = NumberObject(8949)  # type: ignore[index]
    writer.write(tmp_path / "form.pdf")
    with pytest.raises(UnusableForm, match=r"form\.pdf is"):
        recognise(tmp_path / "form.pdf")


@pytest.mark.parametrize("damage", ["no form dictionary", "a font without widths", "gone meanwhile", "another by now"])
def test_a_form_that_is_found_damaged_when_it_is_filled_is_named_as_missing(
    irs_forms: Path, tmp_path: Path, damage: str
) -> None:
    folder = tmp_path / "forms"
    folder.mkdir()
    path = folder / "f8949-2024.pdf"
    writer = PdfWriter(clone_from=irs_forms / "f8949-2024.pdf")
    if damage == "no form dictionary":
        del writer.root_object["/AcroForm"]
    if damage == "a font without widths":
        for font in writer.root_object["/AcroForm"]["/DR"]["/Font"].values():  # type: ignore[index]
            font.get_object()[NameObject("/Widths")] = DictionaryObject({NameObject("/W"): NumberObject(1)})
    writer.write(path)
    forms = FormsFolder.read(folder)
    assert [official.form for official in forms.forms] == ["Form 8949"]
    if damage == "gone meanwhile":
        path.unlink()
    if damage == "another by now":
        shutil.copyfile(irs_forms / "f1040sd-2024.pdf", path)
    made = handoff_of(read_ledger_file(book(tmp_path / "taxes.xlsx")), tmp_path / "out", forms=forms)
    said = next(one for one in made.missing_forms if "8949" in one)
    assert "f8949-2024.pdf, the official Form 8949 of 2024, cannot be filled: it " in said
    assert "capgain forms add FILE" in said
    assert not [name for name in made.files if name.startswith("form-8949-")]


@pytest.mark.parametrize("year", years_with_fields())
def test_field_data_and_year_data_agree_on_boxes_and_rows(year: int) -> None:
    fields, layout = form_fields(year).form_8949, tax_year(year).form_8949
    assert fields.rows_per_page == layout.rows_per_page
    assert {*fields.parts[0].boxes, *fields.parts[1].boxes} == set(layout.boxes)


def test_a_number_is_printed_with_hyphens_when_it_is_one() -> None:
    assert with_hyphens("123456789") == "123-45-6789"
    assert with_hyphens("12-3456789") == "123-45-6789"
    assert with_hyphens("pending") == "pending"
