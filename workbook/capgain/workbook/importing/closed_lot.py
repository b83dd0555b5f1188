"""What a list of closed lots, or a Form 1099, says of one sale: when the units were acquired, their basis, the box."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class StatedFigures:
    """What a row of a sale says of it in columns of its own, in dollars, None where it does not; and by how much they
    may be off, as the source rounds them."""

    proceeds: Decimal | None
    basis: Decimal | None
    gain: Decimal | None
    slack: Decimal

    @property
    def knows_basis(self) -> bool:
        """Whether the source says what was sold: with 0 in both columns it says nothing."""
        return bool(self.basis or self.gain)


@dataclass(frozen=True, slots=True)
class ClosedLot:
    """`acquired` None where the file knows no single day; `acquired_as` and `term` are its own words.

    `disallowed` is the loss that the broker disallows as a wash sale. `form` and `box` are those of a Form 1099, "" in
    other lists. `reported` is the Ledger's word for it, `reported_basis` the basis on the form where it is another one.
    `is_loss_not_allowed` and `is_ordinary` are boxes of the form. `is_award`: a sale that an account of awards tells
    of, with what the units were worth when they vested.
    """

    acquired: date | None
    acquired_as: str
    basis: Decimal | None
    disallowed: Decimal
    form: str
    box: str
    reported: str
    reported_basis: Decimal | None
    term: str
    is_award: bool
    market_discount: Decimal | None = None
    tax_withheld: Decimal | None = None
    is_loss_not_allowed: bool = False
    is_ordinary: bool = False
    is_covered_unsaid: bool = False
    """Whether the list says for other lots, and not for this one, that its basis was reported."""
