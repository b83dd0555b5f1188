"""What an import file is: its content, what it holds, what it cannot hold, and what the preparer must know."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO

from capgain.engine.forms.form_8949 import Totals
from capgain.workbook.report.printed_rows import PrintedRow, Statement, printed_totals


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


def plain_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
