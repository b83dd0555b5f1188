"""Cells that hold transactions of which nothing is read: tables beside the ledger's columns, lines on any sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from capgain.engine.problems import Problem, Severity
from capgain.engine.transactions import Buy, Cover, Reinvest, Sell, ShortSell, Trade
from capgain.workbook.reading.columns import Header, find_ledger_header, nearest_ledger_header
from capgain.workbook.reading.setting_names import IGNORE_SHEETS
from capgain.workbook.reading.transaction_types import type_named
from capgain.workbook.written.misread import Cell, is_blank
from capgain.workbook.written.moments import SourceMoment, read_source_moment
from capgain.workbook.written.numbers import read_number

_TRADES = (Buy, Sell, Reinvest, Trade, ShortSell, Cover)
_DOLLARS = ("Price", "Amount", "Basis", "Reported Proceeds")
_DAYS = ("Date", "Acquired")
_SALE_OR_PURCHASE = ("sold", "sale", "sell", "bought", "buy", "purchase", "date")
_LEAST_CELLS = 4
"""A line of a trade has at least a day, what was done, and two numbers."""

Rows = Sequence[Sequence[Cell]]


class Held(NamedTuple):
    """How many transactions a sheet holds, from which row on (from 1), and how they are told."""

    row: int
    transactions: int
    told_by: str


def transactions_on(rows: Rows) -> Held | None:
    """What a sheet holds of transactions: under the ledger's headings, under those of lots, or line by line."""
    header = find_ledger_header(rows)
    if header is not None and {"Quantity", "Amount"} & header.columns.keys():
        count = _with_type(rows[header.place + 1 :], header.columns["Date"], header.columns["Type"])
        if count:
            return Held(header.place + 1, count, "under Date, Type and Asset, as the ledger does,")
    lots = nearest_ledger_header(rows)
    if lots is not None and {"Asset", "Quantity"} <= lots.columns.keys() and "Type" not in lots.columns:
        count = _with_day_and_dollars(rows[lots.place + 1 :], lots)
        if count:
            return Held(lots.place + 1, count, "with day, units and dollars")
    lines = [place for place, row in enumerate(rows) if _is_a_trade(row)]
    return Held(lines[0] + 1, len(lines), "with a day and what was done") if lines else None


def tables_not_read(
    rows: Rows, header: Header, headings: Sequence[Cell], sheet: str, first_row: int
) -> Iterator[Problem]:
    """A warning for a table beside the ledger's columns: `rows` are those below its header of `headings`, the first the
    sheet's `first_row`.
    """
    width = max(map(len, rows), default=0)
    unread = [
        place for place in range(width) if place in header.others or place >= len(headings) or is_blank(headings[place])
    ]
    if len(unread) < _LEAST_CELLS:
        return
    lines = [
        at
        for at, row in enumerate(rows, first_row)
        if _is_a_trade([row[place] for place in unread if place < len(row)])
    ]
    if lines:
        rows_hold = f"{len(lines):,} rows hold" if len(lines) > 1 else "This row holds"
        yield Problem(
            Severity.WARNING,
            sheet,
            lines[0],
            "",
            f"{rows_hold} another transaction beside the ledger's columns, which is not read.",
            "Move it to a row of its own, below the ledger's others and in its columns; if it is none, move it to "
            f"another sheet and name that in Settings, {IGNORE_SHEETS}.",
            "TABLE_NOT_READ",
            blocks_filing=True,
        )


def _with_type(rows: Rows, day: int, kind: int) -> int:
    """How many rows have a date and a type of transaction."""
    wide = (row for row in rows if len(row) > max(day, kind))
    return sum(not is_blank(row[day]) and type_named(row[kind]) is not None for row in wide)


def _with_day_and_dollars(rows: Rows, header: Header) -> int:
    """How many rows have a day, units and dollars, where headings say so."""
    others: Mapping[int, str] = {place: heading.casefold() for place, heading in header.others.items()}
    days = [header.columns[name] for name in _DAYS if name in header.columns]
    days += [place for place, heading in others.items() if any(word in heading for word in _SALE_OR_PURCHASE)]
    has_dollars = any(name in header.columns for name in _DOLLARS) or header.net >= 0
    if not days or not (has_dollars or any("proceeds" in heading for heading in others.values())):
        return 0
    units = header.columns["Quantity"]
    return sum(
        len(row) > units and _is_number(row[units]) and any(len(row) > day and _is_day(row[day]) for day in days)
        for row in rows
    )


def _is_a_trade(row: Sequence[Cell]) -> bool:
    """Whether a row of no known columns has a day, a word for a purchase, sale or trade, and two numbers."""
    if len(row) < _LEAST_CELLS or not any(isinstance(cell, str) and _is_trading(cell) for cell in row):
        return False
    return sum(map(_is_number, row)) >= 2 and any(map(_is_day, row))


@lru_cache(maxsize=4096)
def _is_trading(word: str) -> bool:
    found = type_named(word)
    return found is not None and issubclass(found.kind, _TRADES)


def _is_day(cell: Cell) -> bool:
    return isinstance(cell, date) or (isinstance(cell, str) and isinstance(read_source_moment(cell), SourceMoment))


def _is_number(cell: Cell) -> bool:
    if isinstance(cell, date | bool):
        return False
    return isinstance(read_number(cell), Decimal)
