"""Text in a CSV that a spreadsheet would take for a formula: guarded with an apostrophe, and read without it.

What is guarded reads as it was, apostrophes of its own included.
"""

from __future__ import annotations

import re

_WOULD_BE_A_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if _WOULD_BE_A_FORMULA.match(text) else text


def unguarded(cells: list[str]) -> list[str]:
    """The cells of a line without the apostrophes that guard them."""
    return [cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell for cell in cells]
