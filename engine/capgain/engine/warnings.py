"""What a report assumes, or what keeps it from being filed although every row could be booked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from capgain.engine.classes import WashScope
from capgain.engine.ledger import ByYear, Ledger, Settings
from capgain.engine.money import ZERO
from capgain.engine.problems import Problem, Severity
from capgain.engine.report import YearReport
from capgain.engine.results import Disposition, WashSale
from capgain.engine.years import tax_year, tax_years

SETTINGS = "Settings"


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


def wash_sales_to_review(
    ledger: Ledger, dispositions: Iterable[Disposition], wash_sales: Iterable[WashSale]
) -> Iterator[Problem]:
    """Losses disallowed for shares bought before those sold: the statute's words, which some read otherwise (A-3)."""
    acquired = {(row.row, row.lot_row): row.acquired for row in dispositions if row.wash_cents}
    found: dict[int, set[int]] = {}
    for match in wash_sales:
        if match.acquired < acquired.get((match.loss_row, match.loss_lot_row), match.acquired):
            found.setdefault(match.sold.year, set()).add(match.loss_row)
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


def year_warnings(ledger: Ledger, report: YearReport, *, is_asked: bool) -> tuple[Problem, ...]:
    """What one year's report rests on; a year without data and without rows is only told of where it was asked for."""
    year = report.year
    if report.schedule_d is None:
        if not report.dispositions and not is_asked:
            return ()
        known = tax_years()
        return (
            _warning(
                "Tax Year",
                f"there is no data for tax year {year}: its dispositions are listed, its forms and carryover are not.",
                f"Forms are there for {known[0]} to {known[-1]}.",
                "YEAR_WITHOUT_DATA",
                year=year,
            ),
        )
    found = list(_drift_from_filed(ledger, report))
    if ledger.settings.filing_status.of(year) is None and report.schedule_d.line_16 < ZERO:
        found.append(
            _warning(
                "Filing Status",
                f"no filing status is set: single is assumed for the loss limit of {year}.",
                "Set Filing Status to single, mfj, mfs, hoh or qss.",
                "STATUS_ASSUMED",
                year=year,
            )
        )
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
    if report.dispositions and tax_year(year).provisional:
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
