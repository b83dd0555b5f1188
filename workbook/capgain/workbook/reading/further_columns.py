"""Columns beside those of a ledger: currencies, one's own gains, and what is not read, with what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from capgain.engine.ledger import StatedGain
from capgain.engine.problems import Problem, Severity
from capgain.engine.refused_assets import CURRENCIES
from capgain.workbook.reading.columns import WRITTEN, Header
from capgain.workbook.reading.currencies import SIGNS, currency_named, is_dollars, not_dollars
from capgain.workbook.reading.setting_names import IGNORE_COLUMNS
from capgain.workbook.reading.unread_columns import does_not_count, why_it_may_matter
from capgain.workbook.written.misread import Cell, Misread, is_blank, shown
from capgain.workbook.written.numbers import read_number
from capgain.workbook.written.words import plain

_CURRENCY_OF = frozenset(map(plain, ("", *WRITTEN["currency_of"])))
_CURRENCY = tuple(sorted(map(plain, WRITTEN["currency"]), key=len, reverse=True))
_COMPARED = frozenset(map(plain, WRITTEN["compared"]))


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
        if is_of_currencies(heading) or _holds_currencies(cells, filled):
            _read_currencies(found, heading, cells, sheet, first_row)
        elif not filled:
            continue
        elif undone := [i for i in filled if does_not_count(heading, cells[i], rows[i], header)]:
            found.problems += [_not_done(heading, cells[i], sheet, first_row + i) for i in undone]
        elif plain(heading) in _COMPARED and "%" in heading:
            ignored.append(heading)
        elif plain(heading) in _COMPARED:
            _read_gains(found, heading, cells, filled, sheet, first_row)
        elif (currency := currency_named(heading)) is not None:
            misread = not_dollars(currency, f"Column {heading} is")
            found.problems.append(Problem(Severity.ERROR, sheet, first_row - 1, heading, *misread))
        elif (matters := why_it_may_matter(heading, position, header, rows)) is not None:
            why, remedy = matters
            problem = Problem(
                Severity.ERROR, sheet, first_row - 1, heading, f"Column {heading} {why}", remedy, "COLUMN_NOT_READ"
            )
            found.problems.append(problem)
        else:
            ignored.append(heading)
    if ignored:
        found.problems.append(_ignored(ignored, sheet, first_row - 1))
    return found


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


def _ignored(headings: Sequence[str], sheet: str, row: int) -> Problem:
    are = "are" if len(headings) > 1 else "is"
    return Problem(
        Severity.WARNING,
        sheet,
        row,
        "",
        f"{', '.join(headings)} {are} not read: no column goes by that name, or another heading has it.",
        f"Nothing is to be done if no figure depends on it; Settings, {IGNORE_COLUMNS}, ends this notice.",
        "COLUMNS_IGNORED",
    )


def is_of_currencies(heading: str) -> bool:
    """Whether a column holds the currency of an amount, by its heading: `Currency`, `Price Currency`, `CCY`."""
    word = plain(heading)
    return any(word.endswith(name) and word.removesuffix(name) in _CURRENCY_OF for name in _CURRENCY)


def _holds_currencies(cells: Sequence[Cell], filled: Sequence[int]) -> bool:
    """Whether every filled cell of a column, whatever its heading, is a currency, and one of them not the dollar."""
    words = {shown_plainly(cells[i]) for i in filled}
    foreign = {word for word in words if not is_dollars(word)}
    return bool(foreign) and all(word.upper() in CURRENCIES or word in SIGNS for word in foreign)


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
            f"Name the one that is {column}, or name the others in Settings, {IGNORE_COLUMNS}.",
            "RIVAL_COLUMNS",
        )
