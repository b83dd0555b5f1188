"""What the alternative minimum tax counts otherwise."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from capgain.engine.money import from_cents

SMALL_BUSINESS = "2h"
"""The line of Form 6251 for gain that section 1202 leaves out."""


class MinimumTaxItem(NamedTuple):
    """What the alternative minimum tax takes otherwise of certain stock, in cents.

    `line` of Form 6251: of shares from an incentive stock option 2i in the year of the exercise, what they were worth
    beyond their price, and 2k when they are sold, negative by what their basis is greater there (26 USC 56(b)(3)); of
    small business stock 2h, a part of the gain that section 1202 leaves out (26 USC 57(a)(7)).
    """

    row: int
    line: str
    year: int
    amount_cents: int

    @property
    def amount(self) -> Decimal:
        return from_cents(self.amount_cents)
