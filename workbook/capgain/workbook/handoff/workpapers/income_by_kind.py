"""The sheet `Income by Kind`: the income of the ledger by kind and payer, with the line of the return it goes to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from capgain.engine.classes import AssetClass, IncomeKind
from capgain.engine.income_lines import form_line
from capgain.engine.money import ZERO, to_the_cent
from capgain.engine.report import YearReport
from capgain.engine.results.income import IncomeItem
from capgain.engine.transactions import Buy
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.form_styles import SIGN_OFF, TICK, tick_choices
from capgain.workbook.report.income import NO_LINE
from capgain.workbook.report.listing import list_sheet
from capgain.workbook.sheets import (
    CENTER,
    HEADING,
    MONEY,
    MUTED,
    TOTAL,
    TOTAL_LABEL,
    WRAP_BESIDE,
    Cell,
    Formula,
    Row,
    Sheet,
    at_top,
    link_to,
)

NAME = "Income by Kind"
HEADINGS = ("Kind", "Payer or account", "Amount", "Goes to", "Rows", "On the 1099", "Difference", "Tick mark")
WIDTHS = (28, 22, 15, 56, 7, 15, 14, 6)
OPEN_AMOUNT = SIGN_OFF.but("CapGain Open Amount", number_format=MONEY.number_format)

COINS, PAY, BUSINESS, OTHER = (
    "Digital assets received",
    "Pay in stock",
    "Business income in kind",
    "Other income",
)
_LABELS: Mapping[IncomeKind, str] = {
    IncomeKind.DIVIDEND: "Dividends",
    IncomeKind.QUALIFIED_DIVIDEND: "Qualified dividends",
    IncomeKind.INTEREST: "Interest",
    IncomeKind.ACCRUED_MARKET_DISCOUNT: "Accrued market discount",
    IncomeKind.EXEMPT_INTEREST_DIVIDEND: "Exempt-interest dividends",
    IncomeKind.CAPITAL_GAIN_DISTRIBUTION: "Capital gain distributions",
    IncomeKind.WAGE: PAY,
    IncomeKind.VEST: PAY,
}
_BESIDE: Mapping[str, str] = {
    "Dividends": "Form 1040 line 3b; Form 8960 line 2",
    "Qualified dividends": "Schedule B line 5 and Form 1040 line 3b too; Form 8960 line 2",
    "Interest": "Form 1040 line 2b; Form 8960 line 1",
    "Capital gain distributions": "Form 8960 line 5a",
    PAY: "in box 1 of Form W-2: check it",
    COINS: "unless it is pay or a business",
    OTHER: "unless it is pay or a business",
    BUSINESS: "Schedule SE",
}
"""What else takes the income, or keeps it off the line."""

_ORDER = (*dict.fromkeys(_LABELS.values()), COINS, BUSINESS, OTHER)


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
    lines: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for item in year.income:
        label = label_of(papers, item)
        found[label][item.account].append(to_the_cent(item.amount))
        lines[label][item.form_line or NO_LINE] = None
    for entry in _bought_as_pay(papers, year):
        assert entry.compensation is not None
        found[PAY][entry.account].append(to_the_cent(entry.compensation))
        lines[PAY][form_line(IncomeKind.VEST, year.year, is_digital=False) or NO_LINE] = None
    return tuple(
        KindOfIncome(
            label,
            _destination(label, tuple(lines[label])),
            sum((amount for amounts in found[label].values() for amount in amounts), ZERO),
            {account: (sum(amounts, ZERO), len(amounts)) for account, amounts in sorted(found[label].items())},
        )
        for label in _ORDER
        if label in found
    )


def _bought_as_pay(papers: Workpapers, year: YearReport) -> Iterator[Buy]:
    """Purchases of the year of which a part was taxed as pay: column Compensation."""
    off_return = papers.report.ledger.off_the_return(year.status)
    for entry in papers.transactions.values():
        if not isinstance(entry, Buy) or entry.at.year != year.year or entry.account in off_return:
            continue
        if entry.compensation:
            yield entry


def label_of(papers: Workpapers, item: IncomeItem) -> str:
    """The kind of an item in the words of a preparer; stock received without a kind is pay."""
    if item.kind.is_business:
        return BUSINESS
    if item.kind in _LABELS:
        return _LABELS[item.kind]
    if item.is_digital:
        return COINS
    is_stock = bool(item.quantity) and papers.class_of(item.account, item.asset) is AssetClass.STOCK
    return PAY if is_stock and item.kind is IncomeKind.UNSTATED else OTHER


def _destination(label: str, lines: Sequence[str]) -> str:
    """The lines of the return, and what else takes the income."""
    beside = _BESIDE.get(label)
    return f"{', '.join(lines)}; {beside}" if beside else ", ".join(lines)


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
                off = to_the_cent(Decimal(str(typed)) - known)
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
            Cell(kind.goes_to, WRAP_BESIDE),
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
