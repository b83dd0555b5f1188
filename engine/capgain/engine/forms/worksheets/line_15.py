"""From adjusted gross income to taxable income: Form 1040, lines 11 to 15, and the senior deduction."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.arithmetic import AtRate, Entry, Given, not_below_zero
from capgain.engine.forms.form import Form, line
from capgain.engine.money import ZERO
from capgain.engine.years import TaxYear

AGI_WITHOUT_GAINS = Given("agi_without_gains", "AGI", "adjusted gross income apart from capital gains")
GAIN = Given("gain", "1040-7a", "capital gain or (loss) on Form 1040")
DEDUCTION = Given("deduction", "12e", "standard deduction or itemized deductions", Entry.POSITIVE)
OTHER_DEDUCTIONS = Given("other_deductions", "other", "deductions beside these two", Entry.POSITIVE)
PERSONS = Given("persons", "persons", "persons of 65 or older", Entry.POSITIVE)


@dataclass(frozen=True)
class TaxableIncome(Form):
    """Form 1040, line 15, signed, for a return whose income apart from capital gains is `agi_without_gains`.

    `deduction` is line 12e, `persons` those of 65 or older, `other_deductions` what is deducted beside. Modified
    adjusted gross income of the senior deduction is line 11: no income is excluded abroad (26 USC 151(d)(5)(C)).
    """

    title: ClassVar = "From adjusted gross income to taxable income (Form 1040, lines 11 to 15)"

    year: TaxYear
    status: FilingStatus
    agi_without_gains: Decimal
    gain: Decimal
    deduction: Decimal
    persons: Decimal = ZERO
    other_deductions: Decimal = ZERO
    exact: bool = False

    line_11 = line("11", "Adjusted gross income: without the gains, and the gain or (loss)", AGI_WITHOUT_GAINS + GAIN)
    line_12 = line("12", "Standard deduction or itemized deductions", DEDUCTION)
    line_senior = line(
        "1A-37",
        "Senior deduction, Schedule 1-A, line 37: for each person of 65 or older 6,000, less 6% of the amount by which "
        "line 11 is more than 75,000 (150,000 if married filing jointly); none if married filing separately",
        AtRate(
            PERSONS,
            not_below_zero(
                Given("senior_each")
                - AtRate(Given("senior_reduced_by"), not_below_zero(line_11 - Given("senior_over")))
            ),
        ),
    )
    line_other = line("13", "Other deductions, as stated", OTHER_DEDUCTIONS)
    line_15 = line(
        "15",
        "Taxable income, signed: line 11 less the deductions",
        line_11 - (line_12 + line_senior + line_other),
    )

    @property
    def senior_each(self) -> Decimal:
        """Dollars for each person; 0 in a year or for a status without the deduction."""
        senior = self.year.senior_deduction
        return senior.each if senior is not None and self.status in senior.over else ZERO

    @property
    def senior_reduced_by(self) -> Decimal:
        return ZERO if self.year.senior_deduction is None else self.year.senior_deduction.reduced_by

    @property
    def senior_over(self) -> Decimal:
        senior = self.year.senior_deduction
        return ZERO if senior is None else senior.over.get(self.status, ZERO)
