"""TaxAct's CSV import of Form 1099-B transactions.

Columns and codes: TaxAct support article 882 ("Create Your Own Spreadsheet"), Owner by its text of 2018; at most 2,000
transactions (article 960).
"""

from __future__ import annotations

from collections.abc import Sequence

from capgain.engine.money import plain_dollars
from capgain.workbook.handoff.tax_software.export_file import ImportFile, Owners, csv_bytes, is_long
from capgain.workbook.report.printed_rows import DEFERRED, PrintedRow, Statement, summarised
from capgain.workbook.written.guarded_text import guarded

HEADINGS = (
    "Description",
    "Date Acquired",
    "Date Sold",
    "Sales Proceeds",
    "Cost or Other Basis",
    "Wash Sale",
    "Adjustment Code",
    "Adjustment Amount",
    "Reporting Category",
    "Long/Short",
    "Owner",
)
MOST_ROWS = 2_000
_DOCUMENTED = frozenset("ABCDEF")


def taxact(rows: Sequence[PrintedRow], year: int, owners: Owners) -> ImportFile:
    """All rows of the year; above the program's limit one row per broker and box, with statements to attach."""
    kept: tuple[PrintedRow, ...] = tuple(rows)
    statements: tuple[Statement, ...] = ()
    limits = [
        f"TaxAct takes at most {MOST_ROWS:,} transactions from a file.",
        "EXPIRED and WORTHLESS have no word in a TaxAct file: such rows have their dates and an amount of 0.",
        "Several codes on one row stand together in Adjustment Code with one net amount, as on Form 8949.",
    ]
    if len(rows) > MOST_ROWS:
        kept, statements = summarised(rows)
        limits.append(
            f"The year has {len(rows):,} rows, so the file holds one row for each broker and box (code M) and the "
            "statements must be attached to the return as PDF."
        )
    if any(row.box not in _DOCUMENTED for row in kept):
        limits.append(
            "TaxAct's published list of reporting categories ends with F; rows of boxes G to L carry the form's own "
            "letter. Check after the import that they stand in the right box."
        )
    table = [HEADINGS, *(_line(row, owners) for row in kept)]
    return ImportFile(
        name=f"taxact-{year}.csv",
        program="TaxAct (Stock Assistant, CSV import)",
        content=csv_bytes(table),
        rows=kept,
        limits=tuple(limits),
        statements=statements,
    )


def _line(row: PrintedRow, owners: Owners) -> tuple[str, ...]:
    return (
        guarded(row.description),
        row.acquired or "VARIOUS",
        row.sold or ("" if DEFERRED in row.codes else "VARIOUS"),
        plain_dollars(row.proceeds),
        plain_dollars(row.basis),
        "W" if "W" in row.codes else "",
        row.codes,
        plain_dollars(row.adjustment) if row.codes else "",
        row.box,
        "L" if is_long(row) else "S",
        owners.of(row, "T", "S"),
    )
