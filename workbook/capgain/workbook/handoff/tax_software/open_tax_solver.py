"""OpenTaxSolver's spreadsheets of Form 8949, a file for each pair of boxes (its page on input formats, since 20.03)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capgain.engine.box_letters import DIGITAL_BOXES
from capgain.workbook.handoff.tax_software.export_file import (
    ImportFile,
    amount_text,
    csv_bytes,
    is_long,
)
from capgain.workbook.report.printed_rows import PrintedRow
from capgain.workbook.written.guarded_text import guarded

HEADINGS = ("Description", "Date_Acquired", "Date_Sold", "Proceeds", "Cost", "Code", "Adjustment")
PAIRS = ("AD", "BE", "CF", "GJ", "HK", "IL")


def open_tax_solver(rows: Sequence[PrintedRow], year: int) -> Iterator[ImportFile]:
    """A file for each pair of boxes that is used."""
    for pair in PAIRS:
        kept = tuple(row for row in rows if row.box in pair)
        if not kept:
            continue
        limits = [
            f"Name it in the return's file under the label f8949_spreadsheet-{pair[0]}/{pair[1]}:.",
            "VARIOUS and INHERITED stand as various-short and various-long, by the term.",
            "EXPIRED and WORTHLESS have no word in the file: such rows have their dates and an amount of 0.",
        ]
        if pair[0] in DIGITAL_BOXES:
            limits.append(
                "OpenTaxSolver of 2025 may lose boxes G to L on lines of Schedule D that they share with A to F: "
                "compare lines 1b to 3 and 8b to 10."
            )
        yield ImportFile(
            name=f"ots-8949-{year}-{pair}.csv",
            program="OpenTaxSolver",
            content=csv_bytes([HEADINGS, *map(_line, kept)]),
            rows=kept,
            limits=tuple(limits),
        )


def _line(row: PrintedRow) -> tuple[str, ...]:
    return (
        guarded(" ".join(row.description.replace(",", " ").replace('"', " ").split())),
        _date(row.acquired) or ("various-long" if is_long(row) else "various-short"),
        _date(row.sold),
        amount_text(row.proceeds),
        amount_text(row.basis),
        row.codes,
        amount_text(row.adjustment) if row.codes else "",
    )


def _date(text: str) -> str:
    """`06/03/2024` as `6-3-2024`; "" for a word."""
    if not text[:1].isdigit():
        return ""
    month, day, year = text.split("/")
    return f"{int(month)}-{int(day)}-{year}"
