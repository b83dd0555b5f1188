"""Files whose numbers have a comma before their decimals: told by the file itself, else asked once for all of it.

`0,02` and `-1.000,50` can be nothing else. Where such a number stands (two of them, where commas separate the cells)
and none with a point before its decimals, every number of the file is read that way. `1,234` alone may be either; in a
file that separates its cells by semicolons, as is done where the comma marks decimals, the import asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum

from capgain.workbook.importing.source_files import SourceFile, SourceRow, UnreadableImport


class Decimals(Enum):
    """What stands before the decimals of a file's numbers."""

    COMMA = "comma"
    POINT = "point"


_SIGNS = r"[-+(]?\s?[$€£]?\s?[-+]?"
_END = r"\s?(?:[$€£%]|[A-Z]{2,6})?\)?"
_COMMA = re.compile(rf"{_SIGNS}(?:\d+|\d{{1,3}}(?:[. ]\d{{3}})+),\d+{_END}")
"""A number in which the comma may mark decimals: no other comma, points between thousands."""
_COMMA_ALONE = re.compile(rf"{_SIGNS}(?:(?:0|\d{{4,}}|\d{{1,3}}(?:[. ]\d{{3}})+),\d+|\d+,(?:\d{{1,2}}|\d{{4,}})){_END}")
"""One in which it must."""
_POINT_ALONE = re.compile(
    rf"{_SIGNS}(?:(?:0|\d{{4,}}|\d{{1,3}}(?:,\d{{3}})+)\.\d+|\d+\.(?:\d{{1,2}}|\d{{4,}})|\d{{1,3}}(?:,\d{{3}}){{2,}}){_END}"
)
"""One in which the point must."""
_FEW = 2

_GROUPED = re.compile(rf"{_SIGNS}\d{{1,3}}(?:\.\d{{3}})+{_END}")
"""Points between thousands and no decimals, where the comma marks them."""


def with_points(source: SourceFile, stated: Decimals | None) -> tuple[SourceFile, str]:
    """The file with points before its decimals, and what to say of it, "" where nothing was changed.

    Raises:
        UnreadableImport: nothing in the file, nor `stated`, says what its commas are.
    """
    if not source.is_text or stated is Decimals.POINT:
        return (source if stated is None else _without_doubt(source, source.rows)), ""
    possible = [cell for cell in _numbers(source.rows, ",") if _COMMA.fullmatch(cell)]
    if not possible:
        return source, ""
    if stated is None:
        certain = [cell for cell in possible if _COMMA_ALONE.fullmatch(cell)]
        # Between commas a single such cell may as well be a slip.
        sure = certain[0] if len(certain) >= (1 if source.comma_is_doubtful else _FEW) else ""
        if any(_POINT_ALONE.fullmatch(cell) for cell in _numbers(source.rows, ".")):
            return source, ""
        if not sure and source.comma_is_doubtful:
            plain = possible[0].replace(",", "")
            raise UnreadableImport(
                f"{source.name}: {possible[0]} may be {plain} or {possible[0].replace(',', '.')}, and no other number "
                "of the file says which. Say it with --decimals comma or --decimals point."
            )
        if not sure:
            return source, ""
        possible = [sure]
    rows = [row._replace(cells=[_with_point(cell) for cell in row.cells]) for row in source.rows]
    told = f"{source.name} writes decimals with a comma: {possible[0]} is read as {_with_point(possible[0])}."
    return _without_doubt(source, rows), told


def _without_doubt(source: SourceFile, rows: Sequence[SourceRow]) -> SourceFile:
    return SourceFile(source.path, tuple(rows), sheet=source.sheet, is_text=source.is_text)


def _numbers(rows: Sequence[SourceRow], sign: str) -> Iterator[str]:
    for row in rows:
        for cell in row.cells:
            if sign in cell and any(map(str.isdigit, cell)):
                yield cell.strip()


def _with_point(cell: str) -> str:
    text = cell.strip()
    if "," in text and _COMMA.fullmatch(text):
        whole, _, decimals = text.partition(",")
        return f"{re.sub(r'(?<=[0-9])[. ](?=[0-9])', '', whole)}.{decimals}"
    return text.replace(".", "") if "." in text and _GROUPED.fullmatch(text) else cell
