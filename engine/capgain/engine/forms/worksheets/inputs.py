"""What several worksheets share: inputs by the forms' own names, limits of the year, and the line for the tax."""

from __future__ import annotations

from capgain.engine.forms.arithmetic import Entry, Given, IfStated, OfYear, TaxOn
from capgain.engine.forms.form import AmountLine, line

TAXABLE_INCOME = Given("taxable_income", "1040-15", "Form 1040, line 15, taxable income")
QUALIFIED_DIVIDENDS = Given("qualified_dividends", "1040-3a", "Form 1040, line 3a, qualified dividends", Entry.POSITIVE)
D7 = Given("d7", "D7", "Schedule D, line 7")
D14 = Given("d14", "D14", "Schedule D, line 14, the long-term loss carryover", Entry.LOSS)
D15 = Given("d15", "D15", "Schedule D, line 15")
D16 = Given("d16", "D16", "Schedule D, line 16")

ZERO_RATE_LIMIT = OfYear("zero_rate_limit")
FIFTEEN_RATE_LIMIT = OfYear("fifteen_rate_limit")


def tax_line(number: str, taxed: AmountLine) -> AmountLine:
    """A line that figures the tax on another by the Tax Table or the Tax Computation Worksheet."""
    on = f"on line {taxed.number}"
    words = (
        f"Figure the tax on the amount {on}. If the amount {on} is less than $100,000, use the Tax Table to figure the "
        f"tax. If the amount {on} is $100,000 or more, use the Tax Computation Worksheet"
    )
    return line(number, words, TaxOn(taxed))


def carried_in(key: str) -> IfStated:
    """Schedule D, line 14, with a Schedule K-1's share on the line `key` where it adds to it."""
    words = "long-term loss carryovers, where a Schedule K-1 adds to D14"
    return IfStated(Given("long_term_carryovers", key, words, Entry.LOSS), D14)
