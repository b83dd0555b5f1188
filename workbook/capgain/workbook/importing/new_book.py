"""The workbook that imported rows go into when there is none yet: Ledger, Accounts, Settings and Prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from capgain.workbook.file_writer import write_book
from capgain.workbook.importing.ledger_rows import SOURCE_COLUMNS
from capgain.workbook.reading.columns import ACCOUNT_COLUMNS, LEDGER_COLUMNS, PRICE_COLUMNS, SETTING_COLUMNS
from capgain.workbook.sheets import (
    DATE,
    HEADING,
    MONEY,
    PLAIN,
    TIME,
    Book,
    Cell,
    Page,
    Sheet,
    Style,
    Table,
    address,
)

_DATES = {"Date": TIME, "Acquired": DATE}
_MONEY = frozenset({"Amount", "Fee", "Basis", "Reported Proceeds", "Reported Basis", "Adjustment"})
_WIDTHS = {
    "Date": 19.0,
    "Type": 14.0,
    "Note": 40.0,
    "ID": 22.0,
    "Source File": 28.0,
    "Source Key": 30.0,
    "Amount": 13.0,
}


def write_new_book(path: Path, *, accounts: Mapping[str, str], settings: Mapping[str, str], created: datetime) -> None:
    """A workbook whose Ledger has its header and one empty row; `accounts` are names with their kinds."""
    columns = (*LEDGER_COLUMNS, *SOURCE_COLUMNS)
    ledger = Sheet(
        name="Ledger",
        rows=[_header(columns), [Cell(None, _style(name)) for name in columns]],
        widths=tuple(_WIDTHS.get(name, 12.0) for name in columns),
        freeze=(1, 1),
        page=Page(
            landscape=True,
            area="A1:Q2",
            header=("", "Ledger", ""),
            footer=("CapGain", "", "Page &P of &N"),
            repeat=(1, 1),
        ),
        table=Table("Ledger", f"A1:{address(2, len(columns))}"),
    )
    book = Book(
        sheets=(
            ledger,
            _small("Accounts", ACCOUNT_COLUMNS, [[name, kind] for name, kind in accounts.items()]),
            _small("Settings", SETTING_COLUMNS, [[name, value] for name, value in settings.items()]),
            _small("Prices", PRICE_COLUMNS, []),
        ),
        title="CapGain ledger",
        created=created,
    )
    write_book(book, path)


def _style(name: str) -> Style:
    return _DATES.get(name, MONEY if name in _MONEY else PLAIN)


def _header(columns: Sequence[str]) -> list[Cell]:
    return [Cell(name, HEADING) for name in columns]


def _small(name: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Sheet:
    return Sheet(
        name=name,
        rows=[_header(columns), *([Cell(value, PLAIN) for value in row] for row in rows)],
        widths=(24.0, 24.0, *(14.0,) * (len(columns) - 2)),
        freeze=(1, 0),
        page=Page(header=("", name, ""), footer=("CapGain", "", "Page &P of &N"), repeat=(1, 1)),
    )
