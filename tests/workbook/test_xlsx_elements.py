"""Elements found and changed in the bytes of a part: whatever XML allows around them, every other byte stays."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capgain.workbook.xlsx.cell_formats import CellFormats
from capgain.workbook.xlsx.elements import element, elements
from capgain.workbook.xlsx.sheet_xml import SheetXml, cell_xml
from capgain.workbook.xlsx.table_part import widen_table
from capgain.workbook.xlsx.unreadable import CannotEdit

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ROWS = (
    '<x:row r="1"><x:c r="A1" t="str"><x:v>Date</x:v></x:c></x:row>'
    "<!-- <x:row r='9'> --><x:row note='a>b' r='2' spans='1:2'><x:c s='7' r='A2'><x:v>1</x:v></x:c>"
    '<x:c r="C2"/></x:row>'
)
SHEET = (
    f'<?xml version="1.0"?><x:worksheet xmlns:x="{MAIN}"><?keep <x:sheetData>?>'
    f'<x:sheetPr codeName="is>so"/><x:dimension ref="A1:C2"/><!-- <x:sheetData/> -->'
    f"<x:sheetData >{ROWS}</x:sheetData><x:after t='/>'/></x:worksheet>"
).encode()


def test_tags_are_found_whatever_stands_in_attributes_comments_and_instructions() -> None:
    data = element(SHEET, "sheetData")
    assert data is not None
    assert (data.prefix, data.held.decode()) == ("x:", ROWS)
    assert [row.get("r") for row in data.within("row")] == ["1", "2"]
    assert [row.get("note") for row in data.within("row")] == ["", "a>b"]
    pr = element(SHEET, "sheetPr")
    assert pr is not None
    assert pr.attributes == {"codeName": "is>so"}


def test_a_name_is_not_taken_for_one_that_begins_with_it() -> None:
    content = b'<a><tableColumns count="2"/><tableParts/><table id="3"/></a>'
    assert [found.get("id") for found in elements(content, "table")] == ["3"]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12))
def test_an_attribute_comes_back_as_it_was_set_and_nothing_else_changes(text: str) -> None:
    content = b"""<a><b one='1' two="&lt;2>" three=""/><c>&amp;</c></a>"""
    found = element(content, "b")
    assert found is not None
    changed = found.changed(two=text, four=text, one=None)
    again = element(changed, "b")
    assert again is not None
    assert again.attributes == {"two": text, "three": "", "four": text}
    assert ElementTree.fromstring(changed)[0].attrib == again.attributes
    assert changed.startswith(b"<a><b ")
    assert changed.endswith(b"/><c>&amp;</c></a>")


def test_an_element_without_an_end_is_refused() -> None:
    found = element(b"<a><b><c/></a>", "b")
    assert found is not None
    with pytest.raises(CannotEdit, match="<b> in it has no end"):
        _ = found.held


def test_rows_go_into_a_sheet_with_prefixes_single_quotes_and_comments() -> None:
    sheet = SheetXml(SHEET, "Ledger")
    assert sheet.styles_of_row(2) == {1: 7, 3: 0}
    new = {1: cell_xml("x:", "A3", 7, "3>2"), 2: cell_xml("x:", "B3", 0, "new")}
    sheet.put_rows(3, 3, [new], frozenset({1, 2}))
    root = ElementTree.fromstring(sheet.content)
    texts = {cell.get("r"): "".join(cell.itertext()) for cell in root.iter(f"{{{MAIN}}}c")}
    assert texts == {"A1": "Date", "A2": "1", "C2": "", "A3": "3>2", "B3": "new"}
    dimension = root.find(f"{{{MAIN}}}dimension")
    assert dimension is not None
    assert dimension.get("ref") == "A1:C3"
    untouched = re.sub(rb"<x:row r=\"3\">.*?</x:row>", b"", sheet.content).replace(b"A1:C3", b"A1:C2")
    assert untouched == SHEET


def test_cells_of_a_row_that_is_filled_stay_and_one_that_is_taken_is_named() -> None:
    sheet = SheetXml(SHEET, "Ledger")
    sheet.put_rows(2, 2, [{2: cell_xml("x:", "B2", 0, "between")}], frozenset({2}))
    row = next(row for row in elements(sheet.content, "row") if row.get("r") == "2")
    assert [cell.get("r") for cell in row.within("c")] == ["A2", "B2", "C2"]
    assert (row.get("note"), row.get("spans")) == ("a>b", "")
    with pytest.raises(CannotEdit, match="cell A2 below the ledger is not empty"):
        sheet.put_rows(2, 2, [{1: cell_xml("x:", "A2", 0, "over")}], frozenset({1}))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ('<row><c r="A1"/></row>', "does not number its rows"),
        ('<row r="1"><c><v>1</v></c></row>', "does not number its cells"),
    ],
)
def test_rows_and_cells_without_their_place_are_refused_before_anything_is_lost(rows: str, words: str) -> None:
    sheet = SheetXml(f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode(), "Ledger")
    with pytest.raises(CannotEdit, match=words):
        sheet.put_rows(1, 1, [{2: cell_xml("", "B1", 0, "x")}], frozenset({2}))


def test_an_empty_sheet_is_opened_for_its_first_rows() -> None:
    sheet = SheetXml(b"<worksheet><sheetData /></worksheet>", "Ledger")
    sheet.put_rows(1, 2, [{1: cell_xml("", "A1", 0, "a")}, {1: cell_xml("", "A2", 0, "b")}], frozenset({1}))
    assert len(ElementTree.fromstring(sheet.content)[0]) == 2


def test_a_table_grows_with_its_filter_and_its_columns() -> None:
    content = (
        b"<table id='1' ref='B2:C4' displayName='is>so'><autoFilter ref='B2:C4'/>"
        b'<tableColumns count="2"><tableColumn id="4" name="a>b"/><tableColumn id="2" name="c"/></tableColumns></table>'
    )
    root = ElementTree.fromstring(widen_table(content, last_row=9, new_columns={4: 'say "so"'}, name="x.xlsx"))
    assert (root.get("ref"), root[0].get("ref"), root[1].get("count")) == ("B2:D9", "B2:D9", "3")
    assert [(column.get("id"), column.get("name")) for column in root[1]] == [
        ("4", "a>b"),
        ("2", "c"),
        ("5", 'say "so"'),
    ]
    assert widen_table(content, last_row=3, new_columns={}, name="x.xlsx") == content.replace(b"'B2:C4'", b'"B2:C4"')


STYLES = (
    b'<styleSheet><numFmts count="1"><numFmt numFmtId="170" formatCode="0.0&quot;&gt;&quot;"/></numFmts>'
    b"<cellXfs count='3'><xf numFmtId='0'/><xf numFmtId='14'/>"
    b'<xf numFmtId="170" quotePrefix="1"><alignment wrapText="1"/></xf></cellXfs></styleSheet>'
)


def test_a_format_that_shows_a_date_serves_and_another_is_copied_with_one() -> None:
    formats = CellFormats(STYLES)
    assert formats.date(1, "yyyy-mm-dd") == 1
    assert formats.styles == STYLES
    made = formats.date(2, 'yyyy">"mm')
    assert (made, formats.date(2, 'yyyy">"mm'), formats.date(made, "mm/dd/yyyy")) == (3, 3, 3)
    root = ElementTree.fromstring(formats.styles)
    assert [(number.get("numFmtId"), number.get("formatCode")) for number in root[0]] == [
        ("170", '0.0">"'),
        ("171", 'yyyy">"mm'),
    ]
    assert (root[0].get("count"), root[1].get("count"), len(root[1])) == ("2", "4", 4)
    assert root[1][3].attrib == {"numFmtId": "171", "applyNumberFormat": "1"}
    assert root[1][3][0].attrib == {"wrapText": "1"}
    assert formats.wrapped() == formats.wrapped() == 4


def test_styles_without_number_formats_get_them_and_without_cell_formats_stay() -> None:
    formats = CellFormats(
        b'<x:styleSheet xmlns:x="u"><x:cellXfs count="1"><x:xf numFmtId="0"/></x:cellXfs></x:styleSheet>'
    )
    assert formats.date(5, "yyyy") == 1
    root = ElementTree.fromstring(formats.styles)
    assert [child.tag for child in root] == ["{u}numFmts", "{u}cellXfs"]
    assert root[0][0].get("numFmtId") == root[1][1].get("numFmtId") == "164"
    assert CellFormats(b"<styleSheet/>").wrapped() == 0
