"""A sheet for each statement of Exception 2: the transactions of one broker and box, in the columns of Form 8949."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from capgain.workbook.long_rows import Stretch
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.form_8949 import SHORT, RowLook, form_cells
from capgain.workbook.report.listing import FIRST_ROW, Column, Listing, listing
from capgain.workbook.report.printed_rows import Statement, amounts
from capgain.workbook.sheet_names import free_sheet_name
from capgain.workbook.sheets import CENTER, DATE, MONEY, WRAP, Formula

COLUMNS = (
    Column("(a) Description", 36),
    Column("(b) Date acquired", 12),
    Column("(c) Date sold", 12),
    Column("(d) Proceeds", 15),
    Column("(e) Cost or other basis", 15),
    Column("(f) Code", 7),
    Column("(g) Adjustment", 13),
    Column("(h) Gain or (loss)", 15),
    Column("Ledger row of sale", 9),
    Column("Ledger row of lot", 9),
)
_HEADINGS = {column.heading[1]: column.heading for column in COLUMNS[:8]}
_LOOK = RowLook(WRAP, DATE, CENTER, MONEY, CENTER)


@dataclass(frozen=True, slots=True)
class StatementSheet:
    """A statement on its sheet."""

    statement: Statement
    listing: Listing

    @property
    def name(self) -> str:
        return self.listing.sheet.name

    def totals(self) -> dict[str, Formula]:
        """The statement's totals by the form's columns, as the summary row of Form 8949 takes them."""
        return {
            letter: Formula(f"={self.listing.total_cell(_HEADINGS[letter])}", amount)
            for letter, amount in amounts(self.statement.totals).items()
        }


def statement_sheets(papers: Workpapers, statements: Iterable[Statement]) -> dict[tuple[str, str], StatementSheet]:
    """The sheets by account and box."""
    found: dict[tuple[str, str], StatementSheet] = {}
    names: set[str] = set()
    for statement in statements:
        account = (statement.account or "no account").replace("'", " ")
        name = free_sheet_name(f"Statement {statement.box} {account}", names)
        names.add(name.lower())
        found[statement.account, statement.box] = StatementSheet(statement, _listing(papers, statement, name))
    return found


def _listing(papers: Workpapers, statement: Statement, name: str) -> Listing:
    return listing(
        papers,
        name,
        f"Statement to Form 8949 box {statement.box}: {statement.account}",
        COLUMNS,
        Stretch(
            statement.rows,
            lambda row, number: form_cells(papers, row, number, _LOOK),
            FIRST_ROW,
            range(len(COLUMNS)),
        ),
        {_HEADINGS[letter]: amount for letter, amount in amounts(statement.totals).items()},
        empty="No transactions.",
        tab="1F3864",
        fits_text=any(len(row.description) > SHORT for row in statement.rows),
    )
