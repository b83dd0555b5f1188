"""Qualified Dividends and Capital Gain Tax Worksheet, Line 16 (Instructions for Form 1040; 26 USC 1(h))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.form import Form, line
from capgain.engine.forms.worksheets.limits import limits_in_a_row
from capgain.engine.forms.worksheets.tax_table import at_rate, tax_on
from capgain.engine.money import ZERO
from capgain.engine.years import TaxYear


@dataclass(frozen=True)
class QDCGTWorksheet(Form):
    """The tax with qualified dividends and net capital gain at 0%, 15% and 20%, in the words of 2025.

    `taxable_income` is Form 1040, line 15, counted as zero where negative; `d15` and `d16` are Schedule D lines, zero
    where no Schedule D is filed. `exact`: by the rate schedule, unrounded. The worksheets of 2018 and 2019 have 27
    lines and the same result.
    """

    year: TaxYear
    status: FilingStatus
    taxable_income: Decimal
    qualified_dividends: Decimal
    d15: Decimal
    d16: Decimal
    exact: bool = False

    @property
    def words(self) -> Mapping[str, str]:
        lines = self.year.form_1040
        return {
            "taxable_income_line": lines.taxable_income,
            "dividends_line": lines.qualified_dividends,
            "gain_line": lines.gain,
            "tax_line": lines.tax,
            "zero_rate_limits": limits_in_a_row(self.year.zero_rate_limit),
            "fifteen_rate_limits": limits_in_a_row(self.year.fifteen_rate_limit),
        }

    @line(
        "1",
        "Enter the amount from Form 1040 or 1040-SR, line {taxable_income_line}. However, if you are filing Form 2555 "
        "(relating to foreign earned income), enter the amount from line 3 of the Foreign Earned Income Tax Worksheet",
    )
    def line_1(self) -> Decimal:
        return max(self.taxable_income, ZERO)

    @line("2", "Enter the amount from Form 1040 or 1040-SR, line {dividends_line}*")
    def line_2(self) -> Decimal:
        return self.qualified_dividends

    @line(
        "3",
        "Are you filing Schedule D?* Yes. Enter the smaller of line 15 or line 16 of Schedule D. If either line 15 or "
        "line 16 is blank or a loss, enter -0-. No. Enter the amount from Form 1040 or 1040-SR, line {gain_line}.",
    )
    def line_3(self) -> Decimal:
        return max(min(self.d15, self.d16), ZERO)

    @line("4", "Add lines 2 and 3")
    def line_4(self) -> Decimal:
        return self.line_2 + self.line_3

    @line("5", "Subtract line 4 from line 1. If zero or less, enter -0-")
    def line_5(self) -> Decimal:
        return max(self.line_1 - self.line_4, ZERO)

    @line("6", "Enter: {zero_rate_limits}")
    def line_6(self) -> Decimal:
        return self.year.zero_rate_limit[self.status]

    @line("7", "Enter the smaller of line 1 or line 6")
    def line_7(self) -> Decimal:
        return min(self.line_1, self.line_6)

    @line("8", "Enter the smaller of line 5 or line 7")
    def line_8(self) -> Decimal:
        return min(self.line_5, self.line_7)

    @line("9", "Subtract line 8 from line 7. This amount is taxed at 0%")
    def line_9(self) -> Decimal:
        return self.line_7 - self.line_8

    @line("10", "Enter the smaller of line 1 or line 4")
    def line_10(self) -> Decimal:
        return min(self.line_1, self.line_4)

    @line("11", "Enter the amount from line 9")
    def line_11(self) -> Decimal:
        return self.line_9

    @line("12", "Subtract line 11 from line 10")
    def line_12(self) -> Decimal:
        return self.line_10 - self.line_11

    @line("13", "Enter: {fifteen_rate_limits}")
    def line_13(self) -> Decimal:
        return self.year.fifteen_rate_limit[self.status]

    @line("14", "Enter the smaller of line 1 or line 13")
    def line_14(self) -> Decimal:
        return min(self.line_1, self.line_13)

    @line("15", "Add lines 5 and 9")
    def line_15(self) -> Decimal:
        return self.line_5 + self.line_9

    @line("16", "Subtract line 15 from line 14. If zero or less, enter -0-")
    def line_16(self) -> Decimal:
        return max(self.line_14 - self.line_15, ZERO)

    @line("17", "Enter the smaller of line 12 or line 16")
    def line_17(self) -> Decimal:
        return min(self.line_12, self.line_16)

    @line("18", "Multiply line 17 by 15% (0.15)")
    def line_18(self) -> Decimal:
        return at_rate(self.line_17, 15, exact=self.exact)

    @line("19", "Add lines 9 and 17")
    def line_19(self) -> Decimal:
        return self.line_9 + self.line_17

    @line("20", "Subtract line 19 from line 10")
    def line_20(self) -> Decimal:
        return self.line_10 - self.line_19

    @line("21", "Multiply line 20 by 20% (0.20)")
    def line_21(self) -> Decimal:
        return at_rate(self.line_20, 20, exact=self.exact)

    @line(
        "22",
        "Figure the tax on the amount on line 5. If the amount on line 5 is less than $100,000, use the Tax Table to "
        "figure the tax. If the amount on line 5 is $100,000 or more, use the Tax Computation Worksheet",
    )
    def line_22(self) -> Decimal:
        return tax_on(self.line_5, self.status, self.year, exact=self.exact)

    @line("23", "Add lines 18, 21, and 22")
    def line_23(self) -> Decimal:
        return self.line_18 + self.line_21 + self.line_22

    @line(
        "24",
        "Figure the tax on the amount on line 1. If the amount on line 1 is less than $100,000, use the Tax Table to "
        "figure the tax. If the amount on line 1 is $100,000 or more, use the Tax Computation Worksheet",
    )
    def line_24(self) -> Decimal:
        return tax_on(self.line_1, self.status, self.year, exact=self.exact)

    @line(
        "25",
        "Tax on all taxable income. Enter the smaller of line 23 or line 24. Also include this amount on the entry "
        "space on Form 1040 or 1040-SR, line {tax_line}. If you are filing Form 2555, don’t enter this amount on the "
        "entry space on Form 1040 or 1040-SR, line {tax_line}. Instead, enter it on line 4 of the Foreign Earned "
        "Income Tax Worksheet",
    )
    def line_25(self) -> Decimal:
        return min(self.line_23, self.line_24)

    @property
    def tax(self) -> Decimal:
        """Form 1040, line 16."""
        return self.line_25
