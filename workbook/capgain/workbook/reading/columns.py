"""The columns of a ledger and of the tables beside it, found by name in any order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from capgain.workbook.written.misread import Cell, is_blank
from capgain.workbook.written.words import plain

HEADER_ROWS = 20
"""The header is looked for in so many rows from the top."""

LEDGER_COLUMNS = (
    "Date",
    "Type",
    "Asset",
    "Quantity",
    "Price",
    "Amount",
    "Fee",
    "Fee Asset",
    "Fee Quantity",
    "Account",
    "To Account",
    "Received Asset",
    "Received Quantity",
    "Lot",
    "Identified",
    "Method",
    "Class",
    "Acquired",
    "Basis",
    "Reported",
    "Reported Proceeds",
    "Reported Basis",
    "Order",
    "Underlying",
    "Kind",
    "Code",
    "Adjustment",
    "Note",
    "ID",
)
"""The columns of the Ledger sheet, in the order in which CapGain writes them."""

KEY_COLUMNS = ("Date", "Type", "Asset")
"""The first row that holds these is the header."""

ACCOUNT_COLUMNS = ("Account", "Kind", "Owner", "Method", "Reported")
PRICE_COLUMNS = ("Asset", "Price", "Date")

_ALIASES: Mapping[str, tuple[str, ...]] = {
    "Date": ("Trade Date", "Transaction Date", "Date/Time", "Date and Time", "Timestamp"),
    "Type": ("Transaction Type", "Trans Type", "Action"),
    "Asset": ("Symbol", "Ticker"),
    "Quantity": ("Qty", "Units", "Shares"),
    "Price": ("Unit Price", "Price per Unit", "Price per Share", "Price (USD)", "Price ($)"),
    "Amount": ("Gross Amount", "Amount (USD)", "USD Amount", "Amount ($)"),
    "Fee": ("Fees", "Commission", "Fee (USD)", "Fees (USD)"),
    "Fee Asset": ("Fee Currency", "Fee Coin"),
    "Fee Quantity": ("Fee Units",),
    "Account": ("From Account", "Account Name"),
    "Received Quantity": ("Received Units",),
    "Lot": ("Lot ID", "Lots"),
    "Identified": ("Identified At", "Identified On"),
    "Class": ("Asset Class",),
    "Acquired": ("Date Acquired", "Acquired Date", "Acquisition Date"),
    "Basis": ("Cost Basis", "Cost or Other Basis"),
    "Order": ("Order ID",),
    "Code": ("Codes", "Adjustment Code", "Adjustment Codes"),
    "Adjustment": ("Adjustment Amount",),
    "Note": ("Notes", "Memo", "Comment", "Comments"),
    "ID": ("Transaction ID", "Tx ID", "TxID", "Txn ID"),
}
"""Other names that are read where the column's own name does not occur."""

_CANONICAL = {plain(name): name for name in LEDGER_COLUMNS}
_BY_ALIAS = {plain(alias): name for name, aliases in _ALIASES.items() for alias in aliases}


@dataclass(frozen=True, slots=True)
class Header:
    """Where a table begins: the header's place among the rows and each known column's place in it.

    `repeated` are the columns that occur more than once.
    """

    place: int
    columns: Mapping[str, int]
    repeated: tuple[str, ...] = ()


def find_ledger_header(rows: Sequence[Sequence[Cell]]) -> Header | None:
    """The first of the top rows that holds Date, Type and Asset; by their own names first, then by other names."""
    for aliases in ({}, _BY_ALIAS):
        for place, row in enumerate(rows[:HEADER_ROWS]):
            header = _known(row, place, _CANONICAL, aliases)
            if all(key in header.columns for key in KEY_COLUMNS):
                return _known(row, place, _CANONICAL, _BY_ALIAS)
    return None


def nearest_ledger_header(rows: Sequence[Sequence[Cell]]) -> Header | None:
    """The top row that holds the most known columns, for the message when none is the header."""
    found = [_known(row, place, _CANONICAL, _BY_ALIAS) for place, row in enumerate(rows[:HEADER_ROWS])]
    best = max(found, key=lambda header: len(header.columns), default=None)
    return best if best is not None and len(best.columns) >= 2 else None


def find_header(rows: Sequence[Sequence[Cell]], names: Sequence[str], required: Sequence[str]) -> Header | None:
    """The first of the top rows that holds all `required` columns of a small table."""
    canonical = {plain(name): name for name in names}
    for place, row in enumerate(rows[:HEADER_ROWS]):
        header = _known(row, place, canonical, {})
        if all(name in header.columns for name in required):
            return header
    return None


def _known(row: Sequence[Cell], place: int, canonical: Mapping[str, str], aliases: Mapping[str, str]) -> Header:
    by_name: dict[str, int] = {}
    by_alias: dict[str, int] = {}
    repeated: list[str] = []
    repeated_aliases: list[str] = []
    for position, cell in enumerate(row):
        if not isinstance(cell, str) or is_blank(cell):
            continue
        word = plain(cell)
        if word in canonical:
            name, known, twice = canonical[word], by_name, repeated
        elif word in aliases:
            name, known, twice = aliases[word], by_alias, repeated_aliases
        else:
            continue
        if name in known:
            twice.append(name)
        else:
            known[name] = position
    repeated += [name for name in repeated_aliases if name not in by_name]
    return Header(place, by_alias | by_name, tuple(dict.fromkeys(repeated)))
