"""What the cells of a column come to, noted cell by cell, so that no list of them is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache

from capgain.engine.money import ZERO
from capgain.workbook.sheets import Cell, Formula
from capgain.workbook.written.serials import serial_of

MOST_WORDS = 40
"""Words of a column up to which they are counted."""
MOST_CELLS = 150
"""Cells that one formula compares: Excel takes 8,192 characters."""

DAYS = ("Date", "Sold", "Bought", "Acquired", "Held since", "Long-term from", "Days to long")
UNITS = ("Quantity", "Shares", "Units")
AMOUNTS = ("Of which wash sale", "New basis", "Value", "On the 1099", "On Form 8949")
ADDED_UP = (*DAYS, *UNITS, *AMOUNTS, "1099 row")
"""Columns of numbers of a list that no other check reaches everywhere."""
COUNTED = ("Class", "Term", "Kind", "Form line", "Box", "Permanent", "In totals", "Form")
"""Columns of words of a list that say something of the return."""
READ_AS_WORDS = (
    *("Type", "Asset", "Account", "Class", "To Account", "Received Asset", "Fee Asset", "Kind", "Method", "Reported"),
    *("Code", "Broker", "Form", "Box", "Term", "Loss Not Allowed"),
)
"""Columns of the Ledger and of sheet 1099 whose words are counted."""
REMARKS = ("Note", "ID", "Order")
"""Columns of which no figure is made."""


@dataclass(slots=True)
class NumberTally:
    """`count` numbers and days that come to `total`, and to `size` without their signs.

    `written` are cells that hold text, by row; of more than MOST_CELLS only so many that it shows.
    """

    count: int = 0
    total: Decimal = ZERO
    size: Decimal = ZERO
    written: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, cells: Iterable[Cell | None]) -> NumberTally:
        tally = cls()
        for row, cell in enumerate(cells):
            if cell is not None:
                tally.add(row, cell)
        return tally

    def add(self, row: int, cell: Cell) -> None:
        content = cell.content
        if type(content) is str:
            if len(self.written) <= MOST_CELLS:
                self.written[row] = content
            return
        number = number_in(cell)
        if number is not None:
            self.count += 1
            self.total += number
            self.size += abs(number)


@dataclass(slots=True)
class WordTally:
    """How often each word stands in a column, whatever its case, in the order in which they come.

    Of more than MOST_WORDS only so many that it shows.
    """

    times: Counter[str] = field(default_factory=Counter)

    def add(self, row: int, cell: Cell) -> None:
        if type(cell.content) is str:
            word = cell.content.casefold()
            if len(self.times) <= MOST_WORDS or word in self.times:
                self.times[word] += 1


Tally = NumberTally | WordTally


def tally_as_read(heading: str) -> Tally | None:
    """What is noted of a column of the Ledger or of sheet 1099."""
    if heading in READ_AS_WORDS:
        return WordTally()
    return None if heading in REMARKS else NumberTally()


def tally_of_list(heading: str) -> Tally | None:
    """What is noted of a column of a list."""
    if heading in ADDED_UP:
        return NumberTally()
    return WordTally() if heading in COUNTED else None


def number_in(cell: Cell | None) -> Decimal | None:
    """What SUM takes of a cell: a number, or the number of a day or moment."""
    content = None if cell is None else cell.content
    if isinstance(content, Formula):
        content = content.expected
    if isinstance(content, date):
        return _number_of_day(content)
    if isinstance(content, bool) or not isinstance(content, int | float | Decimal):
        return None
    return Decimal(repr(float(content)))


@lru_cache(1 << 12)
def _number_of_day(day: date) -> Decimal | None:
    serial = serial_of(day)
    return None if isinstance(serial, str) else Decimal(repr(serial))
