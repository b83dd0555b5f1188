"""Our own universal file: a ledger as CSV with every column as text, which imports to the same ledger again."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

from capgain.workbook.importing.ledger_rows import SOURCE_COLUMNS
from capgain.workbook.reading.columns import LEDGER_COLUMNS, find_ledger_header
from capgain.workbook.reading.ledger_file import LedgerFile
from capgain.workbook.written.misread import Cell
from capgain.workbook.written.words import plain
from capgain.workbook.xlsx.writer import CannotWrite


def export_universal(ledger: LedgerFile, path: Path) -> int:
    """Write the ledger's rows, the earlier of one moment first, and tell how many there are; whole or not at all.

    Columns that hold nothing are left out, those that the reader of ledgers ignores too, but for the sources.

    Raises:
        CannotWrite: the system refuses.
    """
    sheet = next(raw for raw in ledger.raw if raw.name == "Ledger")
    header = find_ledger_header(sheet.rows)
    if header is None:
        return _write(path, ("Date", "Type", "Asset"), [])
    places = dict(header.columns)
    for place, cell in enumerate(sheet.rows[header.place]):
        for name in SOURCE_COLUMNS:
            if isinstance(cell, str) and plain(cell) == plain(name):
                places.setdefault(name, place)
    below = [row for row in sheet.rows[header.place + 1 :] if any(cell not in (None, "") for cell in row)]
    if ledger.ledger.bottom_up:
        below.reverse()
    names = [
        name
        for name in (*LEDGER_COLUMNS, *SOURCE_COLUMNS)
        if name in places
        and (name in ("Date", "Type", "Asset", "Quantity") or any(_text(_at(row, places[name])) for row in below))
    ]
    return _write(path, names, [[_text(_at(row, places[name])) for name in names] for row in below])


def _at(row: Sequence[Cell], place: int) -> Cell:
    return row[place] if place < len(row) else None


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return format(Decimal(repr(cell)), "f").removesuffix(".0")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _write(path: Path, names: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    try:
        handle, unfinished = tempfile.mkstemp(prefix=".capgain-", suffix=".csv", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream, lineterminator="\n")
                writer.writerow(names)
                writer.writerows(rows)
            Path(unfinished).replace(path)
        finally:
            Path(unfinished).unlink(missing_ok=True)
    except OSError as refusal:
        raise CannotWrite(f"Cannot write {path.name}: {refusal.strerror}.") from refusal
    return len(rows)
