"""The sheet `Accounts Abroad`: what accounts outside the United States were worth, and what may have to be reported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from capgain.engine.classes import FilingStatus
from capgain.engine.money import ZERO, dollars
from capgain.engine.planning.accounts_abroad import (
    FBAR_ABOVE,
    AccountAbroad,
    Holdings,
    ValueOnDay,
    accounts_abroad,
    form_8938_limits,
)
from capgain.engine.report import YearReport
from capgain.workbook.balances import implied_balances
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.listing import Column, Listing, listing
from capgain.workbook.sheets import DATE, MONEY, MUTED, SUBTITLE, WRAP, Cell, Row

NAME = "Accounts Abroad"
NO_PRICE = "no price"
COLUMNS = (
    Column("Account", 20),
    Column("Kind", 12),
    Column("Country", 18),
    Column("Year end", 16, "Units on December 31 at a price of the last seven days; cash is in no ledger"),
    Column("Highest quarter end", 16),
    Column("On", 12, "The quarter's end with the highest value"),
    Column("No price of", 26, "Held at the end of a quarter without a price of its last seven days on sheet Prices"),
    Column("Counts for FBAR", 32),
)


def abroad(papers: Workpapers, year: int) -> tuple[AccountAbroad, ...]:
    """The accounts outside the United States, with the units that the ledger's rows add up to."""
    ledger = papers.report.ledger

    def held_on(day: date) -> Holdings:
        return {(account, asset): units for account, asset, units in implied_balances(ledger, day).values()}

    return accounts_abroad(ledger, year, held_on, papers.class_of)


def accounts_abroad_sheet(papers: Workpapers, year: YearReport, found: Sequence[AccountAbroad]) -> Listing | None:
    """None where sheet Accounts names no account outside the United States."""
    if not found:
        return None
    highest = sum((one.highest.value for one in found), ZERO)
    return listing(
        papers,
        NAME,
        f"Accounts outside the United States {year.year}",
        COLUMNS,
        [_row(one) for one in found],
        {"Year end": sum((one.year_end.value for one in found), ZERO), "Highest quarter end": highest},
        empty="",
        tab="2E75B6",
        fits_text=True,
        below=[(), (Cell("What may have to be reported", SUBTITLE),), *_hints(year.status, found)],
    )


def _row(one: AccountAbroad) -> Row:
    return (
        Cell(one.account.name),
        Cell("" if one.account.kind is None else one.account.kind.value),
        Cell(one.account.country or "abroad"),
        _value(one.year_end),
        _value(one.highest) if not one.unpriced or one.highest.value else Cell(NO_PRICE, MUTED),
        Cell(one.highest.day, DATE),
        Cell(", ".join(one.unpriced), WRAP),
        Cell("no: virtual currency alone (FinCEN Notice 2020-2)" if one.is_virtual else "yes", WRAP),
    )


def _value(one: ValueOnDay) -> Cell:
    return Cell(NO_PRICE, MUTED) if one.unpriced and not one.value else Cell(one.value, MONEY)


def _hints(status: FilingStatus, found: Sequence[AccountAbroad]) -> list[Row]:
    """A sentence for each report, with its limit and what it is held against."""
    counted = [one for one in found if not one.is_virtual]
    fbar = sum((one.highest.value for one in counted), ZERO)
    year_end = sum((one.year_end.value for one in found), ZERO)
    highest = sum((one.highest.value for one in found), ZERO)
    end_limit, any_limit = form_8938_limits(status, lives_abroad=False)
    far_end, far_any = form_8938_limits(status, lives_abroad=True)
    sentences = [
        f"FBAR (FinCEN 114): {_against(fbar, FBAR_ABOVE)} for all accounts that count, at their highest quarter ends.",
        f"Form 8938, living in the United States: {_against(year_end, end_limit)} at the year's end, "
        f"{_against(highest, any_limit)} at any time, by quarter ends.",
        f"Form 8938, living abroad: {_against(year_end, far_end)} at the year's end, {_against(highest, far_any)} at "
        "any time, by quarter ends.",
        "Cash, and what was held between the quarters' ends, is not in these amounts: ask for the highest balance of "
        "each account (question Q-FBAR).",
    ]
    if any(one.unpriced for one in found):
        sentences.append("Assets without a price count as nothing here: enter their prices on sheet Prices.")
    return [(Cell(sentence),) for sentence in sentences]


def _against(amount: Decimal, limit: Decimal) -> str:
    return f"{dollars(amount)} is {'over' if amount > limit else 'not over'} {limit:,}"
