"""The tax on an amount of taxable income: Tax Table, Tax Computation Worksheet, or the rate schedule itself."""

from __future__ import annotations

from decimal import Decimal

from capgain.engine.classes import FilingStatus
from capgain.engine.money import ZERO, to_the_cent, whole_dollars
from capgain.engine.years import TaxYear


def tax_on(amount: Decimal, status: FilingStatus, year: TaxYear, *, exact: bool = False) -> Decimal:
    """The tax on taxable income as the Instructions for Form 1040, line 16, figure it.

    Below the year's limit of the Tax Table (100,000 dollars) a whole amount, the same for all of a row; from there the
    Tax Computation Worksheet, to the cent. An amount of zero or less has no tax. `exact`: the rate schedule throughout,
    unrounded, for rates and comparisons that a row of the table would blur.
    """
    if exact:
        return rate_schedule_tax(amount, status, year)
    if amount < year.tax_table_below:
        return tax_table(amount, status, year)
    return to_the_cent(rate_schedule_tax(amount, status, year))


def at_rate(amount: Decimal, percent: Decimal, *, exact: bool = False) -> Decimal:
    """`amount` times a flat rate, to the cent unless `exact`."""
    tax = amount * percent / 100
    return tax if exact else to_the_cent(tax)


def tax_table(amount: Decimal, status: FilingStatus, year: TaxYear) -> Decimal:
    """The Tax Table: the tax on the middle of the row that `amount` stands in, in whole dollars."""
    least, below = tax_table_row(amount)
    return whole_dollars(rate_schedule_tax((least + below) / 2, status, year)) if below > _FIRST_TAXED else ZERO


def tax_table_row(amount: Decimal) -> tuple[Decimal, Decimal]:
    """The "at least" and "but less than" of the Tax Table's row: 5, 10, 25 and from 3,000 dollars 50 dollars wide."""
    if amount < _FIRST_TAXED:
        return ZERO, _FIRST_TAXED
    if amount < 25:
        least = Decimal(5) if amount < 15 else Decimal(15)
        return least, least + 10
    width = 25 if amount < 3000 else 50
    least = amount // width * width
    return least, least + width


_FIRST_TAXED = Decimal(5)


def rate_schedule_tax(amount: Decimal, status: FilingStatus, year: TaxYear) -> Decimal:
    """The tax by the rate schedule of 26 USC 1(j)(2), unrounded."""
    tax, floor = ZERO, ZERO
    for rate, upper in year.brackets[status]:
        if upper is None or amount <= upper:
            return tax + rate * max(amount - floor, ZERO)
        tax += rate * (upper - floor)
        floor = upper
    raise AssertionError("the highest bracket has no end")
