"""The sheet `Wash Sales`: every match of a loss with its replacement (26 USC 1091), as the engine made it."""

from __future__ import annotations

from array import array

from capgain.engine.classes import FilingStatus, Owner
from capgain.engine.money import ZERO, to_the_cent
from capgain.engine.report import YearReport
from capgain.engine.results.wash_sales import WashSale
from capgain.engine.units import quantity_of
from capgain.workbook.long_rows import Stretch
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.listing import FIRST_ROW, Column, Listing, listing
from capgain.workbook.sheets import CENTER, DATE, MONEY, Cell, Row, quantity_cell, shared_cell

COLUMNS = (
    Column("Loss row", 8, "Row of the sale at a loss on sheet Ledger"),
    Column("Its lot row", 8, "Row on sheet Ledger that acquired the units sold"),
    Column("Asset", 12),
    Column("Loss account", 16),
    Column("Sold", 12),
    Column("Replacement row", 12, "Row on sheet Ledger of the purchase within 30 days"),
    Column("Replacement", 12, "The asset bought: the same one, or one declared identical in Settings"),
    Column("Replacement account", 16),
    Column("Bought", 12),
    Column("Shares", 14, "Shares sold that the purchase replaces"),
    Column("Disallowed", 14, "Loss not allowed now: column (g), code W"),
    Column("New basis", 14, "Basis of the replacement shares with the disallowed loss in it"),
    Column("Held since", 12, "The replacement's holding period begins here"),
    Column("Permanent", 11, "yes: the replacement is in an IRA and the loss is gone for good (Rev. Rul. 2008-5)"),
)


def wash_sales(papers: Workpapers, year: YearReport) -> Listing:
    """The matches whose loss falls in the year."""
    found = papers.report.wash_sales
    total, places = ZERO, array("L")
    for place, match in enumerate(found):
        if _on_return(papers, match, year):
            total += to_the_cent(match.disallowed)
            places.append(place)
    return listing(
        papers,
        papers.name("Wash Sales", year.year),
        f"Wash sales {year.year}",
        COLUMNS,
        Stretch(places, lambda place, number: _row(papers, found[place]), FIRST_ROW, range(len(COLUMNS))),
        {"Disallowed": total},
        empty=f"No wash sales in {year.year}.",
        tab="2E75B6",
        numbers_as_text="Shares",
    )


def _on_return(papers: Workpapers, match: WashSale, year: YearReport) -> bool:
    """Whether the loss is one of this return's year; married filing separately, a spouse's loss is not."""
    if match.sold.year != year.year:
        return False
    account = papers.report.ledger.accounts.get(match.loss_account)
    return year.status is not FilingStatus.MFS or account is None or account.owner is not Owner.SPOUSE


def _row(papers: Workpapers, match: WashSale) -> Row:
    return (
        papers.ledger_link(match.loss_row),
        papers.ledger_link(match.loss_lot_row) or shared_cell("none", CENTER),
        shared_cell(match.asset),
        shared_cell(match.loss_account),
        shared_cell(match.sold, DATE),
        papers.ledger_link(match.replacement_row),
        shared_cell(match.replacement_asset),
        shared_cell(match.replacement_account),
        shared_cell(match.acquired, DATE),
        quantity_cell(quantity_of(match.units)),
        Cell(to_the_cent(match.disallowed), MONEY),
        Cell(to_the_cent(match.new_basis), MONEY),
        shared_cell(match.held_since, DATE),
        shared_cell("yes" if match.permanent else "no", CENTER),
    )
