"""Formats as data: one TOML file says how a source's files look and what each kind of row becomes.

    name = "Example Exchange"          what people call it; the account's name where none is given
    kind = "exchange"                  exchange, brokerage, wallet or ledger: what kind of account it is
    time_zone = "UTC"                  the source's own, for times that name none; "" where there are bare dates alone
    source = "where the headers and kinds of row are known from"

    [[table]]                          one for each kind of table the source's files hold
    name = "transactions"
    headers = [["Time", "Type"]]       generations: column names that must all be there, in any order
    other_rows = { "Total*" = "why" }  rows of no kind, by their first filled cell, and why they are ignored

    [table.columns]                    our field = the columns it is read from, the first filled one counting
    at = ["Time"]
    kind = ["Type"]

    [table.kinds]                      a kind of row = what it becomes, or why it is ignored or refused
    "Buy" = "buy"
    "Deposit*" = { ignore = "dollars have no lots" }

A kind may also be a table: `becomes`, `ignore` or `refuse`; `negative` (what a negative quantity, or units that only
leave, make of it instead); `columns` (where this kind's fields stand); `read` (a column and a regular expression whose
named groups are fields); `side` (`in` or `out`: a leg's direction, whatever its sign); `same` (what an exchange becomes
whose two sides are one asset); `class`; `partner` (the account on the other side); `set` (fields that every row of the
kind has, `{ amount = "0" }` or `{ income = "staking" }`); `beside` (the kind of the row of that asset and day without
which this one may not be ignored). `[[table.special]]` has `when` (columns and patterns that must match) and comes
before the kinds; with `if_any` (the same of any row of the table) it counts only where there is such a row.
Names and patterns are compared without regard to case, spaces and underscores; `*` stands for anything, and a pattern
that begins with `re:` is a regular expression. So may a column be named whose heading changes, `"Gain in *"`;
of several columns of one name the second is `"Name#2"`. Of `fees` and of the columns in `joined` all count; so they do
where `group` names several. A column that ends in `?` may be missing; in place of a column, `"=BTC"` is the text BTC,
`"={Symbol} {Strike}"` one put together from columns, `"=heading re:…"` the group in a column's heading.

At the top also:

    date_order = "mdy"                 of 03/04/2025; also "dmy" and "ymd". A known source's yields to a part above 12
    time_zone = "ask"                  refuses times without a zone until the user names it
    account_from = { title = "re:…" }  also `file` (the file's name), `heading`; the groups `name` and `number`
    zone_from = { title = "re:…" }     also `heading`, and `column` for one of the row's own
    any_account = true                 a list that any broker, exchange or wallet may have made
    currency_from = { title = "re:…" } of amounts whose rows name none; US dollars where it is not found

In a table also:

    keep = { "Status" = ["Filled"] }   rows of another status are ignored, but for their part in the field `filled`
    details = true                     rows without a date belong to the row above; its `fees` are shared by quantity
    money = "net"                      the amounts (`amount`, and units of the fee's own asset) are after the fee
    paid_fee = "negative"              a fee below 0 was paid, one above 0 received; without it the other way about
    sum = false                        money before and after the fee is not compared with the fee; the import says so
    compare = { gain = "Profit" }      own `proceeds`, `basis`, `gain` of a sale, which the row's money must bear out
    rounded_to = "1"                   by how many dollars these may be off; a cent without it
    own = ["From", "To"]               sender and receiver; rows get the columns `own direction` and `own address`
    rows_like = { "Tag" = "" }         what all rows must have, where another source has the same headings
    ids = ";"                          names of assets and accounts have the source's id behind that sign: USDC;3054
    fee_in = "received"                `fee` is in units of what came
    tells = "Times are taken as UTC"   what is taken for granted; the import says it
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from capgain.workbook.importing.format_tables import read_table
from capgain.workbook.importing.format_words import one_of_words, only
from capgain.workbook.importing.source_tables import (
    NOWHERE,
    Format,
    FoundIn,
    UnusableFormat,
    pattern,
)
from capgain.workbook.written.date_orders import DateOrder
from capgain.workbook.written.time_zones import UnknownZone, zone_named
from capgain.workbook.xlsx.unreadable import UnreadableFile, read_bytes


@cache
def known_formats() -> tuple[Format, ...]:
    """Every format that comes with the program, by name."""
    found = [
        read_format(tomllib.loads(entry.read_text(encoding="utf-8")), entry.name.removesuffix(".toml"))
        for entry in files(f"{__package__}.formats").iterdir()
        if entry.name.endswith(".toml")
    ]
    return tuple(sorted(found, key=lambda known: known.key))


def format_from(path: Path) -> Format:
    """A user's own mapping file.

    Raises:
        UnusableFormat: it cannot be read, or says something wrong.
    """
    try:
        text = read_bytes(path).decode("utf-8")
        document = tomllib.loads(text)
    except UnreadableFile as trouble:
        raise UnusableFormat(str(trouble)) from trouble
    except ValueError as trouble:  # of TOML, of UTF-8, of a number with thousands of digits
        raise UnusableFormat(f"{path.name} is not TOML: {trouble}.") from trouble
    except RecursionError:
        raise UnusableFormat(
            f"{path.name} is not TOML of a mapping: its lists stand too deep in one another."
        ) from None
    try:
        return read_format(document, path.stem.removesuffix(".format"), own_text=text)
    except (AttributeError, KeyError, TypeError, ValueError) as wrong:
        raise UnusableFormat(
            f"{path.name} says something in a way that no mapping does: {wrong}. Compare it with docs/importing.md."
        ) from wrong


def read_format(document: Mapping[str, Any], key: str, *, own_text: str = "") -> Format:
    """A format from its TOML document; `own_text` is the text of the user's own.

    Raises:
        UnusableFormat: a word in it is unknown, or something is missing.
    """
    place = f"{key}.toml"
    only(document, _FORMAT_WORDS, place)
    kind = document.get("kind", "")
    if kind not in ("exchange", "brokerage", "wallet", "ledger"):
        raise UnusableFormat(f"{place}: kind is {kind!r}; it must be exchange, brokerage, wallet or ledger.")
    zone = document.get("time_zone")
    if not isinstance(zone, str):
        raise UnusableFormat(f'{place}: time_zone is missing. Write the source\'s own, or "" where it has bare dates.')
    try:
        source_zone = zone_named(zone) if zone not in ("", "ask") else None
    except UnknownZone as unknown:
        raise UnusableFormat(f"{place}: {unknown}") from unknown
    tables = document.get("table", [])
    if not tables:
        raise UnusableFormat(f"{place}: it describes no [[table]].")
    return Format(
        key=key,
        name=document.get("name", key),
        kind=kind,
        zone=source_zone,
        source=document.get("source", ""),
        tables=tuple(
            read_table(table, key, f"{place}, table {table.get('name', n)}") for n, table in enumerate(tables, 1)
        ),
        assets={name.upper(): asset for name, asset in document.get("assets", {}).items()},
        asset_endings=tuple(document.get("asset_endings", ())),
        sections=dict(document.get("sections", {})),
        any_account=bool(document.get("any_account", False)),
        zone_is_asked=zone == "ask",
        date_order=one_of_words(DateOrder, document, "date_order", place),
        account_from=_found_in(document, "account_from", place),
        zone_from=_found_in(document, "zone_from", place),
        currency_from=_found_in(document, "currency_from", place),
        own_text=own_text,
    )


_FORMAT_WORDS = (
    "name kind time_zone source assets asset_endings sections table date_order account_from zone_from currency_from"
    " any_account"
)


def _found_in(document: Mapping[str, Any], word: str, place: str) -> FoundIn:
    said = document.get(word)
    if said is None:
        return NOWHERE
    only(said, "title file heading column", f"{place}, {word}")
    patterns = {}
    for where in ("title", "file", "heading"):
        if where in said:
            patterns[where] = found = pattern(said[where])
            if not found.groups:
                raise UnusableFormat(f"{place}, {word}: {where} needs a group, the part that is meant in parentheses.")
    return FoundIn(**patterns, column=said.get("column", ""))
