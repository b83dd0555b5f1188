"""What a planned sale would take, bring and cost: the sale, and one outcome for each order of lots and account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from capgain.engine.classes import FilingStatus, Method
from capgain.engine.money import EXACT, ZERO
from capgain.engine.planning.year_at_hand import YearAtHand
from capgain.engine.results.carryovers import Carryover
from capgain.engine.results.dispositions import Disposition


@dataclass(frozen=True, slots=True)
class PlannedSale:
    """What is to be sold. `amount` is gross; `price` is that of one unit, `fee` dollars."""

    asset: str
    quantity: Decimal
    price: Decimal
    day: date
    fee: Decimal = ZERO

    @property
    def amount(self) -> Decimal:
        return EXACT.multiply(self.quantity, self.price)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Selling the same units at the same price once all of them are long-term, from `day` on.

    `saves` is what that takes off the tax, negative where it adds to it; None: not known.
    """

    day: date
    saves: Decimal | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The sale under one order of lots, from one account; amounts in dollars and cents, losses negative.

    `lots` are the rows of Form 8949 it would give. `short` and `long` are column (h); `disallowed`, positive, is what
    wash sales take away of a loss. `tax` is what the sale adds to the year's tax (None: not known), `carryover` what
    the year then carries into the next. `waiting` is None where nothing sold is short-term.
    """

    account: str
    method: Method
    lots: tuple[Disposition, ...]
    proceeds: Decimal
    basis: Decimal
    disallowed: Decimal
    short: Decimal
    long: Decimal
    tax: Decimal | None
    carryover: Carryover | None
    waiting: Waiting | None
    is_cheapest: bool = False

    @property
    def gain(self) -> Decimal:
        return self.short + self.long

    @property
    def tax_per_dollar(self) -> Decimal | None:
        """Tax for each dollar the sale brings, to four decimals."""
        if self.tax is None or not self.proceeds:
            return None
        return (self.tax / self.proceeds).quantize(Decimal("0.0001"))


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A planned sale from each account that holds enough, under each order of lots that the law allows it."""

    sale: PlannedSale
    at_hand: YearAtHand
    outcomes: tuple[Outcome, ...]
    notes: tuple[str, ...]

    @property
    def year(self) -> int:
        return self.sale.day.year

    @property
    def status(self) -> FilingStatus:
        return self.at_hand.status

    @property
    def missing(self) -> str:
        """What has to be stated before dollars of tax can be told; "" where nothing is."""
        return self.at_hand.missing

    @property
    def cheapest(self) -> Outcome | None:
        """The outcome with the least tax; None where the tax is not known."""
        return next((outcome for outcome in self.outcomes if outcome.is_cheapest), None)
