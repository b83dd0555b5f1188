"""A grid of dispositions for programs that import by mapping: Lacerte, ProConnect, CCH Axcess, UltraTax CS."""

from __future__ import annotations

from collections.abc import Sequence

from capgain.workbook.handoff.tax_software.export_file import (
    ImportFile,
    Owners,
    amount_text,
    csv_bytes,
    is_long,
    term_follows_from_dates,
    wash_of,
)
from capgain.workbook.report.printed_rows import PrintedRow
from capgain.workbook.written.guarded_text import guarded

HEADINGS = (
    "Description of property",
    "Date acquired",
    "Date sold",
    "Sales price",
    "Cost or basis",
    "Form 8949 box",
    "Adjustment code",
    "Adjustment amount",
    "Wash sale loss disallowed",
    "Short/long",
    "Owner",
)
MOST_NAMED = 20


def dispositions_csv(rows: Sequence[PrintedRow], year: int, owners: Owners) -> ImportFile:
    """All rows of the year, the columns under the words of ProConnect's grid."""
    limits = [
        "Map the columns in the program's grid import. CCH Axcess: 1099-B code A for boxes A and D, B for B and E, C "
        "for C and F, 1 for lines 1a and 8a; for G to L none is published. UltraTax CS wants dates as MM/DD/YY, and V "
        "and I for VARIOUS and INHERITED.",
        "ProConnect counts the term from the dates.",
        "EXPIRED and WORTHLESS have no word in the file: such rows have their dates and an amount of 0.",
    ]
    otherwise = [row for row in rows if row.acquired[:1].isdigit() and not term_follows_from_dates(row)]
    for row in otherwise[:MOST_NAMED]:
        since = row.behind[0].held_since
        word = "long-term" if is_long(row) else "short-term"
        limits.append(
            f"{row.description}, sold {row.sold}, is {word} though acquired {row.acquired}: where the program counts "
            f"the term itself, enter {since:%m/%d/%Y} as the date acquired, or its term by hand."
        )
    if len(otherwise) > MOST_NAMED:
        limits.append(f"So are {len(otherwise) - MOST_NAMED:,} more rows: Held since on sheet Gains has their dates.")
    return ImportFile(
        name=f"dispositions-{year}.csv",
        program="Lacerte, ProConnect, CCH Axcess, UltraTax CS (import with a mapping of columns)",
        content=csv_bytes([HEADINGS, *(_line(row, owners) for row in rows)]),
        rows=tuple(rows),
        limits=tuple(limits),
    )


def _line(row: PrintedRow, owners: Owners) -> tuple[str, ...]:
    wash = wash_of(row)
    return (
        guarded(row.description),
        row.acquired or "VARIOUS",
        row.sold,
        amount_text(row.proceeds),
        amount_text(row.basis),
        row.box,
        row.codes,
        amount_text(row.adjustment) if row.codes else "",
        amount_text(wash) if wash else "",
        "Long" if is_long(row) else "Short",
        owners.of(row, "T", "S"),
    )
