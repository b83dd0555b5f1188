"""What a sheet may be called: Excel takes less than LibreOffice and other programs do."""

from __future__ import annotations

import re
from collections.abc import Collection

LONGEST = 31
"""Characters, counted as Excel counts them (in UTF-16)."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_RESERVED = "history"


def free_sheet_name(wanted: str, taken: Collection[str]) -> str:
    """A name that Excel takes and that is none of `taken` (in small letters), like the one that is wanted."""
    plain = _FORBIDDEN.sub(" ", wanted).strip(" '")
    plain = _cut(plain, LONGEST).strip(" '") or "Sheet"
    name, number = plain, 1
    while name.lower() in taken or name.lower() == _RESERVED:
        number += 1
        name = f"{_cut(plain, LONGEST - len(str(number)) - 1)} {number}"
    return name


def _cut(text: str, length: int) -> str:
    return text.encode("utf-16-le")[: 2 * length].decode("utf-16-le", "ignore")
