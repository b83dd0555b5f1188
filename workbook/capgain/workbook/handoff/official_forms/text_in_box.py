"""Text set into a field's rectangle: aligned, wrapped where the field allows it, and made smaller until it fits."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]

SMALLEST = 4.0
"""Points; text that does not fit at this size is cut, with an ellipsis."""

PADDING = 2.0
LEADING = 1.12
CAP_HEIGHT = 0.72
"""Of Helvetica Bold, as a share of the font size."""

ELLIPSIS = "…"

_STROKES = {"Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "ı": "i", "ħ": "h", "Ħ": "H", "−": "-", "\u2011": "-"}
"""Letters that Unicode does not take apart."""


@dataclass(frozen=True, slots=True)
class FieldText:
    """How a field shows its text: the rectangle's width and height in points, and its appearance settings."""

    width: float
    height: float
    size: float
    align: Align
    is_multiline: bool
    color: str


def printable(text: str) -> str:
    """`text` in the characters of the form's font (Windows code page 1252); accents are dropped where they must be,
    and what has no likeness becomes `?`."""
    if text.isascii():
        return " ".join(text.split())
    shown = []
    for character in " ".join(text.split()):
        likeness = _STROKES.get(character, "") or unicodedata.normalize("NFKD", character)
        for candidate in (character, *likeness):
            if _encodes(candidate):
                shown.append(candidate)
                break
        else:
            shown.append("?")
    return "".join(shown)


def text_operators(text: str, field: FieldText, widths: Mapping[str, int], font: str) -> bytes:
    """The content-stream operators that show `text` with the lower left corner of the field at the origin.

    `widths` are the font's, in thousandths of its size; `font` is its resource name, such as `/Text`.
    """
    lines, size = _fitted(printable(text), field, widths)
    leading = size * LEADING
    top = (field.height + (len(lines) - 1) * leading - size * CAP_HEIGHT) / 2
    operators = [f"q BT {field.color} {font} {size:.2f} Tf".encode()]
    before = (0.0, 0.0)
    for place, line in enumerate(lines):
        spare = field.width - _width(line, widths, size)
        x = {"left": PADDING, "center": spare / 2, "right": spare - PADDING}[field.align]
        y = top - place * leading
        operators.append(f"{x - before[0]:.2f} {y - before[1]:.2f} Td ".encode() + _string(line) + b" Tj")
        before = (x, y)
    operators.append(b"ET Q")
    return b"\n".join(operators)


def _fitted(text: str, field: FieldText, widths: Mapping[str, int]) -> tuple[Sequence[str], float]:
    """The lines of `text` and the font size, in points, at which they fit."""
    room = field.width - 2 * PADDING
    size = field.size
    while True:
        lines_allowed = max(1, int((field.height - 1) / (size * LEADING))) if field.is_multiline else 1
        lines = _wrapped(text, room, widths, size) if field.is_multiline else [text]
        if len(lines) <= lines_allowed and all(_width(line, widths, size) <= room for line in lines):
            return lines, size
        if size <= SMALLEST:
            return [_cut(line, room, widths, size) for line in lines[:lines_allowed]], size
        size = max(SMALLEST, size - 0.25)


def _wrapped(text: str, room: float, widths: Mapping[str, int], size: float) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if not lines[-1] or _width(longer, widths, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _cut(line: str, room: float, widths: Mapping[str, int], size: float) -> str:
    if _width(line, widths, size) <= room:
        return line
    while line and _width(line + ELLIPSIS, widths, size) > room:
        line = line[:-1]
    return line + ELLIPSIS


def _width(text: str, widths: Mapping[str, int], size: float) -> float:
    return sum(widths.get(character, 600) for character in text) * size / 1000


def _encodes(character: str) -> bool:
    try:
        character.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _string(text: str) -> bytes:
    escaped = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"(" + escaped + b")"
