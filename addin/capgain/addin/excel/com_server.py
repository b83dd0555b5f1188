"""What VBA calls in Excel for Windows, in the process that xlwings keeps running beside it.

xlwings' own decorators are used only to pass values through unconverted: conversion is ours (`com_values`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import xlwings as xw

from capgain.addin.excel.com_values import ERROR_MARK, excel_answer, excel_array, excel_looks, excel_rows, excel_scalar
from capgain.addin.functions.answering import answer as answer_function
from capgain.addin.functions.arguments import Given, Missing
from capgain.addin.functions.caller import Caller
from capgain.addin.functions.cells import Block, CellError
from capgain.addin.functions.ledgers import Recent
from capgain.addin.functions.registry import in_cells

RESEND = "#RESEND"
"""Asks VBA for the cells of a range that it thinks are known here."""

STALE = "#STALE "
"""Stands before a handle of another session: VBA shows #N/A and has the handle's own cell calculated again."""

BLOCKS_KEPT = 96
"""More than VBA keeps, since a range that changed leaves its former cells here for a while."""

_blocks: Recent[Block] = Recent(BLOCKS_KEPT)


class _Unknown(Exception):
    """A token stands for no block that is kept here."""


@xw.func
@xw.arg("name", "raw")
@xw.arg("address", "raw")
@xw.arg("date_1904", "raw")
@xw.arg("sheets", "raw")
@xw.arg("arguments", "raw")
@xw.ret("raw")
def answer(name: Any, address: Any, date_1904: Any, sheets: Any, arguments: Any) -> list[list[float | str | bool]]:
    """What the function `name` says to the cell at `address`. VBA's module CapGainBridge describes the arguments.

    `sheets` are the Settings, Accounts, Prices and 1099 of the calling workbook.
    """
    try:
        settings, accounts, prices, forms_1099 = (_sheet(sheet) for sheet in sheets)
        given = [_given(argument, bool(date_1904)) for argument in arguments]
    except _Unknown:
        return [[ERROR_MARK + RESEND]]
    caller = Caller(
        address=address,
        settings=settings,
        accounts=accounts,
        prices=prices,
        forms_1099=forms_1099,
        date_1904=bool(date_1904),
        today=date.today(),
    )
    found = answer_function(name, given, caller)
    if isinstance(found, CellError) and found.stale_handle:
        return [[ERROR_MARK + STALE + found.stale_handle]]
    return excel_answer(in_cells(name, found), bool(date_1904))


@xw.func
@xw.ret("raw")
def forget() -> list[list[float | str | bool]]:
    """Drop the cells of ranges that VBA sent. Handles keep the ledgers they stand for, cells their reasons."""
    _blocks.clear()
    return [[True]]


def _sheet(encoded: Sequence[Any]) -> Block | None:
    given = _given(encoded, False)
    return given if isinstance(given, Block) else None


def _given(encoded: Sequence[Any], date_1904: bool) -> Given:
    """An argument. `date_1904` is the caller's: an array has no workbook of its own."""
    kind = encoded[0]
    if kind == "missing":
        return Missing.MISSING
    if kind == "value":
        return excel_scalar(encoded[1])
    if kind == "values":
        return Block(excel_array(encoded[1]), date_1904=date_1904)
    assert kind == "block", kind
    _, token, sheet, first_row, first_column, is_1904, address, formats, values = encoded
    if not token:
        return Block(excel_rows(values), address=address)
    if values is None:
        known = _blocks.get(token)
        if known is None:
            raise _Unknown
        return known
    rows, looks = excel_rows(values), excel_looks(formats)
    block = Block(rows, sheet, int(first_row), bool(is_1904), address, int(first_column), looks)
    return _blocks.keep(token, block)
