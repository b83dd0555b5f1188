"""What stands behind a cell of Excel's Stocks or Currencies type, which shows #VALUE! to every other program.

A cell's attribute vm leads through the value metadata to a rich value (MS-XLSX, Rich Value Data), and that by the
identity of what it is linked to, to another one with the fields that Excel fetched last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from capgain.workbook.sheets import position
from capgain.workbook.xlsx.package_parts import Parts

METADATA = "xl/metadata.xml"
VALUES, STRUCTURES = "xl/richData/rdrichvalue.xml", "xl/richData/rdrichvaluestructure.xml"
IDENTITY = ("%EntityServiceId", "%EntityId")
DISPLAYED = "_DisplayString"

_ERROR_WITH_VALUE = re.compile(rb"<(?:[^\s<>/:]+:)?c\b(?=[^<>]*\st=[\"']e[\"'])(?=[^<>]*\svm=[\"'](\d+)[\"'])[^<>]*>")
_REFERENCE = re.compile(rb"\sr=[\"']([A-Z]{1,3}\d+)[\"']")

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _RichValue:
    keys: Sequence[tuple[str, str]]
    """name and type: `r` leads to another rich value"""
    values: Sequence[str]
    number: str
    """of a formatted number, "" of all else"""

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        for (name, kind), value in zip(self.keys, self.values, strict=False):
            yield name, kind, value

    @property
    def identity(self) -> tuple[str, ...]:
        found = {name: value for name, _, value in self}
        return tuple(found.get(name, "") for name in IDENTITY)


def rich_values(package: Parts, sheet: str) -> dict[tuple[int, int], Fields]:
    """The fields of each cell of a sheet's part that shows an error with a rich value behind it.

    By row and column from 1. What cannot be followed is left out: the cell stays an error.
    """
    numbers: dict[tuple[int, int], int] = {}
    for cell in _ERROR_WITH_VALUE.finditer(package.read(sheet)):
        placed = _REFERENCE.search(cell[0])
        if placed is not None:
            numbers[position(placed[1].decode())] = int(cell[1])
    if not numbers:
        return {}
    try:
        places, values = _places(package), _values(package)
    except (KeyError, ElementTree.ParseError, ValueError, IndexError):
        return {}
    linked: dict[tuple[str, ...], dict[str, str]] = {}
    for value in values:
        if any(value.identity):
            linked.setdefault(value.identity, {}).update(_told(value, values))
    found: dict[tuple[int, int], Fields] = {}
    for address, number in numbers.items():
        place = places.get(number)
        if place is not None and 0 <= place < len(values):
            value = values[place]
            found[address] = linked.get(value.identity, {}) | _told(value, values)
    return found


def _told(value: _RichValue, values: Sequence[_RichValue]) -> dict[str, str]:
    found = {}
    for name, kind, text in value:
        if kind != "r":
            found[name] = text
        elif text.isdecimal() and int(text) < len(values) and values[int(text)].number:
            found[name] = values[int(text)].number
    return found


def _places(package: Parts) -> dict[int, int]:
    """Which rich value each number of the attribute vm means."""
    root = ElementTree.fromstring(package.read(METADATA))
    types = [one.get("name", "") for one in root.iterfind("{*}metadataTypes/{*}metadataType")]
    rich = next((one for one in root.iterfind("{*}futureMetadata") if one.get("name") == "XLRICHVALUE"), None)
    blocks = [] if rich is None else [block.find(".//{*}rvb") for block in rich.iterfind("{*}bk")]
    found = {}
    for number, block in enumerate(root.iterfind("{*}valueMetadata/{*}bk"), start=1):
        for record in block.iterfind("{*}rc"):
            kind, place = int(record.get("t", "0")), int(record.get("v", "0"))
            if 0 < kind <= len(types) and types[kind - 1] == "XLRICHVALUE" and place < len(blocks):
                leads = blocks[place]
                if leads is not None:
                    found[number] = int(leads.get("i", "-1"))
    return found


def _values(package: Parts) -> list[_RichValue]:
    structures = [
        [(key.get("n", ""), key.get("t", "d")) for key in structure.iterfind("{*}k")]
        for structure in ElementTree.fromstring(package.read(STRUCTURES)).iterfind("{*}s")
    ]
    return [
        _RichValue(
            structures[int(value.get("s", "0"))],
            [one.text or "" for one in value.iterfind("{*}v")],
            value.findtext("{*}fb", ""),
        )
        for value in ElementTree.fromstring(package.read(VALUES)).iterfind("{*}rv")
    ]
