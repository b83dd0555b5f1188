"""What a row of a sale tells of the lots that it sold: their basis, the day of their purchase."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from capgain.engine.ledger import StatedLot
from capgain.workbook.reading.ledger_cells import LedgerCells
from capgain.workbook.written.moments import read_day
from capgain.workbook.written.numbers import read_number

_SALES = frozenset({"Sell", "Spend"})


def is_told_of_a_sale(cells: LedgerCells, i: int, column: str, type_name: str) -> bool:
    """Whether a cell tells that of a sale: it decides nothing, and is kept to be held against ours."""
    if type_name not in _SALES:
        return False
    cell, row = cells.raw(column)[i], cells.first_row + i
    if column == "Basis" and isinstance(basis := read_number(cell), Decimal):
        cells.stated_lots.append(StatedLot(row, basis=basis))
        return True
    if column == "Acquired" and isinstance(day := read_day(cell, cells.calendar), date):
        cells.stated_lots.append(StatedLot(row, acquired=day))
        return True
    return False
