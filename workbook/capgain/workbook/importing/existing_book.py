"""A workbook that rows are added to: what its Ledger knows already, its settings and prices, and its open items."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path

from capgain.engine.ledger import Ledger, Price
from capgain.engine.planning.prices import worth
from capgain.workbook.importing.known_entries import KnownEntries, known_entries
from capgain.workbook.importing.same_events import KnownRow, Told, ids_in, told_by_row
from capgain.workbook.importing.source_files import UnreadableImport
from capgain.workbook.reading.accounts import accounts_of
from capgain.workbook.reading.blocks import ledger_from_sheets
from capgain.workbook.reading.columns import find_ledger_header
from capgain.workbook.reading.example_rows import EXAMPLE
from capgain.workbook.reading.overrides import with_overrides
from capgain.workbook.reading.prices import prices_of
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.reading.setting_rows import settings_of
from capgain.workbook.reading.workbook_file import WorkbookSheets, read_workbook_file
from capgain.workbook.written.columns_of_cells import Names, text_of
from capgain.workbook.written.misread import Cell, is_blank
from capgain.workbook.written.moments import Calendar, Moment, read_moment
from capgain.workbook.written.numbers import read_number
from capgain.workbook.written.time_zones import zone_named
from capgain.workbook.written.words import plain
from capgain.workbook.xlsx.unreadable import ZIP, read_bytes, refuse_foreign_formats


@dataclass(frozen=True, slots=True)
class ExistingBook:
    """What matters of a workbook for adding rows to its Ledger. Rows and columns count from 1.

    `columns` has every header cell's column by its normal name, known or not. `last_row` is the last row of the
    ledger that holds anything in them. `keys` are the events it has, with the row of each. `calendar` has its tax
    zones. `accounts` are those that it describes, without regard to case; `account_kinds` their kinds,
    `account_names` these and all that its rows name, as written. `told` are its imported rows by what they say
    happened, `entries` what all its rows come to: both are worked out when they are first asked for.
    `settings` is its sheet, and `names_zone` whether that has a tax zone. `rows` are all below the header,
    `examples` the numbers of a new workbook's example rows, which leave when rows are added.
    """

    path: Path
    sha256: str
    sheet: str
    header_row: int
    columns: Mapping[str, int]
    last_row: int
    keys: Mapping[str, int]
    ids: frozenset[str]
    calendar: Calendar
    accounts: frozenset[str]
    account_names: frozenset[str]
    account_kinds: Mapping[str, str]
    settings: RawSheet | None
    names_zone: bool
    rows: Sequence[Sequence[Cell]]
    examples: frozenset[int]
    told: Callable[[], Mapping[Told, Sequence[KnownRow]]]
    entries: Callable[[], KnownEntries]
    prices: tuple[Price, ...]
    open_items: Sequence[Sequence[Cell]]
    form_1099: RawSheet | None = None
    accounts_sheet: RawSheet | None = None


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
    note = columns.get("note")
    below = [*enumerate(book.whole[header_row:], start=header_row + 1)]
    examples = frozenset(number for number, row in below if _text(row, note) == EXAMPLE)
    if examples:
        below = [(number, row) for number, row in below if number not in examples]
    places = frozenset(columns.values())
    last = next((number for number, row in reversed(below) if _holds_anything(row, places)), header_row)
    keys: dict[str, int] = {}
    for number, row in below:
        for key in _source_keys(row, columns):
            keys.setdefault(key, number)
    ids = {_text(row, columns.get(name)) for name in ("id", "lot") if name in columns for _, row in below}
    account = columns.get("account")
    named = Names().column([row[account - 1] for _, row in below if account <= len(row)]) if account else ()
    settings = _with_zone(book, time_zone)
    stated = settings_of(settings, Names(), Names(), date_1904=book.date_1904)
    described = {} if book.accounts is None else accounts_of(book.accounts, Names())[0]
    if stated.settings.time_zone is None:
        # For recognising events alone, whose days may differ by one.
        settings = with_overrides(settings, [("Time Zone", "UTC")])
    calendar = Calendar(book.date_1904, stated.zones)

    @cache
    def ledger() -> Ledger:
        return ledger_from_sheets(book.ledger, None, settings, book.prices, date_1904=book.date_1904)

    is_priced = book.prices is not None and bool(prices_of(book.prices, Names(), calendar)[0])
    return ExistingBook(
        path=path,
        sha256=sha256(data).hexdigest(),
        sheet=book.sheet,
        header_row=header_row,
        columns=columns,
        last_row=last,
        keys=keys,
        ids=frozenset(ids - {""}),
        calendar=calendar,
        accounts=frozenset(name.casefold() for name in (*described, *stated.accounts)),
        settings=book.settings,
        names_zone=settings_of(book.settings, Names(), Names()).settings.time_zone is not None,
        rows=book.whole[header_row:],
        examples=examples,
        told=cache(lambda: _told(book, columns, header_row, calendar)),
        entries=cache(lambda: known_entries(ledger(), examples, lambda row: _formats(book.whole[row - 1], columns))),
        account_names=frozenset((*described, *stated.accounts, *filter(None, named))),
        account_kinds={
            name.casefold(): account.kind.value
            for name, account in {**stated.accounts, **described}.items()
            if account.kind is not None
        },
        prices=tuple(
            replace(one, price=worth(ledger(), one.asset, Decimal(1), one.price))
            for one in (ledger().prices if is_priced else ())
        ),
        open_items=() if book.open_items is None else book.open_items.rows,
        form_1099=book.form_1099,
        accounts_sheet=book.accounts,
    )


def _told(
    book: WorkbookSheets, columns: Mapping[str, int], header_row: int, calendar: Calendar
) -> dict[Told, list[KnownRow]]:
    """The rows that imports made, by what they say happened."""
    found: dict[Told, list[KnownRow]] = {}
    for number, row in enumerate(book.whole[header_row:], start=header_row + 1):
        keys = _source_keys(row, columns)
        if not keys:
            continue
        kind, account = _text(row, columns.get("type")), _text(row, columns.get("account"))
        moment = read_moment(row[columns["date"] - 1], calendar)
        if not isinstance(moment, Moment):
            continue
        given = _text(row, columns.get("asset")), _number(row, columns.get("quantity"))
        got = _text(row, columns.get(plain("Received Asset"))), _number(row, columns.get(plain("Received Quantity")))
        comes = kind in ("Buy", "Reinvest", "Income", "Gift In", "Cover")
        out, come = (("", None), given) if comes else (given, got)
        said = told_by_row(kind, moment.at, account, out, come)
        has_id = not any(key.partition(":")[2].startswith("~") for key in keys)
        ids = tuple(map(ids_in, keys))
        found.setdefault(said, []).append(KnownRow(number, _formats(row, columns), has_id, ids))
    return found


def _number(row: Sequence[Cell], column: int | None) -> Decimal | None:
    number = None if column is None or column > len(row) else read_number(row[column - 1])
    return number if isinstance(number, Decimal) else None


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


def _holds_anything(row: Sequence[Cell], columns: frozenset[int]) -> bool:
    return any(column <= len(row) and row[column - 1] not in (None, "") for column in columns)


def _source_keys(row: Sequence[Cell], columns: Mapping[str, int]) -> list[str]:
    return [key for key in _text(row, columns.get(plain("Source Key"))).split(" + ") if key]


def _formats(row: Sequence[Cell], columns: Mapping[str, int]) -> frozenset[str]:
    return frozenset(key.partition(":")[0] for key in _source_keys(row, columns))


def _text(row: Sequence[Cell], column: int | None) -> str:
    return "" if column is None or column > len(row) else text_of(row[column - 1])
