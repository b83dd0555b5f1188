"""Cells of a workbook named by words: a sheet and a label or a heading, never an address (but `at`).

A cell is named by a table:

- `at`: its address. `row` and `column`: a row of the sheet under a heading.
- `where` and `column`: under that heading, the row whose cells under these headings say so; `nth`: the n-th row.
- `label`, `label_like`, `key`: the first cell that begins with these words, matches this pattern, is this text; with
  `column` the cell of its row under that heading (`Remark`: the next cell that says "stated"), with `right` so many
  cells on; else, where a `value` is asked for, the next number or text in its row.

A heading is a cell of the first sixty rows that is equal to the name, or, for `(a)`, begins with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

Named = Mapping[str, Any]
HEADING_ROWS = 60
HALF_A_CENT = Decimal("0.005")


def same(expected: object, actual: object) -> bool:
    """Numbers to half a cent, everything else as text."""
    if isinstance(expected, bool) or expected is None:
        return actual == expected
    if isinstance(expected, int | float | Decimal) and not isinstance(actual, bool):
        try:
            return abs(Decimal(str(actual)) - Decimal(str(expected))) < HALF_A_CENT
        except InvalidOperation:
            return False
    return str(actual) == str(expected)


def as_text(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    return "" if value is None else str(value)


def words(value: object) -> str:
    return " ".join(as_text(value).split())


def is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def headings(sheet: Worksheet, names: Sequence[str]) -> tuple[int, dict[str, int]]:
    """The first row that holds all these headings, and each one's column. Raises LookupError."""
    for row in sheet.iter_rows(min_row=1, max_row=HEADING_ROWS):
        columns: dict[str, int] = {}
        for name in names:
            for cell in row:
                text = words(cell.value)
                if text == name or (name.startswith("(") and text.startswith(f"{name} ")):
                    columns[name] = cell.column
                    break
        if len(columns) == len(set(names)):
            return row[0].row, columns
    raise LookupError(f"{sheet.title}: no row with the headings {list(names)}")


def find(sheet: Worksheet, named: Named) -> Cell | None:
    """The cell meant, None where it is not there. Raises LookupError without such headings."""
    if "at" in named:
        return _cell(sheet[named["at"]])
    if named.keys() & {"where", "row", "nth"}:
        return _in_a_list(sheet, named)
    for row in sheet.iter_rows():
        for cell in row:
            if _is_named(words(cell.value), named):
                return _beside(sheet, cell, row[cell.column :], named)
    return None


def _cell(cell: object) -> Cell:
    assert isinstance(cell, Cell)
    return cell


def _in_a_list(sheet: Worksheet, named: Named) -> Cell | None:
    where: Mapping[str, object] = named.get("where", {})
    top, columns = headings(sheet, [*where, named["column"]])
    column = columns[named["column"]]
    if "row" in named:
        return _cell(sheet.cell(named["row"], column))

    def fits(row: int) -> bool:
        if not where:
            return sheet.cell(row, 1).value is not None
        cells = {name: sheet.cell(row, columns[name]).value for name in where}
        return all(
            same(expected, cells[name])
            or as_text(cells[name]) == str(expected)
            or words(cells[name]).startswith(f"{expected},")
            for name, expected in where.items()
        )

    rows = [row for row in range(top + 1, sheet.max_row + 1) if fits(row)]
    place = named.get("nth", 1) - 1
    return _cell(sheet.cell(rows[place], column)) if place < len(rows) else None


def _is_named(text: str, named: Named) -> bool:
    if not text:
        return False
    return (
        ("key" in named and text == named["key"])
        or ("label" in named and re.match(re.escape(named["label"]) + r"(?![\w.])", text) is not None)
        or ("label_like" in named and re.search(named["label_like"], text) is not None)
    )


def _beside(sheet: Worksheet, cell: Any, right: Sequence[Any], named: Named) -> Cell | None:
    if named.get("column") == "Remark":
        return next((one for one in right if "stated" in as_text(one.value)), None)
    if "column" in named:
        _, columns = headings(sheet, [named["column"]])
        return _cell(sheet.cell(cell.row, columns[named["column"]]))
    if "right" in named:
        return _cell(sheet.cell(cell.row, cell.column + named["right"]))
    if "value" in named:
        wanted = is_number(named["value"])
        return next((one for one in right if (is_number(one.value) if wanted else one.value not in (None, ""))), None)
    return _cell(cell)


def differences(sheets: Mapping[str, Worksheet], cells: Sequence[Named]) -> Iterator[str]:
    """What the cells do not say of `value`, `value_like`, `text_like` (their row), `comment_like` (a comment in their
    row) and `fill`."""
    for named in cells:
        sheet = sheets.get(named["sheet"])
        if sheet is None:
            yield f"sheet {named['sheet']} is missing"
            continue
        try:
            cell = find(sheet, named)
        except LookupError as trouble:
            yield str(trouble)
            continue
        if cell is None:
            yield f"{named}: not found"
            continue
        row = sheet[cell.row]
        line = " ".join(as_text(one.value) for one in row)
        if "value" in named and not same(named["value"], cell.value):
            yield f"{named}: {cell.value!r}"
        if "value_like" in named and not re.search(named["value_like"], as_text(cell.value)):
            yield f"{named}: {cell.value!r}"
        if "text_like" in named and not re.search(named["text_like"], line):
            yield f"{named}: {line!r}"
        if "comment_like" in named and not any(
            one.comment and named["comment_like"] in one.comment.text for one in row
        ):
            yield f"{named}: no such comment in the row"
        if "fill" in named and not str(cell.fill.fgColor.rgb).endswith(named["fill"]):
            yield f"{named}: its fill is {cell.fill.fgColor.rgb}"
