"""Workbooks to hand off, as a user would have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook

COLUMNS = (
    "Date",
    "Type",
    "Asset",
    "Quantity",
    "Amount",
    "Fee",
    "Account",
    "Class",
    "Reported",
    "Code",
    "Adjustment",
    "ID",
)

LEDGER: tuple[tuple[object, ...], ...] = (
    ("2023-01-05", "Buy", "XYZ", 100, 5000, 10, "Schwab", "stock", None, None, None, "T1"),
    ("2023-02-06", "Buy", "BTC", "0.500000000000000001", 10000, 5, "Coinbase", "crypto", None, None, None, "T2"),
    ("2023-03-01", "Buy", "ABC", 40, 4000, 0, "Fidelity", "stock", None, None, None, "T3"),
    ("2024-03-05", "Sell", "XYZ", 50, 1000, 5, "Schwab", None, "basis", None, None, "T4"),
    ("2024-03-15", "Buy", "XYZ", 20, 900, 0, "Fidelity", "stock", None, None, None, "T5"),
    ("2024-05-02", "Sell", "BTC", "0.25", 15000, 20, "Coinbase", None, "none", None, None, "T6"),
    ("2024-06-03", "Sell", "ABC", 10, 1500, 0, "Fidelity", None, "no basis", None, None, "T7"),
    ("2024-06-04", "Sell", "ABC", 10, 900, 0, "Fidelity", None, "no basis", "T", None, "T8"),
    ("2024-07-01", "Buy", "NEW", 10, 1000, 0, "Schwab", "stock", None, None, None, "T9"),
    ("2024-08-01", "Sell", "NEW", 10, 1750.5, 1, "Schwab", None, "basis", None, None, "T10"),
)
ACCOUNTS = (
    ("Account", "Kind"),
    ("Schwab", "brokerage"),
    ("Fidelity", "brokerage"),
    ("Coinbase", "exchange"),
)
SETTINGS: Mapping[str, object] = {
    "Tax Year": 2024,
    "Filing Status": "single",
    "Name": "Ana Example",
    "SSN": "123-45-6789",
    "Taxable Income": 90000,
    "Qualified Dividends": 12,
}


def book(
    path: Path,
    *,
    ledger: Sequence[Sequence[object]] = LEDGER,
    settings: Mapping[str, object] = SETTINGS,
    forms_1099: Sequence[Sequence[object]] = (),
    own: Mapping[str, Sequence[Sequence[object]]] | None = None,
    hidden: Sequence[str] = (),
) -> Path:
    """Writes a workbook with Ledger, Accounts and Settings; `own` are sheets of the user's, `hidden` some of them."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Ledger"
    for row in (COLUMNS, *ledger):
        sheet.append(row)
    tables: dict[str, Sequence[Sequence[object]]] = {
        "Accounts": ACCOUNTS,
        "Settings": (("Name", "Value"), *settings.items()),
    }
    if forms_1099:
        headings = ("Broker", "Form", "Box", "Asset or total", "Proceeds", "Basis", "Wash", "Reported")
        tables["1099"] = (headings, *forms_1099)
    for name, rows in (tables | dict(own or {})).items():
        added = made.create_sheet(name)
        for row in rows:
            added.append(row)
        if name in hidden:
            added.sheet_state = "hidden"
    made.save(path)
    return path
