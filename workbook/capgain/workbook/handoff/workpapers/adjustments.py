"""The sheet `Adjustments`: every row of Form 8949 with a code, and why it is there."""

from __future__ import annotations

from capgain.engine.explain_adjustments import WashSales, adjustment_sentences
from capgain.engine.money import ZERO, from_cents
from capgain.engine.report import YearReport
from capgain.engine.results.dispositions import Disposition
from capgain.workbook.long_rows import Stretch
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.listing import FIRST_ROW, Column, Listing, listing
from capgain.workbook.sheets import CENTER, DATE, MONEY, WRAP, Cell, Row

COLUMNS = (
    Column("Sale row", 8, "Row of the sale on sheet Ledger"),
    Column("Lot row", 8, "Row on sheet Ledger that first acquired the units"),
    Column("Asset", 12),
    Column("Account", 16),
    Column("Sold", 11),
    Column("Box", 6),
    Column("Code (f)", 8),
    Column("Adjustment (g)", 14),
    Column("Of which wash sale", 14),
    Column("Stated in the ledger", 14, "Column Adjustment of the ledger row; the rest is worked out"),
    Column("Why", 80),
)


def adjustments(papers: Workpapers, year: YearReport) -> Listing:
    """The rows of a year that carry a code or an adjustment."""
    washes = WashSales.of(papers.report)
    found = [row for row in year.dispositions if row.codes or row.adjustment_cents]
    return listing(
        papers,
        "Adjustments",
        f"Adjustments to gain or loss {year.year}",
        COLUMNS,
        Stretch(found, lambda row, number: _row(papers, row, washes), FIRST_ROW, range(len(COLUMNS))),
        {
            "Adjustment (g)": from_cents(sum(row.adjustment_cents for row in found)),
            "Of which wash sale": from_cents(sum(row.wash_cents for row in found)),
        },
        empty=f"No row of Form 8949 has a code in {year.year}.",
        tab="2E75B6",
        fits_text=True,
    )


def _row(papers: Workpapers, row: Disposition, washes: WashSales) -> Row:
    entry = papers.transactions.get(row.row)
    stated = getattr(entry, "adjustment", None)
    return (
        papers.ledger_link(row.row),
        papers.ledger_link(row.lot_row) or Cell("none", CENTER),
        Cell(row.asset),
        Cell(row.account),
        Cell(row.sold, DATE),
        Cell(row.box, CENTER),
        Cell(row.codes, CENTER),
        Cell(from_cents(row.adjustment_cents), MONEY),
        Cell(from_cents(row.wash_cents), MONEY),
        Cell(stated, MONEY) if stated not in (None, ZERO) else None,
        Cell(" ".join(adjustment_sentences(row, washes)), WRAP),
    )
