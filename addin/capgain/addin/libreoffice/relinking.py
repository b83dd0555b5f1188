"""Formulas of an Excel file find their functions: Calc shows `#NAME?` until they are entered again."""

from __future__ import annotations

import re
from typing import Any

_NAME_ERROR = 525
"""Calc's number for #NAME?"""

_ADDIN_FILE = re.compile(r"'[^']*capgain\.xlam'[!#.]\$?", re.IGNORECASE)
"""Where Excel's add-in lay on the machine that saved the formula."""


def relink(document: Any) -> int:
    """Enter every formula anew that names a CapGain function and found none; says how many there were."""
    if not document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
        return 0
    was_modified = document.isModified()
    entered = 0
    for sheet in document.Sheets:
        search = sheet.createSearchDescriptor()
        search.SearchString = "CAPGAIN"
        search.SearchType = 0
        found = sheet.findAll(search)
        if found is None:
            continue
        for part in found.getRangeAddresses():
            for row in range(part.StartRow, part.EndRow + 1):
                for column in range(part.StartColumn, part.EndColumn + 1):
                    entered += _enter_again(sheet, sheet.getCellByPosition(column, row))
    document.setModified(was_modified)
    return entered


def _enter_again(sheet: Any, cell: Any) -> int:
    if cell.getError() != _NAME_ERROR:
        return 0
    array = sheet.createCursorByRange(cell)
    array.collapseToCurrentArray()
    formula = array.getArrayFormula()
    if formula:
        array.setArrayFormula(_ADDIN_FILE.sub("", formula.strip("{}")))
    else:
        cell.setFormula(_ADDIN_FILE.sub("", cell.getFormula()))
    return 1
