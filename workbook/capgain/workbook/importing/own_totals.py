"""A file's own totals, against the sum of its rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from capgain.engine.money import CENT, ZERO
from capgain.workbook.importing.movements import Becomes, Movement
from capgain.workbook.importing.outcomes import Ignored, Unsettled
from capgain.workbook.importing.source_files import SourceRow
from capgain.workbook.written.source_text import UnreadableValue, number

OWN_TOTAL = "the file's own total"
"""Why the row of a total is ignored."""

_TOTAL = re.compile(r"\W*(?:grand |sub-?)?totals?\W*", re.IGNORECASE)


class ColumnTotals:
    """Compares a row of totals with the columns of the rows of its table; `at` is the column of dates."""

    def __init__(self, rows: Sequence[SourceRow], headings: Sequence[str], at: int | None) -> None:
        self._rows = rows
        self._headings = headings
        self._at = at

    def is_total(self, cells: Sequence[str]) -> bool:
        """Whether a row begins with the word, and names no day."""
        first = next((place for place, cell in enumerate(cells) if cell.strip()), 0)
        if not _TOTAL.fullmatch(cells[first] if cells else ""):
            return False
        return self._at is None or self._at == first or self._at >= len(cells) or not cells[self._at].strip()

    def wrong(self, cells: Sequence[str]) -> tuple[str, str] | None:
        """What is wrong with the totals that the row states, and what to do; None where the rows come to them."""
        compared = 0
        for place, cell in enumerate(cells):
            stated, rows = _number_in(cell), self._sum(place)
            if stated is None or rows is None:
                continue
            compared += 1
            if abs(stated - rows) > CENT:
                heading = self._headings[place] if place < len(self._headings) else f"column {place + 1}"
                return (
                    f"A row of totals says {stated:f} in {heading}, the rows come to {rows:f}. A row may be missing.",
                    "Export the file again; if every row is there, write a Decision: the total is no transaction.",
                )
        if compared:
            return None
        return (
            "A row of totals with no figure that could be compared with the rows.",
            "If it is a total, write a Decision: it is no transaction.",
        )

    def _sum(self, place: int) -> Decimal | None:
        """What a column comes to, None where it has no numbers or other things too."""
        cells = [row.cells[place] for row in self._rows if place < len(row.cells) and not self.is_total(row.cells)]
        found = [_number_in(cell) for cell in cells if cell.strip()]
        return sum((one for one in found if one is not None), ZERO) if found and None not in found else None


def _number_in(cell: str) -> Decimal | None:
    try:
        return number(cell)
    except UnreadableValue:
        return None


@dataclass(slots=True)
class OwnTotals:
    """The proceeds of the lots of one table, and what its rows of totals say."""

    proceeds: Decimal = ZERO
    has_lots: bool = False
    stated: list[tuple[Ignored, Decimal]] = field(default_factory=list)

    def note(self, made: Movement | Ignored | Unsettled, amount: Decimal | None) -> None:
        """One row of the table; `amount` is what it holds where the proceeds stand."""
        movement = made if isinstance(made, Movement) else made.movement if isinstance(made, Unsettled) else None
        if movement is not None and movement.becomes is Becomes.LOT:
            self.has_lots = True
            self.proceeds += movement.value or ZERO
        elif isinstance(made, Ignored) and made.reason == OWN_TOTAL and amount is not None:
            self.stated.append((made, amount))

    def differences(self) -> list[str]:
        """What to say of totals that the rows do not come to."""
        return [
            f"{row.place.file}, line {row.place.line}: the file's own total of proceeds is {stated}, its rows come to "
            f"{self.proceeds}. A row may be missing."
            for row, stated in self.stated
            if self.has_lots and abs(stated - self.proceeds) > CENT
        ]
