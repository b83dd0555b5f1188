"""Errors in cells whose words the reader of values does not know, such as #BLOCKED! and #BUSY!."""

from __future__ import annotations

import io
import re
from zipfile import ZipFile

KNOWN = frozenset({b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!"})
STAND_IN = b"#N/A"

_ERROR = re.compile(
    rb'(<(?:\w+:)?c\b[^>]*\bt="e"[^>]*>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>)([^<]*)(</(?:\w+:)?v>)', re.DOTALL
)


def with_known_errors(data: bytes) -> bytes:
    """The package with a known error wherever a cell shows one that is not; the words themselves are read elsewhere."""
    changed = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as package, ZipFile(changed, "w") as written:
        for entry in package.infolist():
            content = package.read(entry)
            if entry.filename.startswith("xl/worksheets/") and b't="e"' in content:
                content = _ERROR.sub(_known, content)
            written.writestr(entry, content)
    return changed.getvalue()


def _known(cell: re.Match[bytes]) -> bytes:
    return cell[1] + (cell[2] if cell[2] in KNOWN else STAND_IN) + cell[3]
