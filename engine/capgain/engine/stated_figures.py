"""What was stated or filed held against what the ledger gives: one of the two is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from capgain.engine.ledger import Ledger
from capgain.engine.money import CENT, ZERO
from capgain.engine.problems import Problem, Severity
from capgain.engine.report import YearReport
from capgain.engine.results.dispositions import Disposition
from capgain.engine.results.minimum_tax import SMALL_BUSINESS, MinimumTaxItem
from capgain.engine.settings import ByYear, Settings
from capgain.engine.warnings import setting_warning


def iso_items_stated(ledger: Ledger, items: Iterable[MinimumTaxItem]) -> Iterator[Problem]:
    """Lines 2h, 2i and 2k of Form 6251 that the ledger gives, against what Settings state as AMT Adjustments."""
    by_year: dict[int, list[MinimumTaxItem]] = {}
    for item in items:
        by_year.setdefault(item.year, []).append(item)
    for year, of_year in sorted(by_year.items()):
        amount = sum((item.amount for item in of_year), ZERO)
        stated = ledger.settings.amt_adjustments.of(year)
        if stated == amount:
            continue
        said = (
            "the minimum tax shown counts them, and no other adjustment."
            if stated is None
            else f"AMT Adjustments state {stated:,.2f}, by which the minimum tax shown goes."
        )
        yield Problem(
            Severity.WARNING,
            ledger.sheet,
            of_year[0].row,
            "Amount",
            f"{_given(of_year, amount)} of Form 6251 in {year}: {said}",
            f"Set AMT Adjustments {year} = {amount}, with any other adjustments added.",
            "ISO_ADJUSTMENT",
            blocks_filing=stated is not None,
            year=year,
        )


def _given(items: Iterable[MinimumTaxItem], amount: Decimal) -> str:
    lines = {item.line for item in items}
    if lines == {SMALL_BUSINESS}:
        return f"gain left out with code Q gives {amount:,.2f} for line 2h"
    if SMALL_BUSINESS in lines:
        return f"incentive stock options and gain left out with code Q give {amount:,.2f} for lines 2h, 2i and 2k"
    return f"incentive stock options give {amount:,.2f} for lines 2i and 2k"


def gains_compared(ledger: Ledger, dispositions: Iterable[Disposition]) -> Iterator[Problem]:
    """Gains that the ledger's writer worked out otherwise than the engine, by more than a cent.

    A figure may be meant before or after a disallowed loss. A Note on the row settles the difference.
    """
    if not ledger.stated_gains:
        return
    ours: dict[int, list[Decimal]] = {}
    for row in dispositions:
        sums = ours.setdefault(row.row, [ZERO, ZERO])
        sums[0], sums[1] = sums[0] + row.gain, sums[1] + row.proceeds - row.basis
    noted = {entry.row for entry in ledger.transactions if entry.note}
    for stated in ledger.stated_gains:
        found = ours.get(stated.row)
        if found is not None and all(abs(stated.gain - one) > CENT for one in found):
            yield Problem(
                Severity.WARNING,
                ledger.sheet,
                stated.row,
                stated.column,
                f"{stated.column} says {stated.gain:,.2f}; the ledger gives {found[0]:,.2f}.",
                "Find out which is right: another lot, a fee, a missing row. If the ledger is, say so in Note.",
                "GAIN_DIFFERS",
                blocks_filing=stated.row not in noted,
            )


def drift_from_filed(ledger: Ledger, report: YearReport) -> Iterator[Problem]:
    """A year that was filed with other amounts than the ledger gives today: one of the two is wrong."""
    year = report.year
    for name, filed, computed in filed_otherwise(ledger.settings, report):
        yield setting_warning(
            name,
            f"{name} {year} says that {filed:,.2f} was filed; the ledger gives {computed:,.2f}.",
            "Correct the setting or the ledger. If the return was wrong, amend it and enter the amended amount.",
            "FILED_OTHERWISE",
            blocks_filing=True,
            year=year,
        )


def filed_otherwise(settings: Settings, report: YearReport) -> Iterator[tuple[str, Decimal, Decimal]]:
    """The settings `Filed ...` of a year whose amount the ledger does not give: name, filed, computed, in dollars."""
    amounts: list[tuple[str, ByYear[Decimal | None], Decimal]] = []
    if report.schedule_d is not None:
        amounts += [
            ("Filed Short", settings.filed_short, report.schedule_d.line_7),
            ("Filed Long", settings.filed_long, report.schedule_d.line_15),
        ]
    if report.carryover is not None:
        amounts += [
            ("Filed Carryover Short", settings.filed_carryover_short, report.carryover.short),
            ("Filed Carryover Long", settings.filed_carryover_long, report.carryover.long),
        ]
    for name, stated, computed in amounts:
        filed = stated.years.get(report.year)
        if filed is not None and filed != computed:
            yield name, filed, computed
