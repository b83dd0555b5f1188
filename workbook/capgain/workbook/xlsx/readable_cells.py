"""Cells that the reader of values does not take: errors whose words it does not know, and days before all time."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from zipfile import ZipFile

KNOWN = frozenset({b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!"})
STAND_IN = b"#N/A"

_BEFORE_ALL_TIME = Decimal(-100_000_000_000)
"""Days: a cell with the format of a date and a lower number ends the reader."""
_WRITTEN_OUT = 30
_CELL = re.compile(
    rb"(?P<start><(?:[^\s<>/:]+:)?c\b)(?P<attributes>[^<>]*)(?P<between>>(?:<(?:[^\s<>/:]+:)?f\b[^<>]*(?:/>|>[^<]*</[^<>]*>))?"
    rb"<(?:[^\s<>/:]+:)?v>)(?P<value>[#-][^<]*)(?=<)"
)
_TYPE = re.compile(rb"\st\s*=\s*[\"'](\w*)[\"']")


def with_readable_cells(package: ZipFile) -> bytes:
    """The package with a known error wherever a cell shows one that is not, and such a day as the text of its number.

    The words of the errors themselves are read elsewhere.
    """
    changed = io.BytesIO()
    with ZipFile(changed, "w") as written:
        for entry in package.infolist():
            content = package.read(entry)
            if entry.filename.startswith("xl/worksheets/"):
                content = b"".join(_readable(content))
            written.writestr(entry.filename, content)
    return changed.getvalue()


def _readable(sheet: bytes) -> Iterator[bytes]:
    done = 0
    for cell in _CELL.finditer(sheet):
        attributes, value = cell["attributes"], cell["value"]
        stated = _TYPE.search(attributes)
        kind = stated[1] if stated else b"n"
        if kind == b"e" and value not in KNOWN:
            value = STAND_IN
        elif kind == b"n" and (text := _day_as_text(value)):
            attributes, value = _TYPE.sub(b"", attributes) + b' t="str"', text
        else:
            continue
        yield sheet[done : cell.start()] + cell["start"] + attributes + cell["between"] + value
        done = cell.end()
    yield sheet[done:]


def _day_as_text(value: bytes) -> bytes:
    """A number of days before all time, written out where it has not too many digits; b"" for any other."""
    try:
        number = Decimal(value.decode("ascii"))
    except (InvalidOperation, UnicodeDecodeError):
        return b""
    if not number < _BEFORE_ALL_TIME:
        return b""
    return f"{number:f}".encode() if number.adjusted() < _WRITTEN_OUT else value
