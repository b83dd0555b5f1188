"""Columns of the sheets beside the ledger that are not read though they say something: Accounts, Settings, 1099."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal

from capgain.engine.problems import Problem, Severity
from capgain.workbook.reading.unread_columns import bears_on
from capgain.workbook.written.columns_of_cells import text_of
from capgain.workbook.written.misread import Cell, is_blank

_OF_ACCOUNTS = frozenset(
    """
    type kind tax taxed taxable status ira roth retirement registration owner holder person spouse method lot lots
    relief reported reporting 1099 country currency residence
    """.split()  # noqa: SIM905
)
"""Words in a heading of the sheet Accounts by which it says what an account is."""

Rows = Sequence[Sequence[Cell]]


def of_an_account(heading: str) -> str | None:
    """The word of a heading that tells something of an account."""
    return next((word for word in re.findall(r"[a-z0-9]+", heading.casefold()) if word in _OF_ACCOUNTS), None)


def of_a_sale(heading: str) -> str | None:
    """The word of a heading by which a figure of a Form 1099 may stand in the column."""
    return None if heading.casefold() == "account number" else bears_on(heading)


def columns_passed_over(
    rows: Rows,
    place: int,
    read: Collection[int],
    tells: Callable[[str], str | None],
    names: Sequence[str],
    sheet: str,
    first_row: int,
) -> Iterator[Problem]:
    """A problem for each filled column under the header at `place` that is none of `read` and whose heading `tells`."""
    for at, cell in enumerate(rows[place]):
        heading = text_of(cell)
        word = tells(heading) if heading and at not in read else None
        if word is None or all(at >= len(row) or is_blank(row[at]) for row in rows[place + 1 :]):
            continue
        yield Problem(
            Severity.WARNING,
            sheet,
            first_row + place,
            heading,
            f"Column {heading} bears on {word} by its name and is not read.",
            f"Give it the name of the column that it is, one of {', '.join(names)}; or empty it.",
            "SIDE_COLUMN_NOT_READ",
            blocks_filing=True,
        )


def values_passed_over(rows: Rows, name: int, value: int, sheet: str, first_row: int) -> Iterator[Problem]:
    """A problem for each row of Settings with a number beside the value that is read, as in a column for each year."""
    for at, row in enumerate(rows, first_row):
        beside = [cell for place, cell in enumerate(row) if place not in (name, value) and _is_number(cell)]
        if beside and name < len(row) and text_of(row[name]):
            stated = text_of(row[name])
            yield Problem(
                Severity.ERROR,
                sheet,
                at,
                "Value",
                f"{stated}: {text_of(beside[0])} stands beside the value and is not read.",
                "State one value in column Value of each row; for several years write a row each, with the year behind "
                f"the name, such as {stated} 2025.",
                "SETTING_OF_TWO_VALUES",
            )


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)
