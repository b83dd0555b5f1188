"""What planned sales do to the next payment of estimated tax, in words for the plan's notes."""

from __future__ import annotations

from datetime import date

from capgain.engine.forms.stated_income import MissingInputs
from capgain.engine.money import ZERO, dollars
from capgain.engine.planning.estimated_tax import Installment, estimate, is_asked_for
from capgain.engine.report import TaxReport


def next_installment(report: TaxReport, day: date) -> Installment | None:
    """The payment that comes next on `day` for its year; None where Settings keep nothing for estimated tax.

    None too where neither this year's tax nor last year's is known, and after the last payment.
    """
    if not is_asked_for(report.ledger.settings, day.year):
        return None
    try:
        return estimate(report, day.year, day).next
    except MissingInputs:
        return None


def still_due(report: TaxReport, day: date) -> str:
    """What is to be paid next with the gains of the year so far; "" where nothing is, or it is not known."""
    coming = next_installment(report, day)
    if coming is None or not coming.short:
        return ""
    return (
        f"Estimated tax: with the gains of the year so far {dollars(coming.short)} is to be paid by "
        f"{coming.due:%m/%d/%Y} (capgain estimate)."
    )


def change_of_installment(before: TaxReport, after: TaxReport, day: date, sale: str) -> str:
    """How much `sale`, such as `The cheapest sale`, adds to the next payment; "" where that is not known."""
    coming, then = next_installment(before, day), next_installment(after, day)
    if coming is None or then is None:
        return ""
    more = then.short - coming.short
    what = f"adds {dollars(more)} to" if more >= ZERO else f"takes {dollars(-more)} off"
    return f"{sale} {what} the installment of estimated tax due {then.due:%m/%d/%Y}."
