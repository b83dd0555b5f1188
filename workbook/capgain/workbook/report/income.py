"""The sheet `Income`: rewards, dividends and interest of a year, each from its ledger row."""

from __future__ import annotations

from decimal import Decimal

from capgain.engine.money import CENT, EXACT, ZERO
from capgain.engine.report import YearReport
from capgain.engine.results import IncomeItem
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.listing import Column, Listing, listing
from capgain.workbook.sheets import DATE, MONEY, Cell, Row, quantity_cell

COLUMNS = (
    Column("Ledger row", 8),
    Column("Date", 12),
    Column("Kind", 26),
    Column("Asset", 12),
    Column("Account", 18),
    Column("Quantity", 18, "Units received; blank for cash"),
    Column("Amount", 15, "Dollars, at fair market value when received"),
)


def income(papers: Workpapers, year: YearReport) -> Listing:
    """What a year's ledger rows brought in besides gains."""
    total = sum((in_cents(item.amount) for item in year.income), ZERO)
    return listing(
        papers,
        papers.name("Income", year.year),
        f"Income {year.year}",
        COLUMNS,
        [_row(papers, item) for item in year.income],
        {"Amount": total},
        empty=f"No income rows in {year.year}.",
        tab="2E75B6",
        numbers_as_text="Quantity",
    )


def _row(papers: Workpapers, item: IncomeItem) -> Row:
    return (
        papers.ledger_link(item.row),
        Cell(item.day, DATE),
        Cell(item.kind),
        Cell(item.asset),
        Cell(item.account),
        quantity_cell(item.quantity) if item.quantity else None,
        Cell(in_cents(item.amount), MONEY),
    )


def in_cents(amount: Decimal) -> Decimal:
    """An amount of dollars rounded to the cent, half up."""
    return amount.quantize(CENT, rounding=EXACT.rounding, context=EXACT)
