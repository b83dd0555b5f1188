"""A formula evaluated against a ledger file, through the same way in as a cell in Excel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgain.addin.functions.cells import Answer
from capgain.addin.functions.file_cells import FileCells
from capgain.addin.functions.formula import evaluate_formula

if TYPE_CHECKING:
    from capgain.workbook.reading import LedgerFile


def evaluate(formula: str, ledger_file: LedgerFile) -> Answer:
    """What a cell of the workbook with this formula would show: a value, a `CellError`, or rows of them.

    The file's Settings, Accounts and Prices count as they do in Excel. Raises FormulaError for what is no formula of
    CapGain's functions.
    """
    cells = FileCells(ledger_file)
    return evaluate_formula(formula, cells, cells.caller)
