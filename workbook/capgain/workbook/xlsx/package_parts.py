"""What an .xlsx package says of itself beside the values: date system, sheets, tables, and cells without a value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import Protocol
from xml.etree import ElementTree
from zipfile import ZipFile

from capgain.workbook.sheets import Note, position
from capgain.workbook.written.misread import UNCALCULATED

_MAIN = re.compile(r"\{.*\}")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"

_FORMULA = rb"<(?:[^\s<>/:]+:)?f\b[^<>]*(?:/>|>[^<]*</[^<>]*>)"
_ERROR_CELL = re.compile(
    rb"<(?:[^\s<>/:]+:)?c\b(?P<attributes>[^<>]*\st\s*=\s*[\"']e[\"'][^<>]*)>"
    rb"\s*+(?:" + _FORMULA + rb")?\s*+(?:<(?:[^\s<>/:]+:)?v>(?P<error>[^<]*)<)?"
)
_UNCALCULATED_CELL = re.compile(
    rb"<(?:[^\s<>/:]+:)?c\b(?P<attributes>[^<>]*)>\s*+" + _FORMULA + rb"\s*+"
    rb"(?:<(?:[^\s<>/:]+:)?v\s*/>|<(?:[^\s<>/:]+:)?v></[^<>]*>)?\s*+</(?:[^\s<>/:]+:)?c>"
)
_REFERENCE = re.compile(rb"\sr\s*=\s*[\"']([A-Z]{1,3}\d+)[\"']")
_IS_TEXT = re.compile(rb"\st\s*=\s*[\"']str[\"']")


class Parts(Protocol):
    """Parts by name: an open .xlsx file, or one that is being changed."""

    def read(self, name: str, /) -> bytes:
        """Raises KeyError for a part that is not there."""


@dataclass(frozen=True, slots=True)
class Table:
    """An Excel table: its part and sheet, its cells (rows and columns from 1, header included), its rows of totals."""

    name: str
    part: str
    sheet: str
    top: int
    left: int
    bottom: int
    right: int
    totals_rows: int


@dataclass(frozen=True, slots=True)
class PackageParts:
    """The parts of a workbook: worksheets by name in their order, with the path of each, and the tables on them.

    `states` of sheets are visible, hidden or veryHidden; `print_areas` are references such as `Gains!$A$1:$T$45`.
    """

    date_1904: bool
    sheets: dict[str, str]
    tables: tuple[Table, ...]
    states: dict[str, str]
    print_areas: dict[str, str]

    def table(self, name: str) -> Table | None:
        """The table of that name, in any case."""
        return next((table for table in self.tables if table.name.casefold() == name.casefold()), None)


def read_parts(package: Parts) -> PackageParts:
    """Raises KeyError, ElementTree.ParseError or BadZipFile for a damaged package."""
    workbook = ElementTree.fromstring(package.read("xl/workbook.xml"))
    targets = relations(package, "xl/workbook.xml")
    date_1904 = False
    states: dict[str, str] = {}
    sheets: dict[str, str] = {}
    areas: dict[str | None, str] = {}
    for element in workbook.iter():
        tag = _MAIN.sub("", element.tag)
        if tag == "workbookPr":
            date_1904 = element.get("date1904", "0") in ("1", "true")
        elif tag == "sheet":
            relation = element.get(_RELATION) or element.get(_STRICT_RELATION) or ""
            kind, path = targets.get(relation, ("", ""))
            name = element.get("name", "")
            states[name] = element.get("state", "visible")
            if kind.endswith("/worksheet"):
                sheets[name] = path
        elif tag == "definedName" and element.get("name") == "_xlnm.Print_Area":
            areas[element.get("localSheetId")] = element.text or ""
    tables = [table for name, path in sheets.items() for table in _tables(package, name, path)]
    printed = {name: areas[str(place)] for place, name in enumerate(states) if str(place) in areas}
    return PackageParts(date_1904, sheets, tuple(tables), states, printed)


def cells_without_value(package: ZipFile, path: str) -> dict[tuple[int, int], str]:
    """Cells of a sheet, by row and column from 1, that show an error or hold a formula never calculated.

    The readers of values return nothing for both, as if the cell were blank. A formula may well have an empty text for
    its result; that is a value.
    """
    sheet = package.read(path)
    found: dict[tuple[int, int], str] = {}
    for cell in _UNCALCULATED_CELL.finditer(sheet):
        if not _IS_TEXT.search(cell["attributes"]):
            found[_placed(cell["attributes"])] = UNCALCULATED
    for cell in _ERROR_CELL.finditer(sheet):
        found[_placed(cell["attributes"])] = (cell["error"] or b"#VALUE!").decode("ascii", "replace")
    return found


def notes_on(package: Parts, path: str) -> list[Note]:
    """The notes on a sheet's cells. Raises KeyError or ElementTree.ParseError for a damaged package."""
    found = []
    for kind, target in relations(package, path).values():
        if not kind.endswith("/comments"):
            continue
        root = ElementTree.fromstring(package.read(target))
        authors = [author.text or "" for author in root.iterfind(".//{*}author")]
        for comment in root.iterfind(".//{*}comment"):
            text = "".join(part.text or "" for part in comment.iterfind(".//{*}t"))
            found.append(Note(comment.get("ref", ""), text, authors[int(comment.get("authorId", "0"))]))
    return found


def _placed(attributes: bytes) -> tuple[int, int]:
    place = _REFERENCE.search(attributes)
    if place is None:
        raise KeyError("a cell without its place")
    return position(place[1].decode())


def relations(package: Parts, part: str) -> dict[str, tuple[str, str]]:
    """The relations of a part: the kind and the path that each id leads to."""
    path = join(dirname(part), "_rels", part.rpartition("/")[2] + ".rels")
    try:
        root = ElementTree.fromstring(package.read(path))
    except KeyError:
        return {}
    found = {}
    for element in root:
        target = element.get("Target", "")
        full = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(part), target))
        found[element.get("Id", "")] = (element.get("Type", ""), full)
    return found


def _tables(package: Parts, sheet: str, path: str) -> Iterator[Table]:
    for kind, target in relations(package, path).values():
        if not kind.endswith("/table"):
            continue
        table = ElementTree.fromstring(package.read(target))
        first, _, last = table.get("ref", "").partition(":")
        (top, left), (bottom, right) = position(first), position(last or first)
        totals = int(table.get("totalsRowCount", "0"))
        name = table.get("displayName") or table.get("name") or ""
        yield Table(name, target, sheet, top, left, bottom, right, totals)
