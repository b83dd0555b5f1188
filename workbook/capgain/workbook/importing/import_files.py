"""From files of exchanges and brokers to rows of one ledger: the whole way, in order."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from capgain.workbook.importing.appending import append_rows
from capgain.workbook.importing.dollar_values import PriceList, fill_in, price_list
from capgain.workbook.importing.draft_format import draft_format
from capgain.workbook.importing.existing_book import ExistingBook, KnownTransfer, read_existing
from capgain.workbook.importing.format_files import Format, format_from, known_formats
from capgain.workbook.importing.interpretation import TableReader
from capgain.workbook.importing.keys import name_events
from capgain.workbook.importing.ledger_rows import LedgerRow, Value, ledger_row, with_unique_ids
from capgain.workbook.importing.movements import Becomes, Movement, Place
from capgain.workbook.importing.new_book import write_new_book
from capgain.workbook.importing.open_items import OpenItem, item_of, read_open_items, unsettled_of
from capgain.workbook.importing.outcomes import Ignored, Unsettled
from capgain.workbook.importing.pairs import pair_up
from capgain.workbook.importing.recognition import UnknownFormat, find_tables
from capgain.workbook.importing.source_files import Row, Source, UnreadableImport, read_sources
from capgain.workbook.importing.splits import settle_splits
from capgain.workbook.importing.transfers import match_transfers
from capgain.workbook.reading.quick_values import no_garbage_collection


@dataclass(frozen=True, slots=True)
class FileSummary:
    """What one file (or one sheet of a workbook) came to: `rows_read` = `ledger` + `ignored` + `problems` rows of it.

    `kinds` counts (the source's kind of row, what it became), where a ledger row's type, `ignored` or `problem` stands.
    `reasons` counts why rows were ignored.
    """

    name: str
    format: str
    rows_read: int
    ledger: int
    ignored: int
    problems: int
    kinds: Mapping[tuple[str, str], int]
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did. `rows` are the rows added to the Ledger, `unsettled` what is listed on Open Items,
    from this import and from those before.

    `duplicates` counts the rows read whose events the Ledger, or another file of the same import, has already.
    """

    output: Path
    files: tuple[FileSummary, ...]
    rows: tuple[LedgerRow, ...]
    ignored: tuple[Ignored, ...]
    unsettled: tuple[Unsettled, ...]
    duplicates: int
    from_open_items: int
    notices: tuple[str, ...]

    @property
    def rows_added(self) -> int:
        return len(self.rows)

    @property
    def unmatched(self) -> tuple[Unsettled, ...]:
        """Deposits and withdrawals without a partner, of this import and of those before."""
        return tuple(item for item in self.unsettled if _is_half(item))

    @property
    def problems(self) -> tuple[Unsettled, ...]:
        """Everything else that is not settled."""
        return tuple(item for item in self.unsettled if not _is_half(item))

    @property
    def types(self) -> Mapping[str, int]:
        """Rows added by type."""
        return Counter(row.type for row in self.rows)


class UnknownFiles(UnreadableImport):
    """Files that no format knows; `drafts` are mapping files to fill in, by the file's name."""

    def __init__(self, unknown: Sequence[UnknownFormat]) -> None:
        self.drafts = {one.source.path.name: draft_format(one.source, one.header) for one in unknown}
        super().__init__("\n".join(str(one) for one in unknown))


@dataclass(slots=True)
class _Reading:
    """Everything read from the files, before it is put together."""

    movements: list[Movement] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    unsettled: list[Unsettled] = field(default_factory=list)
    kinds: dict[Place, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    zones_needed: set[str] = field(default_factory=set)


DUPLICATE = "already in"


def import_files(
    paths: Sequence[Path],
    *,
    output: Path,
    into: Path | None = None,
    formats: Sequence[Path] = (),
    account: str = "",
    accounts: Mapping[Path, str] | None = None,
    time_zone: str | None = None,
    source_zones: Mapping[str, str] | None = None,
    prices: Sequence[Path] = (),
    created: datetime | None = None,
) -> ImportResult:
    """Read the files and write their rows to `output`: a new workbook, or `into` with the rows added to its Ledger.

    `formats` are mapping files of the user's own; they come before the known ones. `account` names the account of every
    file whose rows name none, `accounts` that of single files. `time_zone` is the tax zone where the
    workbook's Settings have none. `source_zones` are zones by a format's name, for times that
    name none, instead of the format's own.
    `prices` are price files.

    Raises:
        UnknownFiles: no format knows a file; drafts of a mapping are in it.
        UnreadableImport: a file, the workbook or the zone cannot be used. Nothing was written.
        UnusableFormat: a mapping file says something wrong.
        CannotWrite, OutputExists: the output cannot be written.
    """
    with no_garbage_collection():
        return _import(
            paths, output, into, formats, account, accounts or {}, time_zone, source_zones or {}, prices, created
        )


def _import(
    paths: Sequence[Path],
    output: Path,
    into: Path | None,
    formats: Sequence[Path],
    account: str,
    accounts: Mapping[Path, str],
    time_zone: str | None,
    source_zones: Mapping[str, str],
    prices: Sequence[Path],
    created: datetime | None,
) -> ImportResult:
    book = read_existing(into) if into is not None else None
    zone = _tax_zone(time_zone, book)
    known = (*(format_from(path) for path in formats), *known_formats())
    reading = _read_all(paths, known, zone, account, accounts, source_zones)
    listed = price_list(book.prices if book is not None else (), prices)
    items = read_open_items(book.open_items) if book is not None else []
    rows, unsettled, kept, settled_items = _put_together(reading, book, items, listed, in_tax_zone=zone is not None)
    notices = _notices(reading, book, zone, rows)
    open_rows: list[Mapping[str, Value]] = [item_of(one, in_tax_zone=zone is not None) for one in unsettled]
    open_rows += [item.values for item in kept]
    _write(book, output, rows, open_rows, reading, time_zone, created)
    unsettled += [unsettled_of(item) for item in kept if not item.decided]
    return ImportResult(
        output=output,
        files=_summaries(reading, rows, unsettled),
        rows=tuple(rows),
        ignored=tuple(reading.ignored),
        unsettled=tuple(unsettled),
        duplicates=sum(1 for one in reading.ignored if one.reason.startswith(DUPLICATE)),
        from_open_items=settled_items,
        notices=tuple(notices),
    )


def _tax_zone(stated: str | None, book: ExistingBook | None) -> ZoneInfo | None:
    name = book.time_zone if book is not None and book.time_zone else stated
    if stated and book is not None and book.time_zone and book.time_zone != stated:
        raise UnreadableImport(
            f"The time zone {stated} was asked for, but Settings say {book.time_zone}. A ledger has one tax zone."
        )
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as unknown:
        raise UnreadableImport(f"No time zone {name!r} is known. Use a name such as America/New_York.") from unknown


def _read_all(
    paths: Sequence[Path],
    known: Sequence[Format],
    zone: ZoneInfo | None,
    account: str,
    accounts: Mapping[Path, str],
    source_zones: Mapping[str, str],
) -> _Reading:
    reading = _Reading()
    unknown = []
    zones = {name.casefold(): ZoneInfo(text) for name, text in source_zones.items()}
    seen: dict[str, Place] = {}
    names = Counter(path.name for path in paths)
    for path in dict.fromkeys(paths):
        for source in read_sources(path):
            name = source.name if names[path.name] == 1 else str(path)
            try:
                _read_source(source, name, known, zone, accounts.get(path, account), zones, reading, seen)
            except UnknownFormat as one:
                unknown.append(one)
    if unknown:
        raise UnknownFiles(unknown)
    return reading


def _read_source(
    source: Source,
    name: str,
    known: Sequence[Format],
    zone: ZoneInfo | None,
    account: str,
    zones: Mapping[str, ZoneInfo],
    reading: _Reading,
    seen: dict[str, Place],
) -> None:
    movements: list[Movement] = []
    unread: list[Unsettled] = []
    for found in find_tables(source, known):
        form = found.format
        reading.formats[name] = form.name
        reading.rows[name] = reading.rows.get(name, 0) + len(found.rows)
        if found.table is None or found.header is None:
            _outside_tables(found.rows, form, name, reading, unread)
            continue
        reader = TableReader(
            form,
            found.table,
            found.header,
            file=name,
            zone=zone,
            source_zone=zones.get(form.name.casefold(), form.zone),
            account=account,
        )
        for row in found.rows:
            made = reader.read(row)
            if isinstance(made, Movement):
                movements.append(made)
                reading.kinds[made.lines[0]] = made.kind
                if made.moment.needs_zone:
                    reading.zones_needed.add(form.name)
                for own in (made.account, made.to_account):
                    if own:
                        reading.accounts.setdefault(own, _account_kind(own, form, known))
            elif isinstance(made, Ignored):
                reading.ignored.append(made)
            else:
                unread.append(made)
                reading.kinds[made.places[0]] = made.kind
    name_events(movements)
    for movement in movements:
        first = seen.setdefault(movement.key, movement.lines[0])
        if first != movement.lines[0]:
            reading.ignored.append(Ignored(movement.lines[0], f"{DUPLICATE} {first.file}, line {first.line}"))
        else:
            reading.movements.append(movement)
    counted: Counter[str] = Counter()
    for one in unread:
        counted[one.key] += 1
        key = one.key if counted[one.key] == 1 else f"{one.key}.{counted[one.key]}"
        first = seen.setdefault(key, one.places[0])
        if first != one.places[0]:
            reading.ignored.append(Ignored(one.places[0], f"{DUPLICATE} {first.file}, line {first.line}"))
        else:
            reading.unsettled.append(
                Unsettled(one.places, one.kind, one.message, one.remedy, one.movement, one.partner, key)
            )


def _outside_tables(rows: Iterable[Row], form: Format, name: str, reading: _Reading, unread: list[Unsettled]) -> None:
    for row in rows:
        place = Place(name, row.line)
        first = row.cells[0].strip()
        if not form.sections:
            reading.ignored.append(Ignored(place, "a line above the header"))
        elif first in form.sections:
            reading.ignored.append(Ignored(place, f"{first}: {form.sections[first]}"))
        else:
            reading.kinds[place] = first
            unread.append(
                Unsettled(
                    (place,),
                    first,
                    f"The table {first!r} of {form.name} is not known here.",
                    "If it holds transactions, enter them in the Ledger by hand; else write a Decision beside it.",
                    key=f"{form.key}:!{name}:{row.line}",
                )
            )


def _account_kind(account: str, form: Format, known: Sequence[Format]) -> str:
    """What Accounts says of it: the format's kind; for names in another program's file, the exchange's own."""
    if form.kind != "wallet":
        return form.kind
    for other in known:
        if other.kind in ("exchange", "brokerage") and other.name.casefold() in account.casefold():
            return other.kind
    return "wallet"


def _put_together(
    reading: _Reading, book: ExistingBook | None, items: Sequence[OpenItem], prices: PriceList, *, in_tax_zone: bool
) -> tuple[list[LedgerRow], list[Unsettled], list[OpenItem], int]:
    """Ledger rows, what is unsettled, the open items that stay as they are, and how many this import settled."""
    known = book.keys if book is not None else {}
    decided = {item.key for item in items if item.decided}
    fresh = [movement for movement in reading.movements if not _is_known(movement, known, decided, reading)]
    whole, halves_of_trades = pair_up(fresh)
    whole = _each_once([movement for movement in whole if not _is_known(movement, known, decided, reading)], reading)
    waiting = {
        item.key: item.movement
        for item in items
        if item.movement is not None and item.key not in known and not item.decided
    }
    # An open item may have been completed by hand: it goes before the same event read again.
    whole = [
        replace(waiting.pop(movement.key), lines=movement.lines, moment=movement.moment, at=movement.at)
        if movement.key in waiting
        else movement
        for movement in whole
    ]
    revived = {item.key for item in items if item.movement is not None and item.key not in known and not item.decided}
    whole, unsplit = settle_splits([*whole, *waiting.values()])
    halves = [movement for movement in whole if movement.becomes in (Becomes.DEPOSIT, Becomes.WITHDRAWAL)]
    whole = [movement for movement in whole if movement.becomes not in (Becomes.DEPOSIT, Becomes.WITHDRAWAL)]
    halves = _not_entered_by_hand(halves, book, reading)
    matched = match_transfers(halves)
    reading.ignored.extend(matched.returned)
    whole += matched.transfers
    unsettled = [
        *_not_known(reading.unsettled, known, decided, reading),
        *_not_known(halves_of_trades, known, decided, reading),
        *unsplit,
        *matched.unmatched,
    ]
    rows = []
    for movement in whole:
        lacking = fill_in(movement, prices)
        if lacking:
            unsettled.append(
                Unsettled(
                    movement.lines,
                    movement.kind,
                    f"The file does not say {lacking}.",
                    "Give a price file with that date, or add it to the Prices sheet, and import again.",
                    movement=movement,
                    key=movement.key,
                )
            )
        else:
            rows.append(ledger_row(movement, in_tax_zone=in_tax_zone))
    rows.sort(key=lambda row: row.order)
    rows = with_unique_ids(rows, book.ids if book is not None else ())
    unsettled.sort(key=lambda one: (one.places[0].file, one.places[0].line, one.key))
    open_keys = {one.key for one in unsettled}
    made = {part for row in rows for part in row.key.split(" + ")}
    kept = [
        item
        for item in items
        if item.decided
        or (item.movement is None and item.key not in open_keys and item.key not in known and item.key not in made)
    ]
    settled = len(revived & made)
    return rows, unsettled, kept, settled


def _each_once(movements: Sequence[Movement], reading: _Reading) -> list[Movement]:
    """One movement for each key: two files of one source may tell of the same trade in different ways."""
    first: dict[str, Movement] = {}
    for movement in movements:
        known = first.setdefault(movement.key, movement)
        if known is not movement:
            reason = f"{DUPLICATE} {known.lines[0].file}, line {known.lines[0].line}"
            reading.ignored.extend(Ignored(place, reason) for place in movement.lines)
    return list(first.values())


def _is_known(movement: Movement, known: Mapping[str, int], decided: set[str], reading: _Reading) -> bool:
    if movement.key in known:
        reason = f"{DUPLICATE} the Ledger, row {known[movement.key]}"
    elif movement.key in decided:
        reason = f"{DUPLICATE} Open Items, with a decision"
    else:
        return False
    reading.ignored.extend(Ignored(place, reason) for place in movement.lines)
    return True


def _not_known(
    unsettled: Iterable[Unsettled], known: Mapping[str, int], decided: set[str], reading: _Reading
) -> list[Unsettled]:
    kept = []
    groups = {key.rpartition("/")[0]: row for key, row in known.items() if "/" in key}
    for one in unsettled:
        row = known.get(one.key, groups.get(one.key))
        if row is not None:
            reading.ignored.extend(Ignored(place, f"{DUPLICATE} the Ledger, row {row}") for place in one.places)
        elif one.key in decided:
            reading.ignored.extend(Ignored(place, f"{DUPLICATE} Open Items, with a decision") for place in one.places)
        else:
            kept.append(one)
    return kept


def _not_entered_by_hand(halves: Iterable[Movement], book: ExistingBook | None, reading: _Reading) -> list[Movement]:
    """Withdrawals and deposits that no Transfer of the Ledger, entered by hand or from another source, tells of."""
    if book is None:
        return list(halves)
    free = {Becomes.WITHDRAWAL: list(book.transfers), Becomes.DEPOSIT: list(book.transfers)}
    kept = []
    for half in halves:
        entered = next((transfer for transfer in free[half.becomes] if _same_event(half, transfer)), None)
        if entered is None:
            kept.append(half)
            continue
        free[half.becomes].remove(entered)
        reading.ignored.extend(Ignored(place, f"{DUPLICATE} the Ledger, row {entered.row}") for place in half.lines)
    return kept


def _same_event(half: Movement, transfer: KnownTransfer) -> bool:
    if half.format in transfer.formats:
        return False
    if abs((half.at.date() - transfer.day).days) > 1 or half.asset.casefold() != transfer.asset:
        return False
    if half.becomes is Becomes.WITHDRAWAL:
        return transfer.account == half.account.casefold() and transfer.quantity == half.out_quantity
    return transfer.to_account == half.account.casefold() and transfer.received == half.in_quantity


def _is_half(item: Unsettled) -> bool:
    return item.movement is not None and item.movement.becomes in (Becomes.DEPOSIT, Becomes.WITHDRAWAL)


def _notices(
    reading: _Reading, book: ExistingBook | None, zone: ZoneInfo | None, rows: Sequence[LedgerRow]
) -> list[str]:
    notices = []
    if zone is None and reading.zones_needed:
        notices.append(
            f"Times of {', '.join(sorted(reading.zones_needed))} are written with their offset, because no tax zone is "
            "known. Set Time Zone in Settings (such as America/New_York); until then their tax dates are not known."
        )
    if book is not None:
        missing = sorted(name for name in reading.accounts if name.casefold() not in book.accounts)
        if missing and rows:
            kinds = ", ".join(f"{name} = {reading.accounts[name]}" for name in missing)
            notices.append(f"Add to the sheet Accounts: {kinds}.")
    twins: dict[tuple[str, ...], set[str]] = {}
    for row in rows if len(reading.rows) > 1 else ():
        look = tuple(str(row.values.get(name, "")) for name in ("Date", "Type", "Asset", "Quantity", "Account"))
        twins.setdefault(look, set()).add(str(row.values.get("Source File", "")))
    doubled = sum(1 for files in twins.values() if len(files) > 1)
    if doubled:
        notices.append(
            f"{doubled} events stand in two files under different ids. If both tell of the same trades, import one."
        )
    return notices


def _write(
    book: ExistingBook | None,
    output: Path,
    rows: Sequence[LedgerRow],
    open_rows: Sequence[Mapping[str, Value]],
    reading: _Reading,
    time_zone: str | None,
    created: datetime | None,
) -> None:
    if book is not None:
        if rows or open_rows or book.open_items or output != book.path:
            append_rows(book, rows, open_rows, output)
        return
    used = {str(row.values.get(name, "")) for row in rows for name in ("Account", "To Account")}
    named = {name: kind for name, kind in reading.accounts.items() if name in used and kind != "ledger"}
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "ledger.xlsx"
        write_new_book(
            base,
            accounts=dict(sorted(named.items())),
            time_zone=time_zone or "",
            created=created or datetime.now(),
        )
        append_rows(read_existing(base), rows, open_rows, output)


def _summaries(reading: _Reading, rows: Sequence[LedgerRow], unsettled: Sequence[Unsettled]) -> tuple[FileSummary, ...]:
    became: dict[Place, str] = {}
    reasons: dict[str, Counter[str]] = {}
    for row in rows:
        became |= dict.fromkeys(row.lines, row.type)
    for one in unsettled:
        became |= dict.fromkeys(one.places, "problem")
    for ignored in reading.ignored:
        became[ignored.place] = "ignored"
        reasons.setdefault(ignored.place.file, Counter())[ignored.reason] += 1
    made = []
    for name, read in reading.rows.items():
        here = {place: what for place, what in became.items() if place.file == name and not place.earlier}
        kinds: Counter[tuple[str, str]] = Counter()
        for place, what in here.items():
            if place in reading.kinds:
                kinds[reading.kinds[place], what] += 1
        counts = Counter(what if what in ("ignored", "problem") else "ledger" for what in here.values())
        if sum(counts.values()) != read:
            raise AssertionError(f"{name}: {read} rows read, {sum(counts.values())} accounted for")
        made.append(
            FileSummary(
                name,
                reading.formats[name],
                read,
                counts["ledger"],
                counts["ignored"],
                counts["problem"],
                kinds,
                reasons.get(name, Counter()),
            )
        )
    return tuple(made)
