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
named groups are fields); `side` (`in` or `out`: a leg's direction, whatever its sign); `class`; `partner` (the account
on the other side). `[[table.special]]` has `when` (columns and patterns that must match) and comes before the kinds.
Names and patterns are compared without regard to case, spaces and underscores; `*` stands for anything, and a pattern
that begins with `re:` is a regular expression.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from fnmatch import translate
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from capgain.engine.problems import CapgainError
from capgain.workbook.importing.movements import Becomes
from capgain.workbook.written.time_zones import UnknownZone, zone_named

FIELDS = frozenset(
    """
    at time kind id group chain_id order note account class partner underlying
    asset quantity pair price amount net fee fees fee_asset fee_quantity fee_value currency value
    sent_asset sent_quantity sent_value sent_account
    received_asset received_quantity received_value received_account
    ratio_new ratio_old
    """.split()  # noqa: SIM905 - a table reads better than a list of quoted words
)
"""What a column may be read as. `amount` is dollars before the fee, `net` after it, `value` what the units were worth;
`fees` are columns to be added up; `time` is a clock beside a date; `pair` is what was traded for what; `partner` says
something of the other side; `ratio_new` and `ratio_old` are a split's."""


class UnusableFormat(CapgainError):
    """A format file that says something wrong or too little; the text says which line of it."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is done with a kind of row: exactly one of `becomes`, `ignore` and `refuse` is set."""

    becomes: Becomes | None = None
    ignore: str = ""
    refuse: str = ""
    negative: Becomes | None = None
    asset_class: str = ""
    partner: str = ""
    side: str = ""
    columns: Mapping[str, tuple[str, ...]] | None = None
    read: tuple[tuple[str, re.Pattern[str]], ...] = ()


@dataclass(frozen=True, slots=True)
class SpecialRows:
    """A treatment for rows whose columns match; comes before the kinds."""

    when: tuple[tuple[str, re.Pattern[str]], ...]
    treatment: Treatment


@dataclass(frozen=True, slots=True)
class SourceTable:
    """One kind of table in a source's files."""

    format: str
    name: str
    headers: tuple[frozenset[str], ...]
    columns: Mapping[str, tuple[str, ...]]
    joined: frozenset[str]
    kinds: Mapping[str, Treatment]
    kind_patterns: tuple[tuple[re.Pattern[str], Treatment, str], ...]
    """Kinds with `*` in them: pattern, treatment, and what stands around the `*`."""
    special: tuple[SpecialRows, ...]
    other_rows: tuple[tuple[re.Pattern[str], str], ...]
    first_cell: str = ""
    """Rows of this table carry this in their first cell (statements that hold many tables)."""
    ignore: str = ""
    """Why every row of the table is ignored; "" when they are not."""
    wide_amount: tuple[str, ...] = ()
    """Column names with `{asset}` in them, where each asset has a column of its own."""
    wide_fee: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    """What a trading pair's second half may be, for pairs written without a separator."""
    account: str = ""
    """The account's name with `{column}` in it; "" for the format's own name."""
    class_of: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """A source of files."""

    key: str
    name: str
    kind: str
    zone: tzinfo | None
    """The source's own, for times that name none."""
    source: str
    tables: tuple[SourceTable, ...]
    assets: Mapping[str, str]
    asset_endings: tuple[str, ...]
    sections: Mapping[str, str]
    """First cells of tables that are ignored, and why, in files that name every row's table in its first cell."""


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """A column's name or a kind as it is compared: without case, spaces, underscores and byte order marks."""
    return "".join(text.replace("_", "").replace("\ufeff", "").replace('"', "").split()).casefold()


def pattern(text: str) -> re.Pattern[str]:
    """`*` stands for anything, everything else for itself; after `re:` comes a regular expression.

    Raises:
        UnusableFormat: the regular expression does not compile.
    """
    if text.startswith("re:"):
        try:
            return re.compile(text.removeprefix("re:"))
        except re.error as wrong:
            raise UnusableFormat(f"{text!r} is no regular expression: {wrong}.") from wrong
    return re.compile(translate(normal(text).replace("[", "[[]").replace("?", "[?]")))


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
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as trouble:
        raise UnusableFormat(f"{path} cannot be opened: {trouble.strerror}.") from trouble
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as trouble:
        raise UnusableFormat(f"{path.name} is not TOML: {trouble}.") from trouble
    return read_format(document, path.stem.removesuffix(".format"))


def read_format(document: Mapping[str, Any], key: str) -> Format:
    """A format from its TOML document.

    Raises:
        UnusableFormat: a word in it is unknown, or something is missing.
    """
    place = f"{key}.toml"
    _only(document, "name kind time_zone source assets asset_endings sections table", place)
    kind = document.get("kind", "")
    if kind not in ("exchange", "brokerage", "wallet", "ledger"):
        raise UnusableFormat(f"{place}: kind is {kind!r}; it must be exchange, brokerage, wallet or ledger.")
    zone = document.get("time_zone")
    if not isinstance(zone, str):
        raise UnusableFormat(f'{place}: time_zone is missing. Write the source\'s own, or "" where it has bare dates.')
    try:
        source_zone = zone_named(zone) if zone else None
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
        tables=tuple(_table(table, key, f"{place}, table {table.get('name', n)}") for n, table in enumerate(tables, 1)),
        assets={name.upper(): asset for name, asset in document.get("assets", {}).items()},
        asset_endings=tuple(document.get("asset_endings", ())),
        sections=dict(document.get("sections", {})),
    )


_TABLE_WORDS = (
    "name headers columns joined kinds special other_rows first_cell ignore wide_amount wide_fee quotes account"
    " class_of"
)


def _table(document: Mapping[str, Any], key: str, place: str) -> SourceTable:
    _only(document, _TABLE_WORDS, place)
    columns = _columns(document.get("columns", {}), place)
    headers = tuple(frozenset(normal(name) for name in names) for names in document.get("headers", ()))
    if not headers or not all(headers):
        raise UnusableFormat(f"{place}: headers must list the column names that tell this table from others.")
    if "ignore" not in document and ("at" not in columns or "kind" not in columns):
        raise UnusableFormat(f"{place}: columns must say where `at` (the date) and `kind` are.")
    kinds = {}
    patterns = []
    for kind, treated in document.get("kinds", {}).items():
        treatment = _treatment(treated, f"{place}, kind {kind!r}")
        if "*" in kind:
            patterns.append((pattern(kind), treatment, " ".join(kind.replace("*", " ").split()).strip(" /")))
        else:
            kinds[normal(kind)] = treatment
    return SourceTable(
        format=key,
        name=document.get("name", ""),
        headers=headers,
        columns=columns,
        joined=frozenset(document.get("joined", ())),
        kinds=kinds,
        kind_patterns=tuple(patterns),
        special=tuple(
            SpecialRows(
                when=tuple((normal(column), pattern(text)) for column, text in special["when"].items()),
                treatment=_treatment(
                    {word: said for word, said in special.items() if word != "when"}, f"{place}, special"
                ),
            )
            for special in document.get("special", ())
        ),
        other_rows=tuple((pattern(text), reason) for text, reason in document.get("other_rows", {}).items()),
        first_cell=document.get("first_cell", ""),
        ignore=document.get("ignore", ""),
        wide_amount=tuple(document.get("wide_amount", ())),
        wide_fee=tuple(document.get("wide_fee", ())),
        quotes=tuple(document.get("quotes", ())),
        account=document.get("account", ""),
        class_of={normal(word): asset_class for word, asset_class in document.get("class_of", {}).items()},
    )


def _columns(said: Mapping[str, Any], place: str) -> Mapping[str, tuple[str, ...]]:
    for field in said:
        if field not in FIELDS:
            raise UnusableFormat(f"{place}: {field!r} is no field. The fields are {', '.join(sorted(FIELDS))}.")
    return {field: (names,) if isinstance(names, str) else tuple(names) for field, names in said.items()}


def _treatment(said: str | Mapping[str, Any], place: str) -> Treatment:
    if isinstance(said, str):
        return Treatment(becomes=_becomes(said, place))
    _only(said, "becomes ignore refuse negative class partner side columns read", place)
    if sum(word in said for word in ("becomes", "ignore", "refuse")) != 1:
        raise UnusableFormat(f"{place}: exactly one of becomes, ignore and refuse must be said.")
    reads = said.get("read", ())
    return Treatment(
        becomes=_becomes(said["becomes"], place) if "becomes" in said else None,
        ignore=said.get("ignore", ""),
        refuse=said.get("refuse", ""),
        negative=_becomes(said["negative"], place) if "negative" in said else None,
        asset_class=said.get("class", ""),
        partner=said.get("partner", ""),
        side=said.get("side", ""),
        columns=_columns(said["columns"], place) if "columns" in said else None,
        read=tuple(_reading(read, place) for read in ([reads] if isinstance(reads, Mapping) else reads)),
    )


def _reading(said: Mapping[str, str], place: str) -> tuple[str, re.Pattern[str]]:
    try:
        compiled = re.compile(said["pattern"])
    except (KeyError, re.error) as wrong:
        raise UnusableFormat(f"{place}: read needs a column and a pattern that compiles ({wrong}).") from wrong
    for group in compiled.groupindex:
        if group not in FIELDS:
            raise UnusableFormat(f"{place}: the pattern's group {group!r} is no field.")
    return normal(said.get("column", "")), compiled


def _becomes(word: str, place: str) -> Becomes:
    try:
        return Becomes(word.casefold())
    except ValueError:
        known = ", ".join(kind.value for kind in Becomes)
        raise UnusableFormat(f"{place}: nothing becomes {word!r}. It can become {known}.") from None


def _only(document: Mapping[str, Any], words: str, place: str) -> None:
    unknown = set(document) - set(words.split())
    if unknown:
        raise UnusableFormat(f"{place}: {', '.join(sorted(unknown))} means nothing here. Known: {words}.")
