"""What a report assumes, or what keeps it from being filed although every row could be booked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from capgain.engine.classes import WashScope
from capgain.engine.ledger import ByYear, Ledger, Settings
from capgain.engine.money import EXACT, ZERO
from capgain.engine.problems import Problem, Severity
from capgain.engine.replay.wash_matches import WashMatches
from capgain.engine.report import YearReport
from capgain.engine.results.dispositions import Disposition, Kind
from capgain.engine.results.minimum_tax import MinimumTaxItem
from capgain.engine.transactions import QOFDeferral
from capgain.engine.years import Basis, has_tax_year, tax_year, tax_years

SETTINGS = "Settings"
CENT = Decimal("0.01")
SELF_EMPLOYMENT_RATE = Decimal("0.153") * Decimal("0.9235")
"""26 USC 1401(a), (b), on net earnings by 1402(a)(12); the ceiling of social security is left out."""


def settings_warnings(ledger: Ledger) -> tuple[Problem, ...]:
    """Settings that depart from the law or were left open."""
    settings = ledger.settings
    found = []
    if settings.wash_sales is not WashScope.SECURITIES:
        what = {
            WashScope.ALL: "wash-sale rules are applied to all assets, digital assets too",
            WashScope.OFF: "wash-sale rules are not applied",
        }[settings.wash_sales]
        found.append(
            _warning(
                "Wash Sales",
                f"{what}; the law applies them to stock and securities (26 USC 1091).",
                "Set Wash Sales to securities before filing.",
                "WASH_SALES_SETTING",
                blocks_filing=True,
            )
        )
    return tuple(found)


def unreadable_rows_note(reading: Iterable[Problem], booking: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems of booking, with a hint where rows that could not be read may be their cause."""
    if not any(problem.is_error for problem in reading):
        return tuple(booking)
    hint = "This may follow from rows that could not be read."
    return tuple(
        replace(problem, message=f"{problem.message} {hint}")
        if problem.code in ("INSUFFICIENT_QUANTITY", "UNKNOWN_LOT")
        else problem
        for problem in booking
    )


def wash_sales_to_review(ledger: Ledger, wash_sales: WashMatches) -> Iterator[Problem]:
    """Losses disallowed for shares bought before those sold: the statute's words, which some read otherwise (A-3)."""
    found: dict[int, set[int]] = {}
    for sold, row in wash_sales.bought_before():
        found.setdefault(sold.year, set()).add(row)
    for year, rows in found.items():
        others = f" So it is in {len(rows) - 1} further rows of {year}." if len(rows) > 1 else ""
        yield Problem(
            Severity.WARNING,
            ledger.sheet,
            min(rows),
            "Lot",
            "the loss is disallowed for shares that were bought before those sold, as 26 USC 1091(a) reads; whether it "
            f"means them is not settled.{others}",
            "Review the matches on the sheet Wash Sales with your adviser; nothing is to be corrected if you "
            "follow the statute's words.",
            code="WASH_SALE_TO_REVIEW",
            year=year,
        )


def iso_items_stated(ledger: Ledger, items: Iterable[MinimumTaxItem]) -> Iterator[Problem]:
    """Lines 2i and 2k of Form 6251 that the ledger gives, against what Settings state as AMT Adjustments."""
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
            f"incentive stock options give {amount:,.2f} for lines 2i and 2k of Form 6251 in {year}: {said}",
            f"Set AMT Adjustments {year} = {amount}, with any other adjustments added.",
            "ISO_ADJUSTMENT",
            blocks_filing=stated is not None,
            year=year,
        )


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


def figures_of_no_year(ledger: Ledger, shown: int | None) -> Iterator[Problem]:
    """Figures of a return stated without their year, where rows fall in several: which one is meant is not known."""
    with_data = sorted(filter(has_tax_year, ledger.years))
    first = ledger.first_year_with_data
    if len(with_data) < 2 or first is None:
        return
    for name, amount in ledger.settings.figures_without_year():
        if not amount:
            continue
        where = f"enters {first}" if name.startswith("Carryover") else f"is taken for every year from {first} on"
        meant = shown or with_data[-1]
        yield _warning(
            name,
            f"{name} has no year and {where}, the first with data; the year shown is {meant}.",
            f"Write {name} {meant}, or set Tax Year to the year that the figure belongs to.",
            "SETTING_WITHOUT_YEAR",
            blocks_filing=True,
        )


def year_warnings(
    ledger: Ledger, report: YearReport, *, is_asked: bool, bears_on_it: bool, today: date
) -> tuple[Problem, ...]:
    """What one year's report rests on. That it is over and has data is asked of the year `is_asked` alone.

    `bears_on_it`: what is assumed of this year may be carried into the year that is asked for, or this is that year.
    """
    year = report.year
    if report.schedule_d is None:
        if not report.dispositions and not is_asked:
            return ()
        return (
            _warning(
                "Tax Year",
                f"there is no data for tax year {year}: its dispositions are listed, its forms and carryover are not.",
                f"Forms are there from {tax_years()[0]} on.",
                "YEAR_WITHOUT_DATA",
                blocks_filing=is_asked,
                year=year,
            ),
        )
    found = list(_drift_from_filed(ledger, report))
    if is_asked and today <= date(year, 12, 31):
        found.append(
            _warning(
                "Tax Year",
                f"{year} is not over: what is bought, sold and paid out until {year}-12-31 belongs on its return too.",
                "Compute again after the year's end, or set Tax Year to the year to be filed.",
                "YEAR_NOT_OVER",
                blocks_filing=True,
                year=year,
            )
        )
    if ledger.settings.filing_status.of(year) is None and report.schedule_d.line_16 < ZERO:
        found.append(
            _warning(
                "Filing Status",
                f"no filing status is set: single is assumed for the loss limit of {year}.",
                "Set Filing Status to single, mfj, mfs, hoh or qss.",
                "STATUS_ASSUMED",
                blocks_filing=bears_on_it,
                year=year,
            )
        )
    found.extend(_self_employment(ledger, report))
    found.extend(_opportunity_funds(ledger, report, is_asked=is_asked))
    if report.carryover_worksheet is not None and report.carryover_worksheet.assumes_enough_income:
        found.append(
            _warning(
                "Taxable Income",
                f"the taxable income of {year} is not known: it is taken to be enough to use the whole deduction of "
                f"{-report.schedule_d.line_21:,.0f} dollars.",
                f"Set 'Taxable Income {year}' to Form 1040 line {tax_year(year).form_1040.taxable_income}, negative if "
                "deductions exceeded income.",
                "INCOME_ASSUMED",
                year=year,
            )
        )
    found.extend(
        _warning(
            "Schedule D 18",
            sentence,
            f"Set 'Schedule D 18 {year}' to the whole line.",
            "LINE_TO_STATE",
            blocks_filing=True,
            year=year,
        )
        for sentence in report.schedule_d.to_state()
    )
    data = tax_year(year)
    if data.basis is Basis.LAW and (report.has_results or is_asked):
        found.append(
            _warning(
                "Tax Year",
                data.provisional,
                "Compute again with a version of CapGain that has the forms of the year before filing.",
                "YEAR_BY_LAW",
                blocks_filing=is_asked,
                year=year,
            )
        )
    elif report.has_results and data.is_provisional:
        found.append(
            _warning(
                "Tax Year",
                f"the forms of {year} are not final yet: they are filled in as drafted.",
                "Compute again with a later version before filing.",
                "YEAR_PROVISIONAL",
                year=year,
            )
        )
    return tuple(found)


def _self_employment(ledger: Ledger, report: YearReport) -> Iterator[Problem]:
    """What income of a business brings besides income tax (26 USC 1401, 1402(a)(12)); no tax of it is computed."""
    items = [item for item in report.income if item.kind.is_business]
    if not items:
        return
    earned = sum((item.amount for item in items), ZERO)
    tax = EXACT.multiply(earned, SELF_EMPLOYMENT_RATE)
    yield Problem(
        Severity.WARNING,
        ledger.sheet,
        items[0].row,
        "Kind",
        f"{earned:,.2f} of {report.year} are income of a business: Schedule C and Schedule SE, about {tax:,.2f} of "
        "self-employment tax before expenses (15.3% of 92.35%), which is not in any tax shown here.",
        "Enter the expenses on Schedule C outside this workbook.",
        "SELF_EMPLOYMENT",
        year=report.year,
    )


def _opportunity_funds(ledger: Ledger, report: YearReport, *, is_asked: bool) -> Iterator[Problem]:
    """What is taken for granted of funds at the end of 2026, and the form that every year of an investment asks for."""
    if not ledger.has(QOFDeferral):
        return
    for row in report.dispositions:
        if row.kind is Kind.QOF_INCLUSION and row.row == row.lot_row and row.asset not in ledger.settings.qof_values:
            yield Problem(
                Severity.WARNING,
                ledger.sheet,
                row.row,
                "Amount",
                f"what the investment in {row.asset} was worth on {row.sold} is not stated: it is taken not to be "
                "below the gain deferred (26 USC 1400Z-2(b)(2)(A)).",
                f"Set QOF Value {row.asset} to its fair market value that day.",
                "QOF_VALUE",
                blocks_filing=True,
                year=report.year,
            )
    held = [
        entry
        for entry in ledger.transactions
        if isinstance(entry, QOFDeferral) and entry.at.year <= report.year and is_asked
    ]
    if held:
        funds = ", ".join(dict.fromkeys(entry.asset for entry in held))
        yield Problem(
            Severity.WARNING,
            ledger.sheet,
            held[0].row,
            "Asset",
            f"Form 8997 belongs to the return of {report.year} if an investment in {funds} was held in it.",
            "Fill in Form 8997 outside this workbook.",
            "FORM_8997",
            year=report.year,
        )


def _drift_from_filed(ledger: Ledger, report: YearReport) -> Iterator[Problem]:
    """A year that was filed with other amounts than the ledger gives today: one of the two is wrong."""
    year = report.year
    for name, filed, computed in filed_otherwise(ledger.settings, report):
        yield _warning(
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


def _warning(
    setting: str, message: str, remedy: str, code: str, *, blocks_filing: bool = False, year: int | None = None
) -> Problem:
    return Problem(Severity.WARNING, SETTINGS, 0, setting, message, remedy, code, blocks_filing, year)
