"""A worksheet for Drake Tax's import into screen 8949 (Import > Form 8949 Import/GruntWorx Trades).

By place: columns 1 to 5 by Drake's help page of 2022, 6 to 11 by its manual of tax year 2012, which a user found to
hold, 12 to 30 by the manual with the check box in the place of "basis not reported". The words for special dates are
those of KB 11790, check-box numbers 4 to 6 those of screen 99DA (KB 18925).
"""

from __future__ import annotations

from collections.abc import Sequence

from capgain.engine.classes import AssetClass
from capgain.workbook.handoff.tax_software.export_file import (
    ImportFile,
    Owners,
    amount_text,
    csv_bytes,
    is_long,
    units_of,
    wash_of,
)
from capgain.workbook.report.printed_rows import DEFERRED, PrintedRow
from capgain.workbook.written.guarded_text import guarded

HEADINGS = (
    "TSJ",
    "F",
    "State",
    "City",
    "Form 8949 Check Box",
    "Date Sold",
    "Date Acquired",
    "Type of Gain or Loss",
    "Symbol",
    "Quantity",
    "Proceeds",
    "Loss Not Allowed",
    "Cost or Other Basis",
    "Federal Tax Withheld",
    "Wash Sale Loss Disallowed",
    "Description of Property",
    "State",
    "State ID",
    "State Tax Withheld",
    "Adjustment 1 Code",
    "Adjustment 1",
    "Adjustment 1 AMT",
    "Adjustment 2 Code",
    "Adjustment 2",
    "Adjustment 2 AMT",
    "Adjustment 3 Code",
    "Adjustment 3",
    "Adjustment 3 AMT",
    "Amount for 28%",
    "All 28% Rate",
)
CHECK_BOX = {
    **dict.fromkeys("AD", "1"),
    **dict.fromkeys("BE", "2"),
    **dict.fromkeys("CF", "3"),
    **dict.fromkeys("GJ", "4"),
    **dict.fromkeys("HK", "5"),
    **dict.fromkeys("IL", "6"),
}
_ADJUSTMENTS = 3
_WORTHLESS = "WORTHLSS"
"""Drake's word for the date on which a security became worthless (KB 11790); its EXPIRED has to be filed on paper."""

_DATE_WORDS = {"INHERITED": "INHERIT", "VARIOUS": "VARIOUS", "": "VARIOUS"}


def drake(rows: Sequence[PrintedRow], year: int, owners: Owners) -> ImportFile:
    """All rows of the year. On a joint return the spouse's are marked S in column TSJ, the others T."""
    return ImportFile(
        name=f"drake-8949-{year}.csv",
        program="Drake Tax (Import > Form 8949 Import/GruntWorx Trades)",
        content=csv_bytes([HEADINGS, *(_line(row, owners) for row in rows)]),
        rows=tuple(rows),
        limits=(
            "Row 1 holds headings: start the import at line 2.",
            "Drake reads columns by place, and its published orders differ. Compare with a worksheet exported from "
            "your release before importing, and move columns if needed.",
            "Wash sales stand in Wash Sale Loss Disallowed; other codes share one net amount, which stands with the "
            "first of them. Drake has three adjustments a row; a row with more codes names the rest in the last one.",
            "Loss Not Allowed is marked where a form says so; the amount is an adjustment with code L: see that it "
            "counts once.",
            "Worthless securities have WORTHLSS as Date Sold. Options that expired have the date and an amount of 0: "
            "Drake's word EXPIRED would have the return filed on paper.",
            "New Jersey returns accept only VARIOUS and INH2010 in place of a date acquired.",
        ),
    )


def _line(row: PrintedRow, owners: Owners) -> tuple[str, ...]:
    wash = wash_of(row)
    others = [code for code in row.codes if code != "W"]
    if "W" in row.codes and not others and wash != row.adjustment:
        others = ["W"]
    rest = row.adjustment - wash
    adjustments: list[str] = []
    for place in range(_ADJUSTMENTS):
        code = "".join(others[place:]) if place == _ADJUSTMENTS - 1 else "".join(others[place : place + 1])
        adjustments += [code, amount_text(rest) if place == 0 and code and rest else "", ""]
    return (
        owners.of(row, "T", "S"),
        "",
        "",
        "",
        CHECK_BOX[row.box],
        _date_sold(row),
        _date(row.acquired),
        "L" if is_long(row) else "S",
        guarded(row.behind[0].asset),
        units_of(row),
        amount_text(row.proceeds),
        "X" if row.loss_not_allowed else "",
        amount_text(row.basis),
        amount_text(row.withheld) if row.withheld else "",
        amount_text(wash) if wash else "",
        guarded(row.description),
        "",
        "",
        "",
        *adjustments,
        "",
        "X" if all(disposition.asset_class is AssetClass.COLLECTIBLE for disposition in row.behind) else "",
    )


def _date_sold(row: PrintedRow) -> str:
    """Blank where a gain is deferred into an opportunity fund, as on the form."""
    if DEFERRED in row.codes:
        return ""
    return _WORTHLESS if row.words.get("d") == "WORTHLESS" else _date(row.sold)


def _date(text: str) -> str:
    """`06/03/2024` as `06032024`, and Drake's words for what is no date."""
    return _DATE_WORDS[text] if text in _DATE_WORDS else text.replace("/", "")
