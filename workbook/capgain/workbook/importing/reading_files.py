"""The files read row by row: movements, ignored rows and what is not settled, each row exactly once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from pathlib import Path

from capgain.workbook.importing.accrued_interest import interest_sold
from capgain.workbook.importing.decimal_commas import Decimals, with_points
from capgain.workbook.importing.draft_format import DraftFormat, draft_format
from capgain.workbook.importing.file_facts import facts_of, with_accounts
from capgain.workbook.importing.format_files import format_from, known_formats
from capgain.workbook.importing.hand_kept import hand_kept, with_times
from capgain.workbook.importing.interpretation import TableReader
from capgain.workbook.importing.keys import name_events
from capgain.workbook.importing.mapping_checks import refuse_what_does_not_fit
from capgain.workbook.importing.movements import LineOfFile, Movement
from capgain.workbook.importing.near_miss import near_miss
from capgain.workbook.importing.outcomes import DUPLICATE, Ignored, Unsettled
from capgain.workbook.importing.own_address import with_own_address
from capgain.workbook.importing.own_ids import without_ids
from capgain.workbook.importing.own_totals import OwnTotals
from capgain.workbook.importing.recognition import FoundTable, UnknownFormat, find_tables
from capgain.workbook.importing.rows_together import disguised_exchanges, joined_refusals
from capgain.workbook.importing.source_accounts import SourceAccount, kind_by_words, one_name
from capgain.workbook.importing.source_files import SourceFile, SourceRow, UnreadableImport, read_sources
from capgain.workbook.importing.source_tables import Format
from capgain.workbook.importing.withdrawal_fees import with_their_fees
from capgain.workbook.reading.columns import find_ledger_header
from capgain.workbook.reading.named_sheets import LEDGER
from capgain.workbook.written.date_orders import DateOrder
from capgain.workbook.written.time_zones import ZoneByYear, zone_named


class UnknownFiles(UnreadableImport):
    """Files that no format knows; `drafts` are mapping files to fill in, by the file's name, and `open_drafts` the same
    before they are text.
    """

    def __init__(self, unknown: Sequence[UnknownFormat]) -> None:
        self.open_drafts = {one.source.path.name: draft_format(one.source, one.header) for one in unknown}
        self.drafts = {name: draft.text() for name, draft in self.open_drafts.items()}
        super().__init__("\n".join(str(one) for one in unknown))


@dataclass(slots=True)
class FilesRead:
    """Everything read from the files, before it is put together."""

    movements: list[Movement] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    unsettled: list[Unsettled] = field(default_factory=list)
    kinds: dict[LineOfFile, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    zones_needed: set[str] = field(default_factory=set)
    told: dict[str, None] = field(default_factory=dict)
    """What formats take for granted, each once, in the order met."""


@dataclass(slots=True)
class _SourceRead:
    """What one file, or one sheet of a workbook, says, before it is compared with the others."""

    movements: list[Movement] = field(default_factory=list)
    unread: list[Unsettled] = field(default_factory=list)


def unknown_files(
    paths: Sequence[Path], formats: Sequence[Path], decimals: Decimals | None = None
) -> dict[Path, DraftFormat]:
    """Drafts of mappings for the files that neither a known format nor one of `formats` knows.

    Raises:
        UnreadableImport: a file cannot be used, or lacks a column of the format that it looks like.
        UnusableFormat: a mapping file says something wrong.
    """
    known = (*(format_from(path) for path in formats), *known_formats())
    drafts = {}
    for path in dict.fromkeys(paths):
        for source in _without_sheets_beside(read_sources(path), FilesRead()):
            try:
                _tables_of(with_points(source, decimals)[0], known)
            except UnknownFormat as unknown:
                drafts[path] = draft_format(unknown.source, unknown.header)
    return drafts


def read_files(
    paths: Sequence[Path],
    known: Sequence[Format],
    zones: ZoneByYear | None,
    account: str,
    accounts: Mapping[Path, str],
    source_zones: Mapping[str, str],
    order: DateOrder | None = None,
    in_book: Iterable[str] = (),
    keys: Container[str] = (),
    decimals: Decimals | None = None,
) -> FilesRead:
    """Every row of every file, as a movement, ignored for a reason, or unsettled; each event once.

    `order` is that of dates in figures and `decimals` the sign before decimals where the user names them, `in_book` the
    accounts and `keys` the events that the workbook has already.

    Raises:
        UnknownFiles: no format knows a file; drafts of a mapping are in it.
        UnreadableImport: a file cannot be used.
        UnknownZone: a source's zone is none.
    """
    reading = FilesRead()
    unknown = []
    own_zones = {name.casefold(): zone_named(text) for name, text in source_zones.items()}
    names = Counter(path.name for path in paths)
    called: dict[str, SourceAccount] = {}
    read: list[_SourceRead] = []
    for path in dict.fromkeys(paths):
        for source in _without_sheets_beside(read_sources(path), reading):
            name = source.name if names[path.name] == 1 else source.name.replace(path.name, str(path), 1)
            try:
                given = accounts.get(path, "")
                source, told = with_points(source, decimals)
                reading.told |= {told: None} if told else {}
                read.append(_read_source(source, name, known, zones, given, account, own_zones, order, reading, called))
            except UnknownFormat as one:
                unknown.append(one)
    if unknown:
        raise UnknownFiles(unknown)
    renamed = one_name(called, in_book) | _as_before(read, called, keys)
    for old, new in renamed.items():
        if old in reading.accounts:
            kind = reading.accounts.pop(old)
            reading.accounts.setdefault(new, kind)
    seen: dict[str, LineOfFile] = {}
    for source_read in read:
        for movement in source_read.movements:
            movement.account = renamed.get(movement.account, movement.account)
            movement.to_account = renamed.get(movement.to_account, movement.to_account)
        _each_once(source_read, reading, seen)
    return reading


def _without_sheets_beside(sources: Sequence[SourceFile], reading: FilesRead) -> Sequence[SourceFile]:
    """Of a workbook of ours the sheet Ledger alone; what else it has is for the person to carry over."""
    ledger = next((one for one in sources if one.sheet.casefold() == LEDGER.casefold()), None)
    if ledger is None or find_ledger_header([list(row.cells) for row in ledger.rows]) is None:
        return sources
    others = [one.sheet for one in sources if one is not ledger]
    if others:
        reading.told[
            f"{ledger.path.name}: its sheet {ledger.sheet} is read alone, and not {', '.join(others)}: accounts, "
            "settings and prices have to stand in the workbook that the rows go to."
        ] = None
    return [ledger]


def _as_before(
    read: Sequence[_SourceRead], called: Mapping[str, SourceAccount], keys: Container[str]
) -> dict[str, str]:
    """Accounts whose events the workbook has under the name that version 0.1.0 gave them: that name stays."""
    former = {account.called: account.formerly for account in called.values() if account.formerly != account.called}
    found = {}
    for source_read in read:
        movements = [replace(movement) for movement in source_read.movements if movement.account in former]
        for movement in movements:
            movement.account = former[movement.account]
        name_events(movements)
        originals = (movement for movement in source_read.movements if movement.account in former)
        for old, new in zip(movements, originals, strict=True):
            if old.key in keys:
                found[new.account] = old.account
    return found


def _read_source(
    source: SourceFile,
    name: str,
    known: Sequence[Format],
    zones: ZoneByYear | None,
    account: str,
    otherwise: str,
    own_zones: Mapping[str, tzinfo],
    order: DateOrder | None,
    reading: FilesRead,
    called: dict[str, SourceAccount],
) -> _SourceRead:
    movements: list[Movement] = []
    unread: list[Unsettled] = []
    left_out: list[Ignored] = []
    tables = _tables_of(source, known)
    refuse_what_does_not_fit(source, tables)
    facts = facts_of(source, tables, order)
    alone: dict[LineOfFile, Unsettled] = {}
    for found, stated in with_accounts(
        (without_ids(with_own_address(one, source.path)) for one in tables), facts.account
    ):
        form = found.format
        reading.formats[name] = form.name
        reading.rows[name] = reading.rows.get(name, 0) + len(found.rows)
        if found.table is None or found.header is None:
            _outside_tables(found.rows, form, name, reading, unread)
            continue
        if found.table.tells:
            reading.told[f"{form.name}: {found.table.tells}."] = None
        if not found.table.checks_sum:
            reading.told[f"{form.name}: money before and after the fee is not compared with the fee."] = None
        reader = TableReader(
            form,
            found.table,
            found.header,
            file=name,
            zones=zones,
            source_zone=own_zones.get(form.name.casefold(), facts.zone or form.zone),
            order=facts.order,
            account=account,
            stated=stated,
            otherwise=otherwise,
            comma_is_doubtful=source.comma_is_doubtful,
            is_text=source.is_text,
            currency=facts.currency,
            rows=found.rows,
        )
        totals = OwnTotals()
        for row in reader.whole_rows(found.rows):
            made = reader.read(row)
            totals.note(made, reader.amount_of(row) if isinstance(made, Ignored) else None)
            if isinstance(made, Movement):
                movements.append(made)
                if (interest := interest_sold(made)) is not None:
                    movements.append(interest)
                for line in made.lines:
                    reading.kinds[line] = made.kind
                if made.zone_missing:
                    reading.zones_needed.add(form.name)
                for own in (made.account, made.to_account):
                    if own and own not in reading.accounts:
                        of_broker = reader.accounts.get(own)
                        kind = of_broker.kind if of_broker is not None else _account_kind(own, form, known)
                        reading.accounts[own] = kind
                        if of_broker is not None and of_broker.is_guess and kind == "ira":
                            reading.told[
                                f"{own} is taken for a retirement account by the name of {name}, and stays off the "
                                "return. If it is none, write brokerage as its Kind on the sheet Accounts."
                            ] = None
            elif isinstance(made, Ignored):
                left_out.append(made)
                left_out += [Ignored(LineOfFile(name, line), made.reason) for line in row.above]
            else:
                unread.append(made)
                reading.kinds |= dict.fromkeys(made.places, made.kind)
        reading.told |= dict.fromkeys(totals.differences())
        alone |= reader.ignored_alone()
        called |= reader.accounts
    left_out = [one for one in left_out if one.place not in alone]
    unread += alone.values()
    left_out, exchanged = disguised_exchanges(left_out)
    reading.ignored += left_out
    return _SourceRead(with_their_fees(movements), [*joined_refusals(unread), *exchanged])


def _tables_of(source: SourceFile, known: Sequence[Format]) -> tuple[FoundTable, ...]:
    """The file's tables by the format that knows it, else as a ledger that somebody keeps by hand."""
    try:
        return tuple(map(with_times, find_tables(source, known)))
    except UnknownFormat:
        almost = near_miss(source, known)
        if almost is not None:
            raise almost from None
        ledger = next((form for form in known if form.kind == "ledger"), None)
        kept = None if ledger is None else hand_kept(source, ledger)
        if kept is None:
            raise
        return kept


def _each_once(read: _SourceRead, reading: FilesRead, seen: dict[str, LineOfFile]) -> None:
    """Name the events of one file, and keep those that no file before told of."""
    name_events(read.movements)
    for movement in read.movements:
        first = seen.setdefault(movement.key, movement.lines[0])
        if first != movement.lines[0]:
            reason = f"{DUPLICATE} {first.file}, line {first.line}"
            reading.ignored += [Ignored(place, reason) for place in movement.lines]
        else:
            reading.movements.append(movement)
    counted: Counter[str] = Counter()
    for one in read.unread:
        counted[one.key] += 1
        key = one.key if counted[one.key] == 1 else f"{one.key}.{counted[one.key]}"
        first = seen.setdefault(key, one.places[0])
        if first != one.places[0]:
            reason = f"{DUPLICATE} {first.file}, line {first.line}"
            reading.ignored += [Ignored(place, reason) for place in one.places]
        else:
            reading.unsettled.append(replace(one, key=key))


def _outside_tables(
    rows: Iterable[SourceRow], form: Format, name: str, reading: FilesRead, unread: list[Unsettled]
) -> None:
    for row in rows:
        place = LineOfFile(name, row.line, part=row.part)
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
    if form.kind == "brokerage":
        # The user's own name in a list that may be anybody's: `Coinbase` is the exchange.
        is_exchange = any(
            other.kind == "exchange" and f"{account} ".casefold().startswith(f"{other.name} ".casefold())
            for other in known
        )
        return "exchange" if is_exchange else kind_by_words(account)
    if form.kind != "wallet":
        return form.kind
    for other in known:
        if other.kind in ("exchange", "brokerage") and other.name.casefold() in account.casefold():
            return kind_by_words(account) if other.kind == "brokerage" else other.kind
    return "wallet"
