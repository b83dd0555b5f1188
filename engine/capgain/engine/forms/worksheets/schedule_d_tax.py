"""Schedule D Tax Worksheet, 47 lines (Instructions for Schedule D; 26 USC 1(h))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.form import Form, line, skip
from capgain.engine.forms.worksheets.limits import limits_in_bullets
from capgain.engine.forms.worksheets.tax_table import at_rate, tax_on
from capgain.engine.money import ZERO
from capgain.engine.years import TaxYear


@dataclass(frozen=True)
class ScheduleDTaxWorksheet(Form):
    """The tax with 28% rate gain, unrecaptured section 1250 gain or investment interest, in the words of 2024 and 2025.

    `taxable_income` is Form 1040, line 15, counted as zero where negative; `d15` to `d19` are Schedule D lines. The
    line 19 that keeps gain out of brackets above 24% came with the correction of the 2018 worksheet of May 16, 2019.
    `exact`: by the rate schedule, unrounded.
    """

    year: TaxYear
    status: FilingStatus
    taxable_income: Decimal
    qualified_dividends: Decimal
    d15: Decimal
    d16: Decimal
    d18: Decimal
    d19: Decimal
    form_4952_line_4g: Decimal = ZERO
    form_4952_line_4e: Decimal = ZERO
    exact: bool = False

    @property
    def words(self) -> Mapping[str, str]:
        lines = self.year.form_1040
        return {
            "taxable_income_line": lines.taxable_income,
            "dividends_line": lines.qualified_dividends,
            "tax_line": lines.tax,
            "zero_rate_limits": limits_in_bullets(self.year.zero_rate_limit),
            "top_of_24_percent": limits_in_bullets(self.year.top_of_24_percent),
            "fifteen_rate_limits": limits_in_bullets(self.year.fifteen_rate_limit),
        }

    @line(
        "1",
        "Enter your taxable income from Form 1040, 1040-SR, or 1040-NR, line {taxable_income_line}. (However, if you "
        "are filing Form 2555 (relating to foreign earned income), enter instead the amount from line 3 of the Foreign "
        "Earned Income Tax Worksheet in the instructions for Form 1040, line {tax_line}.)",
    )
    def line_1(self) -> Decimal:
        return max(self.taxable_income, ZERO)

    @line("2", "Enter your qualified dividends from Form 1040, 1040-SR, or 1040-NR, line {dividends_line}")
    def line_2(self) -> Decimal:
        return self.qualified_dividends

    @line("3", "Enter the amount from Form 4952 (used to figure investment interest expense deduction), line 4g")
    def line_3(self) -> Decimal:
        return self.form_4952_line_4g

    @line("4", "Enter the amount from Form 4952, line 4e*")
    def line_4(self) -> Decimal:
        return self.form_4952_line_4e

    @line("5", "Subtract line 4 from line 3. If zero or less, enter -0-")
    def line_5(self) -> Decimal:
        return max(self.line_3 - self.line_4, ZERO)

    @line("6", "Subtract line 5 from line 2. If zero or less, enter -0-**")
    def line_6(self) -> Decimal:
        return max(self.line_2 - self.line_5, ZERO)

    @line("7", "Enter the smaller of line 15 or line 16 of Schedule D")
    def line_7(self) -> Decimal:
        return min(self.d15, self.d16)

    @line("8", "Enter the smaller of line 3 or line 4")
    def line_8(self) -> Decimal:
        return min(self.line_3, self.line_4)

    @line("9", "Subtract line 8 from line 7. If zero or less, enter -0-**")
    def line_9(self) -> Decimal:
        return max(self.line_7 - self.line_8, ZERO)

    @line("10", "Add lines 6 and 9")
    def line_10(self) -> Decimal:
        return self.line_6 + self.line_9

    @line("11", "Add lines 18 and 19 of Schedule D**")
    def line_11(self) -> Decimal:
        return self.d18 + self.d19

    @line("12", "Enter the smaller of line 9 or line 11")
    def line_12(self) -> Decimal:
        return min(self.line_9, self.line_11)

    @line("13", "Subtract line 12 from line 10")
    def line_13(self) -> Decimal:
        return self.line_10 - self.line_12

    @line("14", "Subtract line 13 from line 1. If zero or less, enter -0-")
    def line_14(self) -> Decimal:
        return max(self.line_1 - self.line_13, ZERO)

    @line("15", "Enter: {zero_rate_limits}")
    def line_15(self) -> Decimal:
        return self.year.zero_rate_limit[self.status]

    @line("16", "Enter the smaller of line 1 or line 15")
    def line_16(self) -> Decimal:
        return min(self.line_1, self.line_15)

    @line("17", "Enter the smaller of line 14 or line 16")
    def line_17(self) -> Decimal:
        return min(self.line_14, self.line_16)

    @line("18", "Subtract line 10 from line 1. If zero or less, enter -0-")
    def line_18(self) -> Decimal:
        return max(self.line_1 - self.line_10, ZERO)

    @line("19", "Enter the smaller of line 1 or: {top_of_24_percent}")
    def line_19(self) -> Decimal:
        return min(self.line_1, self.year.top_of_24_percent[self.status])

    @line("20", "Enter the smaller of line 14 or line 19")
    def line_20(self) -> Decimal:
        return min(self.line_14, self.line_19)

    @line("21", "Enter the larger of line 18 or line 20")
    def line_21(self) -> Decimal:
        return max(self.line_18, self.line_20)

    @line("22", "Subtract line 17 from line 16. This amount is taxed at 0%")
    def line_22(self) -> Decimal:
        return self.line_16 - self.line_17

    @skip(
        "23",
        "43",
        "If lines 1 and 16 are the same, skip lines 23 through 43 and go to line 44. Otherwise, go to line 23.",
    )
    def lines_1_and_16_are_the_same(self) -> bool:
        return self.line_1 == self.line_16

    @line("23", "Enter the smaller of line 1 or line 13")
    def line_23(self) -> Decimal:
        return min(self.line_1, self.line_13)

    @line("24", "Enter the amount from line 22. (If line 22 is blank, enter -0-.)")
    def line_24(self) -> Decimal:
        return self.line_22

    @line("25", "Subtract line 24 from line 23. If zero or less, enter -0-")
    def line_25(self) -> Decimal:
        return max(self.line_23 - self.line_24, ZERO)

    @line("26", "Enter: {fifteen_rate_limits}")
    def line_26(self) -> Decimal:
        return self.year.fifteen_rate_limit[self.status]

    @line("27", "Enter the smaller of line 1 or line 26")
    def line_27(self) -> Decimal:
        return min(self.line_1, self.line_26)

    @line("28", "Add lines 21 and 22")
    def line_28(self) -> Decimal:
        return self.line_21 + self.line_22

    @line("29", "Subtract line 28 from line 27. If zero or less, enter -0-")
    def line_29(self) -> Decimal:
        return max(self.line_27 - self.line_28, ZERO)

    @line("30", "Enter the smaller of line 25 or line 29")
    def line_30(self) -> Decimal:
        return min(self.line_25, self.line_29)

    @line("31", "Multiply line 30 by 15% (0.15)")
    def line_31(self) -> Decimal:
        return at_rate(self.line_30, 15, exact=self.exact)

    @line("32", "Add lines 24 and 30")
    def line_32(self) -> Decimal:
        return self.line_24 + self.line_30

    @skip(
        "33",
        "43",
        "If lines 1 and 32 are the same, skip lines 33 through 43 and go to line 44. Otherwise, go to line 33.",
    )
    def lines_1_and_32_are_the_same(self) -> bool:
        return self.line_1 == self.line_32

    @line("33", "Subtract line 32 from line 23")
    def line_33(self) -> Decimal:
        return self.line_23 - self.line_32

    @line("34", "Multiply line 33 by 20% (0.20)")
    def line_34(self) -> Decimal:
        return at_rate(self.line_33, 20, exact=self.exact)

    @skip(
        "35",
        "40",
        "If Schedule D, line 19, is zero or blank, skip lines 35 through 40 and go to line 41. Otherwise, go to line "
        "35.",
    )
    def schedule_d_line_19_is_zero(self) -> bool:
        return self.d19 == ZERO

    @line("35", "Enter the smaller of line 9 above or Schedule D, line 19")
    def line_35(self) -> Decimal:
        return min(self.line_9, self.d19)

    @line("36", "Add lines 10 and 21")
    def line_36(self) -> Decimal:
        return self.line_10 + self.line_21

    @line("37", "Enter the amount from line 1 above")
    def line_37(self) -> Decimal:
        return self.line_1

    @line("38", "Subtract line 37 from line 36. If zero or less, enter -0-")
    def line_38(self) -> Decimal:
        return max(self.line_36 - self.line_37, ZERO)

    @line("39", "Subtract line 38 from line 35. If zero or less, enter -0-")
    def line_39(self) -> Decimal:
        return max(self.line_35 - self.line_38, ZERO)

    @line("40", "Multiply line 39 by 25% (0.25)")
    def line_40(self) -> Decimal:
        return at_rate(self.line_39, 25, exact=self.exact)

    @skip(
        "41",
        "43",
        "If Schedule D, line 18, is zero or blank, skip lines 41 through 43 and go to line 44. Otherwise, go to line "
        "41.",
    )
    def schedule_d_line_18_is_zero(self) -> bool:
        return self.d18 == ZERO

    @line("41", "Add lines 21, 22, 30, 33, and 39")
    def line_41(self) -> Decimal:
        return self.line_21 + self.line_22 + self.line_30 + self.line_33 + self.line_39

    @line("42", "Subtract line 41 from line 1")
    def line_42(self) -> Decimal:
        return self.line_1 - self.line_41

    @line("43", "Multiply line 42 by 28% (0.28)")
    def line_43(self) -> Decimal:
        return at_rate(self.line_42, 28, exact=self.exact)

    @line(
        "44",
        "Figure the tax on the amount on line 21. If the amount on line 21 is less than $100,000, use the Tax Table to "
        "figure the tax. If the amount on line 21 is $100,000 or more, use the Tax Computation Worksheet",
    )
    def line_44(self) -> Decimal:
        return tax_on(self.line_21, self.status, self.year, exact=self.exact)

    @line("45", "Add lines 31, 34, 40, 43, and 44")
    def line_45(self) -> Decimal:
        return self.line_31 + self.line_34 + self.line_40 + self.line_43 + self.line_44

    @line(
        "46",
        "Figure the tax on the amount on line 1. If the amount on line 1 is less than $100,000, use the Tax Table to "
        "figure the tax. If the amount on line 1 is $100,000 or more, use the Tax Computation Worksheet",
    )
    def line_46(self) -> Decimal:
        return tax_on(self.line_1, self.status, self.year, exact=self.exact)

    @line(
        "47",
        "Tax on all taxable income (including capital gains and qualified dividends). Enter the smaller of line 45 or "
        "line 46. Also, include this amount on Form 1040, 1040-SR, or 1040-NR, line {tax_line}. (If you are filing "
        "Form 2555, don’t enter this amount on Form 1040 or 1040-SR, line {tax_line}. Instead, enter it on line 4 of "
        "the Foreign Earned Income Tax Worksheet in the Instructions for Form 1040.)",
    )
    def line_47(self) -> Decimal:
        return min(self.line_45, self.line_46)

    @property
    def tax(self) -> Decimal:
        """Form 1040, line 16."""
        return self.line_47
