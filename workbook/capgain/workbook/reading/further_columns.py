"""Columns beside those of a ledger: currencies, one's own gains, and what is not read, with what is said of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from capgain.engine.known_accounts import kind_by_name
from capgain.engine.ledger import StatedGain
from capgain.engine.problems import Problem, Severity
from capgain.engine.transactions import Expire
from capgain.workbook.reading.columns import WRITTEN, Header
from capgain.workbook.reading.currencies import currency_named, not_dollars
from capgain.workbook.reading.transaction_types import RowType, read_type
from capgain.workbook.written.misread import Cell, Misread, is_blank, shown
from capgain.workbook.written.numbers import read_number
from capgain.workbook.written.words import plain

IGNORE = "Ignore Columns"
"""The setting that names columns which are not to be read."""

_CURRENCY_OF = frozenset(map(plain, ("", *WRITTEN["currency_of"])))
_CURRENCY = tuple(sorted(map(plain, WRITTEN["currency"]), key=len, reverse=True))
_COMPARED = frozenset(map(plain, WRITTEN["compared"]))
_HARMLESS = frozenset(plain(name) or name for name in WRITTEN["harmless"])
_BLOCKING = frozenset(word.casefold() for word in WRITTEN["blocking"])
_STATUS = frozenset(map(plain, WRITTEN["status"]))
_UNDONE = tuple(WRITTEN["undone"])
_EXPIRED = "expired"
_STEMS = tuple(WRITTEN["blocking_stems"])
_WORD = re.compile(r"[a-z0-9]+(?:[/&][a-z]+)?")


@dataclass
class FurtherColumns:
    """What stands in the columns that are none of the ledger's, below its header; rows count from 0 there."""

    gains: list[StatedGain] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    in_another_currency: set[int] = field(default_factory=set)
    in_dollars: set[int] = field(default_factory=set)


def further_columns(header: Header, rows: Sequence[Sequence[Cell]], sheet: str, first_row: int) -> FurtherColumns:
    """Read the columns of `header.others` in `rows`, whose first is the sheet's `first_row`."""
    found = FurtherColumns()
    ignored: list[str] = []
    for position, heading in header.others.items():
        cells = [row[position] if position < len(row) else None for row in rows]
        filled = [i for i, cell in enumerate(cells) if not is_blank(cell)]
        if is_of_currencies(heading):
            _read_currencies(found, heading, cells, sheet, first_row)
        elif not filled:
            continue
        elif plain(heading) in _STATUS and (undone := [i for i in filled if _is_undone(cells[i], rows[i], header)]):
            found.problems += [_not_done(heading, cells[i], sheet, first_row + i) for i in undone]
        elif plain(heading) in _COMPARED and "%" in heading:
            ignored.append(heading)
        elif plain(heading) in _COMPARED:
            _read_gains(found, heading, cells, filled, sheet, first_row)
        elif (currency := currency_named(heading)) is not None:
            misread = not_dollars(currency, f"Column {heading} is")
            found.problems.append(Problem(Severity.ERROR, sheet, first_row - 1, heading, *misread))
        elif (why := _why_it_may_matter(heading, cells, header)) is not None:
            found.problems.append(
                Problem(
                    Severity.ERROR,
                    sheet,
                    first_row - 1,
                    heading,
                    f"Column {heading} {why} and is not read.",
                    "Give it the name of the ledger's column that it is, or empty it; if no figure depends on it, "
                    f"name it in Settings, {IGNORE}.",
                    "COLUMN_NOT_READ",
                )
            )
        else:
            ignored.append(heading)
    if ignored:
        found.problems.append(_ignored(ignored, sheet, first_row - 1))
    return found


def _is_undone(cell: Cell, row: Sequence[Cell], header: Header) -> bool:
    """Whether a status says that nothing was traded, or not yet: `Cancelled`, `Pending`, `Rejected`.

    `Expired` is said of an order, and on a row of type Expire of the option.
    """
    status = cell.strip().casefold() if isinstance(cell, str) else ""
    at_type = header.columns.get("Type", len(row))
    kind = read_type(row[at_type]) if at_type < len(row) else None
    if status.startswith(_EXPIRED) and isinstance(kind, RowType) and kind.kind is Expire:
        return False
    return status.startswith(_UNDONE)


def _not_done(heading: str, status: Cell, sheet: str, row: int) -> Problem:
    return Problem(
        Severity.WARNING,
        sheet,
        row,
        heading,
        f"{heading} says {shown(status)}, and the row counts as a transaction that took place.",
        f"Remove the row if it did not take place, or leave in it what did; then correct its {heading}.",
        "ROW_NOT_DONE",
        blocks_filing=True,
    )


def _why_it_may_matter(heading: str, cells: Sequence[Cell], header: Header) -> str | None:
    """Why a figure may depend on a column that is not read: its heading, or the accounts that it names."""
    word = bears_on(heading)
    if word is not None:
        return f"bears on {word} by its name"
    names = {cell for cell in cells if isinstance(cell, str) and cell}
    if "Account" not in header.columns and any(kind_by_name(name) is not None for name in names):
        return "names brokers, exchanges or wallets"
    return None


def _ignored(headings: Sequence[str], sheet: str, row: int) -> Problem:
    are = "are" if len(headings) > 1 else "is"
    return Problem(
        Severity.WARNING,
        sheet,
        row,
        "",
        f"{', '.join(headings)} {are} not read: no column goes by that name, or another heading has it.",
        f"Nothing is to be done if no figure depends on it; Settings, {IGNORE}, ends this notice.",
        "COLUMNS_IGNORED",
    )


def is_of_currencies(heading: str) -> bool:
    """Whether a column holds the currency of an amount, by its heading: `Currency`, `Price Currency`, `CCY`."""
    word = plain(heading)
    return any(word.endswith(name) and word.removesuffix(name) in _CURRENCY_OF for name in _CURRENCY)


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


def _read_currencies(found: FurtherColumns, heading: str, cells: Sequence[Cell], sheet: str, first_row: int) -> None:
    is_fee = plain(heading).startswith(("fee", "commission"))
    for i, cell in enumerate(cells):
        if is_blank(cell):
            continue
        if is_dollars(shown_plainly(cell)):
            found.in_dollars.add(i)
            continue
        what = "The fee of this row is" if is_fee else "Amounts of this row are"
        misread = not_dollars(shown_plainly(cell), what, is_fee=is_fee)
        found.problems.append(Problem(Severity.ERROR, sheet, first_row + i, heading, *misread))
        found.in_another_currency.add(i)


def shown_plainly(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) else shown(cell)


def is_dollars(text: str) -> bool:
    """Whether a word for a currency means US dollars."""
    return text == "$" or plain(text) in _DOLLARS


_DOLLARS = frozenset({"usd", "us", "usdollar", "usdollars", "dollar", "dollars", "unitedstatesdollar", "usdusdollar"})


def _read_gains(
    found: FurtherColumns, heading: str, cells: Sequence[Cell], filled: Sequence[int], sheet: str, first_row: int
) -> None:
    for i in filled:
        amount = read_number(cells[i])
        if isinstance(amount, Decimal):
            found.gains.append(StatedGain(first_row + i, heading, amount))
        elif isinstance(amount, Misread) and any(map(str.isdigit, shown(cells[i]))):
            found.problems.append(Problem(Severity.WARNING, sheet, first_row + i, heading, *amount))


def rival_columns(header: Header, sheet: str, row: int) -> Iterator[Problem]:
    """Two headings that may both mean one column: which of them does is for the person to say."""
    rivals: Mapping[str, Sequence[str]] = header.rivals
    for column, headings in rivals.items():
        yield Problem(
            Severity.ERROR,
            sheet,
            row,
            column,
            f"{' and '.join(headings)} may all be column {column}."
            if len(headings) > 2
            else f"{headings[0]} and {headings[1]} may both be column {column}.",
            f"Name the one that is {column}, or name the others in Settings, {IGNORE}.",
            "RIVAL_COLUMNS",
        )
