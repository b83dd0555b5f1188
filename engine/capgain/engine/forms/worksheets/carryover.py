"""Capital Loss Carryover Worksheet, Lines 6 and 14 (Instructions for Schedule D; 26 USC 1212(b))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from capgain.engine.forms.arithmetic import (
    NOTHING,
    AllOf,
    AnyOf,
    Compared,
    Entry,
    Given,
    IfStated,
    Not,
    Smaller,
    below_zero,
    not_below_zero,
)
from capgain.engine.forms.form import Form, line, question, skip
from capgain.engine.results.carryovers import Carryover
from capgain.engine.years import has_tax_year, tax_year

TAXABLE_INCOME = Given(
    "taxable_income", "1040-15", "last year's Form 1040, line 15, taxable income, negative where it would have been"
)
D7 = Given("d7", "D7", "last year's Schedule D, line 7")
D15 = Given("d15", "D15", "last year's Schedule D, line 15")
D16 = Given("d16", "D16", "last year's Schedule D, line 16")
D21 = Given("d21", "D21", "last year's Schedule D, line 21", Entry.LOSS)
INCOME = IfStated(TAXABLE_INCOME, NOTHING)


@dataclass(frozen=True)
class CarryoverWorksheet(Form):
    """The losses carried from the year before into `into_year`, in the words of the 2024 and 2025 instructions.

    `d7`, `d15`, `d16` and `d21` are last year's Schedule D lines, losses negative. `taxable_income` is last year's
    Form 1040 line for taxable income, negative where deductions exceeded income; None: not known, and taken to be
    enough to use the whole deduction. Every line is skipped where the worksheet is not needed.
    """

    title: ClassVar = "Capital Loss Carryover Worksheet"

    into_year: int
    taxable_income: Decimal | None
    d7: Decimal
    d15: Decimal
    d16: Decimal
    d21: Decimal

    @property
    def words(self) -> Mapping[str, str]:
        last_year = self.into_year - 1
        line_15 = tax_year(last_year).form_1040.taxable_income if has_tax_year(last_year) else "15"
        return {"year": str(self.into_year), "last_year": str(last_year), "line_15": line_15}

    is_needed = question(
        "",
        "Is there anything to carry over? Line 21 is a loss and (a) smaller than the loss on line 16, or (b) taxable "
        "income would be less than zero",
        AllOf((below_zero(D21), AnyOf((Compared(-D21, "<", -D16), below_zero(INCOME))))),
    )
    there_is_no_carryover = skip("1", "13", "", Not(is_needed))
    line_1 = line(
        "1",
        "Enter the amount from your {last_year} Form 1040, 1040-SR, or 1040-NR, line {line_15}. If the amount would "
        "have been a loss if you could enter a negative number on that line, enclose the amount in parentheses",
        INCOME,
    )
    line_2 = line("2", "Enter the loss from your {last_year} Schedule D, line 21, as a positive amount", -D21)
    line_3 = line("3", "Combine lines 1 and 2. If zero or less, enter -0-", not_below_zero(line_1 + line_2))
    line_4 = line(
        "4",
        "Enter the smaller of line 2 or line 3",
        Smaller(line_2, line_3),
        "If line 7 of your {last_year} Schedule D is a loss, go to line 5; otherwise, enter -0- on line 5 and go to "
        "line 9.",
    )
    line_5 = line(
        "5", "Enter the loss from your {last_year} Schedule D, line 7, as a positive amount", not_below_zero(-D7)
    )
    line_7_is_no_loss = skip("6", "8", "", Not(below_zero(D7)))
    line_6 = line(
        "6", "Enter any gain from your {last_year} Schedule D, line 15. If a loss, enter -0-", not_below_zero(D15)
    )
    line_7 = line("7", "Add lines 4 and 6", line_4 + line_6)
    line_8 = line(
        "8",
        "Short-term capital loss carryover for {year}. Subtract line 7 from line 5. If zero or less, enter -0-. If "
        "more than zero, also enter this amount on Schedule D, line 6",
        not_below_zero(line_5 - line_7),
    )
    line_15_is_no_loss = skip(
        "9",
        "13",
        "If line 15 of your {last_year} Schedule D is a loss, go to line 9; otherwise, skip lines 9 through 13.",
        Not(below_zero(D15)),
    )
    line_9 = line("9", "Enter the loss from your {last_year} Schedule D, line 15, as a positive amount", -D15)
    line_10 = line(
        "10", "Enter any gain from your {last_year} Schedule D, line 7. If a loss, enter -0-", not_below_zero(D7)
    )
    line_11 = line("11", "Subtract line 5 from line 4. If zero or less, enter -0-", not_below_zero(line_4 - line_5))
    line_12 = line("12", "Add lines 10 and 11", line_10 + line_11)
    line_13 = line(
        "13",
        "Long-term capital loss carryover for {year}. Subtract line 12 from line 9. If zero or less, enter -0-. If "
        "more than zero, also enter this amount on Schedule D, line 14",
        not_below_zero(line_9 - line_12),
    )

    @property
    def assumes_enough_income(self) -> bool:
        """Whether line 1 was not known and the whole deduction was taken to be used."""
        return bool(self.is_needed) and self.taxable_income is None

    @property
    def short(self) -> Decimal:
        """The short-term loss carried into the year, positive: line 8."""
        return self.line_8

    @property
    def long(self) -> Decimal:
        """The long-term loss carried into the year, positive: line 13."""
        return self.line_13

    @property
    def carryover(self) -> Carryover:
        return Carryover(short=self.short, long=self.long)
