"""What an explanation is made of: sentences, each set in under the one it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from capgain.engine import money
from capgain.engine.problems import CapgainError
from capgain.engine.results.dispositions import Disposition


class UnknownLine(CapgainError):
    """A line that the form does not have was asked for."""


class NotBehindLine(CapgainError):
    """Rows that a line does not come of were asked for."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Which rows of Form 8949 are told one by one; the others are told in sums.

    `most`: those of a box with no more of them, None for all. `row`: only those of a sale or purchase on that row of
    the ledger. `asset`: only those of that asset.
    """

    most: int | None = None
    row: int | None = None
    asset: str | None = None

    @property
    def is_narrowed(self) -> bool:
        return self.row is not None or self.asset is not None

    def has(self, row: Disposition) -> bool:
        """Whether a row is among those that are asked for."""
        if self.row is not None and self.row not in (row.row, row.lot_row):
            return False
        return self.asset is None or self.asset.casefold() == row.asset.casefold()


EVERY_ROW = Telling()


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence. `depth` 0 is the line asked for; `amount` in dollars is what the step contributes, None for a
    remark; `rows` are the ledger rows it speaks of; `summed` counts rows of Form 8949 that it stands for and that are
    not told one by one."""

    depth: int
    text: str
    amount: Decimal | None = None
    rows: tuple[int, ...] = ()
    summed: int = 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """How line `line` of a year's `form` came about; `words` are the form's own."""

    year: int
    line: str
    words: str
    steps: tuple[Step, ...]
    form: str = "Schedule D"

    @property
    def summed(self) -> int:
        """Rows of Form 8949 that are told in sums alone."""
        return sum(step.summed for step in self.steps)

    def __str__(self) -> str:
        return "\n".join(f"{'  ' * step.depth}{step.text}" for step in self.steps)


def dollars(amount: Decimal) -> str:
    """`$1,234.56`, negative amounts as `-$1,234.56`."""
    return money.dollars(amount, "$")


def day(moment: date) -> str:
    """`06/03/2024`, as the forms write it."""
    return f"{moment:%m/%d/%Y}"
