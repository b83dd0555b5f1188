"""What came of a row of a Form 1099: what it was matched with, which figures differ, why, and what is open."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from capgain.engine.broker_rows import BrokerRow


class Figure(Enum):
    """What a Form 1099 states of a sale."""

    PROCEEDS = "Proceeds"
    BASIS = "Basis"
    WASH = "Wash"
    TERM = "Term"
    ACQUIRED = "Acquired"
    BOX = "Box"
    SALE = "Sale"


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a form and the ledger differ: `amount`, in cents, is the form's figure less the correct one.

    `letter` is the code by which the row of Form 8949 says so, "" for none, and `cause` why. `open` is what is not
    settled, in a sentence; "" where all is.
    """

    figure: Figure
    amount: int
    cause: str
    letter: str = ""
    open: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A row of a form: the places of the dispositions it is about, and its differences.

    Where several rows of a form are about one disposition, the first of them has the differences.
    """

    form: BrokerRow
    places: tuple[int, ...]
    differences: tuple[Difference, ...] = ()

    @property
    def open(self) -> tuple[Difference, ...]:
        return tuple(one for one in self.differences if one.open)
