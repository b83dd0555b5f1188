"""What was stated or filed held against what the ledger gives: one of the two is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import assert_never

from capgain.engine.forms.printed_words import VARIOUS
from capgain.engine.ledger import Ledger, StatedGain, StatedLot
from capgain.engine.money import CENT, ZERO, dollars
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
            else f"AMT Adjustments state {dollars(stated)}, by which the minimum tax shown goes."
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
        return f"gain left out with code Q gives {dollars(amount)} for line 2h"
    if SMALL_BUSINESS in lines:
        return f"incentive stock options and gain left out with code Q give {dollars(amount)} for lines 2h, 2i and 2k"
    return f"incentive stock options give {dollars(amount)} for lines 2i and 2k"


def results_compared(ledger: Ledger, dispositions: Iterable[Disposition]) -> Iterator[Problem]:
    """Figures of rows that their writer has otherwise than the engine, by more than a cent or a day.

    A gain may be meant before or after a disallowed loss, a basis as printed or as it is. A Note on the row settles
    the difference.
    """
    if not ledger.stated_gains:
        return
    ours: defaultdict[int, list[Disposition]] = defaultdict(list)
    for disposition in dispositions:
        ours[disposition.row].append(disposition)
    noted = {entry.row for entry in ledger.transactions if entry.note}
    for stated in ledger.stated_gains:
        found = ours.get(stated.row)
        apart = _apart(stated, found, ledger.sheet) if found else None
        if apart is not None:
            yield replace(apart, blocks_filing=stated.row not in noted)


def _apart(stated: StatedGain | StatedLot, ours: Sequence[Disposition], sheet: str) -> Problem | None:
    match stated:
        case StatedGain():
            gains = sum((row.gain for row in ours), ZERO), sum((row.proceeds - row.basis for row in ours), ZERO)
            if not _differ(stated.gain, gains):
                return None
            said = f"{stated.column} says {dollars(stated.gain)}; the ledger gives {dollars(gains[0])}."
            return _different(sheet, stated.row, stated.column, said, "GAIN_DIFFERS")
        case StatedLot(basis=None):
            days = {day for row in ours for day in (row.acquired, row.held_since)}
            is_one = len({row.acquired for row in ours}) == 1 and stated.acquired in days
            if is_one or any(row.acquired_text == VARIOUS for row in ours):
                return None
            of = " and ".join(sorted({row.acquired.isoformat() for row in ours}))
            said = f"Acquired says {stated.acquired}; what was sold is of {of}."
            return _different(sheet, stated.row, "Acquired", said, "ACQUIRED_DIFFERS")
        case StatedLot():
            bases = sum((row.correct_basis for row in ours), ZERO), sum((row.basis for row in ours), ZERO)
            if stated.basis is None or not _differ(stated.basis, bases):
                return None
            said = f"Basis says {dollars(stated.basis)}; the ledger gives {dollars(bases[0])}."
            return _different(sheet, stated.row, "Basis", said, "BASIS_DIFFERS")
        case _:
            assert_never(stated)


def _different(sheet: str, row: int, column: str, message: str, code: str) -> Problem:
    remedy = "Find out which is right: another lot, a fee, a missing row. If the ledger is, say so in Note."
    return Problem(Severity.WARNING, sheet, row, column, message, remedy, code, blocks_filing=True)


def _differ(stated: Decimal, ours: Iterable[Decimal]) -> bool:
    return all(abs(stated - one) > CENT for one in ours)


def drift_from_filed(ledger: Ledger, report: YearReport) -> Iterator[Problem]:
    """A year that was filed with other amounts than the ledger gives today: one of the two is wrong."""
    year = report.year
    for name, filed, computed in filed_otherwise(ledger.settings, report):
        yield setting_warning(
            name,
            f"{name} {year} says that {dollars(filed)} was filed; the ledger gives {dollars(computed)}.",
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
