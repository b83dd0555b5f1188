"""How many bytes the texts of a sheet take once every cell has its own.

A text stands once in a workbook, however many cells show it; readers of values give each cell a copy. A text of a
million characters in twenty thousand cells is a file of a hundred kilobytes and takes twenty gigabytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from capgain.workbook.xlsx.unreadable import UnreadableFile

MOST_BYTES = 1 << 31
"""Of all texts of a sheet together."""

_TEXT = re.compile(rb"<(?:[^\s<>/:]+:)?si(?=[\s/>])")
_CELL = re.compile(
    rb"<(?:[^\s<>/:]+:)?c(?=[\s>])([^<>]*)>\s*"
    rb"(?:<(?:[^\s<>/:]+:)?(is|f[^<>]*/|v/)(?=[\s/>])|(?:<f[^<>]*>[^<]*</f>\s*)?<(?:[^\s<>/:]+:)?v[^<>]*>\s*([^<\s]*))"
)
_IS_SHARED = re.compile(rb"\st\s*=\s*[\"']s[\"']")
_LONGEST_TAG = 1 << 16


def text_sizes(pieces: Iterable[bytes]) -> list[int]:
    """At most how many bytes each of the shared texts has, in their order; `pieces` begin with a tag."""
    sizes: list[int] = []
    length = 0
    for piece in pieces:
        begins = [found.start() for found in _TEXT.finditer(piece)]
        for before, begin in zip((0, *begins), begins, strict=False):
            sizes.append(length + begin - before)
            length = 0
        length += len(piece) - (begins[-1] if begins else 0)
    return [*sizes[1:], length]


def bytes_of_cells(pieces: Iterable[bytes], sizes: list[int], filled: int) -> int:
    """At most how many bytes the texts of a sheet of `filled` cells have; one that is not understood shows the longest.

    `pieces` begin with a tag and make up the sheet together.
    """
    total = understood = 0
    rest = b""
    for piece in pieces:
        rest += piece
        cut = rest.rfind(b"<c ")
        if cut < 0 and len(rest) < _LONGEST_TAG:
            continue
        done, rest = (rest[:cut], rest[cut:]) if cut >= 0 else (rest, b"")
        for attributes, _, value in _CELL.findall(done):
            understood += 1
            total += _size(attributes, value, sizes)
    for attributes, _, value in _CELL.findall(rest):
        understood += 1
        total += _size(attributes, value, sizes)
    return total + max(filled - understood, 0) * max(sizes, default=0)


def _size(attributes: bytes, value: bytes, sizes: list[int]) -> int:
    if not _IS_SHARED.search(attributes):
        return 0
    place = int(value) if value.isdigit() and len(value) < 12 else -1
    return sizes[place] if 0 <= place < len(sizes) else 0


def refuse_many_bytes(path: Path, sheet: str, size: int) -> None:
    """Raise UnreadableFile for a sheet whose texts take more than MOST_BYTES."""
    if size > MOST_BYTES:
        raise UnreadableFile(
            f"{path}: the texts of sheet {sheet} take {size:,} bytes, as a long one stands in many cells. "
            "Delete the column of long texts, or copy the ledger into a new workbook."
        )
