"""A workbook that rows are added to: what its Ledger knows already, its settings and prices, and its open items."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from capgain.engine.ledger import Price
from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.reading.blocks import ledger_from_blocks
from capgain.workbook.reading.columns import find_ledger_header
from capgain.workbook.reading.open_items import OPEN_ITEMS
from capgain.workbook.written.misread import Cell
from capgain.workbook.written.words import plain


@dataclass(frozen=True, slots=True)
class KnownTransfer:
    """A Transfer of the Ledger as it stands, to recognise the same event in a file of another source."""

    row: int
    day: date
    asset: str
    account: str
    to_account: str
    quantity: Decimal
    received: Decimal
    formats: frozenset[str]
    """The formats whose files this row came from; none for a row entered by hand."""


@dataclass(frozen=True, slots=True)
class ExistingBook:
    """What matters of a workbook for adding rows to its Ledger. Rows and columns count from 1.

    `columns` has every header cell's column by its normal name, known or not. `last_row` is the last row of the ledger
    that holds anything in them. `keys` are the events it has, with the row of each.
    """

    path: Path
    sheet: str
    header_row: int
    columns: Mapping[str, int]
    last_row: int
    keys: Mapping[str, int]
    ids: frozenset[str]
    transfers: tuple[KnownTransfer, ...]
    time_zone: str | None
    accounts: frozenset[str]
    prices: tuple[Price, ...]
    open_items: Sequence[Sequence[Cell]] = ()
    notices: tuple[str, ...] = field(default=())

    @property
    def zone(self) -> ZoneInfo | None:
        return ZoneInfo(self.time_zone) if self.time_zone else None


def read_existing(path: Path) -> ExistingBook:
    """What is in the workbook.

    Raises:
        UnreadableImport: it is no workbook that rows can be added to.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    if path.suffix.casefold() not in (".xlsx", ".xlsm"):
        raise UnreadableImport(f"Rows can be added to .xlsx and .xlsm workbooks, not to {path.name}.")
    try:
        content = path.read_bytes()
    except OSError as trouble:
        raise UnreadableImport(f"{path} cannot be opened: {trouble.strerror}.") from trouble
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableImport(f"{path.name} is password-protected. Take the password off first.")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in _wanted(book.sheet_names)
        }
    except (CalamineError, OSError) as trouble:
        raise UnreadableImport(f"{path.name} is no workbook that can be read: {trouble}.") from trouble
    names = {name.casefold(): name for name in sheets}
    ledger_name = names.get("ledger") or (book.sheet_names[0] if len(book.sheet_names) == 1 else None)
    if ledger_name is None:
        raise UnreadableImport(f"{path.name} has no sheet Ledger. Make one with capgain new, or name it so.")
    rows: Sequence[Sequence[Cell]] = sheets[ledger_name]
    header = find_ledger_header(rows)
    if header is None:
        raise UnreadableImport(
            f"{path.name}, sheet {ledger_name}: no row of the top 20 holds Date, Type and Asset. Add the header first."
        )
    columns: dict[str, int] = {}
    for place, cell in enumerate(rows[header.place], start=1):
        if isinstance(cell, str) and cell.strip():
            columns.setdefault(plain(cell), place)
    columns |= {plain(name): place + 1 for name, place in header.columns.items()}
    settings = sheets.get(names.get("settings", ""))
    prices = sheets.get(names.get("prices", ""))
    read = ledger_from_blocks([["Date", "Type", "Asset"]], settings=settings, prices=prices)
    keys: dict[str, int] = {}
    ids = set()
    last = header.place + 1
    used = sorted(set(columns.values()))
    transfers = []
    for number, row in _below(rows, header.place):
        if any(column <= len(row) and row[column - 1] not in (None, "") for column in used):
            last = number
        key = _text(row, columns.get(plain("Source Key")))
        for part in key.split(" + "):
            if part:
                keys.setdefault(part, number)
        identity = _text(row, columns.get("id"))
        if identity:
            ids.add(identity)
        lot = _text(row, columns.get("lot"))
        if lot:
            ids.add(lot)
        if plain(_text(row, columns.get("type"))) == "transfer" and (found := _transfer(number, row, columns)):
            transfers.append(found)
    return ExistingBook(
        path=path,
        sheet=ledger_name,
        header_row=header.place + 1,
        columns=columns,
        last_row=last,
        keys=keys,
        ids=frozenset(ids),
        transfers=tuple(transfers),
        time_zone=read.settings.time_zone,
        accounts=frozenset(
            _text(row, 1).casefold() for row in sheets.get(names.get("accounts", ""), ()) if _text(row, 1)
        ),
        prices=read.prices,
        open_items=sheets.get(names.get(OPEN_ITEMS.casefold(), ""), ()),
    )


def _wanted(names: Sequence[str]) -> Iterator[str]:
    for name in names:
        if len(names) == 1 or name.casefold() in ("ledger", "settings", "prices", "accounts", OPEN_ITEMS.casefold()):
            yield name


def _below(rows: Sequence[Sequence[Cell]], header: int) -> Iterator[tuple[int, Sequence[Cell]]]:
    yield from enumerate(rows[header + 1 :], start=header + 2)


def _text(row: Sequence[Cell], column: int | None) -> str:
    if column is None or column > len(row) or row[column - 1] is None:
        return ""
    cell = row[column - 1]
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _transfer(number: int, row: Sequence[Cell], columns: Mapping[str, int]) -> KnownTransfer | None:
    """A Transfer row that can be compared; one that the reader of ledgers will complain about is passed over."""
    place = columns.get("date")
    when = row[place - 1] if place is not None and place <= len(row) else None
    try:
        if isinstance(when, datetime):
            day = when.date()
        elif isinstance(when, date):
            day = when
        else:
            day = datetime.fromisoformat(str(when)).date()
        quantity = Decimal(_text(row, columns.get("quantity")))
        received = Decimal(_text(row, columns.get(plain("Received Quantity"))) or quantity)
    except (ValueError, ArithmeticError):
        return None
    return KnownTransfer(
        number,
        day,
        _text(row, columns.get("asset")).casefold(),
        _text(row, columns.get("account")).casefold(),
        _text(row, columns.get(plain("To Account"))).casefold(),
        quantity,
        received,
        frozenset(key.partition(":")[0] for key in _text(row, columns.get(plain("Source Key"))).split(" + ") if key),
    )
