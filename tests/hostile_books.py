"""Workbooks made to break a reader, each small, made here from a good one."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET = "xl/worksheets/sheet1.xml"
TEXTS = "xl/sharedStrings.xml"
COLUMNS = ("Date", "Type", "Asset", "Quantity", "Amount", "Account", "Class")
GOOD_ROW = ("2024-01-02", "Buy", "XYZ", "10", "1000", "X", "stock")


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, texts: tuple[str, ...] = GOOD_ROW) -> str:
    cells = (cell(f"{letter}{number}", text) for letter, text in zip("ABCDEFG", texts, strict=True))
    return f'<row r="{number}">{"".join(cells)}</row>'


def sheet(further: str = "", *, after: str = "") -> str:
    """A Ledger of a header and one row, with further XML of rows below."""
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:x="{MAIN}"><dimension ref="A1:G2"/><sheetData>{row(1, COLUMNS)}{row(2)}'
        f"{further}</sheetData>{after}</worksheet>"
    )


def parts(content: str = "") -> dict[str, str]:
    """The parts of a workbook of one sheet; cell format 1 is that of a date."""
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(
            (("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")),
            1,
        )
    )
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{KINDS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Ledger" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{KINDS}">{relations}</Relationships>',
        "xl/styles.xml": f'{HEAD}<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
        TEXTS: f'{HEAD}<sst xmlns="{MAIN}"><si><t>a</t></si></sst>',
        SHEET: content or sheet(),
    }


def packed(made: Mapping[str, str | bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in made.items():
            package.writestr(name, content)
    return written.getvalue()


def with_cells(further: str) -> bytes:
    return packed(parts(sheet(further)))


def filled_up(part: str, megabytes: int, *, before: str = "", between: str = "\0", after: str = "") -> bytes:
    """A part that unpacks to so many megabytes of one thing."""
    block = between.encode() * ((1 << 20) // len(between))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in parts().items():
            if name != part:
                package.writestr(name, content)
        with package.open(part, "w") as filled:
            filled.write(before.encode())
            for _ in range(megabytes):
                filled.write(block)
            filled.write(after.encode())
    return written.getvalue()


def saying_less(data: bytes, part: str) -> bytes:
    """The package with the size of a part as a few bytes, in its own header and in the list at the end."""
    changed = bytearray(data)
    name = part.encode()
    for mark, size_at, name_at in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        at = changed.find(mark)
        while at >= 0:
            if changed[at + name_at : at + name_at + len(name)] == name:
                changed[at + size_at : at + size_at + 4] = struct.pack("<I", 1000)
            at = changed.find(mark, at + 4)
    return bytes(changed)


def with_endless_list() -> bytes:
    """A package whose end says that the list of its parts has a thousand million bytes."""
    data = bytearray(packed(parts()))
    end = data.rfind(b"PK\x05\x06")
    data[end + 12 : end + 16] = struct.pack("<I", 10**9)
    return bytes(data)


def far(place: str, *, number: int = 9, name: str = "c", value: str = "<v>1</v>", quote: str = '"') -> bytes:
    return with_cells(f"<row r={quote}{number}{quote}><{name} r={quote}{place}{quote}>{value}</{name}></row>")


FAR: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "the last cell of a sheet": (lambda: far("XFD1048576", number=1048576), "XFD1048576"),
    "the last row": (lambda: far("A1048576", number=1048576), "A1048576"),
    "the last row, to the right": (lambda: far("Z1048576", number=1048576), "Z1048576"),
    "a column to the right": (lambda: far("XFD20000"), "XFD20000"),
    "below every sheet": (lambda: far("A4294967295"), "A4294967295"),
    "beside every sheet": (lambda: far("ZZZZZZZ3", number=3), "ZZZZZZZ3"),
    "letters in lower case": (lambda: far("xfd1048576"), "XFD1048576"),
    "a formula without a value": (lambda: far("ZZZ999999", value="<f>1+1</f>"), "ZZZ999999"),
    "an error": (lambda: with_cells('<row r="9"><c r="A99999999" t="e"><v>#N/A</v></c></row>'), "A99999999"),
    "a text in the cell": (
        lambda: with_cells('<row r="9"><c r="A99999999" t="inlineStr"><is><t>x</t></is></c></row>'),
        "A99999999",
    ),
    "a prefix": (lambda: far("XFD1048576", name="x:c", value="<x:v>1</x:v>"), "XFD1048576"),
    "single quotes": (lambda: far("XFD1048576", quote="'"), "XFD1048576"),
    "another attribute first": (
        lambda: with_cells("""<row r="9"><c s=' r="A1"' r="XFD1048576"><v>1</v></c></row>"""),
        "XFD1048576",
    ),
    "spaces around the sign": (lambda: with_cells('<row r="9"><c  r = "XFD1048576" ><v>1</v></c></row>'), "XFD1048576"),
    "a row of its own number, a cell without": (
        lambda: with_cells('<row r="1048576"><c><v>1</v></c></row>'),
        "A1048576",
    ),
    "a cell that follows a far one without a value": (
        lambda: with_cells('<row r="1048000"><c r="XFC1048000" s="1"/><c><v>1</v></c></row>'),
        "XFD1048000",
    ),
}
"""A value far from all others, and the address that must be named."""

BOMBS: Mapping[str, Callable[[], bytes]] = {
    "zeros in the sheet": lambda: filled_up(SHEET, 600),
    "blanks in the sheet": lambda: filled_up(SHEET, 300, before=f'<worksheet xmlns="{MAIN}">', between=" "),
    "rows without end": lambda: filled_up(
        SHEET, 1100, before=f'<worksheet xmlns="{MAIN}"><sheetData>', between='<row r="1"><c r="A1"/></row>\n'
    ),
    "a text without end": lambda: filled_up(TEXTS, 300, before=f'<sst xmlns="{MAIN}"><si><t>', between="x"),
    "texts without end": lambda: filled_up(TEXTS, 100, before=f'<sst xmlns="{MAIN}">', between="<si/>"),
    "a workbook part without end": lambda: filled_up("xl/workbook.xml", 100, between="<!-- -->"),
    "styles without end": lambda: filled_up("xl/styles.xml", 100, between="<xf/>"),
    "a sheet that says it is small": lambda: saying_less(filled_up(SHEET, 50, between="<row/>"), SHEET),
    "texts that say they are few": lambda: saying_less(filled_up(TEXTS, 50, between="<si/>"), TEXTS),
    "two parts of one name": lambda: packed(
        {**parts(), "XL/Worksheets/Sheet1.xml": sheet('<row r="9"><c r="XFD9"><v>1</v></c></row>')}
    ),
    "a list of parts without end": with_endless_list,
    "entities": lambda: packed(
        parts(sheet()) | {"xl/workbook.xml": '<!DOCTYPE w [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'}
    ),
    "tags that never end": lambda: with_cells("<c " * 200_000),
    "cells that never end": lambda: with_cells('<c r="A3" t="e">' * 100_000),
}
"""Packages that unpack to more than they say or than a workbook can have, or that take time."""


def written_to(folder: Path, data: bytes) -> Path:
    path = folder / "book.xlsx"
    path.write_bytes(data)
    return path
