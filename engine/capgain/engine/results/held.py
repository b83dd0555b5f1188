"""Lots still held, and short sales not yet closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from capgain.engine.classes import AssetClass, Term
from capgain.engine.holding_period import long_term_from


@dataclass(frozen=True, slots=True)
class OpenLot:
    """Units still held, at an unrounded `basis` in dollars.

    `row` and `lot` are those of the row that first acquired them. `replaces`: used up as the replacement of a loss
    (Treas. Reg. 1.1091-1(e)). `acquired_text` is the word that stands for the date,
    INHERITED or VARIOUS, and `stated_term` the term that then holds (26 USC 1223(9)); None where days are counted.
    `amt_basis` is the basis for the alternative minimum tax where it is another, `loss_basis` that from which a loss on
    a gift of `gift_date` is counted, where it is (26 USC 1015(a)). `fund_paid`: a fund paid distributions on it that a
    loss within six months depends on (26 USC 852(b)(4)).
    """

    asset: str
    account: str
    asset_class: AssetClass
    quantity: Decimal
    acquired: date
    held_since: date
    basis: Decimal
    row: int
    lot: str
    is_ira: bool = False
    replaces: bool = False
    acquired_text: str = ""
    stated_term: Term | None = None
    amt_basis: Decimal | None = None
    loss_basis: Decimal | None = None
    gift_date: date | None = None
    fund_paid: bool = False

    @property
    def inherited(self) -> bool:
        return self.acquired_text == "INHERITED"

    @property
    def long_from(self) -> date:
        """The first day on which a sale is long-term; where the term is stated, the day of acquisition or never."""
        if self.stated_term is None:
            return long_term_from(self.held_since)
        return self.acquired if self.stated_term is Term.LONG else date.max

    def term(self, sold: date) -> Term:
        """The term of a sale on that day."""
        return Term.LONG if sold >= self.long_from else Term.SHORT


@dataclass(frozen=True, slots=True)
class OpenShort:
    """A short sale not yet closed: `proceeds` received, in dollars."""

    asset: str
    account: str
    quantity: Decimal
    opened: date
    proceeds: Decimal
    row: int
