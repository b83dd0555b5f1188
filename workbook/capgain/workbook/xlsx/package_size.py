"""How large a workbook may be: what its zip package says of its parts, and how large they are when unpacked.

A package of a few megabytes may say little of what it unpacks to, or lie. Nothing is unpacked, and nothing handed to a
reader that takes a part for granted, before it was measured here, piece by piece and in little memory.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from capgain.workbook.xlsx.unreadable import UnreadableFile

LARGEST_SHEET = 1 << 30
"""Bytes of a sheet's part: three times those of a million rows of ten columns."""
LARGEST_TEXTS = 1 << 29
LARGEST_PART = 1 << 26
"""Bytes of any other part: workbook, styles, tables, notes."""
MOST_TEXTS = 10_000_000
LONGEST_LIST = 1 << 22
"""Bytes of the list of parts at the end of a package: tens of thousands of them."""
PIECE = 1 << 20

_UNREAD = ("xl/media/", "xl/embeddings/", "xl/vbaProject", "docProps/thumbnail")
_TEXTS = "xl/sharedStrings.xml"
_REMEDY = "Delete what is not needed, or copy the ledger into a new workbook."
_END, _FAR_END, _LOCATOR = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_COMMENT = 1 << 16


@contextmanager
def opened_package(path: Path, data: bytes) -> Iterator[ZipFile]:
    """The zip package of a workbook, its parts as large as it says and none larger than one can be.

    Raises UnreadableFile for one that is too large or whose parts are not what it says, BadZipFile for a damaged one.
    """
    if _length_of_list(data) > LONGEST_LIST:
        raise UnreadableFile(f"{path} has more parts than a workbook can have. {_REMEDY}")
    with ZipFile(io.BytesIO(data)) as package:
        names = [entry.filename.replace("\\", "/").casefold() for entry in package.infolist()]
        if len(set(names)) < len(names):
            raise BadZipFile("two parts have one name")
        for entry in package.infolist():
            if entry.filename.startswith(_UNREAD):
                continue
            if entry.file_size > _largest(entry.filename):
                raise _too_large(path, entry.filename)
            if not _is_of_cells(entry.filename):
                _measure(path, package, entry.filename)
        yield package


def pieces(path: Path, package: ZipFile, part: str) -> Iterator[bytes]:
    """A part of XML, piece by piece, each but the first beginning with a tag.

    Raises UnreadableFile for a part that is larger than it says, has a stretch without a tag that is longer than the
    text of any cell, or defines entities.
    """
    entry = copy(package.getinfo(part))
    said, largest = entry.file_size, _largest(part)
    entry.file_size = largest + 1  # so much may be read, whatever the package says
    length, rest = 0, b""
    with package.open(entry) as content:
        while piece := content.read(PIECE):
            if not length and (b"<!DOCTYPE" in piece or b"<!ENTITY" in piece):
                raise BadZipFile("a document type is no part of a workbook")
            if not length and b"\0" in piece[:16]:
                raise UnreadableFile(
                    f"{path}: {part} is written in UTF-16, which no spreadsheet writes. "
                    "Open the workbook in Excel or LibreOffice and save it again."
                )
            length += len(piece)
            if length > said:
                raise _too_large(path, part) if length > largest else BadZipFile("a part is larger than it says")
            cut = piece.rfind(b"<")
            if cut < 0 and length > len(piece):
                if len(rest) > PIECE:
                    raise UnreadableFile(f"{path} is damaged: {part} holds no table, but filling. {_REMEDY}")
                rest += piece
                continue
            if cut < 0:
                cut = 0
            yield rest + piece[:cut]
            rest = piece[cut:]
    yield rest


def _measure(path: Path, package: ZipFile, part: str) -> None:
    texts = 0
    for piece in pieces(path, package, part) if part.endswith((".xml", ".rels")) else ():
        if part == _TEXTS:
            texts += piece.count(b"<si")
    if texts > MOST_TEXTS:
        raise UnreadableFile(f"{path} holds {texts:,} texts, more than the cells of a million rows. {_REMEDY}")


def _is_of_cells(part: str) -> bool:
    return part.startswith("xl/worksheets/") and part.endswith(".xml")


def _largest(part: str) -> int:
    if _is_of_cells(part) or part == "content.xml":
        return LARGEST_SHEET
    return LARGEST_TEXTS if part == _TEXTS else LARGEST_PART


def _too_large(path: Path, part: str) -> UnreadableFile:
    return UnreadableFile(
        f"{path} unpacks to more than it can hold: {part} has more than {_largest(part) >> 20:,} MB. {_REMEDY}"
    )


def _length_of_list(data: bytes) -> int:
    """Bytes of the list of parts, as the end of the package says (APPNOTE 4.3.14 and 4.3.16)."""
    end = data.rfind(_END, max(0, len(data) - _COMMENT - 22))
    if end < 0:
        return 0
    lengths = [int.from_bytes(data[end + 12 : end + 16], "little")]
    if data[end - 20 : end - 16] == _LOCATOR:
        far = data.rfind(_FAR_END, 0, end - 20)
        lengths.append(int.from_bytes(data[far + 40 : far + 48], "little"))
    return max(length for length in lengths if length != 0xFFFFFFFF or len(lengths) == 1)
