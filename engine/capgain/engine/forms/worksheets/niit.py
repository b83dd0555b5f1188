"""Net investment income tax: Form 8960, for individuals (26 USC 1411)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.arithmetic import (
    Entry,
    Given,
    IfStated,
    IsStated,
    OfYear,
    Smaller,
    not_below_zero,
    percent,
    through,
)
from capgain.engine.forms.form import Form, line, skip
from capgain.engine.money import ZERO
from capgain.engine.years import TaxYear

TOTAL = Given("net_investment_income", "NII", "Form 8960, line 12, instead of lines 1 to 10")


@dataclass(frozen=True)
class NetInvestmentIncomeTax(Form):
    """Form 8960, the words of 2024 and 2025.

    `magi` is modified adjusted gross income, `gain` line 7a of Form 1040 with other gains and losses of Schedule 1,
    line 4. `net_investment_income`, where it is stated, is line 8 less line 11 and takes the place of lines 1 to 11.
    """

    title: ClassVar = "Form 8960, Net Investment Income Tax"

    year: TaxYear
    status: FilingStatus
    magi: Decimal
    net_investment_income: Decimal | None = None
    interest: Decimal = ZERO
    dividends: Decimal = ZERO
    annuities: Decimal = ZERO
    rents_and_businesses: Decimal = ZERO
    of_trade_or_business: Decimal = ZERO
    gain: Decimal = ZERO
    gain_not_subject: Decimal = ZERO
    gain_of_partnerships: Decimal = ZERO
    foreign_corporations: Decimal = ZERO
    other_income: Decimal = ZERO
    investment_interest: Decimal = ZERO
    income_taxes: Decimal = ZERO
    expenses: Decimal = ZERO
    more_deductions: Decimal = ZERO
    exact: bool = False

    total_is_stated = skip("1", "11", "", IsStated(TOTAL))
    line_1 = line("1", "Taxable interest (see instructions)", Given("interest", "1", "taxable interest"))
    line_2 = line("2", "Ordinary dividends (see instructions)", Given("dividends", "2", "ordinary dividends"))
    line_3 = line("3", "Annuities (see instructions)", Given("annuities", "3", "annuities"))
    line_4a = line(
        "4a",
        "Rental real estate, royalties, partnerships, S corporations, trusts, trades or businesses, etc. (see "
        "instructions)",
        Given("rents_and_businesses", "4a", "rents, royalties, businesses"),
    )
    line_4b = line(
        "4b",
        "Adjustment for net income or loss derived in the ordinary course of a non-section 1411 trade or business (see "
        "instructions)",
        Given("of_trade_or_business", "4b", "adjustment to line 4a"),
    )
    line_4c = line("4c", "Combine lines 4a and 4b", line_4a + line_4b)
    line_5a = line(
        "5a",
        "Net gain or loss from disposition of property (see instructions)",
        Given("gain", "5a", "net gain or loss: Form 1040, line 7a, and Schedule 1, line 4"),
    )
    line_5b = line(
        "5b",
        "Net gain or loss from disposition of property that is not subject to net investment income tax (see "
        "instructions)",
        Given("gain_not_subject", "5b", "gain or loss not subject to the tax, with its sign turned"),
    )
    line_5c = line(
        "5c",
        "Adjustment from disposition of partnership interest or S corporation stock (see instructions)",
        Given("gain_of_partnerships", "5c", "adjustment for partnerships and S corporations"),
    )
    line_5d = line("5d", "Combine lines 5a through 5c", through(line_5a, line_5b, line_5c))
    line_6 = line(
        "6",
        "Adjustments to investment income for certain CFCs and PFICs (see instructions)",
        Given("foreign_corporations", "6", "adjustments for foreign corporations"),
    )
    line_7 = line(
        "7",
        "Other modifications to investment income (see instructions)",
        Given("other_income", "7", "other modifications"),
    )
    line_8 = line(
        "8",
        "Total investment income. Combine lines 1, 2, 3, 4c, 5d, 6, and 7",
        line_1 + line_2 + line_3 + line_4c + line_5d + line_6 + line_7,
    )
    line_9a = line(
        "9a",
        "Investment interest expenses (see instructions)",
        Given("investment_interest", "9a", "investment interest expenses", Entry.POSITIVE),
    )
    line_9b = line(
        "9b",
        "State, local, and foreign income tax (see instructions)",
        Given("income_taxes", "9b", "state, local and foreign income tax", Entry.POSITIVE),
    )
    line_9c = line(
        "9c",
        "Miscellaneous investment expenses (see instructions)",
        Given("expenses", "9c", "miscellaneous investment expenses", Entry.POSITIVE),
    )
    line_9d = line("9d", "Add lines 9a, 9b, and 9c", line_9a + line_9b + line_9c)
    line_10 = line(
        "10",
        "Additional modifications (see instructions)",
        Given("more_deductions", "10", "additional modifications", Entry.POSITIVE),
    )
    line_11 = line("11", "Total deductions and modifications. Add lines 9d and 10", line_9d + line_10)
    line_12 = line(
        "12",
        "Net investment income. Subtract Part II, line 11, from Part I, line 8. Individuals, complete lines 13–17. "
        "Estates and trusts, complete lines 18a–21. If zero or less, enter -0-",
        not_below_zero(IfStated(TOTAL, line_8 - line_11)),
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
    def states_the_total(self) -> bool:
        """Whether line 12 is stated as one amount."""
        return self.net_investment_income is not None

    @property
    def tax(self) -> Decimal:
        """Schedule 2 (Form 1040), line 12."""
        return self.line_17
