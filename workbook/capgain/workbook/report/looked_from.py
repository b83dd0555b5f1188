"""The day that the sheets of what is held are seen from."""

from __future__ import annotations

from datetime import date

from capgain.workbook.report.context import Workpapers


def day_looked_from(papers: Workpapers, *, today: date | None = None) -> date:
    """The day of the latest price of the last year shown, and no day before the year's last row; without one, today.

    A price without a date is of today, or of the year's end in a year that is over. Lots that were asked for as of a
    day are seen from no later one.
    """
    now = today or date.today()
    report = papers.report
    year = papers.years[-1] if papers.years else now.year
    days = [entry.at.date() for entry in report.ledger.transactions]
    prices = report.ledger.prices
    of_year = [price.day for price in prices if price.day is not None and price.day.year == year]
    if any(price.day is None for price in prices) and year >= max(days, default=now).year:
        of_year.append(now if now.year == year else date(year, 12, 31))
    if not of_year:
        return now if report.lots_as_of is None else min(now, report.lots_as_of)
    return max(*of_year, *(day for day in days if day.year == year))
