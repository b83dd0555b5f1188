"""What a year's capital gains cost: the tax with them and without them, from what Settings state of the return.

The forms behind the tax are loaded where a tax is worked out: most returns are asked for Schedule D alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.forms.stated_income import AMT_LEFT_OUT, ANY_INCOME, MissingInputs, StatedIncome
from capgain.engine.money import ZERO
from capgain.engine.problems import UnknownYear

if TYPE_CHECKING:
    from capgain.engine.forms.tax import Gains, MarginalRates, ReturnWithoutGains, Tax

__all__ = [
    "AMT_LEFT_OUT",
    "NO_MINIMUM_TAX_CREDIT",
    "MissingInputs",
    "StatedIncome",
    "TaxOnGains",
    "line_15_with_gains",
    "return_without_gains",
    "tax_on_gains",
]

NO_MINIMUM_TAX_CREDIT = (
    "AMT that gains cause through the exemption gives no minimum tax credit (Form 8801: exclusion items)."
)


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
    from capgain.engine.forms.tax import ReturnWithoutGains

    if schedule_d.year.no_tax:
        raise UnknownYear(schedule_d.year.no_tax)
    gain, year, status = schedule_d.form_1040_gain, schedule_d.year, schedule_d.status
    from_agi = stated.from_agi(year, status)
    magi = None if stated.magi is None else stated.magi - gain
    if stated.taxable_income is not None:
        taxable_income = stated.taxable_income - gain
    elif stated.other_income is not None:
        taxable_income = stated.other_income
    elif from_agi is not None:
        taxable_income = from_agi.agi_without_gains - from_agi.deduction - from_agi.other_deductions
        magi = from_agi.agi_without_gains if magi is None else magi
    else:
        raise MissingInputs((ANY_INCOME,), year.year)
    return ReturnWithoutGains(
        year=year,
        status=status,
        taxable_income=taxable_income,
        qualified_dividends=stated.qualified_dividends or ZERO,
        magi=magi,
        net_investment_income=None if stated.net_investment_income is None else stated.net_investment_income - gain,
        for_minimum_tax=stated.for_minimum_tax(year, status),
        from_agi=from_agi,
        investment_income=stated.investment_income(),
    )


def line_15_with_gains(schedule_d: ScheduleD, stated: StatedIncome) -> Decimal | None:
    """Form 1040, line 15, signed, with the gains of `schedule_d`; None where it is not known."""
    if stated.taxable_income is not None:
        return stated.taxable_income
    if stated.other_income is not None:
        return stated.other_income + schedule_d.form_1040_gain
    if not stated.figured_from_agi():
        return None
    from capgain.engine.forms.tax import Gains

    try:
        line_15 = return_without_gains(schedule_d, stated).line_15(Gains.of(schedule_d))
        return None if line_15 is None else line_15.line_15
    except (MissingInputs, UnknownYear):
        return None


def tax_on_gains(schedule_d: ScheduleD, stated: StatedIncome) -> TaxOnGains:
    """The tax on one year's gains; raises what return_without_gains raises."""
    from capgain.engine.forms.tax import NO_GAINS, Gains

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
