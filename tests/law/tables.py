"""Ledgers written as tables in a test, and the way they take into the engine: as cells of a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from capgain.engine.compute import compute
from capgain.engine.ledger import Ledger
from capgain.engine.problems import Problem
from capgain.engine.report import TaxReport
from capgain.engine.results.dispositions import Disposition
from capgain.engine.results.held import OpenLot
from capgain.workbook.reading.blocks import ledger_from_blocks

Row = dict[str, str]
Cell = str | int | float | date | datetime | None

NUMBERS = frozenset(
    {
        "Quantity",
        "Price",
        "Amount",
        "Fee",
        "Fee Quantity",
        "Received Quantity",
        "Basis",
        "Reported Proceeds",
        "Reported Basis",
        "Adjustment",
    }
)
DATES = frozenset({"Date", "Acquired"})
SHEET_DIGITS = 15
"""More significant digits than these a sheet's number cannot hold: such a quantity is typed as text."""


def table(text: str) -> list[Row]:
    """The rows of a table written with pipes, by column; a cell is text without the blanks around it."""
    lines = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in text.strip().splitlines()]
    header = lines[0]
    for line in lines[1:]:
        assert len(line) == len(header), f"{len(line)} cells under {len(header)} headings: {line}"
    return [dict(zip(header, line, strict=True)) for line in lines[1:]]


def as_text(column: str, value: str) -> Cell:
    """The cell as a CSV has it."""
    return value or None


def as_typed(column: str, value: str) -> Cell:
    """The cell as Excel hands it over once a person has typed it: dates are dates, numbers are floats."""
    if not value:
        return None
    if column in DATES:
        moment = datetime.fromisoformat(value)
        return moment.date() if moment.time() == time() else moment
    if column in NUMBERS:
        try:
            number = Decimal(value)
        except InvalidOperation:
            return value
        if len(number.as_tuple().digits) > SHEET_DIGITS:
            return value
        return int(number) if number == number.to_integral_value() else float(number)
    return value


def block(rows: Sequence[Row], spelling: object = as_text) -> list[list[Cell]]:
    """A header row and the rows under it, as cells."""
    header = list(dict.fromkeys(column for row in rows for column in row))
    assert callable(spelling)
    return [list(header), *([spelling(column, row.get(column, "")) for column in header] for row in rows)]


def read(
    rows: Sequence[Row],
    accounts: Sequence[Row] = (),
    settings: Mapping[str, str] | None = None,
    spelling: object = as_text,
) -> Ledger:
    """The ledger that the reader makes of the cells. Row 1 is the header, so the n-th row is sheet row n + 1."""
    stated = [["Name", "Value"], *([name, value] for name, value in settings.items())] if settings else None
    return ledger_from_blocks(block(rows, spelling), block(accounts, spelling) if accounts else None, stated)


def ledger(text: str, accounts: str = "", **settings: str) -> Ledger:
    """A ledger written as a table; settings by name with underscores for spaces."""
    return read(
        table(text),
        table(accounts) if accounts else (),
        {name.replace("_", " "): value for name, value in settings.items()},
    )


def answer(text: str, accounts: str = "", **settings: str) -> TaxReport:
    """What the engine makes of a ledger written as a table."""
    return compute(ledger(text, accounts, **settings))


def dispositions(report: TaxReport) -> list[Disposition]:
    """All rows of Form 8949 of all years."""
    return [row for year in sorted(report.years) for row in report.years[year].dispositions]


def errors(report: TaxReport) -> list[Problem]:
    return [problem for problem in report.problems if problem.is_error]


def told(report: TaxReport) -> str:
    """The report as text, for a failing test to show."""
    lines = [
        f"  row {d.row} {d.kind.value} lot_row {d.lot_row} {d.asset} x {d.quantity.normalize():f} held {d.held_since}"
        f" ({d.acquired}) sold {d.sold} d {d.proceeds} e {d.basis} f {d.codes!r} g {d.adjustment} h {d.gain}"
        f" {d.term.value} {d.box}"
        for d in dispositions(report)
    ]
    lines += [
        f"  lot row {lot.row} {lot.asset} {lot.account} x {lot.quantity.normalize():f} basis {lot.basis} held"
        f" {lot.held_since} ({lot.acquired})"
        for lot in report.open_lots
    ]
    return "\n".join([*lines, *(f"  {p.severity.value} {p.code} {p}" for p in report.problems)])


def units_and_basis(lots: Sequence[OpenLot]) -> tuple[Decimal, Decimal]:
    return sum((lot.quantity for lot in lots), Decimal(0)), sum((lot.basis for lot in lots), Decimal(0))
