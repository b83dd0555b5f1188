"""The lots held at the end of the year as `Opening` rows: next year's ledger begins with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from capgain.engine.results import OpenLot
from capgain.workbook.handoff.tax_software.export_file import csv_bytes
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.listing import list_sheet
from capgain.workbook.sheets import DATE, HEADING, PLAIN, Cell, Row, Sheet, quantity_cell
from capgain.workbook.written.guarded_text import guarded

HEADINGS = ("Date", "Type", "Asset", "Quantity", "Account", "Lot", "Class", "Acquired", "Basis", "Note")
WIDTHS = (12, 10, 12, 20, 18, 16, 11, 12, 20, 60)


def opening_name(year: int) -> str:
    """The sheet's name; `year` is the one that begins with these rows."""
    return f"Opening {year}"


def opening_sheet(papers: Workpapers, lots: Sequence[OpenLot], year: int) -> Sheet:
    """The rows to copy to the top of next year's ledger, in the ledger's own columns, basis unrounded."""
    rows: list[Row] = [tuple(Cell(heading, HEADING) for heading in HEADINGS)]
    rows += [tuple(map(_cell, _values(lot, year))) for lot in lots]
    return list_sheet(
        papers,
        opening_name(year),
        f"Opening lots of {year}",
        rows,
        WIDTHS,
        tab="548235",
        heights={1: 20},
        numbers_as_text=f"D2:I{max(len(rows), 2)}",
    )


def opening_csv(lots: Sequence[OpenLot], year: int) -> bytes:
    """The same rows as a CSV that the ledger reader takes."""
    return csv_bytes([HEADINGS, *(tuple(map(_csv_text, _values(lot, year))) for lot in lots)])


def _values(lot: OpenLot, year: int) -> tuple[str | date | Decimal, ...]:
    return (
        date(year, 1, 1),
        "Opening",
        lot.asset,
        lot.quantity,
        lot.account,
        _lot_name(lot),
        lot.asset_class.value,
        lot.held_since,
        lot.basis,
        _note(lot),
    )


def _cell(value: str | date | Decimal) -> Cell:
    return (
        quantity_cell(value) if isinstance(value, Decimal) else Cell(value, DATE if isinstance(value, date) else PLAIN)
    )


def _csv_text(value: str | date | Decimal) -> str:
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value.isoformat() if isinstance(value, date) else guarded(value)


def _lot_name(lot: OpenLot) -> str:
    """The lot's own id, or one made of the row that acquired it, so that sales can name it."""
    return lot.lot or f"R{lot.row}"


def _note(lot: OpenLot) -> str:
    origin = f"from row {lot.row} of the ledger before"
    if lot.held_since == lot.acquired:
        return origin
    return f"{origin}; acquired {lot.acquired:%m/%d/%Y}, holding period counted from {lot.held_since:%m/%d/%Y}"
