"""What calamine leaves out of an .ods file, read from its package: errors in cells, database ranges, formulas.

Rows and cells that are alike are written once with how often they stand there (OpenDocument 1.3 part 3, 19.675 and
19.677); a file that says so of more than a sheet can hold is refused before anything is made of it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, iterparse
from zipfile import ZipFile

from capgain.workbook.written.looks import CellLooks, Place
from capgain.workbook.written.misread import ERROR_VALUES, UNCALCULATED
from capgain.workbook.xlsx.filled_area import FilledCells, refuse_stray
from capgain.workbook.xlsx.opendocument_looks import CellStyles
from capgain.workbook.xlsx.package_parts import PackageParts, Table
from capgain.workbook.xlsx.unreadable import UnreadableFile

CONTENT = "content.xml"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"

_OWN_ERRORS = {"Err:502": "#VALUE!", "Err:503": "#NUM!", "Err:504": "#REF!", "Err:508": "#NAME?", "Err:519": "#VALUE!"}
"""What LibreOffice shows by number, and Excel by name."""

_RANGE = re.compile(
    r"^\$?(?P<sheet>'(?:[^']|'')+'|[^.]+)\.\$?(?P<left>[A-Z]{1,3})\$?(?P<top>\d+)"
    r"(?::(?:\$?(?:'(?:[^']|'')+'|[^.:]*))?\.\$?(?P<right>[A-Z]{1,3})\$?(?P<bottom>\d+))?$"
)


class Cell(NamedTuple):
    """A cell with something in it, how often it stands there, to the right, and the name of its style."""

    row: int
    column: int
    repeated: int
    element: Element
    style: str = ""


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """An .ods file: its sheets and database ranges as those of a workbook, and by sheet the cells without a value.

    `looks` are those of its cells, by sheet.
    """

    parts: PackageParts
    without_value: dict[str, dict[tuple[int, int], str]]
    looks: dict[str, CellLooks]


def is_opendocument(package: ZipFile) -> bool:
    """Whether a zip package is a spreadsheet of OpenDocument."""
    names = frozenset(package.namelist())
    return {"mimetype", CONTENT} <= names and b"opendocument.spreadsheet" in package.read("mimetype")


def read_opendocument(path: Path, package: ZipFile) -> OpenDocument:
    """Raises UnreadableFile for an encrypted file and one of impossible size, ParseError for a damaged one."""
    if "META-INF/manifest.xml" in package.namelist() and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise UnreadableFile(f"{path} is protected by a password. Save it in LibreOffice without one.")
    missing: dict[str, dict[tuple[int, int], str]] = {}
    filled: dict[str, FilledCells] = {}
    tables: list[Table] = []
    words: dict[str, dict[Place, str]] = {}
    struck: dict[str, set[Place]] = {}
    styles = CellStyles(package)
    for sheet, cell in _walk(package):
        if isinstance(cell, Element):
            tables += _database_range(cell)
            continue
        found, cells = missing.setdefault(sheet, {}), filled.setdefault(sheet, FilledCells())
        if cell is None:
            continue
        cells.add(cell.row, cell.column, cell.repeated)
        if cells.is_beyond_any_sheet:
            refuse_stray(path, sheet, cells)
        shown, is_struck = styles.look(cell.style)
        currency = cell.element.get(f"{_OFFICE}currency", "")
        shown = currency if currency not in ("", "USD") else shown
        places = [(cell.row, column) for column in range(cell.column, cell.column + cell.repeated)]
        if shown:
            words.setdefault(sheet, {}).update(dict.fromkeys(places, shown))
        if is_struck:
            struck.setdefault(sheet, set()).update(places)
        text = _without_value(cell.element)
        if text:
            for column in range(cell.column, cell.column + cell.repeated):
                found[cell.row, column] = text
    for sheet, cells in filled.items():
        refuse_stray(path, sheet, cells)
    on_sheets = tuple(table for table in tables if table.sheet in missing)
    looks = {name: CellLooks(words.get(name, {}), frozenset(struck.get(name, ()))) for name in {*words, *struck}}
    # Print areas tell how far a sheet of ours reaches, and we write no .ods.
    return OpenDocument(PackageParts(False, {name: name for name in missing}, on_sheets, {}, {}), missing, looks)


def formula_in(package: ZipFile, sheet: str, row: int, column: int) -> str:
    """The formula of a cell, "" where it has none, with references as LibreOffice shows them."""
    for name, cell in _walk(package):
        if name.casefold() != sheet.casefold() or not isinstance(cell, Cell) or cell.row < row:
            continue
        if cell.row > row:
            break
        if cell.column <= column < cell.column + cell.repeated:
            formula = cell.element.get(f"{_TABLE}formula", "").removeprefix("of:")
            return re.sub(r"\[\.?([^\]]*)\]", r"\1", formula)
    return ""


def _walk(package: ZipFile) -> Iterator[tuple[str, Cell | Element | None]]:
    """Each sheet once with None, then its filled cells; and each database range."""
    sheet, row = "", 0
    columns = _ColumnStyles()
    with package.open(CONTENT) as content:
        head = content.read(4096)
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise ParseError("a document type is no part of an OpenDocument file")
    with package.open(CONTENT) as content:
        for event, element in iterparse(content, ("start", "end")):
            if event == "start":
                if element.tag == f"{_TABLE}table":
                    sheet, row = element.get(f"{_TABLE}name", ""), 0
                    columns = _ColumnStyles()
                    yield sheet, None
                elif element.tag == f"{_TABLE}table-column":
                    columns.add(element)
            elif element.tag == f"{_TABLE}database-range":
                yield "", element
            elif element.tag == f"{_TABLE}table-row":
                times = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
                filled = list(_cells(element, columns))
                for number in range(row + 1, row + 1 + (times if filled else 0)):
                    for cell in filled:
                        yield sheet, cell._replace(row=number)
                row += times
                element.clear()


class _ColumnStyles:
    """The styles that columns give to cells without one of their own."""

    def __init__(self) -> None:
        self._ends: list[int] = []
        self._names: list[str] = []

    def add(self, column: Element) -> None:
        times = int(column.get(f"{_TABLE}number-columns-repeated", "1"))
        self._ends.append((self._ends[-1] if self._ends else 0) + times)
        self._names.append(column.get(f"{_TABLE}default-cell-style-name", ""))

    def of(self, column: int) -> str:
        place = bisect_left(self._ends, column)
        return self._names[place] if place < len(self._names) else ""


def _cells(row: Element, columns: _ColumnStyles) -> Iterator[Cell]:
    column = 1
    of_row = row.get(f"{_TABLE}default-cell-style-name", "")
    for element in row:
        repeated = int(element.get(f"{_TABLE}number-columns-repeated", "1"))
        if f"{_OFFICE}value-type" in element.attrib or f"{_TABLE}formula" in element.attrib:
            yield Cell(0, column, repeated, element, element.get(f"{_TABLE}style-name") or of_row or columns.of(column))
        column += repeated


def _without_value(cell: Element) -> str:
    """The error a cell shows, or that nothing has calculated it; "" for a cell with a value."""
    is_formula = f"{_TABLE}formula" in cell.attrib
    shown = "".join(text.text or "" for text in cell.iter(f"{_TEXT}p"))
    if cell.get(f"{_CALC}value-type") == "error" or (is_formula and re.match(r"Err:\d+$", shown)):
        return shown if shown in ERROR_VALUES else _OWN_ERRORS.get(shown, "#UNKNOWN!")
    if is_formula and f"{_OFFICE}value-type" not in cell.attrib:
        return UNCALCULATED
    return ""


def _database_range(element: Element) -> Iterator[Table]:
    found = _RANGE.match(element.get(f"{_TABLE}target-range-address", ""))
    name = element.get(f"{_TABLE}name", "")
    if found is None or not name or name.startswith("__Anonymous"):
        return
    sheet = found["sheet"]
    if sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    top, left = int(found["top"]), _number(found["left"])
    bottom, right = int(found["bottom"] or top), _number(found["right"] or found["left"])
    yield Table(name, "content.xml", sheet, top, left, bottom, right, 0)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
