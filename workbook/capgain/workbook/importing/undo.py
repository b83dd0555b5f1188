"""The last import into a workbook taken back."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from capgain.engine.problems import CapgainError
from capgain.workbook.importing.appending import put_open_items
from capgain.workbook.importing.existing_book import ExistingBook, read_existing
from capgain.workbook.importing.kept_import import (
    Record,
    alone_with_import,
    digest_of,
    kept_beside,
    record_beside,
    record_of,
    settle_interrupted,
    write_record,
)
from capgain.workbook.importing.ledger_rows import SOURCE_COLUMNS, LedgerRow, Value
from capgain.workbook.importing.open_items import OpenItem, read_open_items
from capgain.workbook.reading.columns import LEDGER_COLUMNS, NET
from capgain.workbook.whole_file import write_whole
from capgain.workbook.written.columns_of_cells import text_of
from capgain.workbook.written.misread import Cell
from capgain.workbook.written.words import plain
from capgain.workbook.xlsx.book_parts import BookParts
from capgain.workbook.xlsx.sheet_xml import SheetXml

_COLUMNS = tuple(plain(name) for name in (*LEDGER_COLUMNS, NET, *SOURCE_COLUMNS))
_KEY = plain("Source Key")


class NothingToUndo(CapgainError):
    """No import into this workbook is on record, or what it added was changed since."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back: rows of the Ledger; `is_whole`: the workbook is again what it was, byte for byte.

    `told`: what a killed run had left half done.
    """

    rows: int
    is_whole: bool
    kept: Path
    told: tuple[str, ...]


def record_for(
    before: bytes, written: bytes, rows: Sequence[LedgerRow], items: Iterable[str], *, fills_1099: bool
) -> Record:
    """What an import wrote: the workbook `before` it and as `written`; `items` are the keys of its open items."""
    return Record(
        before=sha256(before).hexdigest(),
        written=sha256(written).hexdigest(),
        rows={str(row.values.get("Source Key", row.key)): _digest(row.values) for row in rows},
        items=frozenset(items),
        fills_1099=fills_1099,
    )


def undo(book: Path) -> Undone:
    """Take the last import's rows out again.

    A workbook that nothing has changed since becomes what it was. In another one the rows of the import are emptied, if
    nobody changed them, and Open Items is put back; everything else stays.

    Raises:
        NothingToUndo: there is no import on record, or a row of it was changed; nothing is.
        UnreadableFile, UnreadableImport: the workbook cannot be used.
        CannotWrite: it cannot be written.
    """
    with alone_with_import(book):
        told = settle_interrupted(book)
        said = record_of(book)
        if said is None:
            raise NothingToUndo(
                f"No import into {book.name} is on record: {kept_beside(book).name} and {record_beside(book).name} "
                "stand beside a workbook after an import into it, until that is taken back."
            )
        now = digest_of(book)
        if now not in (said.before, said.taken_out):  # else a killed run had come so far
            kept = _kept(book, said)
            if now == said.written:
                write_whole(book, kept, overwrite=True)
            else:
                _take_out(book, said, kept)
        kept_beside(book).unlink(missing_ok=True)
        record_beside(book).unlink()
        return Undone(len(said.rows), digest_of(book) == said.before, kept_beside(book), told)


def _kept(book: Path, said: Record) -> bytes:
    """The workbook as it was before the import on record. Raises NothingToUndo where that is no more there."""
    try:
        before = kept_beside(book).read_bytes()
    except FileNotFoundError:
        before = b""
    if sha256(before).hexdigest() != said.before:
        raise NothingToUndo(
            f"{kept_beside(book).name} is not there, or is not {book.name} as it was before the last import. Nothing "
            "was taken back. Delete the rows of the import by hand."
        )
    return before


def _take_out(book: Path, said: Record, kept_book: bytes) -> None:
    rows, items, fills_1099 = said.rows, said.items, said.fills_1099
    existing = read_existing(book)
    found = _rows_now(existing)
    wrong = [key for key, digest in rows.items() if key not in found or found[key][1] != digest]
    if wrong or fills_1099:
        what = (
            f"{len(wrong)} of the {len(rows)} rows that the last import added were changed or taken out since"
            if wrong
            else "the workbook was changed since, and the last import filled the sheet 1099"
        )
        named = ", ".join(f"row {found[key][0]}" for key in wrong[:5] if key in found)
        raise NothingToUndo(
            f"{what}{f' ({named})' if named else ''}. Nothing was taken back. Delete its rows by hand, or put "
            f"{kept_beside(book).name} in the place of {book.name}: that is the workbook before the import."
        )
    parts = BookParts.open(book)
    part = parts.about.sheets[existing.sheet]
    sheet = SheetXml(parts.read(part), existing.sheet)
    sheet.empty_cells({found[key][0] for key in rows}, frozenset(existing.columns.values()))
    parts.changed[part] = sheet.content
    parts.recalculate_on_opening()
    now = read_open_items(existing.open_items, existing.calendar)
    before = _items_before(book.name, kept_book, existing)
    kept = {item.key for item in now if item.key not in items}
    put_open_items(
        parts,
        existing,
        [item.values for item in now if item.key not in items]
        + [item.values for item in before if item.key not in kept],
    )

    @contextmanager
    def told(content: bytes) -> Iterator[None]:
        write_record(book, replace(said, taken_out=sha256(content).hexdigest()))
        yield

    parts.save(book, around=told)


def _items_before(name: str, content: bytes, existing: ExistingBook) -> list[OpenItem]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / name
        copy.write_bytes(content)
        return read_open_items(read_existing(copy).open_items, existing.calendar)


def _rows_now(existing: ExistingBook) -> dict[str, tuple[int, str]]:
    """The imported rows by their whole key: row number and digest."""
    columns = {name: place for name, place in existing.columns.items() if name in _COLUMNS}
    found = {}
    for number, row in enumerate(existing.rows, start=existing.header_row + 1):
        cells = {name: row[place - 1] for name, place in columns.items() if place <= len(row)}
        key = text_of(cells.get(_KEY))
        if key:
            found[key] = (number, _digest({name: cell for name, cell in cells.items() if text_of(cell)}))
    return found


def _digest(values: Mapping[str, Cell]) -> str:
    """The same for what an import writes and for what is read of it."""
    said = sorted((plain(name), _plainly(value)) for name, value in values.items())
    return sha256(json.dumps(said).encode()).hexdigest()[:16]


def _plainly(value: Value | Cell) -> str:
    if isinstance(value, datetime):
        near = (value + timedelta(milliseconds=500)).replace(microsecond=0, tzinfo=None)
        return near.date().isoformat() if near.time() == datetime.min.time() else near.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    text = text_of(value) if not isinstance(value, Decimal) else f"{value:f}"
    try:
        number = Decimal(text)
    except ArithmeticError:
        return text
    return f"{number.normalize():f}" if number.is_finite() else text
