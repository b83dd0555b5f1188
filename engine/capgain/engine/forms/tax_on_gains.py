"""What a year's capital gains cost: the tax with them and without them, from what Settings state of the return."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal

from capgain.engine.classes import Deduction, FilingStatus
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.forms.tax import NO_GAINS, ForMinimumTax, Gains, MarginalRates, ReturnWithoutGains, Tax
from capgain.engine.ledger import Settings
from capgain.engine.money import ZERO
from capgain.engine.problems import CapgainError, UnknownYear
from capgain.engine.years import TaxYear

AMT_LEFT_OUT = "AMT left out: state Schedule A 7"
"""Said where deductions are itemized and their taxes not stated."""

NO_MINIMUM_TAX_CREDIT = (
    "AMT that gains cause through the exemption gives no minimum tax credit (Form 8801: exclusion items)."
)

YEARS_OF_SENIOR_DEDUCTION = range(2025, 2029)
"""26 USC 151(d)(5)(C)."""


class MissingInputs(CapgainError):
    """The tax was asked for without what it depends on; `inputs` are the settings to add."""

    def __init__(self, inputs: tuple[str, ...], year: int) -> None:
        self.inputs = inputs
        super().__init__(
            f"The tax for {year} needs {' and '.join(inputs)}, which Settings do not state. Set one: Taxable Income is "
            "Form 1040 line 15 with these gains in it, negative if it would be; Other Income is line 15 without them."
        )


@dataclass(frozen=True, slots=True)
class StatedIncome:
    """What Settings say of one year's return beside the ledger, in dollars; None where they say nothing.

    `taxable_income` (Form 1040, line 15), `magi` and `net_investment_income` (Form 8960, line 12) have the year's gains
    in them, `other_income` (line 15) has not. `aged_65` and `blind` are persons; `schedule_a_7`, `standard_deduction`
    (Form 1040, line 12e), `senior_deduction` (Schedule 1-A, line 37), `foreign_tax_credit` (Schedule 3, line 1) and
    the `amt_` ones are for Form 6251.
    """

    taxable_income: Decimal | None = None
    other_income: Decimal | None = None
    qualified_dividends: Decimal | None = None
    magi: Decimal | None = None
    net_investment_income: Decimal | None = None
    deduction: Deduction | None = None
    schedule_a_7: Decimal | None = None
    standard_deduction: Decimal | None = None
    senior_deduction: Decimal | None = None
    aged_65: Decimal | None = None
    blind: Decimal | None = None
    amt_adjustments: Decimal | None = None
    foreign_tax_credit: Decimal | None = None
    amt_foreign_tax_credit: Decimal | None = None

    @classmethod
    def of(cls, settings: Settings, year: int) -> StatedIncome:
        return cls(**{field.name: getattr(settings, field.name).of(year) for field in fields(cls)})

    def for_minimum_tax(self, year: TaxYear, status: FilingStatus) -> ForMinimumTax:
        """What Form 6251 takes from the return; the standard deduction with its additions for age and blindness."""
        additions = (self.aged_65 or ZERO) + (self.blind or ZERO)
        deduction = year.standard_deduction[status] + additions * year.additional_standard_deduction[status]
        return ForMinimumTax(
            itemizes=self.deduction is Deduction.ITEMIZED,
            schedule_a_7=self.schedule_a_7,
            standard_deduction=deduction if self.standard_deduction is None else self.standard_deduction,
            senior_deduction=self.senior_deduction or ZERO,
            adjustments=self.amt_adjustments or ZERO,
            foreign_tax_credit=self.foreign_tax_credit or ZERO,
            amt_foreign_tax_credit=self.amt_foreign_tax_credit,
        )

    def assumptions(self, year: TaxYear, status: FilingStatus) -> tuple[str, ...]:
        """What is taken for granted, or left out, because it was not stated; for people to read.

        A stated MAGI up to the threshold settles that no net investment income tax is due.
        """
        said = []
        if self.qualified_dividends is None:
            said.append("Qualified Dividends are not stated and taken to be 0.")
        unknown = [
            name
            for name, amount in (("MAGI", self.magi), ("Net Investment Income", self.net_investment_income))
            if amount is None
        ]
        if unknown and (self.magi is None or self.magi > year.niit_threshold[status]):
            said.append(f"{' and '.join(unknown)} not stated: the net investment income tax is left out.")
        if self.taxable_income is not None and self.other_income is not None:
            said.append("Taxable Income and Other Income are both stated: Taxable Income is used.")
        return (*said, *self._of_minimum_tax(year, status))

    def _of_minimum_tax(self, year: TaxYear, status: FilingStatus) -> Iterator[str]:
        """What the alternative minimum tax takes for granted."""
        taken = self.for_minimum_tax(year, status)
        if not taken.is_known:
            yield AMT_LEFT_OUT + "."
        elif taken.itemizes and self.standard_deduction is not None:
            yield "Deduction is itemized: Standard Deduction is not used."
        elif not taken.itemizes and self.schedule_a_7 is not None:
            yield "Schedule A 7 is not used: it is for Deduction = itemized."
        if not taken.itemizes and self.deduction is None:
            yield (
                f"The AMT adds back the standard deduction of {taken.standard_deduction:,f}; say Deduction = itemized "
                "and Schedule A 7 if you itemize."
            )
        if self.aged_65 and self.senior_deduction is None and year.year in YEARS_OF_SENIOR_DEDUCTION:
            yield "Senior Deduction (Schedule 1-A line 37) is not stated and taken to be 0 in the AMT."
        if self.amt_adjustments is None:
            yield ("AMT Adjustments not stated: no ISO exercise, private activity bond interest or other difference.")
        elif self.amt_adjustments < ZERO:
            yield "AMT Adjustments are negative: a Schedule D refigured for the AMT is not computed."
        if year.form_6251.unpublished:
            yield year.form_6251.unpublished


@dataclass(frozen=True, slots=True)
class TaxOnGains:
    """The tax of a year with its capital gains and without any, and what the next dollar would cost.

    `room_at_zero` and `room_at_fifteen` are dollars of taxable income left in the bands of net capital gain.
    """

    rest: ReturnWithoutGains
    gains: Gains
    with_gains: Tax
    without_gains: Tax
    marginal: MarginalRates
    room_at_zero: Decimal
    room_at_fifteen: Decimal
    assumptions: tuple[str, ...]

    @property
    def difference(self) -> Decimal:
        """What the gains add to the tax, AMT and NIIT included where known; negative where losses save."""
        return self.with_gains.total - self.without_gains.total


def return_without_gains(schedule_d: ScheduleD, stated: StatedIncome) -> ReturnWithoutGains:
    """The return that the gains of `schedule_d` come on top of.

    Raises MissingInputs without any income stated, and UnknownYear for a year whose figures are not published.
    """
    if schedule_d.year.no_tax:
        raise UnknownYear(schedule_d.year.no_tax)
    gain = schedule_d.form_1040_gain
    if stated.taxable_income is not None:
        taxable_income = stated.taxable_income - gain
    elif stated.other_income is not None:
        taxable_income = stated.other_income
    else:
        raise MissingInputs(("Taxable Income or Other Income",), schedule_d.year.year)
    return ReturnWithoutGains(
        year=schedule_d.year,
        status=schedule_d.status,
        taxable_income=taxable_income,
        qualified_dividends=stated.qualified_dividends or ZERO,
        magi=None if stated.magi is None else stated.magi - gain,
        net_investment_income=None if stated.net_investment_income is None else stated.net_investment_income - gain,
        for_minimum_tax=stated.for_minimum_tax(schedule_d.year, schedule_d.status),
    )


def tax_on_gains(schedule_d: ScheduleD, stated: StatedIncome) -> TaxOnGains:
    """The tax on one year's gains; raises what return_without_gains raises."""
    rest = return_without_gains(schedule_d, stated)
    gains = Gains.of(schedule_d)
    return TaxOnGains(
        rest=rest,
        gains=gains,
        with_gains=rest.tax(gains),
        without_gains=rest.tax(NO_GAINS),
        marginal=rest.marginal_rates(gains),
        room_at_zero=rest.room_at_zero(gains),
        room_at_fifteen=rest.room_at_fifteen(gains),
        assumptions=stated.assumptions(schedule_d.year, schedule_d.status),
    )
