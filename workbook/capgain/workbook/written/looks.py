"""How cells look where that says something of them: an amount's currency, a line through the text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

Place = tuple[int, int]
"""Row and column of a cell, counted from 1."""

PERCENT = "%"

_TEXT_IN_FORMAT = re.compile(r"\[\$([^\]\-]*)(?:-([^\]]*))?\]|\"([^\"]*)\"|\\(.)|([€£¥₹₩₽₺₪₱₫฿])")
"""What a number format shows beside the number (ECMA-376 part 1, 18.8.31): `[$€-407]`, `"EUR"`, `\\£`."""

_DOLLARS_OF_LANGUAGES = {
    0x1009: "CAD", 0x0C0C: "CAD", 0x0C09: "AUD", 0x1409: "NZD", 0x0C04: "HKD", 0x3C09: "HKD", 0x1004: "SGD",
    0x4809: "SGD", 0x0404: "TWD", 0x080A: "MXN", 0x2C0A: "ARS", 0x340A: "CLP", 0x240A: "COP", 0x380A: "UYU",
}  # fmt: skip
"""What the sign $ stands for under a language identifier of Windows ([MS-LCID]), where it is not the US dollar."""

_DOLLARS_OF_COUNTRIES = {
    "CA": "CAD", "AU": "AUD", "NZ": "NZD", "HK": "HKD", "SG": "SGD", "TW": "TWD", "MX": "MXN", "AR": "ARS",
    "CL": "CLP", "CO": "COP", "UY": "UYU",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CellLooks:
    """Of one sheet: the words that number formats show beside a cell's number, and the cells that are struck out."""

    words: Mapping[Place, str] = field(default_factory=dict)
    struck: frozenset[Place] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.words or self.struck)

    def without_rows(self, rows: Collection[int]) -> CellLooks:
        """The looks of the cells in all other rows."""
        if not rows or not self:
            return self
        words = {place: word for place, word in self.words.items() if place[0] not in rows}
        return CellLooks(words, frozenset(place for place in self.struck if place[0] not in rows))


class FormattedArea(NamedTuple):
    """Cells of one format: rows and columns from 1, the last included; the number format as Excel writes it."""

    top: int
    left: int
    bottom: int
    right: int
    number_format: str
    is_struck: bool


def looks_of_areas(areas: Iterable[FormattedArea]) -> CellLooks:
    """The looks of the cells of a sheet, of which areas in a plain format may be left out."""
    words: dict[Place, str] = {}
    struck: set[Place] = set()
    for top, left, bottom, right, number_format, is_struck in areas:
        shown = words_of_format(number_format)
        if not shown and not is_struck:
            continue
        places = [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]
        if shown:
            words |= dict.fromkeys(places, shown)
        if is_struck:
            struck.update(places)
    return CellLooks(words, frozenset(struck))


def words_of_format(number_format: str) -> str:
    """The words and signs that a number format shows, without blanks around them; "" for none, or for a plain $.

    A $ of another country is followed by that currency's code.
    """
    found: list[str] = []
    for sign, language, *plain in _TEXT_IN_FORMAT.findall(number_format):
        found += ["".join((sign, *plain)), dollars_of(language) if sign == "$" else ""]
    if "%" in _TEXT_IN_FORMAT.sub("", number_format):
        found.append(PERCENT)
    words = " ".join(dict.fromkeys(filter(None, (text.strip(" \xa0\u202f") for text in found))))
    return "" if words == "$" else words


def dollars_of(language: str) -> str:
    """The currency that $ stands for in a language, `1009` or `en-CA`; "" for the US dollar or no known one."""
    *_, country = language.split("-")
    if country.upper() in _DOLLARS_OF_COUNTRIES:
        return _DOLLARS_OF_COUNTRIES[country.upper()]
    if re.fullmatch(r"[0-9A-Fa-f]{1,8}", country):
        # The upper half says how digits are written.
        return _DOLLARS_OF_LANGUAGES.get(int(country, 16) & 0xFFFF, "")
    return ""
