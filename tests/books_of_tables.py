"""A taxpayer's workbook from tables written with pipes, one for each sheet."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

import openpyxl

from law.tables import table

SHEETS = {
    "ledger": "Ledger",
    "accounts": "Accounts",
    "settings": "Settings",
    "prices": "Prices",
    "form_1099": "1099",
}


def typed(text: str) -> object:
    """A cell as a person types it: numbers are numbers, dates text."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text or None
    return int(number) if number == int(number) else float(number)


def written(book: Mapping[str, str], path: Path) -> Path:
    """The workbook at `path`, its folders made; the sheets are those of SHEETS for which there is a table."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for key, name in SHEETS.items():
        if key in book:
            rows = table(book[key])
            sheet = made.create_sheet(name)
            sheet.append(list(rows[0]))
            for row in rows:
                sheet.append([typed(cell) for cell in row.values()])
    path.parent.mkdir(parents=True, exist_ok=True)
    made.save(path)
    return path
