"""Qualified Dividends and Capital Gain Tax Worksheet, Line 16 (Instructions for Form 1040; 26 USC 1(h))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.arithmetic import Smaller, not_below_zero, percent
from capgain.engine.forms.form import Form, line
from capgain.engine.forms.worksheets.inputs import (
    D15,
    D16,
    FIFTEEN_RATE_LIMIT,
    QUALIFIED_DIVIDENDS,
    TAXABLE_INCOME,
    ZERO_RATE_LIMIT,
    tax_line,
)
from capgain.engine.forms.worksheets.limits import limits_in_a_row
from capgain.engine.years import TaxYear


@dataclass(frozen=True)
class QDCGTWorksheet(Form):
    """The tax with qualified dividends and net capital gain at 0%, 15% and 20%, in the words of 2025.

    `taxable_income` is Form 1040, line 15, counted as zero where negative; `d15` and `d16` are Schedule D lines, zero
    where no Schedule D is filed. `exact`: by the rate schedule, unrounded. The worksheets of 2018 and 2019 have 27
    lines and the same result.
    """

    title: ClassVar = "Qualified Dividends and Capital Gain Tax Worksheet"

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

    line_1 = line(
        "1",
        "Enter the amount from Form 1040 or 1040-SR, line {taxable_income_line}. However, if you are filing Form 2555 "
        "(relating to foreign earned income), enter the amount from line 3 of the Foreign Earned Income Tax Worksheet",
        not_below_zero(TAXABLE_INCOME),
    )
    line_2 = line("2", "Enter the amount from Form 1040 or 1040-SR, line {dividends_line}*", QUALIFIED_DIVIDENDS)
    line_3 = line(
        "3",
        "Are you filing Schedule D?* Yes. Enter the smaller of line 15 or line 16 of Schedule D. If either line 15 or "
        "line 16 is blank or a loss, enter -0-. No. Enter the amount from Form 1040 or 1040-SR, line {gain_line}.",
        not_below_zero(Smaller(D15, D16)),
    )
    line_4 = line("4", "Add lines 2 and 3", line_2 + line_3)
    line_5 = line("5", "Subtract line 4 from line 1. If zero or less, enter -0-", not_below_zero(line_1 - line_4))
    line_6 = line("6", "Enter: {zero_rate_limits}", ZERO_RATE_LIMIT)
    line_7 = line("7", "Enter the smaller of line 1 or line 6", Smaller(line_1, line_6))
    line_8 = line("8", "Enter the smaller of line 5 or line 7", Smaller(line_5, line_7))
    line_9 = line("9", "Subtract line 8 from line 7. This amount is taxed at 0%", line_7 - line_8)
    line_10 = line("10", "Enter the smaller of line 1 or line 4", Smaller(line_1, line_4))
    line_11 = line("11", "Enter the amount from line 9", line_9)
    line_12 = line("12", "Subtract line 11 from line 10", line_10 - line_11)
    line_13 = line("13", "Enter: {fifteen_rate_limits}", FIFTEEN_RATE_LIMIT)
    line_14 = line("14", "Enter the smaller of line 1 or line 13", Smaller(line_1, line_13))
    line_15 = line("15", "Add lines 5 and 9", line_5 + line_9)
    line_16 = line("16", "Subtract line 15 from line 14. If zero or less, enter -0-", not_below_zero(line_14 - line_15))
    line_17 = line("17", "Enter the smaller of line 12 or line 16", Smaller(line_12, line_16))
    line_18 = line("18", "Multiply line 17 by 15% (0.15)", percent(15, line_17))
    line_19 = line("19", "Add lines 9 and 17", line_9 + line_17)
    line_20 = line("20", "Subtract line 19 from line 10", line_10 - line_19)
    line_21 = line("21", "Multiply line 20 by 20% (0.20)", percent(20, line_20))
    line_22 = tax_line("22", line_5)
    line_23 = line("23", "Add lines 18, 21, and 22", line_18 + line_21 + line_22)
    line_24 = tax_line("24", line_1)
    line_25 = line(
        "25",
        "Tax on all taxable income. Enter the smaller of line 23 or line 24. Also include this amount on the entry "
        "space on Form 1040 or 1040-SR, line {tax_line}. If you are filing Form 2555, don’t enter this amount on the "
        "entry space on Form 1040 or 1040-SR, line {tax_line}. Instead, enter it on line 4 of the Foreign Earned "
        "Income Tax Worksheet",
        Smaller(line_23, line_24),
    )

    @property
    def tax(self) -> Decimal:
        """Form 1040, line 16."""
        return self.line_25
