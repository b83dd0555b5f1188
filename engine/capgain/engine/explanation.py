"""What an explanation is made of: sentences, each set in under the one it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from capgain.engine import money
from capgain.engine.problems import CapgainError


class UnknownLine(CapgainError):
    """A line that the form does not have was asked for."""


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence. `depth` 0 is the line asked for; `amount` in dollars is what the step contributes, None for a
    remark; `rows` are the ledger rows it speaks of."""

    depth: int
    text: str
    amount: Decimal | None = None
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """How line `line` of a year's `form` came about; `words` are the form's own."""

    year: int
    line: str
    words: str
    steps: tuple[Step, ...]
    form: str = "Schedule D"

    def __str__(self) -> str:
        return "\n".join(f"{'  ' * step.depth}{step.text}" for step in self.steps)


def dollars(amount: Decimal) -> str:
    """`$1,234.56`, negative amounts as `-$1,234.56`."""
    return money.dollars(amount, "$")


def day(moment: date) -> str:
    """`06/03/2024`, as the forms write it."""
    return f"{moment:%m/%d/%Y}"
