"""index.xlsx: the clients with links to their work, their open points, and what drifted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal

import pandas as pd

from capgain.workbook.batch.index_tables import AMOUNT_COLUMNS, FILE, totals
from capgain.workbook.batch.record import Status
from capgain.workbook.report.listing import across
from capgain.workbook.sheets import (
    BAD,
    BESIDE,
    COUNT,
    GOOD,
    HEADING,
    LINK,
    LONGEST_LITERAL,
    MONEY,
    MUTED,
    NOTICE,
    PLAIN,
    TOTAL,
    TOTAL_LABEL,
    WRAP_BESIDE,
    Book,
    Cell,
    ConditionalFormat,
    Formula,
    Page,
    Row,
    Sheet,
    Style,
    address,
    at_top,
    column_letter,
    fitted_heights,
    text_literal,
)

CLIENTS, OPEN_POINTS, DRIFT = "Clients", "Open Points", "Drift"

_WIDTHS = {
    FILE: 30,
    "Name": 24,
    "Status": 14,
    "Made": 11,
    "Year": 7,
    "Filing status": 12,
    "Open points": 8,
    "Questions open": 10,
    "Checks failed": 8,
    "Drift": 7,
    "First open point": 52,
    "Reviewed by": 16,
    "Seconds": 9,
    "Sheet": 12,
    "Row": 8,
    "Column": 14,
    "What": 60,
    "What to do": 60,
    "Code": 26,
    "Filed": 15,
    "Now": 15,
}
_SENTENCES = ("First open point", "What", "What to do")
_TOTAL_COUNT = TOTAL.but("CapGain Total Count", number_format="#,##0")
_MANY_DECIMALS = Style(name="CapGain Many Decimals", number_format="#,##0.00################")
_YEAR = Style(name="CapGain Year", align="center")
_SECONDS = Style(name="CapGain Seconds", number_format="0.0")


def index_book(
    clients: pd.DataFrame, open_points: pd.DataFrame, drift: pd.DataFrame, links: Mapping[str, str], made_on: date
) -> Book:
    """The workbook. `links` are what each client's row leads to, relative to the index; clients without stay text."""
    return Book(
        sheets=(
            _clients_sheet(clients, links),
            _list_sheet(OPEN_POINTS, open_points, "No client has an open point."),
            _list_sheet(DRIFT, drift, "No figure that was filed or signed off has moved."),
        ),
        title="CapGain batch",
        created=datetime.combine(made_on, time()),
    )


def _clients_sheet(table: pd.DataFrame, links: Mapping[str, str]) -> Sheet:
    headings = list(map(str, table.columns))
    rows: list[Row] = [tuple(Cell(heading, HEADING) for heading in headings)]
    for values in table.itertuples(index=False, name=None):
        rows.append([_cell(heading, value, links) for heading, value in zip(headings, values, strict=True)])
    last = len(rows)
    if last > 1:
        rows.append(_totals(table, headings, last))
    status = f"{column_letter(headings.index('Status') + 1)}2:{column_letter(headings.index('Status') + 1)}{last}"
    sheet = _sheet(CLIENTS, headings, rows, last)
    looks = {Status.READY: GOOD, Status.NOT_READY: NOTICE, Status.YEAR_NOT_OVER: NOTICE}
    conditions = tuple(
        ConditionalFormat(status, text_literal(one.value), looks.get(one, BAD))
        for one in Status
        if one is not Status.GONE
    )
    return sheet if last == 1 else replace(sheet, conditional_formats=conditions)


def _list_sheet(name: str, table: pd.DataFrame, empty: str) -> Sheet:
    headings = list(map(str, table.columns))
    rows: list[Row] = [tuple(Cell(heading, HEADING) for heading in headings)]
    for values in table.itertuples(index=False, name=None):
        rows.append([_cell(heading, value, {}) for heading, value in zip(headings, values, strict=True)])
    last = len(rows)
    if last == 1:
        rows.append((Cell(empty, MUTED),))
    return _sheet(name, headings, rows, last)


def _sheet(name: str, headings: Sequence[str], rows: Sequence[Row], last: int) -> Sheet:
    widths = tuple(float(_WIDTHS.get(heading, 14)) for heading in headings)
    page = Page(landscape=True, header=("", f"CapGain batch: {name}", ""), footer=("", "&P of &N", ""), repeat=(1, 1))
    return Sheet(
        name=name,
        rows=rows,
        widths=widths,
        heights=fitted_heights(rows, widths),
        freeze=(1, 1),
        page=across(page, widths),
        autofilter=f"A1:{address(last, len(headings))}" if last > 1 else "",
    )


def _cell(heading: str, value: object, links: Mapping[str, str]) -> Cell | None:
    if value is None or value == "":
        return None
    if heading == FILE:
        return _linked(str(value), links.get(str(value), ""))
    if isinstance(value, Decimal):
        return Cell(value, at_top(MONEY if value == round(value, 2) else _MANY_DECIMALS))
    if heading == "Year":
        return Cell(int(str(value)), at_top(_YEAR))
    if heading == "Seconds":
        return Cell(float(str(value)), at_top(_SECONDS))
    if isinstance(value, int):
        return Cell(value, at_top(COUNT))
    return Cell(str(value), WRAP_BESIDE if heading in _SENTENCES else at_top(BESIDE))


def _linked(name: str, target: str) -> Cell:
    """The client's name, leading to its work."""
    shown = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in name)
    address = target.replace("%", "%25").replace("#", "%23")
    if not target or max(len(address), len(shown)) > LONGEST_LITERAL:
        return Cell(shown, at_top(PLAIN))
    return Cell(Formula(f"=HYPERLINK({text_literal(address)},{text_literal(shown)})", shown), at_top(LINK))


def _totals(table: pd.DataFrame, headings: Sequence[str], last: int) -> Row:
    summed = totals(table)
    amounts = set(AMOUNT_COLUMNS.values())
    cells = []
    for place, heading in enumerate(headings, start=1):
        if heading in summed:
            letter = column_letter(place)
            style = TOTAL if heading in amounts else _TOTAL_COUNT
            cells.append(Cell(Formula(f"=SUM({letter}2:{letter}{last})", summed[heading]), style))
        else:
            cells.append(Cell("Total" if place == 1 else None, TOTAL_LABEL))
    return cells
