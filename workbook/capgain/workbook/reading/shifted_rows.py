"""Rows of a text file that a delimiter within a cell has shifted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from capgain.engine.problems import Problem, Severity
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.written.misread import Cell

IN_QUOTES = "Put quotation marks around a cell that holds the delimiter, such as a number with thousands commas."


_THOUSANDS = re.compile(r"[-(]?\$-?\d{1,3}")
_REST = re.compile(r"\d{3}(?:\.\d+)?\)?")


def usual_width(header: Sequence[Cell], rows: Iterable[Sequence[Cell]]) -> int:
    """How many cells a row may have: as many as the header, or most rows, whose lines may all end with a delimiter."""
    widths = Counter(map(len, rows))
    return max(len(header), max(widths, key=lambda width: (widths[width], width), default=0))


def too_wide(cells: Sequence[Cell], header: Sequence[Cell], usual: int) -> str:
    """What is wrong with a row that has more cells than the others, or something below no heading; else "".

    Dollars cut at their thousands comma (`$84`, `000.50`) are wrong even where every row has them.
    """
    width = len(header)
    if len(cells) <= width:
        return ""
    texts = [str(cell or "").strip() for cell in cells]
    is_cut = any(_THOUSANDS.fullmatch(one) and _REST.fullmatch(rest) for one, rest in pairwise(texts))
    if len(cells) <= usual and not any(texts[width:]) and not is_cut:
        return ""
    return f"The row has {len(cells)} cells, but the header has {width}."


def rows_too_wide(sheet: RawSheet, header: int) -> list[Problem]:
    """An error for each such row below the header, its place from 0; none in a sheet of a workbook."""
    if not sheet.delimiter:
        return []
    headings, rows = sheet.rows[header], sheet.rows[header + 1 :]
    usual, width = usual_width(headings, rows), len(headings)
    return [
        Problem(Severity.ERROR, sheet.name, row_number, "", wrong, IN_QUOTES, "ROW_TOO_WIDE")
        for row_number, row in enumerate(rows, sheet.first_row + header + 1)
        if len(row) > width and (wrong := too_wide(row, headings, usual))
    ]
