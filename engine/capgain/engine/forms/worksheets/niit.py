"""Net investment income tax: Form 8960, Part III, for individuals (26 USC 1411)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.arithmetic import Given, OfYear, Smaller, not_below_zero, percent
from capgain.engine.forms.form import Form, line
from capgain.engine.years import TaxYear


@dataclass(frozen=True)
class NetInvestmentIncomeTax(Form):
    """Lines 12 to 17 of Form 8960, the words of 2024 and 2025.

    `magi` is modified adjusted gross income. `net_investment_income` is line 8 less line 11, with capital gains or the
    limited capital loss in it, counted as zero where negative.
    """

    title: ClassVar = "Form 8960, Net Investment Income Tax"

    year: TaxYear
    status: FilingStatus
    magi: Decimal
    net_investment_income: Decimal
    exact: bool = False
    line_12 = line(
        "12",
        "Net investment income. Subtract Part II, line 11, from Part I, line 8. Individuals, complete lines 13–17. "
        "Estates and trusts, complete lines 18a–21. If zero or less, enter -0-",
        not_below_zero(Given("net_investment_income", "NII", "Form 8960, line 12, net investment income")),
    )
    line_13 = line(
        "13",
        "Modified adjusted gross income (see instructions)",
        Given("magi", "MAGI", "modified adjusted gross income"),
    )
    line_14 = line("14", "Threshold based on filing status (see instructions)", OfYear("niit_threshold"))
    line_15 = line("15", "Subtract line 14 from line 13. If zero or less, enter -0-", not_below_zero(line_13 - line_14))
    line_16 = line("16", "Enter the smaller of line 12 or line 15", Smaller(line_12, line_15))
    line_17 = line(
        "17",
        "Net investment income tax for individuals. Multiply line 16 by 3.8% (0.038). Enter here and include on your "
        "tax return (see instructions)",
        percent("3.8", line_16),
    )

    @property
    def tax(self) -> Decimal:
        """Schedule 2 (Form 1040), line 12."""
        return self.line_17
