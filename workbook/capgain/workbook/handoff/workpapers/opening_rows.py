"""The lots held at the end of the year as `Opening` rows: next year's ledger begins with them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO

from capgain.engine.results import OpenLot
from capgain.workbook.handoff.tax_software.export_file import plain_text
from capgain.workbook.report.context import Workpapers
from capgain.workbook.sheets import DATE, HEADING, Cell, Row, Sheet, quantity_cell

HEADINGS = ("Date", "Type", "Asset", "Quantity", "Account", "Lot", "Class", "Acquired", "Basis", "Note")
WIDTHS = (12, 10, 12, 20, 18, 16, 11, 12, 20, 60)


def opening_name(year: int) -> str:
    """The sheet's name; `year` is the one that begins with these rows."""
    return f"Opening {year}"


def opening_sheet(papers: Workpapers, lots: Sequence[OpenLot], year: int) -> Sheet:
    """The rows to copy to the top of next year's ledger, in the ledger's own columns, basis unrounded."""
    rows: list[Row] = [tuple(Cell(heading, HEADING) for heading in HEADINGS)]
    for lot in lots:
        rows.append(
            (
                Cell(date(year, 1, 1), DATE),
                Cell("Opening"),
                Cell(lot.asset),
                quantity_cell(lot.quantity),
                Cell(lot.account),
                Cell(_lot_name(lot)),
                Cell(lot.asset_class.value),
                Cell(lot.held_since, DATE),
                quantity_cell(lot.basis),
                Cell(_note(lot)),
            )
        )
    return Sheet(
        name=opening_name(year),
        rows=rows,
        widths=WIDTHS,
        heights={1: 20},
        freeze=(1, 0),
        page=papers.page(f"Opening lots of {year}", landscape=True, repeat=(1, 1)),
        tab="548235",
        numbers_as_text=f"D2:I{max(len(rows), 2)}",
    )


def opening_csv(lots: Sequence[OpenLot], year: int) -> bytes:
    """The same rows as a CSV that the ledger reader takes."""
    target = StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    writer.writerows(_texts(lots, year))
    return target.getvalue().encode("utf-8")


def _texts(lots: Sequence[OpenLot], year: int) -> Iterator[tuple[str, ...]]:
    for lot in lots:
        yield (
            f"{year}-01-01",
            "Opening",
            plain_text(lot.asset),
            _plain(lot.quantity),
            plain_text(lot.account),
            plain_text(_lot_name(lot)),
            lot.asset_class.value,
            lot.held_since.isoformat(),
            _plain(lot.basis),
            plain_text(_note(lot)),
        )


def _lot_name(lot: OpenLot) -> str:
    """The lot's own id, or one made of the row that acquired it, so that sales can name it."""
    return lot.lot or f"R{lot.row}"


def _note(lot: OpenLot) -> str:
    origin = f"from row {lot.row} of the ledger before"
    if lot.held_since == lot.acquired:
        return origin
    return f"{origin}; acquired {lot.acquired:%m/%d/%Y}, holding period counted from {lot.held_since:%m/%d/%Y}"


def _plain(amount: Decimal) -> str:
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
