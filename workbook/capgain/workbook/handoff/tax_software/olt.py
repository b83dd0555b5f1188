"""OLT's CSV import of capital asset sales, 29 columns, as independent public exporters write them (2024-2026).

The blanks at the end of some headings are part of their names.
"""

from __future__ import annotations

from collections.abc import Sequence

from capgain.engine.box_letters import BASIS_REPORTED, DIGITAL_BOXES, NOT_REPORTED
from capgain.engine.classes import AssetClass
from capgain.engine.money import from_cents
from capgain.workbook.handoff.tax_software.export_file import (
    ImportFile,
    Owners,
    amount_text,
    csv_bytes,
    is_long,
    wash_of,
)
from capgain.workbook.report.printed_rows import PrintedRow
from capgain.workbook.written.guarded_text import guarded

HEADINGS = (
    "Description of capital asset",
    "Date acquired ",
    "Date sold ",
    "Proceeds or Sales Price ($)",
    "Cost or other basis ($)",
    "Code(s) ",
    "Adjustments to gain or loss ($)",
    "Accrued market discount ($)",
    "Wash sale loss disallowed ($)",
    "Long Term/Short Term/Ordinary ",
    "Collectibles/QOF ",
    "Federal Income Tax Withheld ($)",
    "Noncovered Security",
    "Reported to IRS",
    "Loss not allowed based on amount in 1d ",
    "Basis Reported to IRS ",
    "Bartering ",
    "Applicable Checkbox on Form 8949",
    "Whose Capital Assets ",
    "Payer Name",
    "Payer TIN",
    "Foreign Address? ",
    "Payer Address line 1",
    "Payer Address line 2",
    "Payer City",
    "Payer State",
    "Payer Zip",
    "Payer Country Code",
    "Form Type ",
)
_PAYERS_ADDRESS = ("",) * 8
_WORDS = {"VARIOUS": "Various", "INHERITED": "Inherit", "": "Various"}


def olt(rows: Sequence[PrintedRow], year: int, owners: Owners) -> ImportFile:
    """All rows of the year."""
    return ImportFile(
        name=f"olt-{year}.csv",
        program="OLT (Capital gains, import transactions from CSV)",
        content=csv_bytes([HEADINGS, *(_line(row, owners) for row in rows)]),
        rows=tuple(rows),
        limits=(
            "OLT publishes neither its columns nor how many rows it takes: compare with the template of its import "
            "page. Boxes G to L, Form Type 1099-DA and the spouse's letter S have not been seen in a published file.",
            "The payer's number and address are not in the file, nor is tax withheld that a form states in a total.",
            "Loss not allowed is Yes where a form says so; the amount is an adjustment with code L: see that it counts "
            "once.",
            "EXPIRED and WORTHLESS have no word in the file: such rows have their dates and an amount of 0.",
        ),
    )


def _line(row: PrintedRow, owners: Owners) -> tuple[str, ...]:
    is_reported = row.box not in NOT_REPORTED
    has_basis = row.box in BASIS_REPORTED
    discount = from_cents(-sum(one.on_1099.discount_cents for one in row.behind if one.on_1099 is not None))
    wash = wash_of(row)
    form = ("1099-DA" if row.box in DIGITAL_BOXES else "1099-B") if is_reported else ""
    received = ("GROSS PROCEEDS" if "E" in row.codes else "NET PROCEEDS") if is_reported else "NONE"
    return (
        guarded(row.description),
        _WORDS.get(row.acquired, row.acquired),
        row.sold,
        amount_text(row.proceeds),
        amount_text(row.basis),
        row.codes,
        amount_text(row.adjustment) if row.codes else "",
        amount_text(discount) if discount else "",
        amount_text(wash) if wash else "",
        "LONG" if is_long(row) else "SHORT",
        "Collectibles" if all(one.asset_class is AssetClass.COLLECTIBLE for one in row.behind) else "",
        amount_text(row.withheld) if row.withheld else "",
        "No" if has_basis else "Yes",
        received,
        "Yes" if row.loss_not_allowed else "",
        "Yes" if has_basis else "No",
        "",
        row.box,
        owners.of(row, "P", "S"),
        guarded(row.account),
        *_PAYERS_ADDRESS,
        form,
    )
