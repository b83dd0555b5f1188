"""Net investment income tax: Form 8960, Part III, for individuals (26 USC 1411)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.form import Form, line
from capgain.engine.forms.worksheets.tax_table import to_the_cent
from capgain.engine.money import ZERO
from capgain.engine.years import TaxYear

RATE = Decimal("0.038")
"""26 USC 1411(a)(1)."""


@dataclass(frozen=True)
class NetInvestmentIncomeTax(Form):
    """Lines 12 to 17 of Form 8960, the words of 2024 and 2025.

    `magi` is modified adjusted gross income. `net_investment_income` is line 8 less line 11, with capital gains or the
    limited capital loss in it, counted as zero where negative.
    """

    year: TaxYear
    status: FilingStatus
    magi: Decimal
    net_investment_income: Decimal
    exact: bool = False

    @line(
        "12",
        "Net investment income. Subtract Part II, line 11, from Part I, line 8. Individuals, complete lines 13–17. "
        "Estates and trusts, complete lines 18a–21. If zero or less, enter -0-",
    )
    def line_12(self) -> Decimal:
        return max(self.net_investment_income, ZERO)

    @line("13", "Modified adjusted gross income (see instructions)")
    def line_13(self) -> Decimal:
        return self.magi

    @line("14", "Threshold based on filing status (see instructions)")
    def line_14(self) -> Decimal:
        return self.year.niit_threshold[self.status]

    @line("15", "Subtract line 14 from line 13. If zero or less, enter -0-")
    def line_15(self) -> Decimal:
        return max(self.line_13 - self.line_14, ZERO)

    @line("16", "Enter the smaller of line 12 or line 15")
    def line_16(self) -> Decimal:
        return min(self.line_12, self.line_15)

    @line(
        "17",
        "Net investment income tax for individuals. Multiply line 16 by 3.8% (0.038). Enter here and include on your "
        "tax return (see instructions)",
    )
    def line_17(self) -> Decimal:
        tax = self.line_16 * RATE
        return tax if self.exact else to_the_cent(tax)

    @property
    def tax(self) -> Decimal:
        """Schedule 2 (Form 1040), line 12."""
        return self.line_17
