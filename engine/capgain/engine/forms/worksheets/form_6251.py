"""Alternative minimum tax of individuals: Form 6251 (26 USC 55 to 59), the lines of 2025."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import ClassVar

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.arithmetic import (
    AllOf,
    Amount,
    AnyOf,
    AtRate,
    Compared,
    Entry,
    Given,
    IfStated,
    Not,
    Smaller,
    When,
    above_zero,
    is_zero,
    not_below_zero,
    percent,
)
from capgain.engine.forms.form import AmountLine, line, skip
from capgain.engine.forms.worksheets.inputs import (
    D15,
    D16,
    FIFTEEN_RATE_LIMIT,
    QUALIFIED_DIVIDENDS,
    TAXABLE_INCOME,
    ZERO_RATE_LIMIT,
)
from capgain.engine.forms.worksheets.minimum_tax_law import MinimumTaxLaw
from capgain.engine.forms.worksheets.qdcgt import QDCGTWorksheet
from capgain.engine.forms.worksheets.regular_tax import RegularTax
from capgain.engine.forms.worksheets.schedule_d_tax import D18, D19, ScheduleDTaxWorksheet
from capgain.engine.money import ZERO
from capgain.engine.years import TaxYear

SENIOR_DEDUCTION = Given("senior_deduction", "1A-37", "Schedule 1-A, line 37, the senior deduction", Entry.POSITIVE)
STANDARD_DEDUCTION = Given(
    "standard_deduction", "12e", "Form 1040, line 12e, the standard deduction, else the year's", Entry.POSITIVE
)
SCHEDULE_A_7 = Given("schedule_a_7", "A-7", "Schedule A, line 7, the taxes deducted, if itemized", Entry.POSITIVE)
ADJUSTMENTS = Given("adjustments", "adjustments", "lines 2b to 3 as one signed sum")
FOREIGN_TAX_CREDIT = Given("foreign_tax_credit", "S3-1", "Schedule 3, line 1, foreign tax credit", Entry.POSITIVE)
AMT_FOREIGN_TAX_CREDIT = Given(
    "amt_foreign_tax_credit", "8", "line 8, AMT foreign tax credit, else Schedule 3, line 1", Entry.POSITIVE
)
RATE_28_ABOVE = Given("rate_28_above")
PART_III = Given("tax_of_part_iii")
INCOME_TAX = Given("income_tax")


def _tax_at_26_and_28(excess: Amount) -> When:
    """26% of the taxable excess up to the breakpoint and 28% beyond (26 USC 55(b)(1)(A))."""
    beyond = percent(28, excess) - percent(2, RATE_28_ABOVE)
    return When(Compared(excess, ">", RATE_28_ABOVE), beyond, percent(26, excess))


def _tax_line(number: str, taxed: AmountLine) -> AmountLine:
    words = (
        f"If line {taxed.number} is {{rate_28_above}} or less ({{rate_28_above_separately}} or less if married filing "
        f"separately), multiply line {taxed.number} by 26% (0.26). Otherwise, multiply line {taxed.number} by 28% "
        "(0.28) and subtract {subtracted} ({subtracted_separately} if married filing separately) from the result"
    )
    return line(number, words, _tax_at_26_and_28(taxed))


@dataclass(frozen=True)
class Form6251(MinimumTaxLaw):
    """Form 6251, the arithmetic of 2018 to 2026 in the words of 2025.

    `taxable_income` is Form 1040, line 15, signed. `standard_deduction` None: the year's without additions.
    `schedule_a_7`, the taxes deducted on Schedule A, takes its place where deductions are itemized. `adjustments` are
    lines 2b to 3 as one signed sum; gains are taken to be the same for both taxes. `amt_foreign_tax_credit` None: that
    of the regular tax. `exact`: by the rate schedule, unrounded.
    """

    title: ClassVar = "Form 6251, Alternative Minimum Tax"

    year: TaxYear
    status: FilingStatus
    taxable_income: Decimal
    qualified_dividends: Decimal
    d15: Decimal
    d16: Decimal
    d18: Decimal
    d19: Decimal
    senior_deduction: Decimal = ZERO
    standard_deduction: Decimal | None = None
    schedule_a_7: Decimal | None = None
    adjustments: Decimal = ZERO
    foreign_tax_credit: Decimal = ZERO
    amt_foreign_tax_credit: Decimal | None = None
    exact: bool = False

    rate_28_gain = line("", "28% rate gain, Schedule D, line 18; it stays in the 26% and 28% part", D18)
    line_1 = line(
        "1",
        "Taxable income, Form 1040 or 1040-SR, line {taxable_income_line}, negative where deductions exceed income, "
        "before the senior deduction",
        TAXABLE_INCOME + SENIOR_DEDUCTION,
    )
    line_2a = line(
        "2a",
        "If filing Schedule A (Form 1040), enter the taxes from Schedule A, line 7; otherwise, enter the amount from "
        "Form 1040 or 1040-SR, line {deduction_line}",
        IfStated(SCHEDULE_A_7, IfStated(STANDARD_DEDUCTION, Given("standard_deduction_of_year"))),
    )
    line_3 = line("3", "Other adjustments, lines 2b through 3, as one sum", ADJUSTMENTS)
    _income = line_1 + line_2a + line_3
    line_4 = line(
        "4",
        "Alternative minimum taxable income. Combine lines 1 through 3. (If married filing separately and line 4 is "
        "more than {gone_at}, see instructions.)",
        _income
        + Smaller(Given("added_at_most"), AtRate(Given("phase_out_rate"), not_below_zero(_income - Given("gone_at")))),
    )
    line_5 = line(
        "5",
        "Exemption: {exemption}, less {phase_out_rate} of the amount by which line 4 is more than {phase_out_starts}",
        not_below_zero(
            Given("exemption") - AtRate(Given("phase_out_rate"), not_below_zero(line_4 - Given("phase_out_starts")))
        ),
    )
    line_6 = line(
        "6",
        "Subtract line 5 from line 4. If more than zero, go to line 7. If zero or less, enter -0- here and on lines 7, "
        "9, and 11, and go to line 10",
        not_below_zero(line_4 - line_5),
    )
    _uses_part_iii = AllOf(
        (above_zero(line_6), AnyOf((above_zero(QUALIFIED_DIVIDENDS), AllOf((above_zero(D15), above_zero(D16))))))
    )
    line_7 = line(
        "7",
        "If you reported qualified dividends, or had a gain on both lines 15 and 16 of Schedule D (Form 1040), "
        "complete Part III and enter the amount from line 40 here. All others: If line 6 is {rate_28_above} or less "
        "({rate_28_above_separately} or less if married filing separately), multiply line 6 by 26% (0.26). Otherwise, "
        "multiply line 6 by 28% (0.28) and subtract {subtracted} ({subtracted_separately} if married filing "
        "separately) from the result",
        When(_uses_part_iii, PART_III, _tax_at_26_and_28(line_6)),
    )
    line_8 = line(
        "8",
        "Alternative minimum tax foreign tax credit (see instructions)",
        IfStated(AMT_FOREIGN_TAX_CREDIT, FOREIGN_TAX_CREDIT),
    )
    line_9 = line(
        "9",
        "Tentative minimum tax. Subtract line 8 from line 7. If zero or less, enter -0-",
        not_below_zero(line_7 - line_8),
    )
    line_10 = line(
        "10",
        "The tax on Form 1040 or 1040-SR, line {tax_line}, less any foreign tax credit from Schedule 3 (Form 1040), "
        "line 1. If zero or less, enter -0-",
        not_below_zero(INCOME_TAX - FOREIGN_TAX_CREDIT),
    )
    line_11 = line(
        "11",
        "AMT. Subtract line 10 from line 9. If zero or less, enter -0-. Enter here and on Schedule 2 (Form 1040), line "
        "{schedule_2_line}",
        not_below_zero(line_9 - line_10),
    )
    part_iii_is_not_used = skip("12", "40", "", Not(_uses_part_iii))
    line_12 = line("12", "Enter the amount from Form 6251, line 6", line_6)
    line_13 = line(
        "13",
        "Enter the amount from line 4 of the Qualified Dividends and Capital Gain Tax Worksheet, or from line 13 of "
        "the Schedule D Tax Worksheet, whichever applies",
        Given("gains_below_28_percent"),
    )
    line_14 = line("14", "Enter the amount from Schedule D (Form 1040), line 19", D19)
    line_15 = line(
        "15",
        "If you did not complete a Schedule D Tax Worksheet for the regular tax, enter the amount from line 13. "
        "Otherwise, add lines 13 and 14, and enter the smaller of that result or the amount from line 10 of the "
        "Schedule D Tax Worksheet",
        Smaller(line_13 + line_14, Given("gains_and_dividends")),
    )
    line_16 = line("16", "Enter the smaller of line 12 or line 15", Smaller(line_12, line_15))
    line_17 = line("17", "Subtract line 16 from line 12", line_12 - line_16)
    line_18 = _tax_line("18", line_17)
    line_19 = line("19", "Enter: {zero_rate_limits}", ZERO_RATE_LIMIT)
    line_20 = line(
        "20",
        "Enter the amount from line 5 of the Qualified Dividends and Capital Gain Tax Worksheet or the amount from "
        "line 14 of the Schedule D Tax Worksheet, whichever applies (as figured for the regular tax)",
        Given("other_income"),
    )
    line_21 = line("21", "Subtract line 20 from line 19. If zero or less, enter -0-", not_below_zero(line_19 - line_20))
    line_22 = line("22", "Enter the smaller of line 12 or line 13", Smaller(line_12, line_13))
    line_23 = line(
        "23", "Enter the smaller of line 21 or line 22. This amount is taxed at 0%", Smaller(line_21, line_22)
    )
    line_24 = line("24", "Subtract line 23 from line 22", line_22 - line_23)
    line_25 = line("25", "Enter: {fifteen_rate_limits}", FIFTEEN_RATE_LIMIT)
    line_26 = line("26", "Enter the amount from line 21", line_21)
    line_27 = line(
        "27",
        "Enter the amount from line 5 of the Qualified Dividends and Capital Gain Tax Worksheet or the amount from "
        "line 21 of the Schedule D Tax Worksheet, whichever applies (as figured for the regular tax)",
        Given("income_below_gains"),
    )
    line_28 = line("28", "Add line 26 and line 27", line_26 + line_27)
    line_29 = line("29", "Subtract line 28 from line 25. If zero or less, enter -0-", not_below_zero(line_25 - line_28))
    line_30 = line("30", "Enter the smaller of line 24 or line 29", Smaller(line_24, line_29))
    line_31 = line("31", "Multiply line 30 by 15% (0.15)", percent(15, line_30))
    line_32 = line("32", "Add lines 23 and 30", line_23 + line_30)
    lines_32_and_12_are_the_same = skip(
        "33",
        "37",
        "If lines 32 and 12 are the same, skip lines 33 through 37 and go to line 38. Otherwise, go to line 33.",
        Compared(line_32, "=", line_12),
    )
    line_33 = line("33", "Subtract line 32 from line 22", line_22 - line_32)
    line_34 = line("34", "Multiply line 33 by 20% (0.20)", percent(20, line_33))
    line_14_is_zero = skip(
        "35",
        "37",
        "If line 14 is zero or blank, skip lines 35 through 37 and go to line 38. Otherwise, go to line 35.",
        is_zero(line_14),
    )
    line_35 = line("35", "Add lines 17, 32, and 33", line_17 + line_32 + line_33)
    line_36 = line("36", "Subtract line 35 from line 12", line_12 - line_35)
    line_37 = line("37", "Multiply line 36 by 25% (0.25)", percent(25, line_36))
    line_38 = line("38", "Add lines 18, 31, 34, and 37", line_18 + line_31 + line_34 + line_37)
    line_39 = _tax_line("39", line_12)
    line_40 = line("40", "Enter the smaller of line 38 or line 39 here and on line 7", Smaller(line_38, line_39))
    line_1040_16 = line("1040-16", "Tax, Form 1040 or 1040-SR, line {tax_line}", INCOME_TAX)

    @property
    def tax(self) -> Decimal:
        """Schedule 2 (Form 1040), line 1 or 2."""
        return self.line_11

    @cached_property
    def regular(self) -> RegularTax:
        """The regular tax of the same return."""
        return RegularTax(
            year=self.year,
            status=self.status,
            taxable_income=self.taxable_income,
            qualified_dividends=self.qualified_dividends,
            d15=self.d15,
            d16=self.d16,
            d18=self.d18,
            d19=self.d19,
            exact=self.exact,
        )

    @property
    def tax_of_part_iii(self) -> Decimal:
        return self.line_40

    @property
    def income_tax(self) -> Decimal:
        return self.regular.tax

    @property
    def gains_below_28_percent(self) -> Decimal:
        return self._taken_over("gains_below_28_percent")

    @property
    def gains_and_dividends(self) -> Decimal:
        return self._taken_over("gains_and_dividends")

    @property
    def other_income(self) -> Decimal:
        return self._taken_over("other_income")

    @property
    def income_below_gains(self) -> Decimal:
        return self._taken_over("income_below_gains")

    def _taken_over(self, name: str) -> Decimal:
        qdcgt, schedule_d_tax = FROM_THE_WORKSHEETS[name]
        regular = self.regular
        if regular.by_schedule_d:
            return schedule_d_tax.value(regular.schedule_d_tax)
        return qdcgt.value(regular.qdcgt)


FROM_THE_WORKSHEETS: Mapping[str, tuple[AmountLine, AmountLine]] = {
    "gains_below_28_percent": (QDCGTWorksheet.line_4, ScheduleDTaxWorksheet.line_13),
    "gains_and_dividends": (QDCGTWorksheet.line_4, ScheduleDTaxWorksheet.line_10),
    "other_income": (QDCGTWorksheet.line_5, ScheduleDTaxWorksheet.line_14),
    "income_below_gains": (QDCGTWorksheet.line_5, ScheduleDTaxWorksheet.line_21),
}
"""What Part III takes over from the worksheet of the regular tax, whichever applies."""
