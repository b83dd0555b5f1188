"""The fills and font colours of cells that a program's own styles do not have: what people highlighted."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from colorsys import hls_to_rgb, rgb_to_hls
from typing import NamedTuple
from xml.etree import ElementTree
from zipfile import ZipFile

from capgain.workbook.sheets import position

_CELL = re.compile(rb"<(?:[^\s<>/:]+:)?c\s([^<>]*)>")
_REFERENCE = re.compile(rb'(?:^|\s)r\s*=\s*["\']([A-Z]{1,3}\d+)["\']')
_STYLE = re.compile(rb'(?:^|\s)s\s*=\s*["\'](\d+)["\']')
_IN_THE_ORDER_OF_INDEXES = ("lt1", "dk1", "lt2", "dk2", *(f"accent{number}" for number in range(1, 7)))


class Highlight(NamedTuple):
    """Colours as RRGGBB, "" where the program's own is left."""

    fill: str
    colour: str


def highlights(
    package: ZipFile, sheets: Mapping[str, str], known: Collection[str]
) -> dict[str, dict[tuple[int, int], Highlight]]:
    """By sheet and place, counted from 0, the cells in colours that are not among `known`.

    `sheets` are the parts by name. A package without such a colour is not searched.
    """
    styles = _styles(package, frozenset(known))
    if not styles:
        return {}
    found: dict[str, dict[tuple[int, int], Highlight]] = {}
    for name, part in sheets.items():
        for tag in _CELL.finditer(package.read(part)):
            style, place = _STYLE.search(tag[1]), _REFERENCE.search(tag[1])
            if style is not None and place is not None and int(style[1]) in styles:
                row, column = position(place[1].decode())
                found.setdefault(name, {})[row - 1, column - 1] = styles[int(style[1])]
    return found


def theme_colours(package: ZipFile) -> tuple[str, ...]:
    """The colours that `theme` attributes count from, as RRGGBB."""
    part = next((name for name in package.namelist() if name.startswith("xl/theme/")), None)
    if part is None:
        return ()
    scheme = ElementTree.fromstring(package.read(part)).find(".//{*}clrScheme")
    by_name: dict[str, str] = {}
    for entry in scheme if scheme is not None else ():
        for colour in entry:
            by_name[entry.tag.rpartition("}")[2]] = colour.get("lastClr") or colour.get("val") or ""
    return tuple(by_name.get(name, "") for name in _IN_THE_ORDER_OF_INDEXES)


def colour_of(attributes: Mapping[str, str], theme: tuple[str, ...]) -> str:
    """A colour element as RRGGBB; "" for an automatic or unknown one."""
    if "rgb" in attributes:
        return attributes["rgb"][-6:].upper()
    index = int(attributes.get("theme", "-1"))
    if not 0 <= index < len(theme):
        return ""
    return _tinted(theme[index].upper(), float(attributes.get("tint", "0")))


def _tinted(rgb: str, tint: float) -> str:
    """Lighter by a positive tint, darker by a negative one."""
    if not tint or len(rgb) != 6:
        return rgb
    hue, light, depth = rgb_to_hls(*(int(rgb[place : place + 2], 16) / 255 for place in (0, 2, 4)))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return "".join(f"{round(part * 255):02X}" for part in hls_to_rgb(hue, min(max(light, 0), 1), depth))


def _styles(package: ZipFile, known: frozenset[str]) -> dict[int, Highlight]:
    """The cell formats, by index, whose fill or font has a colour that is not known."""
    if "xl/styles.xml" not in package.namelist():
        return {}
    root = ElementTree.fromstring(package.read("xl/styles.xml"))
    theme = theme_colours(package)

    def unknown(attributes: Mapping[str, str] | None) -> str:
        colour = colour_of(attributes, theme) if attributes is not None else ""
        return "" if colour in known else colour

    fills = []
    for fill in root.iterfind("{*}fills/{*}fill"):
        pattern = fill.find("{*}patternFill")
        solid = pattern is not None and pattern.get("patternType") == "solid"
        front = pattern.find("{*}fgColor") if pattern is not None and solid else None
        fills.append(unknown(front.attrib if front is not None else None))
    fonts = []
    for font in root.iterfind("{*}fonts/{*}font"):
        ink = font.find("{*}color")
        fonts.append(unknown(ink.attrib if ink is not None else None))
    found = {}
    for index, form in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        mark = Highlight(fills[int(form.get("fillId", "0"))], fonts[int(form.get("fontId", "0"))])
        if mark.fill or mark.colour:
            found[index] = mark
    return found
