"""Short ways to write files, import them and look at a ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

from capgain.workbook.importing.import_files import ImportResult, import_files

COINBASE = (
    "ID,Timestamp,Transaction Type,Asset,Quantity Transacted,Price Currency,Price at Transaction,Subtotal,"
    "Total (inclusive of fees and/or spread),Fees and/or Spread,Notes"
)
KRAKEN = "txid,refid,time,type,subtype,aclass,asset,amount,fee,balance"
SCHWAB = "Date,Action,Symbol,Description,Quantity,Price,Fees & Comm,Amount"


def file(folder: Path, name: str, header: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return path


def coinbase(folder: Path, *lines: str, name: str = "coinbase.csv") -> Path:
    return file(folder, name, COINBASE, *lines)


def kraken(folder: Path, *lines: str, name: str = "kraken.csv") -> Path:
    return file(folder, name, KRAKEN, *lines)


def book_of(path: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    """A workbook with these sheets, `Open_Items` for Open Items."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def settings(stated: Mapping[str, object]) -> list[tuple[str, object]]:
    """The rows of a Settings sheet."""
    return [("Name", "Value"), *stated.items()]


def run(
    folder: Path, *paths: Path, into: Path | None = None, zone: str | None = "America/New_York", **more: object
) -> ImportResult:
    output = into if into is not None else folder / "book.xlsx"
    if into is None:
        output.unlink(missing_ok=True)
    return import_files(list(paths), output=output, into=into, time_zone=zone, **more)  # type: ignore[arg-type]


def ledger(result: ImportResult, *columns: str) -> list[tuple[str, ...]]:
    """Chosen columns of the rows added, as text."""
    return [tuple(str(row.values.get(name, "")) for name in columns) for row in result.rows]


def facts(results: Sequence[ImportResult]) -> list[tuple[tuple[str, str], ...]]:
    """What the rows say, without where they came from, in the order of the ledger."""
    rows = sorted((row for result in results for row in result.rows), key=lambda row: row.order)
    return [
        tuple(
            sorted(
                (name, str(value)) for name, value in row.values.items() if name not in ("Source File", "Source Line")
            )
        )
        for row in rows
    ]
