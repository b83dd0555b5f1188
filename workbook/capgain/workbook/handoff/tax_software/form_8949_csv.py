"""Form 8949 as a plain CSV: every row with its columns (a) to (h), its box, and where it comes from in the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from capgain.engine.money import plain_dollars
from capgain.workbook.handoff.tax_software.export_file import (
    ImportFile,
    amount_text,
    csv_bytes,
    units_of,
    wash_of,
)
from capgain.workbook.report.printed_rows import PrintedRow
from capgain.workbook.written.guarded_text import guarded

HEADINGS = (
    "Box",
    "Description (a)",
    "Date acquired (b)",
    "Date sold (c)",
    "Proceeds (d)",
    "Cost or other basis (e)",
    "Code (f)",
    "Adjustment (g)",
    "Gain or loss (h)",
    "Term",
    "Account",
    "Asset",
    "Quantity",
    "Wash sale disallowed",
    "Ledger row of sale",
    "Ledger row of lot",
)


def form_8949_csv(rows: Sequence[PrintedRow], year: int) -> ImportFile:
    """All rows of the year as they are printed, with cents; of several lots on one row the first names the ledger."""
    return ImportFile(
        name=f"form-8949-{year}.csv",
        program="Any program or spreadsheet that reads CSV with headings",
        content=csv_bytes([HEADINGS, *(_line(row) for row in rows)]),
        rows=tuple(rows),
        limits=(
            "Dates are mm/dd/yyyy; VARIOUS and INHERITED stand in Date acquired, EXPIRED and WORTHLESS in the amounts, "
            "where the form has them.",
        ),
    )


def _line(row: PrintedRow) -> tuple[str, ...]:
    disposition = row.behind[0]
    return (
        row.box,
        guarded(row.description),
        row.acquired,
        row.sold,
        row.words.get("d", plain_dollars(row.proceeds)),
        row.words.get("e", plain_dollars(row.basis)),
        row.codes,
        plain_dollars(row.adjustment),
        plain_dollars(row.gain),
        disposition.term.value,
        guarded(row.account),
        guarded(disposition.asset),
        units_of(row),
        amount_text(wash_of(row)),
        str(disposition.row),
        str(disposition.lot_row or ""),
    )
