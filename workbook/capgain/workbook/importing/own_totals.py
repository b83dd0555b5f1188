"""A list's own total of its closed lots, against the sum of its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from capgain.engine.money import CENT, ZERO
from capgain.workbook.importing.movements import Becomes, Movement
from capgain.workbook.importing.outcomes import Ignored, Unsettled

OWN_TOTAL = "the file's own total"
"""Why the row of a total is ignored."""


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
