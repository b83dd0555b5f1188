"""What calamine leaves out of an .ods file, read from its package: errors in cells, database ranges, formulas.

Rows and cells that are alike are written once with how often they stand there (OpenDocument 1.3 part 3, 19.675 and
19.677); a file that says so of more than a sheet can hold is refused before anything is made of it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, iterparse
from zipfile import ZipFile

from capgain.workbook.written.looks import CellLooks, Place
from capgain.workbook.written.misread import ERROR_VALUES, UNCALCULATED
from capgain.workbook.xlsx.filled_area import FilledCells, Reach, refuse_stray
from capgain.workbook.xlsx.opendocument_looks import CellStyles
from capgain.workbook.xlsx.package_parts import PackageParts, Table
from capgain.workbook.xlsx.text_sizes import refuse_many_bytes
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
    """A cell with something in it, how often it stands there, to the right and below, and the name of its style."""

    row: int
    column: int
    repeated: int
    element: Element
    style: str = ""
    rows: int = 1

    @property
    def places(self) -> Iterator[Place]:
        """Where it stands, by row and column."""
        return product(range(self.row, self.row + self.rows), range(self.column, self.column + self.repeated))


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """An .ods file: its sheets and database ranges as those of a workbook, and by sheet the cells without a value.

    `looks` are those of its cells, `reaches` how far the filled ones reach, `copied` how long the texts are of those
    that are written once and stand in several places, by sheet.
    """

    parts: PackageParts
    without_value: dict[str, dict[tuple[int, int], str]]
    looks: dict[str, CellLooks]
    reaches: dict[str, Reach]
    copied: dict[str, int]


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
    copied: dict[str, int] = {}
    styles = CellStyles(package)
    for sheet, cell in _walk(package):
        if isinstance(cell, Element):
            tables += _database_range(cell)
            continue
        found, cells = missing.setdefault(sheet, {}), filled.setdefault(sheet, FilledCells())
        if cell is None:
            continue
        cells.add(cell.row, cell.column, cell.repeated, cell.rows)
        if cells.is_beyond_any_sheet:
            refuse_stray(path, sheet, cells)
        times = cell.repeated * cell.rows
        if times > 1:
            copied[sheet] = copied.get(sheet, 0) + times * sum(map(len, cell.element.itertext()))
        shown, is_struck = styles.look(cell.style)
        currency = cell.element.get(f"{_OFFICE}currency", "")
        shown = currency if currency not in ("", "USD") else shown
        if shown:
            words.setdefault(sheet, {}).update(dict.fromkeys(cell.places, shown))
        if is_struck:
            struck.setdefault(sheet, set()).update(cell.places)
        text = _without_value(cell.element)
        if text:
            found.update(dict.fromkeys(cell.places, text))
    for sheet, cells in filled.items():
        refuse_stray(path, sheet, cells)
        refuse_many_bytes(path, sheet, copied.get(sheet, 0))
    on_sheets = tuple(table for table in tables if table.sheet in missing)
    looks = {name: CellLooks(words.get(name, {}), frozenset(struck.get(name, ()))) for name in {*words, *struck}}
    # Print areas tell how far a sheet of ours reaches, and we write no .ods.
    parts = PackageParts(False, {name: name for name in missing}, on_sheets, {}, {})
    return OpenDocument(parts, missing, looks, {sheet: cells.reach for sheet, cells in filled.items()}, copied)


def formula_in(package: ZipFile, sheet: str, row: int, column: int) -> str:
    """The formula of a cell, "" where it has none, with references as LibreOffice shows them."""
    for name, cell in _walk(package):
        if name.casefold() != sheet.casefold() or not isinstance(cell, Cell) or cell.row + cell.rows <= row:
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
                times = _times(element, "rows")
                for cell in _cells(element, columns):
                    yield sheet, cell._replace(row=row + 1, rows=times)
                row += times
                element.clear()


class _ColumnStyles:
    """The styles that columns give to cells without one of their own."""

    def __init__(self) -> None:
        self._ends: list[int] = []
        self._names: list[str] = []

    def add(self, column: Element) -> None:
        times = _times(column, "columns")
        self._ends.append((self._ends[-1] if self._ends else 0) + times)
        self._names.append(column.get(f"{_TABLE}default-cell-style-name", ""))

    def of(self, column: int) -> str:
        place = bisect_left(self._ends, column)
        return self._names[place] if place < len(self._names) else ""


def _cells(row: Element, columns: _ColumnStyles) -> Iterator[Cell]:
    column = 1
    of_row = row.get(f"{_TABLE}default-cell-style-name", "")
    for element in row:
        repeated = _times(element, "columns")
        if f"{_OFFICE}value-type" in element.attrib or f"{_TABLE}formula" in element.attrib:
            yield Cell(0, column, repeated, element, element.get(f"{_TABLE}style-name") or of_row or columns.of(column))
        column += repeated


def _times(element: Element, what: str) -> int:
    """How often a row or a cell stands there. Raises ParseError."""
    text = element.get(f"{_TABLE}number-{what}-repeated", "1")
    if not text.isdecimal() or len(text) > 12 or not int(text):
        raise ParseError(f"{text[:20]!r} is no number of {what}")
    return int(text)


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
