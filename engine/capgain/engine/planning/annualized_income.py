"""The tax of a year of other income with the gains of each period annualized: Form 2210, Schedule AI, lines 1 to 19."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from capgain.engine.classes import Term
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.forms.tax import Gains, ReturnWithoutGains, Tax
from capgain.engine.money import ZERO, from_cents, to_the_cent
from capgain.engine.report import YearReport
from capgain.engine.results.contracts import ContractEnd

ENDS = ((3, 31), (5, 31), (8, 31), (12, 31))
FACTORS = (Decimal(4), Decimal("2.4"), Decimal("1.5"), Decimal(1))
APPLICABLE = (Decimal("0.225"), Decimal("0.45"), Decimal("0.675"), Decimal("0.9"))
"""26 USC 6654(d)(2)(B), (C)(ii): periods, what annualizes them, and the part of the annualized tax that is due."""


def tax_by_period(found: YearReport, rest: ReturnWithoutGains) -> Iterator[Tax]:
    """The tax of a year of other income and the gains of each period, annualized (Schedule AI, lines 1 to 19).

    Gains of a period after the losses carried in are multiplied, a loss is not. The last period is the year itself and
    not among these.
    """
    schedule_d = found.schedule_d
    assert schedule_d is not None
    for (month, day), factor in zip(ENDS[:3], FACTORS[:3], strict=True):
        yield rest.tax(_gains_until(found, schedule_d, date(found.year, month, day), factor))


def _gains_until(found: YearReport, form: ScheduleD, end: date, factor: Decimal) -> Gains:
    rows = [row for row in found.dispositions if row.sold <= end]
    contracts = [one for one in found.contracts if one.closed <= end and one.end is not ContractEnd.MARKED]
    of_contracts = from_cents(sum(one.gain_cents for one in contracts))
    short_of_contracts = to_the_cent(of_contracts * Decimal("0.4"))
    short = from_cents(sum(row.gain_cents for row in rows if row.term is Term.SHORT)) + short_of_contracts
    long = from_cents(sum(row.gain_cents for row in rows if row.term is Term.LONG)) + of_contracts - short_of_contracts
    long += sum((item.amount for item in found.distributions if item.day <= end), ZERO)
    short -= found.carried_in.short
    long -= found.carried_in.long
    multiplied = factor if short + long > ZERO else Decimal(1)
    rate_28 = from_cents(sum(row.gain_cents for row in form.form_8949.collectibles() if row.sold <= end))
    whole = Gains.of(form)
    undated_short, undated_long = _undated(found, form)
    return Gains(
        short=to_the_cent(short * multiplied) + undated_short,
        long=to_the_cent(long * multiplied) + undated_long,
        rate_28=to_the_cent(rate_28 * multiplied),
        long_carryover=whole.long_carryover,
        stated_line_18=whole.stated_line_18,
        stated_line_19=whole.stated_line_19,
    )


def _undated(found: YearReport, form: ScheduleD) -> tuple[Decimal, Decimal]:
    """What Settings state for lines of Schedule D: it has no day and is taken to come evenly."""
    short = form.stated.get("4", ZERO) + form.stated.get("5", ZERO)
    paid = sum((item.amount for item in found.distributions), ZERO)
    long = sum((form.stated.get(number, ZERO) for number in ("11", "12", "13")), ZERO) - paid
    return short, long
