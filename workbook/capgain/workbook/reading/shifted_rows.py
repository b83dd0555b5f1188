"""Rows of a text file that a delimiter within a cell has shifted."""

from __future__ import annotations

from capgain.engine.problems import Problem, Severity
from capgain.workbook.reading.raw_sheet import RawSheet


def rows_too_wide(sheet: RawSheet, header: int) -> list[Problem]:
    """An error for each row below the header, its place from 0, that has more cells; none in a sheet of a workbook."""
    width = len(sheet.rows[header])
    return [
        Problem(
            Severity.ERROR,
            sheet.name,
            row_number,
            "",
            f"The row has {len(row)} cells, but the header has {width}.",
            "Put quotation marks around a cell that holds the delimiter, such as a number with thousands commas.",
            "ROW_TOO_WIDE",
        )
        for row_number, row in enumerate(sheet.rows[header + 1 :], sheet.first_row + header + 1)
        if sheet.delimiter and any(row[width:])
    ]
