"""A worksheet for Drake Tax's import into screen 8949 (Import > Form 8949 Import/GruntWorx Trades).

The first five columns and the words for special dates are those Drake publishes (help page of 2022; KB 11790); the
check-box numbers 4 to 6 are those of its screen 99DA (KB 18925). The columns after them follow screen 8949.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from capgain.engine.classes import AssetClass
from capgain.engine.money import ZERO, from_cents
from capgain.workbook.handoff.tax_software.export_file import ImportFile, csv_bytes, plain_text
from capgain.workbook.report.printed_rows import PrintedRow

HEADINGS = (
    "TSJ",
    "F",
    "State",
    "City",
    "Form 8949 Check Box",
    "Description of Property",
    "Date Acquired",
    "Date Sold",
    "Proceeds",
    "Cost or Other Basis",
    "Accrued Market Discount",
    "Wash Sale Loss Disallowed",
    "Type of Gain or Loss",
    "Adjustment 1 Code",
    "Adjustment 1 Amount",
    "Adjustment 2 Code",
    "Adjustment 2 Amount",
    "Adjustment 3 Code",
    "Adjustment 3 Amount",
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
_LONG = frozenset("DEFJKL")
_ADJUSTMENTS = 3
_WORTHLESS = "WORTHLSS"
"""Drake's word for the date on which a security became worthless (KB 11790); its EXPIRED has to be filed on paper."""

_DATE_WORDS = {"INHERITED": "INHERIT", "VARIOUS": "VARIOUS", "": "VARIOUS"}


def drake(rows: Sequence[PrintedRow], year: int, spouse_accounts: frozenset[str] = frozenset()) -> ImportFile:
    """All rows of the year. `spouse_accounts` are marked S in column TSJ, the others T."""
    return ImportFile(
        name=f"drake-8949-{year}.csv",
        program="Drake Tax (Import > Form 8949 Import/GruntWorx Trades)",
        content=csv_bytes([HEADINGS, *(_line(row, row.account in spouse_accounts) for row in rows)]),
        rows=tuple(rows),
        limits=(
            "Row 1 holds headings: start the import at line 2.",
            "Drake reads columns by place. The order of the first five is the published one; the others follow screen "
            "8949. Compare with a worksheet exported from your release before importing, and move columns if needed.",
            "Wash sales stand in Wash Sale Loss Disallowed; other codes share one net amount, which stands with the "
            "first of them. Drake has three adjustments a row; a row with more codes names the rest in the last one.",
            "Worthless securities have WORTHLSS as Date Sold. Options that expired have the date and an amount of 0: "
            "Drake's word EXPIRED would have the return filed on paper.",
            "New Jersey returns accept only VARIOUS and INH2010 in place of a date acquired.",
        ),
    )


def _line(row: PrintedRow, is_spouse: bool) -> tuple[str, ...]:
    wash = from_cents(sum(disposition.wash_cents for disposition in row.behind))
    others = [code for code in row.codes if code != "W"]
    if "W" in row.codes and not others and wash != row.adjustment:
        others = ["W"]
    rest = row.adjustment - wash
    adjustments: list[str] = []
    for place in range(_ADJUSTMENTS):
        code = "".join(others[place:]) if place == _ADJUSTMENTS - 1 else "".join(others[place : place + 1])
        adjustments += [code, _amount(rest) if place == 0 and code and rest else ""]
    return (
        "S" if is_spouse else "T",
        "",
        "",
        "",
        CHECK_BOX[row.box],
        plain_text(row.description),
        _date(row.acquired),
        _WORTHLESS if row.words.get("d") == "WORTHLESS" else _date(row.sold),
        _amount(row.proceeds),
        _amount(row.basis),
        "",
        _amount(wash) if wash else "",
        "L" if row.box in _LONG else "S",
        *adjustments,
        "X" if all(disposition.asset_class is AssetClass.COLLECTIBLE for disposition in row.behind) else "",
    )


def _date(text: str) -> str:
    """`06/03/2024` as `06032024`, and Drake's words for what is no date."""
    return _DATE_WORDS[text] if text in _DATE_WORDS else text.replace("/", "")


def _amount(amount: Decimal) -> str:
    return f"{amount or ZERO:.2f}"
