"""What is to be said of a year's section 1256 contracts: those open, boxes of Forms 1099-B, a loss to carry back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from capgain.engine.ledger import Ledger
from capgain.engine.money import ZERO, dollars
from capgain.engine.problems import Problem, Severity
from capgain.engine.report import YearReport
from capgain.engine.results.contracts import OpenContract

CARRIED_BACK = 3
"""Years (26 USC 1212(c)(1)(A))."""

TOLERANCE = Decimal(1)
"""Dollars by which a box may differ from what the rows give."""


def contract_warnings(
    ledger: Ledger, years: Mapping[int, YearReport], still_open: Sequence[OpenContract], today: date
) -> Iterator[Problem]:
    """Contracts open in a year that is not over, and boxes of Forms 1099-B that the rows do not give."""
    if still_open and today.year in years:
        yield Problem(
            Severity.WARNING,
            ledger.sheet,
            still_open[0].row,
            "Asset",
            f"open section 1256 contracts are taxed at their value on the last business day of {today.year}; that is "
            "not in these figures.",
            "Close them, or add their prices of that day to Prices once the year is over.",
            "CONTRACTS_OPEN",
            year=today.year,
        )
    for year, report in years.items():
        yield from _boxes_compared(ledger, year, report)


def _boxes_compared(ledger: Ledger, year: int, report: YearReport) -> Iterator[Problem]:
    accounts = {} if report.form_6781 is None else report.form_6781.accounts
    for (box, account), stated in ledger.settings.boxes_1256.items():
        amount = stated.of(year)
        if amount is None or (year not in stated.years and account not in accounts):
            continue
        ours = accounts[account].by_number()[box] if account in accounts else ZERO
        if abs(amount - ours) > TOLERANCE:
            yield Problem(
                Severity.WARNING,
                "Settings",
                0,
                f"Box {box} {account}",
                f"box {box} of the 1099-B of {account} for {year} says {dollars(amount)}; the rows give "
                f"{dollars(ours)}.",
                "Find the row that is missing or wrong, or the price of a mark.",
                "BOX_1256_DIFFERS",
                year=year,
            )


def carryback_note(report: YearReport, years: Mapping[int, YearReport]) -> str:
    """What of a net section 1256 contracts loss may be carried back at the taxpayer's election; "" for no loss.

    The smaller of the net capital loss with those contracts alone and the loss carried over (26 USC 1212(c)(4)); with
    the gains of such contracts that the three years before have here.
    """
    form, schedule_d, carried = report.form_6781, report.schedule_d, report.carryover
    if form is None or schedule_d is None or carried is None or form.line_5 >= ZERO:
        return ""
    limit = schedule_d.year.loss_limit[report.status]
    alone = max(-form.line_5 - limit, ZERO)
    most = min(alone, carried.short + carried.long)
    if most <= ZERO:
        return ""
    return (
        f"You may elect (Form 6781, box D) to carry back up to {dollars(most)} to the three years before, against "
        "section 1256 gains only (26 USC 1212(c)). Not computed here." + _gains_before(report.year, years)
    )


def _gains_before(year: int, years: Mapping[int, YearReport]) -> str:
    """What the three years before gained on section 1256 contracts by this ledger, "" where none did."""
    gains = []
    for earlier in range(year - CARRIED_BACK, year):
        form = years[earlier].form_6781 if earlier in years else None
        if form is not None and form.line_7 > ZERO:
            gains.append(f"{earlier} {dollars(form.line_7)}")
    return f" Gains of those years here: {', '.join(gains)}." if gains else ""
