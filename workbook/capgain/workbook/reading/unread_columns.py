"""Columns that are none of the ledger's: why a figure may depend on one, and which rows it says do not count."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from capgain.engine.known_accounts import kind_by_name
from capgain.engine.transactions import Expire
from capgain.workbook.reading import symbols
from capgain.workbook.reading.columns import WRITTEN, Header, column_called
from capgain.workbook.reading.setting_names import IGNORE_COLUMNS
from capgain.workbook.reading.transaction_types import type_named
from capgain.workbook.written.columns_of_cells import text_of
from capgain.workbook.written.misread import Cell, Misread, is_blank, shown
from capgain.workbook.written.moments import SourceMoment, read_source_moment
from capgain.workbook.written.numbers import read_number
from capgain.workbook.written.words import plain, read_yes_no

_HARMLESS = frozenset(plain(name) or name for name in WRITTEN["harmless"])
_BLOCKING = frozenset(word.casefold() for word in WRITTEN["blocking"])
_STEMS = tuple(WRITTEN["blocking_stems"])
_WORD = re.compile(r"[a-z0-9]+(?:[/&][a-z]+)?")
_STATUS = frozenset(map(plain, WRITTEN["status"]))
_UNDONE = tuple(WRITTEN["undone"])
_EXPIRED = "expired"
_NOT_COUNTED = frozenset(map(plain, WRITTEN["not_counted"]))
_COUNTED = frozenset(map(plain, WRITTEN["counted"]))
_NO_MARK = frozenset({"none", "na", "not"})
_OPTION_TERMS = frozenset(map(plain, WRITTEN["option_terms"]))
_OF_FEES = frozenset({"fee", "commission", "charge", "sec", "taf", "finra", "load", "expense", "gas", "duty", "levy"})
_NUMBERS = ("Quantity", "Price", "Amount", "Fee")

Rows = Sequence[Sequence[Cell]]


def does_not_count(heading: str, cell: Cell, row: Sequence[Cell], header: Header) -> bool:
    """Whether a cell says that its row was not traded, or is not meant: Status `Void`, `Ignore` yes, `Include` no.

    `Expired` is said of an order, and on a row of type Expire of the option.
    """
    name = plain(heading)
    if name in _STATUS:
        status = cell.strip().casefold() if isinstance(cell, str) else ""
        kind = type_named(row[header.columns["Type"]]) if header.columns["Type"] < len(row) else None
        if status.startswith(_EXPIRED) and kind is not None and kind.kind is Expire:
            return False
        return status.startswith(_UNDONE)
    if name in _NOT_COUNTED:
        said = read_yes_no(cell)
        return said is True or (isinstance(said, Misread) and plain(shown(cell)) not in _NO_MARK)
    return name in _COUNTED and read_yes_no(cell) is False


def why_it_may_matter(heading: str, place: int, header: Header, rows: Rows) -> tuple[str, str] | None:
    """Why a figure may depend on the column at `place` of `rows`, and what to do; None where nothing says so."""
    filled = [i for i, row in enumerate(rows) if place < len(row) and not is_blank(row[place])]
    if plain(heading) in _OPTION_TERMS:
        return _of_an_option(heading, header, rows, filled)
    names = dict.fromkeys(cell for i in filled if isinstance(cell := rows[i][place], str))
    pair = next((name for name in names if symbols.pair(name.strip().upper()) is not None), None)
    if pair is not None:
        return _of_a_pair(pair)
    differing = _says_otherwise(heading, place, header, rows, filled)
    if differing is not None:
        return differing
    word = bears_on(heading)
    if word is not None:
        return f"bears on {word} by its name and is not read.", _remedy(word, header)
    if "Account" not in header.columns and any(kind_by_name(name) is not None for name in names):
        return "names brokers, exchanges or wallets and is not read.", _remedy("", header)
    return None


def _remedy(word: str, header: Header) -> str:
    """What to do with a column that bears on `word`; a second column of fees is added to the one that is there."""
    mend = "Give it the name of the ledger's column that it is, or empty it"
    if "Fee" in header.columns and word.removesuffix("s") in _OF_FEES:
        mend = "Add its dollars to column Fee in each row, and empty it"
    return f"{mend}; if no figure depends on it, name it in Settings, {IGNORE_COLUMNS}."


def bears_on(heading: str) -> str | None:
    """The word of a heading by which a number may depend on the column: fee, account, lot, basis; None for no such."""
    if (plain(heading) or heading) in _HARMLESS:
        return None
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading).casefold().replace("_", " ")
    words = _WORD.findall(apart)
    spaced = f" {' '.join(words)} "
    phrases = [phrase for phrase in _BLOCKING if " " in phrase and f" {phrase} " in spaced]
    of_words = [
        word
        for word in words
        if word.startswith(_STEMS) or not _BLOCKING.isdisjoint({word, word.removesuffix("s"), word.removesuffix("es")})
    ]
    return next(iter([*phrases, *of_words]), None)


def _of_a_pair(pair: str) -> tuple[str, str]:
    return (
        f"names pairs, such as {pair}, in which prices are not in dollars, and is not read.",
        "Enter each such row as a Trade: what was given in Asset and Quantity, what came in Received Asset and "
        "Received Quantity, its worth in dollars in Amount; where prices are in dollars, name the column in Settings, "
        f"{IGNORE_COLUMNS}.",
    )


def _of_an_option(heading: str, header: Header, rows: Rows, filled: Sequence[int]) -> tuple[str, str] | None:
    """Terms of an option in the row of an asset whose name has none: a ticker alone."""
    assets = header.columns["Asset"]
    for i in filled:
        asset = text_of(rows[i][assets])
        if asset and not any(map(str.isdigit, asset)):
            return (
                f"says that a row of {asset} is of an option, and is not read.",
                f"Write each option out in Asset, such as {asset} 250620C00150000, and leave this column blank in rows "
                f"of shares; if none of them is an option, name the column in Settings, {IGNORE_COLUMNS}.",
            )
    return None


def _says_otherwise(
    heading: str, place: int, header: Header, rows: Rows, filled: Sequence[int]
) -> tuple[str, str] | None:
    """A second heading of a column that is read, which says something else than it in a row."""
    column = column_called(heading)
    if column is None or column not in header.columns or header.columns[column] == place:
        return None
    of_column = header.columns[column]
    for i in filled:
        if of_column < len(rows[i]) and _differ(column, rows[i][of_column], rows[i][place]):
            stated, other = shown(rows[i][of_column]), shown(rows[i][place])
            return (
                f"is another name of {column} and says {other} where {column} says {stated}.",
                f"Keep the right one of the two under the heading {column}; name the other in Settings, "
                f"{IGNORE_COLUMNS}.",
            )
    return None


def _differ(column: str, read: Cell, other: Cell) -> bool:
    if column in _NUMBERS:
        one, two = read_number(read), read_number(other)
        return isinstance(one, Decimal) and isinstance(two, Decimal) and abs(one) != abs(two)
    if column == "Date":
        days = [
            moment.at.date() for cell in (read, other) if isinstance(moment := read_source_moment(cell), SourceMoment)
        ]
        return len(days) == 2 and days[0] != days[1]
    if column == "Type":
        kind, said = type_named(read), type_named(other)
        if said is not None:
            return kind is not None and kind.kind is not said.kind
        return plain(shown(other)).startswith("short")
    return False
