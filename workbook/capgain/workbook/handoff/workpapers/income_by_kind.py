"""The sheet `Income by Kind`: the income of the ledger by kind and payer, with the line of the return it goes to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from capgain.engine.classes import AssetClass
from capgain.engine.money import ZERO
from capgain.engine.report import YearReport
from capgain.engine.results import IncomeItem
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.form_styles import SIGN_OFF, TICK, tick_choices
from capgain.workbook.report.income import in_cents
from capgain.workbook.report.listing import list_sheet
from capgain.workbook.sheets import (
    CENTER,
    HEADING,
    MONEY,
    MUTED,
    TOTAL,
    TOTAL_LABEL,
    WRAP,
    Cell,
    Formula,
    Row,
    Sheet,
    at_top,
    link_to,
)

NAME = "Income by Kind"
HEADINGS = ("Kind", "Payer or account", "Amount", "Goes to", "Rows", "On the 1099", "Difference", "Tick mark")
WIDTHS = (30, 24, 15, 56, 8, 15, 14, 7)
OPEN_AMOUNT = SIGN_OFF.but("CapGain Open Amount", number_format=MONEY.number_format)

DIVIDENDS, INTEREST = "Dividends", "Interest"
COINS, PAY, OTHER = "Digital assets received", "Pay in stock", "Other income"
_CASH: Mapping[str, str] = {
    "Dividend": DIVIDENDS,
    "Interest": INTEREST,
    "Exempt-Interest Dividend": "Exempt-interest dividends",
    "Capital Gain Distribution": "Capital gain distributions",
}
_DESTINATION: Mapping[str, str] = {
    DIVIDENDS: "Form 1040 line 3b, Schedule B line 5; Form 8960 line 2",
    INTEREST: "Form 1040 line 2b, Schedule B line 1; Form 8960 line 1",
    "Exempt-interest dividends": "Form 1040 line 2a",
    "Capital gain distributions": "Schedule D line 13; Form 8960 line 5a",
    PAY: "Form 1040 line 1a, with Form W-2 (check that box 1 has it)",
    OTHER: "Schedule 1, line 8z, unless it is pay or a business",
}
_COINS_BY_YEAR = ((2024, "line 8v"), (2021, "line 8z"), (2019, "line 8"), (0, "line 21"))
"""From which year on which line of Schedule 1 takes digital assets received as ordinary income."""

_ORDER = (DIVIDENDS, INTEREST, "Exempt-interest dividends", "Capital gain distributions", COINS, PAY, OTHER)


@dataclass(frozen=True, slots=True)
class KindOfIncome:
    """A kind of income in a year: its total, and by account the amount and the number of rows."""

    label: str
    goes_to: str
    amount: Decimal
    by_account: Mapping[str, tuple[Decimal, int]]


def kinds_of_income(papers: Workpapers, year: YearReport) -> tuple[KindOfIncome, ...]:
    """The kinds that a year has, in the order of the return."""
    found: defaultdict[str, defaultdict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    for item in year.income:
        found[label_of(papers, item)][item.account].append(in_cents(item.amount))
    return tuple(
        KindOfIncome(
            label,
            destination(label, year.year),
            sum((amount for amounts in found[label].values() for amount in amounts), ZERO),
            {account: (sum(amounts, ZERO), len(amounts)) for account, amounts in sorted(found[label].items())},
        )
        for label in _ORDER
        if label in found
    )


def label_of(papers: Workpapers, item: IncomeItem) -> str:
    """The kind of an item: of cash by the type of its row, of units by what they are."""
    if not item.quantity:
        return _CASH.get(item.kind, OTHER)
    asset_class = papers.class_of(item.account, item.asset)
    if asset_class is not None and asset_class.is_digital:
        return COINS
    return PAY if asset_class is AssetClass.STOCK else OTHER


def destination(label: str, year: int) -> str:
    """The line of the return."""
    if label != COINS:
        return _DESTINATION[label]
    line = next(line for first, line in _COINS_BY_YEAR if year >= first)
    return f"Schedule 1, {line}, unless it is pay or a business; Form 8960 line 7 where investment income"


@dataclass(frozen=True, slots=True)
class IncomeByKind:
    """The sheet, and the row that has the amount of each kind."""

    sheet: Sheet
    rows: Mapping[str, int]


def income_by_kind(papers: Workpapers, year: YearReport, kinds: tuple[KindOfIncome, ...]) -> IncomeByKind:
    """One row for each kind and account, and the total of each kind."""
    rows: list[Row] = [tuple(Cell(heading, HEADING) for heading in HEADINGS)]
    totals: dict[str, int] = {}
    for kind in kinds:
        first = len(rows) + 1
        for account, (amount, count) in kind.by_account.items():
            rows.append(_row(kind, account, amount, count, len(rows) + 1))
        last = len(rows)
        if last > first:
            rows.append(_total(f"{kind.label}, all", kind.amount, f"=SUM(C{first}:C{last})"))
        totals[kind.label] = len(rows)
    if not kinds:
        rows.append((Cell(f"The ledger has no income in {year.year}.", MUTED),))
    else:
        whole = sum((kind.amount for kind in kinds), ZERO)
        rows += [_total("All income", whole, "=" + "+".join(f"C{row}" for row in totals.values())), ()]
        rows.append((link_to(papers.name("Income", year.year), "A1", "Row by row: sheet Income"),))
    sheet = list_sheet(
        papers,
        NAME,
        f"Income by kind {year.year}",
        rows,
        WIDTHS,
        tab="2E75B6",
        validations=(tick_choices(f"H2:H{max(len(rows), 2)}"),),
    )
    return IncomeByKind(sheet, totals)


def with_differences(sheet: Sheet) -> Sheet:
    """The sheet with what was entered from the brokers' forms subtracted."""
    rows: list[Row] = []
    for row in sheet.rows:
        cells = list(row)
        entered, amount, difference = (cells[place] if place < len(cells) else None for place in (5, 2, 6))
        if entered is not None and amount is not None and difference is not None:
            typed, known = entered.content, amount.content
            is_number = isinstance(typed, int | float | Decimal) and not isinstance(typed, bool)
            if is_number and isinstance(known, Decimal) and isinstance(difference.content, Formula):
                off = in_cents(Decimal(str(typed)) - known)
                cells[6] = Cell(difference.content._replace(expected=off), difference.style)
        rows.append(cells)
    return replace(sheet, rows=rows)


def _row(kind: KindOfIncome, account: str, amount: Decimal, count: int, number: int) -> Row:
    difference = f"=IF(ISNUMBER(F{number}),ROUND(F{number}-C{number},2),0)"
    return tuple(
        cell and Cell(cell.content, at_top(cell.style))
        for cell in (
            Cell(kind.label),
            Cell(account or "no account named"),
            Cell(amount, MONEY),
            Cell(kind.goes_to, WRAP),
            Cell(count, CENTER),
            Cell(None, OPEN_AMOUNT),
            Cell(Formula(difference, ZERO), MONEY),
            Cell(None, TICK),
        )
    )


def _total(label: str, amount: Decimal, formula: str) -> Row:
    return (
        Cell(label, TOTAL_LABEL),
        Cell(None, TOTAL_LABEL),
        Cell(Formula(formula, amount), TOTAL),
        Cell(None, TOTAL_LABEL),
        Cell(None, TOTAL_LABEL),
    )
