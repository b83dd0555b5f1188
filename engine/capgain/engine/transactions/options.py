"""Rows that end an option: exercised by its holder, assigned to its writer, expired."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from capgain.engine.classes import Right
from capgain.engine.money import EXACT, ZERO, to_the_cent
from capgain.engine.transactions.entry import Disposal, Named


@dataclass(frozen=True, slots=True)
class Contract:
    """What one option contract is on: `size` units of `underlying`, and what it gives the right to do.

    "" and None where no row, setting or symbol says it; the day it `expires` and its `strike` price for a unit are
    known by an OCC symbol alone.
    """

    underlying: str = ""
    size: Decimal | None = None
    right: Right | None = None
    expires: date | None = None
    strike: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionEnd(Disposal):
    """Contracts end and what they are on changes hands at the strike price; `quantity` 0 is all of them.

    The strike price is `amount` in all, or `strike` dollars for each unit of the underlying where that is not None.
    """

    contract: Contract
    strike: Decimal | None = None

    @property
    def underlying_quantity(self) -> Decimal:
        """The units of the underlying, 0 where the contracts are not counted or their size is not known."""
        return EXACT.multiply(self.quantity, self.contract.size or ZERO)

    def share_of_strike(self, units: Decimal) -> tuple[Decimal | None, Decimal]:
        """Strike price and fee of some units of the underlying, to the cent; None where no row says it of one."""
        whole = self.underlying_quantity
        if not whole:
            of_one = self.strike if self.strike is not None and not self.fee else None
            return None if of_one is None else to_the_cent(EXACT.multiply(of_one, units)), ZERO
        strike = self.amount if self.strike is None else EXACT.multiply(self.strike, whole)
        return _part(strike, units, whole), _part(self.fee, units, whole)

    def names_too(self) -> tuple[Named, ...]:
        return ((self.account, self.contract.underlying, None),) if self.contract.underlying else ()


def _part(amount: Decimal, units: Decimal, whole: Decimal) -> Decimal:
    return to_the_cent(EXACT.divide(EXACT.multiply(amount, units), whole))


class Exercise(OptionEnd):
    """The holder uses an option: a call buys its underlying, a put sells it (Pub. 550, Options)."""

    __slots__ = ()

    type_name: ClassVar[str] = "Exercise"
    how_acquired: ClassVar[str] = "bought by the exercise of a call"

    @property
    def bought(self) -> tuple[str, Decimal] | None:
        is_call = self.contract.right is Right.CALL
        return (self.contract.underlying, self.underlying_quantity) if is_call else None


class Assign(OptionEnd):
    """The writer of an option is called on: a call sells its underlying, a put buys it (Pub. 550, Options)."""

    __slots__ = ()

    type_name: ClassVar[str] = "Assign"
    how_acquired: ClassVar[str] = "bought by the assignment of a put"

    @property
    def bought(self) -> tuple[str, Decimal] | None:
        is_put = self.contract.right is Right.PUT
        return (self.contract.underlying, self.underlying_quantity) if is_put else None


class Expire(Disposal):
    """An option lapses unexercised, bought or written; `quantity` 0 is all of it (26 USC 1234)."""

    __slots__ = ()

    type_name: ClassVar[str] = "Expire"
