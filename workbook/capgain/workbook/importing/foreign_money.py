"""Amounts in another country's money: they are told, and never taken for dollars."""

from __future__ import annotations

import re
from collections.abc import Sequence

from capgain.workbook.importing.table_columns import TableColumns

_SIGN = re.compile(r"€|£|¥|₹|₩|(?:A|AU|C|CA|HK|NZ|S|SG)\$|CHF")
_CURRENCIES = {"€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW"}
_FIELDS = ("amount", "net", "value", "price", "fee", "fees")


def amounts_in(currency: str) -> tuple[str, str]:
    """What is said of a row whose money is another country's, and what to do about it."""
    return (
        f"The amounts are in {currency}; only US dollars are entered.",
        "Enter the row in the Ledger in dollars, at the rate of its day (26 USC 988 is not worked out here).",
    )


def signed_by(columns: TableColumns, cells: Sequence[str]) -> str:
    """The currency by whose sign the row's money is written, "" for dollars."""
    for field in _FIELDS:
        for place in columns.places.get(field, ()):
            found = _SIGN.search(cells[place]) if place < len(cells) else None
            if found is not None:
                return _CURRENCIES.get(found[0], found[0])
    return ""
