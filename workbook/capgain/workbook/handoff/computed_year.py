"""The report of the year that is handed off, and which year that is."""

from __future__ import annotations

from datetime import date

from capgain.engine.compute import compute
from capgain.engine.ledger import Ledger
from capgain.engine.problems import InvalidLedger, UnknownYear
from capgain.engine.report import TaxReport
from capgain.workbook.handoff.contents import (
    Progress,
)


def last_day_known(report: TaxReport, as_of: date) -> date:
    """The last day that figures of an unfinished year know of."""
    return max((entry.at.date() for entry in report.ledger.transactions if entry.at.date() <= as_of), default=as_of)


def computed_year(ledger: Ledger, asked: int | None, today: date, progress: Progress) -> tuple[TaxReport, int]:
    """The report with the lots held at the end of the year that is handed off."""

    def advance(done: int, of: int) -> None:
        progress("Matching lots", done, of)

    year = asked
    report = None
    if year is None:
        report = compute(ledger, today=today, progress=advance)
        year = report.default_year(today)
    if year is not None and (report is None or not report.has_errors):
        report = compute(ledger, through=year, lots_as_of=date(year, 12, 31), today=today, progress=advance)
    if report is not None and report.has_errors:
        raise InvalidLedger(report.problems)
    if year is None or report is None:
        raise UnknownYear("The ledger has no rows and Settings name no Tax Year: there is nothing to hand off.")
    return report, year
