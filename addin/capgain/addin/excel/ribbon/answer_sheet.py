"""A function's answer as a sheet of the model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from capgain.addin.functions.cells import OutputCell, Table
from capgain.engine.money import to_the_cent
from capgain.workbook.sheets import (
    DATE,
    HEADING,
    MONEY,
    MUTED,
    PLAIN,
    TITLE,
    WRAP,
    Cell,
    Page,
    Row,
    Sheet,
)

WIDEST, NARROWEST = 60, 10


def answer_sheet(name: str, title: str, remark: str, above: Sequence[Row], table: Table) -> Sheet:
    """Title and remark, the rows `above`, then the table, its first row as the heading."""
    rows: list[Row] = [[Cell(title, TITLE)], [Cell(remark, MUTED)], [], *above]
    heading, *body = table
    top = len(rows) + 1
    rows.append([Cell(str(cell), HEADING) for cell in heading])
    rows += [[_cell(cell) for cell in row] for row in body]
    return Sheet(
        name=name,
        rows=rows,
        widths=tuple(_width(column, table) for column in range(len(heading))),
        freeze=(top, 0),
        page=Page(landscape=True, repeat=(top, top)),
    )


def _cell(content: OutputCell) -> Cell | None:
    if content is None:
        return None
    if isinstance(content, Decimal):
        return Cell(content, MONEY if content == to_the_cent(content) else PLAIN)
    if isinstance(content, date):
        return Cell(content, DATE)
    if isinstance(content, str):
        return Cell(content, WRAP if len(content) > WIDEST else PLAIN)
    return Cell(content if isinstance(content, bool | int) else content.code.value, PLAIN)


def _width(column: int, table: Table) -> float:
    longest = max((len(str(row[column])) for row in table if row[column] is not None), default=0)
    return float(min(max(longest + 2, NARROWEST), WIDEST))
