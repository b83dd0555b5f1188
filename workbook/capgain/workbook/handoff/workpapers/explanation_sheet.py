"""The sheet `Statements`: what the return has to explain in words, as the statements in PDF have it."""

from __future__ import annotations

from collections.abc import Sequence

from capgain.workbook.handoff.explanations import Explanation
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.listing import Column, Listing, listing
from capgain.workbook.sheets import DATE, MONEY, WRAP_BESIDE, Cell, Row

NAME = "Statements"
COLUMNS = (
    Column("Asset", 12),
    Column("Sold", 12),
    Column("Account", 16),
    Column("On the 1099", 15, "The wash sale loss or basis on the form; blank where it has none"),
    Column("On Form 8949", 15),
    Column("Why", 84),
    Column("Ledger row", 8),
)


def explanation_sheet(papers: Workpapers, found: Sequence[Explanation], year: int) -> Listing | None:
    """None where nothing has to be explained."""
    if not found:
        return None
    return listing(
        papers,
        NAME,
        f"Statements to attach {year}",
        COLUMNS,
        [_row(papers, one) for one in found],
        {},
        empty="",
        tab="2E75B6",
        fits_text=True,
    )


def _row(papers: Workpapers, one: Explanation) -> Row:
    return (
        Cell(one.asset),
        Cell(one.sold, DATE),
        Cell(one.account),
        Cell(one.on_the_1099, MONEY) if one.on_the_1099 is not None else None,
        Cell(one.on_form_8949, MONEY),
        Cell(one.why, WRAP_BESIDE),
        papers.ledger_link(one.row),
    )
