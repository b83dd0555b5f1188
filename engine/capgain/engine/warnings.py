"""What a report assumes, or what keeps it from being filed although every row could be booked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from capgain.engine.classes import WashScope
from capgain.engine.ledger import Ledger
from capgain.engine.problems import Problem, Severity
from capgain.engine.replay.wash_matches import WashMatches
from capgain.engine.years import has_tax_year

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
            setting_warning(
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
        yield setting_warning(
            name,
            f"{name} has no year and {where}, the first with data; the year shown is {meant}.",
            f"Write {name} {meant}, or set Tax Year to the year that the figure belongs to.",
            "SETTING_WITHOUT_YEAR",
            blocks_filing=True,
        )


def setting_warning(
    setting: str, message: str, remedy: str, code: str, *, blocks_filing: bool = False, year: int | None = None
) -> Problem:
    """A warning that a row of sheet Settings settles."""
    return Problem(Severity.WARNING, SETTINGS, 0, setting, message, remedy, code, blocks_filing, year)
