"""What the looks of a ledger's cells say: amounts that are shown in another currency, rows that are struck out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from capgain.engine.problems import Problem, Severity
from capgain.workbook.reading.currencies import currency_named, not_dollars
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.written.looks import PERCENT
from capgain.workbook.written.misread import Cell, Misread, is_blank

_AMOUNTS = ("Price", "Amount", "Fee", "Basis", "Reported Proceeds", "Reported Basis", "Compensation", "Adjustment")
AS_PERCENTAGE = "AMOUNT_AS_PERCENTAGE"
_OF_A_ROW = ("Date", "Type", "Asset", "Quantity")


class SaidByLooks(NamedTuple):
    """The problems, and the rows below the header, from 0, whose amounts are shown in another currency."""

    problems: list[Problem]
    in_another_currency: set[int]


def said_by_looks(
    sheet: RawSheet, columns: Mapping[str, int], rows: Sequence[Sequence[Cell]], first: int
) -> SaidByLooks:
    """What the formats of the cells of `rows` say; `columns` are the header's, `first` the sheet's row of the first."""
    said = SaidByLooks([], set())
    if not sheet.looks:
        return said
    for i, row in enumerate(rows):
        for column in _AMOUNTS:
            place = columns.get(column)
            if place is None or not isinstance(row[place], int | float) or i in said.in_another_currency:
                continue
            misread = misread_by_format(sheet, first + i, place, column)
            if misread is not None and (column != "Basis" or misread.code != AS_PERCENTAGE):
                said.problems.append(Problem(Severity.ERROR, sheet.name, first + i, column, *misread))
                said.in_another_currency.add(i)
        filled = [columns[column] for column in _OF_A_ROW if column in columns and not is_blank(row[columns[column]])]
        if filled and all((first + i, sheet.first_column + place) in sheet.looks.struck for place in filled):
            said.problems.append(_struck_out(sheet.name, first + i))
    return said


def misread_by_format(sheet: RawSheet, row: int, place: int, column: str) -> Misread | None:
    """What the format of an amount's cell says against dollars: another currency, a percentage. None for nothing.

    `row` is the sheet's, `place` that of the cell in it, from 0, `column` what its heading means.
    """
    words = sheet.looks.words.get((row, sheet.first_column + place), "")
    if PERCENT in words.split():
        return Misread(
            f"{column} is shown by the cell's format as a percentage, where dollars are asked for.",
            "Enter the dollars; if it is dollars, set the cell's format to a number.",
            "AMOUNT_AS_PERCENTAGE",
        )
    currency = currency_named(words)
    if currency is None:
        return None
    misread = not_dollars(currency, f"{column} is shown by the cell's format as an amount")
    return misread._replace(
        remedy=f"{misread.remedy} If it is US dollars, set the cell's format to US dollars or a plain number."
    )


def _struck_out(sheet: str, row: int) -> Problem:
    return Problem(
        Severity.WARNING,
        sheet,
        row,
        "Type",
        "This row is struck out, and counts all the same: what a line through the text means is not known.",
        "Delete the row if it does not count; else take the line away.",
        "ROW_STRUCK_OUT",
        blocks_filing=True,
    )
