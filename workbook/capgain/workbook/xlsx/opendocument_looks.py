"""How the cells of an .ods file look, from its styles (OpenDocument 1.3 part 3, 16 and 20.387)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element, iterparse
from zipfile import ZipFile

from capgain.workbook.written.looks import PERCENT, dollars_of

STYLES, CONTENT = "styles.xml", "content.xml"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_NUMBER = "{urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_FORMATS = frozenset(f"{_NUMBER}{kind}-style" for kind in ("number", "currency", "percentage"))
_LINES = (f"{_STYLE}text-line-through-style", f"{_STYLE}text-line-through-type")


class Look(NamedTuple):
    """The words beside a number, and whether a line goes through the text."""

    words: str = ""
    is_struck: bool = False


class _Style(NamedTuple):
    parent: str
    number_format: str | None
    is_struck: bool | None


class CellStyles:
    """The styles of cells by name, with what they have from their parents."""

    def __init__(self, package: ZipFile) -> None:
        self._styles: dict[str, _Style] = {}
        self._words: dict[str, str] = {}
        self._others: dict[str, tuple[str, ...]] = {}
        self._found: dict[str, Look] = {}
        for part in (STYLES, CONTENT):
            if part in package.namelist():
                for element in _styles(package, part):
                    self._take(element)

    def look(self, name: str) -> Look:
        """The look of a style; that of no style for a name that is unknown."""
        if name not in self._found:
            self._found[name] = self._inherited(name)
        return self._found[name]

    def _inherited(self, name: str) -> Look:
        number_format: str | None = None
        is_struck: bool | None = None
        seen: set[str] = set()
        while name in self._styles and name not in seen:
            seen.add(name)
            style = self._styles[name]
            number_format = style.number_format if number_format is None else number_format
            is_struck = style.is_struck if is_struck is None else is_struck
            name = style.parent
        formats = (number_format or "", *self._others.get(number_format or "", ()))
        words = dict.fromkeys(word for one in formats for word in self._words.get(one, "").split())
        return Look(" ".join(words), bool(is_struck))

    def _take(self, element: Element) -> None:
        name = element.get(f"{_STYLE}name", "")
        if element.tag in _FORMATS:
            self._words[name] = _words(element)
            self._others[name] = tuple(one.get(f"{_STYLE}apply-style-name", "") for one in element.iter(f"{_STYLE}map"))
        elif element.get(f"{_STYLE}family") == "table-cell":
            said = [
                value
                for text in element.iter(f"{_STYLE}text-properties")
                for line in _LINES
                if (value := text.get(line)) is not None
            ]
            is_struck = any(value != "none" for value in said) if said else None
            parent = element.get(f"{_STYLE}parent-style-name", "")
            self._styles[name] = _Style(parent, element.get(f"{_STYLE}data-style-name"), is_struck)


def _styles(package: ZipFile, part: str) -> Iterator[Element]:
    """The styles of a part, of which those of content.xml stand before its body."""
    with package.open(part) as content:
        for event, element in iterparse(content, ("start", "end")):
            if event == "start" and element.tag == f"{_OFFICE}body":
                return
            if event == "end" and (element.tag in _FORMATS or element.tag == f"{_STYLE}style"):
                yield element


def _words(number_format: Element) -> str:
    """The words and signs that a number format shows; a $ is followed by its currency where that is another one."""
    found: list[str] = []
    for part in number_format:
        if part.tag == f"{_NUMBER}currency-symbol":
            language = f"{part.get(f'{_NUMBER}language', '')}-{part.get(f'{_NUMBER}country', '')}"
            sign = (part.text or "").strip()
            found += [sign, dollars_of(language) if sign == "$" else ""]
        elif part.tag == f"{_NUMBER}text" and "percentage" not in number_format.tag:
            found.append(part.text or "")
    if "percentage" in number_format.tag:
        found.append(PERCENT)
    words = [word for text in found for word in text.split() if word != "$"]
    return " ".join(dict.fromkeys(words))
