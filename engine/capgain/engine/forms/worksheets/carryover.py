"""Capital Loss Carryover Worksheet, Lines 6 and 14 (Instructions for Schedule D; 26 USC 1212(b))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from capgain.engine.forms.form import Form, line, skip
from capgain.engine.money import ZERO
from capgain.engine.results import Carryover
from capgain.engine.years import has_tax_year, tax_year

if TYPE_CHECKING:
    from capgain.engine.forms.schedule_d import ScheduleD


@dataclass(frozen=True)
class CarryoverWorksheet(Form):
    """The losses carried from the year before into `into_year`, in the words of the 2024 and 2025 instructions.

    `d7`, `d15`, `d16` and `d21` are last year's Schedule D lines, losses negative. `taxable_income` is last year's
    Form 1040 line for taxable income, negative where deductions exceeded income; None: not known, and taken to be
    enough to use the whole deduction. Every line is skipped where the worksheet is not needed.
    """

    into_year: int
    taxable_income: Decimal | None
    d7: Decimal
    d15: Decimal
    d16: Decimal
    d21: Decimal

    @classmethod
    def after(cls, schedule_d: ScheduleD, taxable_income: Decimal | None) -> CarryoverWorksheet:
        """The worksheet that follows a year's Schedule D."""
        return cls(
            into_year=schedule_d.year.year + 1,
            taxable_income=taxable_income,
            d7=schedule_d.line_7,
            d15=schedule_d.line_15,
            d16=schedule_d.line_16,
            d21=schedule_d.line_21,
        )

    @property
    def words(self) -> Mapping[str, str]:
        last_year = self.into_year - 1
        line_15 = tax_year(last_year).form_1040.taxable_income if has_tax_year(last_year) else "15"
        return {"year": str(self.into_year), "last_year": str(last_year), "line_15": line_15}

    @property
    def is_needed(self) -> bool:
        """Line 21 is a loss and (a) smaller than the loss on line 16, or (b) taxable income is below zero."""
        return self.d21 < ZERO and (abs(self.d21) < abs(self.d16) or (self.taxable_income or ZERO) < ZERO)

    @property
    def assumes_enough_income(self) -> bool:
        """Whether line 1 was not known and the whole deduction was taken to be used."""
        return self.is_needed and self.taxable_income is None

    @skip("1", "13")
    def there_is_no_carryover(self) -> bool:
        return not self.is_needed

    @line(
        "1",
        "Enter the amount from your {last_year} Form 1040, 1040-SR, or 1040-NR, line {line_15}. If the amount would "
        "have been a loss if you could enter a negative number on that line, enclose the amount in parentheses",
    )
    def line_1(self) -> Decimal:
        return ZERO if self.taxable_income is None else self.taxable_income

    @line("2", "Enter the loss from your {last_year} Schedule D, line 21, as a positive amount")
    def line_2(self) -> Decimal:
        return -self.d21

    @line("3", "Combine lines 1 and 2. If zero or less, enter -0-")
    def line_3(self) -> Decimal:
        return max(self.line_1 + self.line_2, ZERO)

    @line(
        "4",
        "Enter the smaller of line 2 or line 3",
        "If line 7 of your {last_year} Schedule D is a loss, go to line 5; otherwise, enter -0- on line 5 and go to "
        "line 9.",
    )
    def line_4(self) -> Decimal:
        return min(self.line_2, self.line_3)

    @line("5", "Enter the loss from your {last_year} Schedule D, line 7, as a positive amount")
    def line_5(self) -> Decimal:
        return max(-self.d7, ZERO)

    @skip("6", "8")
    def line_7_is_no_loss(self) -> bool:
        return self.d7 >= ZERO

    @line("6", "Enter any gain from your {last_year} Schedule D, line 15. If a loss, enter -0-")
    def line_6(self) -> Decimal:
        return max(self.d15, ZERO)

    @line("7", "Add lines 4 and 6")
    def line_7(self) -> Decimal:
        return self.line_4 + self.line_6

    @line(
        "8",
        "Short-term capital loss carryover for {year}. Subtract line 7 from line 5. If zero or less, enter -0-. If "
        "more than zero, also enter this amount on Schedule D, line 6",
    )
    def line_8(self) -> Decimal:
        return max(self.line_5 - self.line_7, ZERO)

    @skip(
        "9",
        "13",
        "If line 15 of your {last_year} Schedule D is a loss, go to line 9; otherwise, skip lines 9 through 13.",
    )
    def line_15_is_no_loss(self) -> bool:
        return self.d15 >= ZERO

    @line("9", "Enter the loss from your {last_year} Schedule D, line 15, as a positive amount")
    def line_9(self) -> Decimal:
        return -self.d15

    @line("10", "Enter any gain from your {last_year} Schedule D, line 7. If a loss, enter -0-")
    def line_10(self) -> Decimal:
        return max(self.d7, ZERO)

    @line("11", "Subtract line 5 from line 4. If zero or less, enter -0-")
    def line_11(self) -> Decimal:
        return max(self.line_4 - self.line_5, ZERO)

    @line("12", "Add lines 10 and 11")
    def line_12(self) -> Decimal:
        return self.line_10 + self.line_11

    @line(
        "13",
        "Long-term capital loss carryover for {year}. Subtract line 12 from line 9. If zero or less, enter -0-. If "
        "more than zero, also enter this amount on Schedule D, line 14",
    )
    def line_13(self) -> Decimal:
        return max(self.line_9 - self.line_12, ZERO)

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
