"""Schedule D Tax Worksheet, 47 lines (Instructions for Schedule D; 26 USC 1(h))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.arithmetic import (
    Compared,
    Entry,
    Given,
    Larger,
    OfYear,
    Smaller,
    is_zero,
    not_below_zero,
    percent,
)
from capgain.engine.forms.form import Form, line, skip
from capgain.engine.forms.worksheets.inputs import (
    D15,
    D16,
    FIFTEEN_RATE_LIMIT,
    QUALIFIED_DIVIDENDS,
    TAXABLE_INCOME,
    ZERO_RATE_LIMIT,
    tax_line,
)
from capgain.engine.forms.worksheets.limits import limits_in_bullets
from capgain.engine.money import ZERO
from capgain.engine.years import TaxYear

D18 = Given("d18", "D18", "Schedule D, line 18", Entry.POSITIVE)
D19 = Given("d19", "D19", "Schedule D, line 19", Entry.POSITIVE)


@dataclass(frozen=True)
class ScheduleDTaxWorksheet(Form):
    """The tax with 28% rate gain, unrecaptured section 1250 gain or investment interest, in the words of 2024 and 2025.

    `taxable_income` is Form 1040, line 15, counted as zero where negative; `d15` to `d19` are Schedule D lines. The
    line 19 that keeps gain out of brackets above 24% came with the correction of the 2018 worksheet of May 16, 2019.
    `exact`: by the rate schedule, unrounded.
    """

    title: ClassVar = "Schedule D Tax Worksheet"

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

    line_1 = line(
        "1",
        "Enter your taxable income from Form 1040, 1040-SR, or 1040-NR, line {taxable_income_line}. (However, if you "
        "are filing Form 2555 (relating to foreign earned income), enter instead the amount from line 3 of the Foreign "
        "Earned Income Tax Worksheet in the instructions for Form 1040, line {tax_line}.)",
        not_below_zero(TAXABLE_INCOME),
    )
    line_2 = line(
        "2",
        "Enter your qualified dividends from Form 1040, 1040-SR, or 1040-NR, line {dividends_line}",
        QUALIFIED_DIVIDENDS,
    )
    line_3 = line(
        "3",
        "Enter the amount from Form 4952 (used to figure investment interest expense deduction), line 4g",
        Given("form_4952_line_4g", "4952-4g", "Form 4952, line 4g", Entry.POSITIVE),
    )
    line_4 = line(
        "4",
        "Enter the amount from Form 4952, line 4e*",
        Given("form_4952_line_4e", "4952-4e", "Form 4952, line 4e", Entry.POSITIVE),
    )
    line_5 = line("5", "Subtract line 4 from line 3. If zero or less, enter -0-", not_below_zero(line_3 - line_4))
    line_6 = line("6", "Subtract line 5 from line 2. If zero or less, enter -0-**", not_below_zero(line_2 - line_5))
    line_7 = line("7", "Enter the smaller of line 15 or line 16 of Schedule D", Smaller(D15, D16))
    line_8 = line("8", "Enter the smaller of line 3 or line 4", Smaller(line_3, line_4))
    line_9 = line("9", "Subtract line 8 from line 7. If zero or less, enter -0-**", not_below_zero(line_7 - line_8))
    line_10 = line("10", "Add lines 6 and 9", line_6 + line_9)
    line_11 = line("11", "Add lines 18 and 19 of Schedule D**", D18 + D19)
    line_12 = line("12", "Enter the smaller of line 9 or line 11", Smaller(line_9, line_11))
    line_13 = line("13", "Subtract line 12 from line 10", line_10 - line_12)
    line_14 = line("14", "Subtract line 13 from line 1. If zero or less, enter -0-", not_below_zero(line_1 - line_13))
    line_15 = line("15", "Enter: {zero_rate_limits}", ZERO_RATE_LIMIT)
    line_16 = line("16", "Enter the smaller of line 1 or line 15", Smaller(line_1, line_15))
    line_17 = line("17", "Enter the smaller of line 14 or line 16", Smaller(line_14, line_16))
    line_18 = line("18", "Subtract line 10 from line 1. If zero or less, enter -0-", not_below_zero(line_1 - line_10))
    line_19 = line(
        "19", "Enter the smaller of line 1 or: {top_of_24_percent}", Smaller(line_1, OfYear("top_of_24_percent"))
    )
    line_20 = line("20", "Enter the smaller of line 14 or line 19", Smaller(line_14, line_19))
    line_21 = line("21", "Enter the larger of line 18 or line 20", Larger(line_18, line_20))
    line_22 = line("22", "Subtract line 17 from line 16. This amount is taxed at 0%", line_16 - line_17)
    lines_1_and_16_are_the_same = skip(
        "23",
        "43",
        "If lines 1 and 16 are the same, skip lines 23 through 43 and go to line 44. Otherwise, go to line 23.",
        Compared(line_1, "=", line_16),
    )
    line_23 = line("23", "Enter the smaller of line 1 or line 13", Smaller(line_1, line_13))
    line_24 = line("24", "Enter the amount from line 22. (If line 22 is blank, enter -0-.)", line_22)
    line_25 = line("25", "Subtract line 24 from line 23. If zero or less, enter -0-", not_below_zero(line_23 - line_24))
    line_26 = line("26", "Enter: {fifteen_rate_limits}", FIFTEEN_RATE_LIMIT)
    line_27 = line("27", "Enter the smaller of line 1 or line 26", Smaller(line_1, line_26))
    line_28 = line("28", "Add lines 21 and 22", line_21 + line_22)
    line_29 = line("29", "Subtract line 28 from line 27. If zero or less, enter -0-", not_below_zero(line_27 - line_28))
    line_30 = line("30", "Enter the smaller of line 25 or line 29", Smaller(line_25, line_29))
    line_31 = line("31", "Multiply line 30 by 15% (0.15)", percent(15, line_30))
    line_32 = line("32", "Add lines 24 and 30", line_24 + line_30)
    lines_1_and_32_are_the_same = skip(
        "33",
        "43",
        "If lines 1 and 32 are the same, skip lines 33 through 43 and go to line 44. Otherwise, go to line 33.",
        Compared(line_1, "=", line_32),
    )
    line_33 = line("33", "Subtract line 32 from line 23", line_23 - line_32)
    line_34 = line("34", "Multiply line 33 by 20% (0.20)", percent(20, line_33))
    schedule_d_line_19_is_zero = skip(
        "35",
        "40",
        "If Schedule D, line 19, is zero or blank, skip lines 35 through 40 and go to line 41. Otherwise, go to line "
        "35.",
        is_zero(D19),
    )
    line_35 = line("35", "Enter the smaller of line 9 above or Schedule D, line 19", Smaller(line_9, D19))
    line_36 = line("36", "Add lines 10 and 21", line_10 + line_21)
    line_37 = line("37", "Enter the amount from line 1 above", line_1)
    line_38 = line("38", "Subtract line 37 from line 36. If zero or less, enter -0-", not_below_zero(line_36 - line_37))
    line_39 = line("39", "Subtract line 38 from line 35. If zero or less, enter -0-", not_below_zero(line_35 - line_38))
    line_40 = line("40", "Multiply line 39 by 25% (0.25)", percent(25, line_39))
    schedule_d_line_18_is_zero = skip(
        "41",
        "43",
        "If Schedule D, line 18, is zero or blank, skip lines 41 through 43 and go to line 44. Otherwise, go to line "
        "41.",
        is_zero(D18),
    )
    line_41 = line("41", "Add lines 21, 22, 30, 33, and 39", line_21 + line_22 + line_30 + line_33 + line_39)
    line_42 = line("42", "Subtract line 41 from line 1", line_1 - line_41)
    line_43 = line("43", "Multiply line 42 by 28% (0.28)", percent(28, line_42))
    line_44 = tax_line("44", line_21)
    line_45 = line("45", "Add lines 31, 34, 40, 43, and 44", line_31 + line_34 + line_40 + line_43 + line_44)
    line_46 = tax_line("46", line_1)
    line_47 = line(
        "47",
        "Tax on all taxable income (including capital gains and qualified dividends). Enter the smaller of line 45 or "
        "line 46. Also, include this amount on Form 1040, 1040-SR, or 1040-NR, line {tax_line}. (If you are filing "
        "Form 2555, don’t enter this amount on Form 1040 or 1040-SR, line {tax_line}. Instead, enter it on line 4 of "
        "the Foreign Earned Income Tax Worksheet in the Instructions for Form 1040.)",
        Smaller(line_45, line_46),
    )

    @property
    def tax(self) -> Decimal:
        """Form 1040, line 16."""
        return self.line_47
