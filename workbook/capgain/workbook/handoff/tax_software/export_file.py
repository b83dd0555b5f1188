"""What an import file is: its content, what it holds, what it cannot hold, and what the preparer must know."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO

from capgain.engine.forms.form_8949 import Totals
from capgain.engine.holding_period import term
from capgain.engine.money import from_cents, plain_dollars
from capgain.engine.units import quantity_text
from capgain.workbook.report.printed_rows import PrintedRow, Statement, printed_totals

LONG_BOXES = frozenset("DEFJKL")


@dataclass(frozen=True, slots=True)
class Owners:
    """Whose sale a row is on a joint return; on any other nobody asks."""

    spouse_accounts: frozenset[str] = frozenset()
    is_joint: bool = False

    def of(self, row: PrintedRow, taxpayer: str, spouse: str) -> str:
        """One of the two words on a joint return, else no word."""
        if not self.is_joint:
            return ""
        return spouse if row.account in self.spouse_accounts else taxpayer


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows a format cannot say, and why; they must reach the return in another way."""

    why: str
    rows: tuple[PrintedRow, ...]

    @property
    def totals(self) -> Totals:
        return printed_totals(self.rows, in_whole_dollars=False)

    @property
    def boxes(self) -> tuple[str, ...]:
        return tuple(sorted({row.box for row in self.rows}))


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file for one program. `rows` are those in it; `statements` must be attached to the return with it.

    `limits` are sentences for the preparer: what the format or the program cannot do.
    """

    name: str
    program: str
    content: bytes
    rows: tuple[PrintedRow, ...]
    limits: tuple[str, ...]
    left_out: tuple[LeftOut, ...] = ()
    statements: tuple[Statement, ...] = ()


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Comma separated values in UTF-8; a user's text that a spreadsheet would take for a formula gets an apostrophe."""
    target = StringIO()
    csv.writer(target, lineterminator="\r\n").writerows(rows)
    return target.getvalue().encode("utf-8")


def amount_text(amount: Decimal) -> str:
    """`1234.56`, negative amounts as `-5.00`."""
    return plain_dollars(amount)


def is_long(row: PrintedRow) -> bool:
    """Whether a row stands in Part II of Form 8949."""
    return row.box in LONG_BOXES


def wash_of(row: PrintedRow) -> Decimal:
    """What of the row's adjustment a wash sale disallowed."""
    return from_cents(sum(disposition.wash_cents for disposition in row.behind))


def units_of(row: PrintedRow) -> str:
    """The exact quantity behind a row."""
    return quantity_text(sum(disposition.units for disposition in row.behind))


def term_follows_from_dates(row: PrintedRow) -> bool:
    """Whether a program that counts days from the dates on the row comes to its term."""
    return row.acquired[:1].isdigit() and all(
        term(disposition.acquired, disposition.sold) is disposition.term for disposition in row.behind
    )
