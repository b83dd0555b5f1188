"""A workbook that rows are added to: what its Ledger knows already, its settings and prices, and its open items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from capgain.engine.ledger import Price
from capgain.engine.planning.prices import worth
from capgain.engine.transactions import Transfer
from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.reading.accounts import accounts_of
from capgain.workbook.reading.blocks import ledger_from_sheets
from capgain.workbook.reading.columns import find_ledger_header
from capgain.workbook.reading.overrides import with_overrides
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.reading.setting_rows import settings_of
from capgain.workbook.reading.workbook_file import WorkbookSheets, read_workbook_file
from capgain.workbook.written.columns_of_cells import Names, text_of
from capgain.workbook.written.misread import Cell, is_blank
from capgain.workbook.written.moments import Calendar
from capgain.workbook.written.time_zones import zone_named
from capgain.workbook.written.words import plain
from capgain.workbook.xlsx.unreadable import ZIP, read_bytes, refuse_foreign_formats


@dataclass(frozen=True, slots=True)
class KnownTransfer:
    """A Transfer of the Ledger as it stands, to recognise the same event in a file of another source.

    `formats` are those whose files its row came from; none for a row entered by hand.
    """

    entry: Transfer
    formats: frozenset[str]


@dataclass(frozen=True, slots=True)
class ExistingBook:
    """What matters of a workbook for adding rows to its Ledger. Rows and columns count from 1.

    `columns` has every header cell's column by its normal name, known or not. `last_row` is the last row of the ledger
    that holds anything in them. `keys` are the events it has, with the row of each. `calendar` has its tax zones.
    `accounts` are those that it describes, without regard to case.
    """

    path: Path
    sheet: str
    header_row: int
    columns: Mapping[str, int]
    last_row: int
    keys: Mapping[str, int]
    ids: frozenset[str]
    transfers: tuple[KnownTransfer, ...]
    calendar: Calendar
    accounts: frozenset[str]
    prices: tuple[Price, ...]
    open_items: Sequence[Sequence[Cell]]


def read_existing(path: Path, time_zone: str | None = None) -> ExistingBook:
    """What is in the workbook; `time_zone` is the tax zone where its Settings name none.

    Raises:
        UnreadableFile: it is no workbook that can be read.
        UnreadableImport: it is no workbook that rows can be added to, or its Settings have another tax zone.
        UnknownZone: no zone has that name.
    """
    if path.suffix.casefold() not in (".xlsx", ".xlsm"):
        raise UnreadableImport(f"Rows can be added to .xlsx and .xlsm workbooks, not to {path.name}.")
    data = read_bytes(path)
    refuse_foreign_formats(path, data)
    if not data.startswith(ZIP):
        raise UnreadableImport(f"{path.name} is no workbook, whatever its name says. Give one saved as .xlsx.")
    book = read_workbook_file(path, data)
    header = find_ledger_header(book.ledger.rows)
    if header is None:
        raise UnreadableImport(
            f"{path.name}, sheet {book.sheet}: no row of the top 20 holds Date, Type and Asset. Add the header first."
        )
    header_row = book.ledger.first_row + header.place
    columns: dict[str, int] = {}
    for place, cell in enumerate(book.whole[header_row - 1], start=1):
        if isinstance(cell, str) and not is_blank(cell):
            columns.setdefault(plain(cell), place)
    columns |= {plain(name): place + book.ledger.first_column for name, place in header.columns.items()}
    keys: dict[str, int] = {}
    ids = set()
    last = header_row
    for number, row in enumerate(book.whole[header_row:], start=header_row + 1):
        if any(column <= len(row) and row[column - 1] not in (None, "") for column in columns.values()):
            last = number
        for key in _source_keys(row, columns):
            keys.setdefault(key, number)
        ids |= {_text(row, columns.get("id")), _text(row, columns.get("lot"))}
    settings = _with_zone(book, time_zone)
    stated = settings_of(settings, Names(), Names(), date_1904=book.date_1904)
    described = {} if book.accounts is None else accounts_of(book.accounts, Names())[0]
    if stated.settings.time_zone is None:
        # For recognising events alone, whose days may differ by one.
        settings = with_overrides(settings, [("Time Zone", "UTC")])
    ledger = ledger_from_sheets(book.ledger, None, settings, book.prices, date_1904=book.date_1904)
    return ExistingBook(
        path=path,
        sheet=book.sheet,
        header_row=header_row,
        columns=columns,
        last_row=last,
        keys=keys,
        ids=frozenset(ids - {""}),
        transfers=tuple(
            KnownTransfer(entry, _formats(book.whole[entry.row - 1], columns))
            for entry in ledger.transactions
            if isinstance(entry, Transfer)
        ),
        calendar=Calendar(book.date_1904, stated.zones),
        accounts=frozenset(name.casefold() for name in (*described, *stated.accounts)),
        prices=tuple(replace(one, price=worth(ledger, one.asset, Decimal(1), one.price)) for one in ledger.prices),
        open_items=() if book.open_items is None else book.open_items.rows,
    )


def _with_zone(book: WorkbookSheets, time_zone: str | None) -> RawSheet | None:
    """The Settings sheet with the tax zone that was asked for, which may not be another than its own."""
    stated = settings_of(book.settings, Names(), Names())
    for problem in stated.problems:
        if problem.code == "UNKNOWN_TIME_ZONE":
            raise UnreadableImport(str(problem))
    own = stated.settings.time_zone
    if not time_zone or (own is not None and zone_named(own) == zone_named(time_zone)):
        return book.settings
    if own is not None:
        raise UnreadableImport(
            f"The time zone {time_zone} was asked for, but Settings say {own}. A ledger has one tax zone."
        )
    return with_overrides(book.settings, [("Time Zone", time_zone)])


def _source_keys(row: Sequence[Cell], columns: Mapping[str, int]) -> list[str]:
    return [key for key in _text(row, columns.get(plain("Source Key"))).split(" + ") if key]


def _formats(row: Sequence[Cell], columns: Mapping[str, int]) -> frozenset[str]:
    return frozenset(key.partition(":")[0] for key in _source_keys(row, columns))


def _text(row: Sequence[Cell], column: int | None) -> str:
    return "" if column is None or column > len(row) else text_of(row[column - 1])
