"""TurboTax Online's import of crypto sales: a lot a line, five columns (public exporters, 2022-2025)."""

from __future__ import annotations

from collections.abc import Sequence

from capgain.engine.results.dispositions import Disposition
from capgain.workbook.handoff.tax_software.export_file import (
    ImportFile,
    LeftOut,
    amount_text,
    csv_bytes,
    term_follows_from_dates,
)
from capgain.workbook.report.printed_rows import PrintedRow, printed_row
from capgain.workbook.written.guarded_text import guarded

HEADINGS = ("Currency Name", "Purchase Date", "Cost Basis", "Date Sold", "Proceeds")


def turbotax_online_crypto(rows: Sequence[PrintedRow], year: int) -> ImportFile | None:
    """The digital assets of the year, lot by lot in the order of their sales; None where there are none.

    The program works the term out of the dates, so that lots whose term does not follow from them are left out.
    """
    lots = sorted(
        (one for row in rows for one in row.behind if one.asset_class.is_digital),
        key=lambda one: (one.sold, one.row, one.lot_row),
    )
    kept = [printed_row(one) for one in lots]
    if not kept:
        return None
    held = tuple(row for row in kept if term_follows_from_dates(row))
    undated = tuple(row for row in kept if not row.acquired[:1].isdigit())
    tacked = tuple(row for row in kept if row.acquired[:1].isdigit() and row not in held)
    left_out = []
    if undated:
        left_out.append(LeftOut("the file has no word for VARIOUS and INHERITED", undated))
    if tacked:
        left_out.append(LeftOut("TurboTax counts the term from the dates, and would come to the other one", tacked))
    return ImportFile(
        name=f"turbotax-online-crypto-{year}.csv",
        program="TurboTax Online (Investments, cryptocurrency, upload a CSV)",
        content=csv_bytes([HEADINGS, *(_line(row.behind[0]) for row in held)]),
        rows=held,
        limits=(
            "The file holds digital assets alone and knows no box, code or adjustment: Cost Basis is column (e) less "
            "(g), so that the gain is that of Form 8949. Set the box (G to L) in the program.",
            "TurboTax counts the term from the two dates.",
            "How many rows TurboTax Online takes at a time is not published.",
        ),
        left_out=tuple(left_out),
    )


def _line(lot: Disposition) -> tuple[str, ...]:
    return (
        guarded(lot.asset),
        f"{lot.acquired:%m/%d/%Y}",
        amount_text(lot.proceeds - lot.gain),
        f"{lot.sold:%m/%d/%Y}",
        amount_text(lot.proceeds),
    )
