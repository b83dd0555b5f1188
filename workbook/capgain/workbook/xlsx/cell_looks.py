"""Reads how the cells of an .xlsx sheet look: the words of their number formats, a line through the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from zipfile import ZipFile

from capgain.workbook.sheets import position
from capgain.workbook.written.looks import PERCENT, CellLooks, Place, words_of_format
from capgain.workbook.xlsx.elements import Element, element, elements

_STYLES = "xl/styles.xml"
_CELL = re.compile(rb"<(?:[^\s<>/:]+:)?c\s([^<>]*)>")
_REFERENCE = re.compile(rb"(?:^|\s)r\s*=\s*[\"']([A-Z]+[0-9]+)[\"']")
_FORMAT = re.compile(rb"(?:^|\s)s\s*=\s*[\"']([0-9]+)[\"']")
_PERCENTAGES = {"9": PERCENT, "10": PERCENT}
"""Excel's own formats `0%` and `0.00%`, by their ids (18.8.30)."""


def looks_of(package: ZipFile, part: str) -> CellLooks:
    """The looks of the cells of a sheet's part; none where no format of the workbook has such a look."""
    if _STYLES not in package.namelist():
        return CellLooks()
    styles = package.read(_STYLES)
    known = _PERCENTAGES | {
        one.get("numFmtId"): words_of_format(one.get("formatCode")) for one in elements(styles, "numFmt")
    }
    lined = [_is_struck(font) for font in _within(styles, "fonts", "font")]
    words: dict[bytes, str] = {}
    struck: set[bytes] = set()
    for number, one in enumerate(_within(styles, "cellXfs", "xf")):
        shown, font = known.get(one.get("numFmtId"), ""), one.get("fontId", "0")
        if shown:
            words[str(number).encode()] = shown
        if font.isdecimal() and int(font) < len(lined) and lined[int(font)]:
            struck.add(str(number).encode())
    if not words and not struck:
        return CellLooks()
    shown_at: dict[Place, str] = {}
    struck_at: set[Place] = set()
    for cell in _CELL.finditer(package.read(part)):
        of, place = _FORMAT.search(cell[1]), _REFERENCE.search(cell[1])
        if of is None or place is None:
            continue
        if of[1] in words:
            shown_at[position(place[1].decode())] = words[of[1]]
        if of[1] in struck:
            struck_at.add(position(place[1].decode()))
    return CellLooks(shown_at, frozenset(struck_at))


def _within(styles: bytes, holder: str, name: str) -> Iterator[Element]:
    found = element(styles, holder)
    return iter(()) if found is None else found.within(name)


def _is_struck(font: Element) -> bool:
    line = next(font.within("strike"), None)
    return line is not None and line.get("val", "1") in ("1", "true")
