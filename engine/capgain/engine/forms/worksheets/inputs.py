"""What several worksheets take, by the names that the forms give it, and the year's limits they speak of."""

from __future__ import annotations

from capgain.engine.forms.arithmetic import Entry, Given, IfStated, OfYear

TAXABLE_INCOME = Given("taxable_income", "1040-15", "Form 1040, line 15, taxable income")
QUALIFIED_DIVIDENDS = Given("qualified_dividends", "1040-3a", "Form 1040, line 3a, qualified dividends", Entry.POSITIVE)
D7 = Given("d7", "D7", "Schedule D, line 7")
D14 = Given("d14", "D14", "Schedule D, line 14, the long-term loss carryover", Entry.LOSS)
D15 = Given("d15", "D15", "Schedule D, line 15")
D16 = Given("d16", "D16", "Schedule D, line 16")

ZERO_RATE_LIMIT = OfYear("zero_rate_limit")
FIFTEEN_RATE_LIMIT = OfYear("fifteen_rate_limit")


def carried_in(key: str) -> IfStated:
    """Schedule D, line 14, with a Schedule K-1's share on the line `key` where it adds to it."""
    words = "long-term loss carryovers, where a Schedule K-1 adds to D14"
    return IfStated(Given("long_term_carryovers", key, words, Entry.LOSS), D14)
