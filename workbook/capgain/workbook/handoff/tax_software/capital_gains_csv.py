"""A list of gains in the columns of Koinly's report, which several converters read."""

from __future__ import annotations

from collections.abc import Sequence

from capgain.workbook.handoff.tax_software.export_file import (
    ImportFile,
    amount_text,
    csv_bytes,
    is_long,
    units_of,
)
from capgain.workbook.report.printed_rows import PrintedRow
from capgain.workbook.written.guarded_text import guarded

HEADINGS = (
    "Date Sold",
    "Date Acquired",
    "Asset",
    "Amount",
    "Cost (USD)",
    "Proceeds (USD)",
    "Gain / loss",
    "Notes",
    "Wallet Name",
    "Holding period",
)


def capital_gains_csv(rows: Sequence[PrintedRow], year: int) -> ImportFile:
    """All rows of the year; cost is column (e) less (g), so that proceeds less cost is the gain."""
    return ImportFile(
        name=f"capital-gains-{year}.csv",
        program="Converters that read a capital gains report in Koinly's columns",
        content=csv_bytes([HEADINGS, *map(_line, rows)]),
        rows=tuple(rows),
        limits=(
            "The columns know no box and no code: Notes has both, and Cost (USD) is column (e) less (g) of Form 8949.",
            "VARIOUS and INHERITED stand in Date Acquired where the form has them.",
        ),
    )


def _line(row: PrintedRow) -> tuple[str, ...]:
    return (
        row.sold,
        row.acquired or "VARIOUS",
        guarded(row.behind[0].asset),
        units_of(row),
        amount_text(row.proceeds - row.gain),
        amount_text(row.proceeds),
        amount_text(row.gain),
        f"Form 8949 box {row.box}{f', code {row.codes}' if row.codes else ''}",
        guarded(row.account),
        "Long term" if is_long(row) else "Short term",
    )
