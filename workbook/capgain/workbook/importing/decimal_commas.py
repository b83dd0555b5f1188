"""Files whose numbers have a comma before their decimals: told by the file itself, else asked once for all of it.

`0,02` and `-1.000,50` can be nothing else. Where such a number stands (two of them, where commas separate the cells)
and none with a point before its decimals, every number of the file is read that way. Where both stand, as in a sheet
that two people keep, the import asks once, and then reads each as it must be; `1,234` or `1.234` beside them is
refused. `1,234` alone may be either; in a file that separates its cells by semicolons, as is done where the comma marks
decimals, the import asks.
"""

from __future__ import annotations

import re
from collections import Counter
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
_NUMBER = re.compile(rf"{_SIGNS}\d[\d., ]*{_END}")

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
    if point := next((cell for cell in _numbers(source.rows, ".") if _POINT_ALONE.fullmatch(cell)), ""):
        return _in_two_ways(source, point, stated)
    if stated is None:
        certain = [cell for cell in possible if _COMMA_ALONE.fullmatch(cell)]
        # Between commas a single such cell may as well be a slip.
        sure = certain[0] if len(certain) >= (1 if source.comma_is_doubtful else _FEW) else ""
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


def _in_two_ways(source: SourceFile, point: str, stated: Decimals | None) -> tuple[SourceFile, str]:
    """A file with points before some decimals, and commas before others where they stand in columns of numbers."""
    columns = _columns_of_numbers(source.rows)
    written = [(place, cell.strip()) for row in source.rows for place, cell in enumerate(row.cells) if place in columns]
    certain = [cell for _, cell in written if _COMMA_ALONE.fullmatch(cell)]
    if len(certain) < (1 if stated is not None else _FEW):
        return source, ""
    if stated is None:
        raise UnreadableImport(
            f"{source.name} writes decimals in two ways: {certain[0]} with a comma, {point} with a point. If both are "
            "meant so, import with --decimals comma, which reads each as it must be; otherwise correct the file."
        )
    for _, cell in written:
        if (_COMMA.fullmatch(cell) and not _COMMA_ALONE.fullmatch(cell)) or _GROUPED.fullmatch(cell):
            small, large = cell.replace(",", "."), re.sub("[.,]", "", cell)
            ways = f"{certain[0]} with a comma and {point} with a point"
            raise UnreadableImport(
                f"{source.name} writes decimals in two ways, {ways}, so that {cell} may be {small} or {large}. Write "
                "every number of the file in one way, and import it again."
            )
    rows = [
        row._replace(cells=[_with_point(cell) if place in columns else cell for place, cell in enumerate(row.cells)])
        for row in source.rows
    ]
    told = (
        f"{source.name} writes some decimals with a comma and some with a point: {certain[0]} is read as "
        f"{_with_point(certain[0])}, {point} as it stands."
    )
    return _without_doubt(source, rows), told


def _columns_of_numbers(rows: Sequence[SourceRow]) -> set[int]:
    """The columns most of whose cells are numbers."""
    filled: Counter[int] = Counter()
    numbers: Counter[int] = Counter()
    for row in rows:
        for place, cell in enumerate(row.cells):
            if text := cell.strip():
                filled[place] += 1
                numbers[place] += _NUMBER.fullmatch(text) is not None
    return {place for place, found in numbers.items() if 2 * found >= filled[place]}


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
