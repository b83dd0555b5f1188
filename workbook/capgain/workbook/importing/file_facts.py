"""What a file says for all of its rows: the order of day, month and year, and the zone of its times."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from itertools import zip_longest

from capgain.workbook.importing.movements import USD
from capgain.workbook.importing.recognition import FoundTable
from capgain.workbook.importing.source_accounts import (
    StatedAccount,
    kind_named,
    kind_stated,
    stated_above,
    stated_by_file,
    stated_by_section,
)
from capgain.workbook.importing.source_files import SourceFile, UnreadableImport
from capgain.workbook.importing.source_tables import Format, FoundIn, SourceTable, place_of, places_by_name
from capgain.workbook.written.date_orders import DateOrder, UndecidedDates, date_order
from capgain.workbook.written.source_text import zone_written

_ZONE_IN_HEADING = re.compile(r"\(\s*((?:UTC|GMT)(?:\s*[-+]\s*\d{1,2}(?::?\d{2})?)?)\s*\)", re.IGNORECASE)
_ZONE_IN_TITLE = re.compile(r"time\s*zone\s*:\s*((?:UTC|GMT)(?:\s*[-+]\s*\d{1,2}(?::?\d{2})?)?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """`order` is that of dates in figures, None where none stand there; `zone` that of times, and `account` the account
    of all rows, where the file says so. `currency` is that of amounts whose rows name none.
    """

    order: DateOrder | None
    zone: tzinfo | None
    account: StatedAccount
    currency: str


def facts_of(source: SourceFile, tables: Sequence[FoundTable], stated: DateOrder | None) -> FileFacts:
    """What is found in the file; `stated` is the order of dates that the user names.

    Raises:
        UnreadableImport: its dates can be read in two orders.
    """
    known = tables[0].format
    return FileFacts(
        _order(source, tables, known, stated),
        _zone(source, tables, known),
        _account(source, tables, known),
        found_in(known.currency_from, source, tables, ()) or USD,
    )


def with_accounts(tables: Iterable[FoundTable], of_file: StatedAccount) -> Iterator[tuple[FoundTable, StatedAccount]]:
    """Each table with its account. A file of all accounts has a header for each, and above it the account alone."""
    every = list(tables)
    stated = of_file
    for found, below in zip_longest(every, every[1:]):
        in_order = found.format.kind == "brokerage" and below is not None and below.header is not None and found.rows
        title = stated_by_section(found.rows[-1].cells) if in_order else StatedAccount()
        if not title:
            yield found, stated
            continue
        yield replace(found, rows=found.rows[:-1]), stated
        yield FoundTable(found.format, None, None, found.rows[-1:]), stated
        stated = title


def _account(source: SourceFile, tables: Sequence[FoundTable], known: Format) -> StatedAccount:
    """The line above the header goes before the file's name."""
    above = list(lines_above(tables))
    said = _named_account(source, above, known)
    if known.kind != "brokerage":
        return said
    of_type = kind_stated(above)
    if said:
        return replace(said, words=f"{said.words} {of_type}")
    named = kind_named([*above, source.path.stem])
    return StatedAccount(named, words=f"{named} {of_type}", is_guess=not of_type)


def _named_account(source: SourceFile, above: Sequence[str], known: Format) -> StatedAccount:
    for where, texts in ((known.account_from.title, above), (known.account_from.file, [source.path.name])):
        for text in texts if where is not None else ():
            found = where.search(text) if where is not None else None
            if found is not None:
                said = found.groupdict() or {"name": found[1]}
                return StatedAccount((said.get("name") or "").strip(), (said.get("number") or "").strip(), text)
    if known.kind != "brokerage":
        return StatedAccount()
    return stated_above(above) or stated_by_file(source.path.name)


def _order(
    source: SourceFile, tables: Sequence[FoundTable], known: Format, stated: DateOrder | None
) -> DateOrder | None:
    if known.kind == "ledger" and stated is None:
        # A cell of a ledger has the month first, unless a date of the file can only be read day first.
        return DateOrder.DAY_FIRST if _in_one_order(source, tables) is DateOrder.DAY_FIRST else None
    if known.is_own and stated is None:
        stated = known.date_order
    where = ' (date_order = "mdy" or "dmy" in the mapping)' if known.is_own else ""
    return _in_one_order(source, tables, stated=stated, usual=known.date_order, where=where)


def _in_one_order(
    source: SourceFile,
    tables: Sequence[FoundTable],
    *,
    stated: DateOrder | None = None,
    usual: DateOrder | None = DateOrder.MONTH_FIRST,
    where: str = "",
) -> DateOrder | None:
    try:
        return date_order(_dates(tables), stated=stated, usual=usual)
    except UndecidedDates as undecided:
        raise UnreadableImport(
            f"{source.name}: {undecided} Say which it is with --date-order mdy or --date-order dmy{where}."
        ) from undecided


def _dates(tables: Sequence[FoundTable]) -> Iterator[str]:
    for found in tables:
        if found.table is None or found.header is None:
            continue
        index = places_by_name(found.header.cells)
        places = {place for name in _date_columns(found.table) if (place := place_of(name, index)) is not None}
        for row in found.rows:
            for place in places:
                if place < len(row.cells) and row.cells[place]:
                    yield row.cells[place]


def _date_columns(table: SourceTable) -> set[str]:
    treatments = [*table.kinds.values(), *(treated for _, treated, _ in table.kind_patterns)]
    treatments += [special.treatment for special in table.special]
    own = [treated.columns for treated in treatments if treated.columns is not None]
    return {
        name for columns in (table.columns, *own) for field in ("at", "acquired") for name in columns.get(field, ())
    }


def _zone(source: SourceFile, tables: Sequence[FoundTable], known: Format) -> tzinfo | None:
    headings = [cell for found in tables if found.header is not None for cell in found.header.cells]
    said = found_in(known.zone_from, source, tables, headings)
    if not said:
        asked = [_ZONE_IN_TITLE.search(line) for line in lines_above(tables)]
        asked += [_ZONE_IN_HEADING.search(heading) for heading in headings]
        said = next((found[1] for found in asked if found is not None), "")
    if not said:
        return None
    zone = zone_written(said)
    if zone is None:
        raise UnreadableImport(f"{source.name}: {said!r} is no time zone known here. Name it with --source-zone.")
    return zone


def lines_above(tables: Sequence[FoundTable]) -> Iterator[str]:
    """The rows above the first header, their cells joined as they stand."""
    for found in tables:
        if found.header is not None:
            return
        for row in found.rows:
            yield ",".join(row.cells)


def found_in(where: FoundIn, source: SourceFile, tables: Sequence[FoundTable], headings: Sequence[str]) -> str:
    """What the file says in the place that a format names for it, "" where nothing matches."""
    looked = ((where.title, lines_above(tables)), (where.file, (source.path.name,)), (where.heading, headings))
    for pattern, texts in looked:
        if pattern is None:
            continue
        for text in texts:
            match = pattern.search(text)
            if match is not None:
                return next((said.strip() for said in match.groups() if said), "")
    return ""
