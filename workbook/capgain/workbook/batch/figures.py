"""The figures of one tax year that stand in the index."""

from __future__ import annotations

from decimal import Decimal

from capgain.engine.forms.tax_on_gains import MissingInputs
from capgain.engine.money import cents_text, to_cents
from capgain.engine.planning.contracts_at_price import tax_of_year
from capgain.engine.problems import UnknownYear
from capgain.engine.report import TaxReport, YearReport

LINES = ("6", "7", "14", "15", "16", "21")
"""Of Schedule D."""


def year_of(report: TaxReport, asked: int | None) -> int | None:
    """The tax year a client's row is about: asked for, else the one that every command takes."""
    return asked or report.default_year()


def amounts_of(report: TaxReport, year: YearReport) -> dict[str, str]:
    """Amounts of `record.AMOUNTS` as far as the year has them, in dollars."""
    found: dict[str, str] = {}
    if year.schedule_d is not None:
        for line in LINES:
            amount = getattr(year.schedule_d, f"line_{line}")
            if isinstance(amount, Decimal):
                found[line] = _text(amount)
        try:
            tax = tax_of_year(report, year.year)
            found["tax"] = _text(tax.difference)
        except (MissingInputs, UnknownYear):
            pass
    if year.carryover is not None:
        found["carryover_short"] = _text(year.carryover.short)
        found["carryover_long"] = _text(year.carryover.long)
    found["wash"] = cents_text(sum(row.wash_cents for row in year.dispositions))
    found["income"] = _text(sum((item.amount for item in year.income_in_totals), Decimal(0)))
    return found


def _text(amount: Decimal) -> str:
    return cents_text(to_cents(amount))
