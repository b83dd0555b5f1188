"""The sheet `Zero Basis`: every unit sold without a record of what it cost, with the note that says why."""

from __future__ import annotations

from capgain.engine.money import ZERO, from_cents
from capgain.engine.report import YearReport
from capgain.engine.results.dispositions import Disposition
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.listing import Column, Listing, listing
from capgain.workbook.sheets import DATE, MONEY, WRAP_BESIDE, Cell, Row, quantity_cell

NAME = "Zero Basis"
NO_NOTE = "no Note yet: say in the ledger row how the units were acquired and why no record exists"
COLUMNS = (
    Column("Ledger row", 8),
    Column("Asset", 12),
    Column("Units", 20),
    Column("Sold", 12),
    Column("Proceeds", 15),
    Column("Note", 90, "The Note of the ledger row, as it is printed with the return"),
)


def rows_without_basis(year: YearReport) -> tuple[Disposition, ...]:
    """The dispositions of a year whose units came from nowhere."""
    return tuple(row for row in year.dispositions if row.lot_row == 0)


def note_of(papers: Workpapers, row: Disposition) -> str:
    """What the ledger says of it, "" where it says nothing."""
    entry = papers.transactions.get(row.row)
    return entry.note.strip() if entry is not None else ""


def zero_basis(papers: Workpapers, year: YearReport) -> Listing | None:
    """None where every unit sold has a basis."""
    found = rows_without_basis(year)
    if not found:
        return None
    return listing(
        papers,
        NAME,
        f"Sold without a record of basis {year.year}",
        COLUMNS,
        [_row(papers, row) for row in found],
        {"Proceeds": sum((from_cents(row.proceeds_cents) for row in found), ZERO)},
        empty="",
        tab="C00000",
        numbers_as_text="Units",
        fits_text=True,
    )


def _row(papers: Workpapers, row: Disposition) -> Row:
    return (
        papers.ledger_link(row.row),
        Cell(row.asset),
        quantity_cell(row.quantity),
        Cell(row.sold, DATE),
        Cell(from_cents(row.proceeds_cents), MONEY),
        Cell(note_of(papers, row) or NO_NOTE, WRAP_BESIDE),
    )
