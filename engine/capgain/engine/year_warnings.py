"""What one year's report rests on, and what keeps it from being filed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from capgain.engine.ledger import Ledger
from capgain.engine.money import EXACT, ZERO, dollars
from capgain.engine.problems import Problem, Severity
from capgain.engine.report import YearReport
from capgain.engine.results.dispositions import Kind
from capgain.engine.stated_figures import drift_from_filed
from capgain.engine.transactions import QOFDeferral
from capgain.engine.warnings import setting_warning
from capgain.engine.years import Basis, tax_year, tax_years

SELF_EMPLOYMENT_RATE = Decimal("0.153") * Decimal("0.9235")
"""26 USC 1401(a), (b), on net earnings by 1402(a)(12); the ceiling of social security is left out."""


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
            setting_warning(
                "Tax Year",
                f"there is no data for tax year {year}: its dispositions are listed, its forms and carryover are not.",
                f"Set Tax Year to {tax_years()[0]} or a later year; forms are there from then on.",
                "YEAR_WITHOUT_DATA",
                blocks_filing=is_asked,
                year=year,
            ),
        )
    found = list(drift_from_filed(ledger, report))
    if is_asked and today <= date(year, 12, 31):
        found.append(
            setting_warning(
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
            setting_warning(
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
            setting_warning(
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
        setting_warning(
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
            setting_warning(
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
            setting_warning(
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
        f"{dollars(earned)} of {report.year} are income of a business: Schedule C and Schedule SE, about "
        f"{dollars(tax)} of self-employment tax before expenses (15.3% of 92.35%), which is not in any tax shown here.",
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
