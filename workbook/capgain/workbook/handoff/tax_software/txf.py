"""Tax Exchange Format, version 042 (Intuit, 30 November 2011): sales for TurboTax desktop and programs that read TXF.

Records of format 4 (security, acquired, sold, cost, sales) or, with a disallowed wash sale, format 5. The reference
number says which copy of Form 8949 a sale belongs on; there are none for boxes G to L, which came in 2025.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from capgain.engine.money import plain_dollars
from capgain.workbook.handoff.tax_software.export_file import ImportFile, LeftOut
from capgain.workbook.report.printed_rows import PrintedRow

REFERENCE = {"A": 321, "B": 711, "C": 712, "D": 323, "E": 713, "F": 714}
"""TXF reference numbers by box of Form 8949 (section IV, changes of 11/30/2011)."""

WASH_SALE = "W"
MOST_RECORDS = 2_000
_LIMITS = (
    "TXF V042 has reference numbers for boxes A to F only; it cannot say boxes G to L.",
    "TXF V042 knows one adjustment, the disallowed wash sale (code W); rows with other codes are not in it.",
    "VARIOUS and INHERITED leave the date acquired empty, as the specification asks; the term is in the "
    "reference number. Check those rows after the import.",
    "EXPIRED and WORTHLESS have no word in TXF: such rows have their dates and an amount of 0.",
    "TurboTax Online does not read TXF.",
)


def txf(rows: Sequence[PrintedRow], year: int, made_on: date) -> ImportFile:
    """The rows of boxes A to F that need no code but W; the others are left out by name."""
    held: list[PrintedRow] = []
    no_box: list[PrintedRow] = []
    no_code: list[PrintedRow] = []
    for row in rows:
        if row.box not in REFERENCE:
            no_box.append(row)
        elif row.codes not in ("", WASH_SALE):
            no_code.append(row)
        else:
            held.append(row)
    left_out = []
    if no_box:
        left_out.append(
            LeftOut("TXF V042 has no reference number for boxes G to L (digital assets, from 2025)", tuple(no_box))
        )
    if no_code:
        left_out.append(LeftOut("TXF V042 can say no adjustment but a disallowed wash sale (code W)", tuple(no_code)))
    limits = list(_LIMITS)
    if len(held) > MOST_RECORDS:
        limits.append(f"The file has {len(held):,} records; TurboTax takes about {MOST_RECORDS:,}.")
    header = ["V042", "ACapGain", f"D{made_on:%m/%d/%Y}", "^"]
    lines = [*header, *(line for row in held for line in _record(row))]
    return ImportFile(
        name=f"txf-{year}.txf",
        program="TurboTax desktop and other programs that read TXF V042",
        content=("\r\n".join(lines) + "\r\n").encode("ascii", errors="replace"),
        rows=tuple(held),
        limits=tuple(limits),
        left_out=tuple(left_out),
    )


def _record(row: PrintedRow) -> list[str]:
    acquired = row.acquired if row.acquired[:1].isdigit() else ""
    record = [
        "TD",
        f"N{REFERENCE[row.box]}",
        "C1",
        "L1",
        f"P{_one_line(row.description)}",
        f"D{acquired}",
        f"D{row.sold}",
        f"${_amount(row.basis)}",
        f"${_amount(row.proceeds)}",
    ]
    if row.codes == WASH_SALE:
        record.append(f"${_amount(row.adjustment)}")
    return [*record, "^"]


def _one_line(text: str) -> str:
    plain = unicodedata.normalize("NFKD", " ".join(text.split())).replace("^", " ")
    return "".join(character for character in plain if not unicodedata.combining(character))


def _amount(amount: Decimal) -> str:
    return plain_dollars(amount)
