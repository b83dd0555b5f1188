"""What the alternative minimum tax counts otherwise."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from capgain.engine.money import from_cents


class MinimumTaxItem(NamedTuple):
    """What the alternative minimum tax takes otherwise of shares from an incentive stock option, in cents.

    `line` of Form 6251: 2i in the year of the exercise, what the shares were worth beyond their price; 2k when they are
    sold, negative by what their basis is greater there.
    """

    row: int
    line: str
    year: int
    amount_cents: int

    @property
    def amount(self) -> Decimal:
        return from_cents(self.amount_cents)
