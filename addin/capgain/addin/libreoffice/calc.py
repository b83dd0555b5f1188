"""From a Calc formula to the registry and back. Runs inside LibreOffice's Python; UNO objects are untyped."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

from capgain.addin.functions.answering import answer as answer_function
from capgain.addin.functions.answers.why import NO_ERROR, reason_of
from capgain.addin.functions.arguments import Argument, Given, Missing, Takes
from capgain.addin.functions.caller import INPUT_SHEETS, Caller
from capgain.addin.functions.cells import Answer, Block, CellError, ErrorCode, Failure, OutputCell
from capgain.addin.functions.conversion import number_or_text, table_of
from capgain.addin.functions.formula import FormulaError, evaluate_formula
from capgain.addin.functions.registry import function, in_cells
from capgain.addin.libreoffice.document_cells import DocumentCells, block_of, sheet_block, uno_rows
from capgain.addin.libreoffice.recalculation import watch

_NEVER_ZERO = frozenset({Takes.TEXT, Takes.DATE, Takes.YEAR, Takes.QUANTITY})
"""Calc hands an empty cell over as 0, which none of these can be."""

EMPTY_OR_ZERO = 'LibreOffice passes an empty cell as 0. Enter the amount, and 0 as text: "0".'

_BY_CALC = {
    504: "LibreOffice gives a ledger, prices or a cell to a function as a reference only: put the handle, or the "
    "formula that makes the rows, into cells and refer to them.",
    519: f"An amount that is wanted is 0. {EMPTY_OR_ZERO}",
}
"""Errors of Calc that come about before, or with other arguments than, the formula as it is written."""

_NAN = 0x7FF8000000000000
_CALC_ERRORS = {ErrorCode.VALUE: 519, ErrorCode.NOT_AVAILABLE: 32767, ErrorCode.NUMBER: 503}
"""Calc's own error numbers; it reads them from the low bits of a double that is no number."""


def answer(context: Any, document: Any, name: str, arguments: Sequence[Any]) -> tuple[tuple[Any, ...], ...]:
    """What a function says, as rows for Calc."""
    try:
        watch(context, document)
        caller = caller_of(document)
        date_1904 = caller.date_1904
        if name == "CAPGAIN_WHY":
            result: Answer = _why(document, arguments[0], caller)
        else:
            given = [
                _given(document, argument, value, date_1904)
                for argument, value in zip(function(name).arguments, arguments, strict=True)
            ]
            result = in_cells(name, answer_function(name, given, caller))
    except Failure as failure:
        result, date_1904 = CellError(failure.code, failure.reason), False
    return tuple(tuple(_out(cell, date_1904) for cell in row) for row in table_of(result))


def caller_of(document: Any) -> Caller:
    """A cell of the document that asks. Raises Failure for a date system that Excel does not know."""
    date_1904 = counts_from_1904(document)
    settings, accounts, prices, forms = (sheet_block(document, sheet, date_1904) for sheet in INPUT_SHEETS)
    return Caller(settings=settings, accounts=accounts, prices=prices, forms_1099=forms, date_1904=date_1904)


def counts_from_1904(document: Any) -> bool:
    """Whether dates count from 1904. Raises Failure for a third date system, which Excel does not know."""
    null = document.NullDate
    start = (null.Year, null.Month, null.Day)
    if start not in ((1899, 12, 30), (1904, 1, 1)):
        raise Failure(
            ErrorCode.VALUE,
            f"Dates of this document count from {null.Month:02}/{null.Day:02}/{null.Year}. CapGain reads those that "
            "count from 12/30/1899 or 01/01/1904 (Tools, Options, LibreOffice Calc, Calculate, Date).",
        )
    return bool(null.Year == 1904)


def _given(document: Any, argument: Argument, value: Any, date_1904: bool) -> Given:
    if value is None:
        return Missing.MISSING
    if type(value) is float and value == 0 and argument.takes in _NEVER_ZERO:
        return Missing.MISSING
    if type(value) is float and value == 0 and argument.is_zero_doubtful:
        raise Failure(ErrorCode.VALUE, f"{argument.name}: {EMPTY_OR_ZERO}")
    if hasattr(value, "getRangeAddress"):
        return block_of(document, value, date_1904)
    if isinstance(value, tuple):
        return Block(uno_rows(value), date_1904=date_1904)
    return value  # type: ignore[no-any-return]


def _why(document: Any, cell: Any, caller: Caller) -> Answer:
    """The formula of the cell, evaluated once more; Calc does not tell a function which cell asks."""
    if cell is None:
        raise Failure(ErrorCode.VALUE, "cell: the cell that shows the error is wanted.")
    cells = DocumentCells(document, cell.getSpreadsheet().Name, caller.date_1904)
    formula = cell.getCellByPosition(0, 0).getFormula()
    if not formula.startswith("="):
        return "That cell has no formula."
    try:
        result = evaluate_formula(formula, cells, caller)
    except FormulaError as error:
        return str(error)
    reason = reason_of(result)
    return _BY_CALC.get(cell.getCellByPosition(0, 0).getError(), reason) if reason == NO_ERROR else reason


def _out(cell: OutputCell, date_1904: bool) -> float | str:
    if isinstance(cell, CellError):
        return error_double(cell.code)
    value = number_or_text(cell, date_1904)
    return float(value) if isinstance(value, bool) else value


def error_double(code: ErrorCode) -> float:
    """The double that Calc shows as an error."""
    (double,) = struct.unpack("<d", struct.pack("<Q", _NAN | _CALC_ERRORS[code]))
    return float(double)
