"""Income that a row of the ledger states, and the line of the return that takes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from capgain.engine.classes import IncomeKind
from capgain.engine.income_lines import form_line


@dataclass(frozen=True, slots=True)
class IncomeItem:
    """Income at fair market value (staking, mining, pay), a dividend or interest. `quantity` 0 for cash.

    `is_digital`: units of a digital asset.
    """

    row: int
    kind: IncomeKind
    asset: str
    account: str
    day: date
    quantity: Decimal
    amount: Decimal
    is_digital: bool = False

    @property
    def name(self) -> str:
        """The kind as a heading has it: `Qualified Dividend`; `Income` where it is not stated."""
        return self.kind.value.title() or "Income"

    @property
    def form_line(self) -> str:
        """The line of the return that takes it."""
        return form_line(self.kind, self.day.year, is_digital=self.is_digital)

    @property
    def in_totals(self) -> bool:
        """Whether totals of income hold it: pay is in box 1 of Form W-2 already."""
        return self.kind.is_in_totals

    @property
    def is_capital_gain_distribution(self) -> bool:
        """Whether Schedule D, line 13, takes it instead of the return's income (Form 1099-DIV, box 2a)."""
        return self.kind is IncomeKind.CAPITAL_GAIN_DISTRIBUTION
