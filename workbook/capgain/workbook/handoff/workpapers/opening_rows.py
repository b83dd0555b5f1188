"""The lots held at the end of the year as rows with which next year's ledger begins.

They are `Opening` rows, and where those cannot say all of a lot, rows of the type that brought it, of its own day: a
gift with its value (26 USC 1015(a)), shares of an incentive stock option with both bases (26 USC 56(b)(3)).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from capgain.engine.money import plain_dollars
from capgain.engine.results.held import OpenLot
from capgain.engine.transactions import GiftIn, ISOExercise, Opening
from capgain.workbook.handoff.tax_software.export_file import csv_bytes
from capgain.workbook.report.context import Workpapers
from capgain.workbook.report.ledger_proof import WORKING
from capgain.workbook.report.listing import list_sheet
from capgain.workbook.sheets import (
    BESIDE,
    CENTER,
    DATE,
    HEADING,
    PLAIN,
    RIGHT,
    WRAP_BESIDE,
    Cell,
    Formula,
    Sheet,
    column_letter,
    fitted_heights,
    quantity_cell,
    reference,
)
from capgain.workbook.written.guarded_text import guarded

HEADINGS = ("Date", "Type", "Asset", "Quantity", "Account", "Lot", "Class", "Acquired", "Basis", "Note")
AMOUNT = "Amount"
"""The last column, where a row needs it."""
WIDTHS = (11, 12, 10, 20, 14, 9, 9, 20, 27, 36, 14)
WIDTH_OF_A_NUMBER = 18


def opening_name(year: int) -> str:
    """The sheet's name; `year` is the one that begins with these rows."""
    return f"Opening {year}"


NUMBER_OF = {"Quantity": "Units as number", "Basis": "Basis as number", AMOUNT: "Amount as number"}
"""Columns for the formulas where a quantity or an amount has more digits than a cell keeps of a number."""


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """What a row says of a lot. `amount`: a gift's value when it was given, the price of an option's shares."""

    lot: OpenLot
    type_name: str
    day: date
    acquired: date | str
    basis: Decimal
    amount: Decimal | None = None

    @property
    def is_of_an_option(self) -> bool:
        """Whether Basis is the value at exercise, and Amount the basis of the regular tax."""
        return self.type_name == ISOExercise.type_name


def opening_row(lot: OpenLot, year: int) -> OpeningRow:
    """The row that brings a lot into the ledger that begins with `year`."""
    if lot.loss_basis is not None and lot.gift_date is not None:
        return OpeningRow(lot, GiftIn.type_name, lot.gift_date, _acquired_by(lot), lot.basis, lot.loss_basis)
    if lot.amt_basis is not None and not has_two_days(lot):
        return OpeningRow(lot, ISOExercise.type_name, lot.acquired, "", lot.amt_basis, lot.basis)
    return OpeningRow(lot, Opening.type_name, date(year, 1, 1), _acquired_by(lot), lot.basis)


def has_two_days(lot: OpenLot) -> bool:
    """Whether it is an option's shares that replaced a loss: no row says both bases and a holding period of its own."""
    return lot.amt_basis is not None and lot.held_since != lot.acquired


@dataclass(frozen=True, slots=True)
class OpeningSheet:
    """The sheet, its columns and its rows. `has_numbers`: numbers stand in columns of their own, the cells are text."""

    sheet: Sheet
    headings: Sequence[str]
    rows: Sequence[OpeningRow]
    has_numbers: bool

    def cells(self, heading: str) -> str:
        """A column as a reference from another sheet; of Quantity, Basis and Amount the one with numbers."""
        name = NUMBER_OF.get(heading, heading) if self.has_numbers else heading
        letter = column_letter(self.headings.index(name) + 1)
        return reference(self.sheet.name, f"${letter}$2:${letter}${max(len(self.sheet.rows), 2)}")


def opening_sheet(papers: Workpapers, lots: Sequence[OpenLot], year: int) -> OpeningSheet:
    """The rows to copy to the top of next year's ledger, in the ledger's own columns, basis unrounded."""
    opening = [opening_row(lot, year) for lot in lots]
    headings = _headings(opening)
    rows: list[list[Cell | None]] = [[Cell(heading, HEADING) for heading in headings]]
    rows += [list(map(_cell, headings, _values(one))) for one in opening]
    places = {headings.index(heading): name for heading, name in NUMBER_OF.items() if heading in headings}
    has_numbers = any(isinstance(cell.content, str) for row in rows[1:] for place in places if (cell := row[place]))
    if has_numbers:
        rows[0] += [Cell(heading, WORKING) for heading in places.values()]
        for number, row in enumerate(rows[1:], start=2):
            row += [_number(row[place], f"{column_letter(place + 1)}{number}") for place in places]
    sheet = list_sheet(
        papers,
        opening_name(year),
        f"Opening lots of {year}",
        rows,
        WIDTHS[: len(headings)],
        tab="548235",
        heights={**fitted_heights(rows, WIDTHS[: len(headings)]), 1: 20},
        numbers_as_text=f"D2:{column_letter(len(headings))}{max(len(rows), 2)}",
    )
    page = replace(sheet.page, area=f"A1:{column_letter(len(headings))}{max(len(rows), 2)}")
    columns = (*headings, *places.values()) if has_numbers else headings
    widths = (*sheet.widths, *(WIDTH_OF_A_NUMBER for _ in columns[len(headings) :]))
    return OpeningSheet(replace(sheet, page=page, widths=widths), columns, opening, has_numbers)


def _headings(rows: Sequence[OpeningRow]) -> tuple[str, ...]:
    return (*HEADINGS, AMOUNT) if any(row.amount is not None for row in rows) else HEADINGS


def _number(cell: Cell | None, at: str) -> Cell | None:
    if cell is None:
        return None
    if isinstance(cell.content, str):
        return Cell(float(Decimal(cell.content)), RIGHT)
    assert isinstance(cell.content, Decimal)
    return Cell(Formula(f"={at}", cell.content), RIGHT)


def opening_csv(lots: Sequence[OpenLot], year: int) -> bytes:
    """The same rows as a CSV that the ledger reader takes."""
    rows = [opening_row(lot, year) for lot in lots]
    headings = _headings(rows)
    return csv_bytes([headings, *(tuple(map(_csv_text, _values(row)))[: len(headings)] for row in rows)])


def _values(row: OpeningRow) -> tuple[str | date | Decimal | None, ...]:
    lot = row.lot
    return (
        row.day,
        row.type_name,
        lot.asset,
        lot.quantity,
        lot.account,
        _lot_name(lot),
        lot.asset_class.value,
        row.acquired or None,
        row.basis,
        _note(row),
        row.amount,
    )


_BESIDE = {"Account": BESIDE, "Note": WRAP_BESIDE, "Acquired": CENTER}


def _cell(heading: str, value: str | date | Decimal | None) -> Cell | None:
    if value is None:
        return None
    if isinstance(value, Decimal):
        return quantity_cell(value)
    return Cell(value, DATE if isinstance(value, date) else _BESIDE.get(heading, PLAIN))


def _csv_text(value: str | date | Decimal | None) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value.isoformat() if isinstance(value, date) else guarded(value)


def _lot_name(lot: OpenLot) -> str:
    """The lot's own id, or one made of the row that acquired it, so that sales can name it."""
    return lot.lot or f"R{lot.row}"


def _acquired_by(lot: OpenLot) -> date | str:
    """What column Acquired says of a lot: a day, or the ledger's words for a term that no day gives."""
    if lot.inherited:
        return f"{lot.acquired_text} {lot.acquired.isoformat()}"
    return lot.held_since if lot.stated_term is None else f"{lot.acquired_text} {lot.stated_term.value}"


def _note(row: OpeningRow) -> str:
    lot = row.lot
    origin = f"from row {lot.row} of the ledger before"
    if row.type_name == GiftIn.type_name:
        origin += "; a loss is counted from Amount, the value when it was given"
    elif row.is_of_an_option:
        origin += "; Basis is that for the minimum tax, Amount that for the regular tax"
    elif lot.amt_basis is not None:
        origin += f"; basis for the minimum tax {plain_dollars(lot.amt_basis)}, which only its own row can say"
    if lot.held_since == lot.acquired or row.type_name == GiftIn.type_name:
        return origin
    return f"{origin}; acquired {lot.acquired:%m/%d/%Y}, holding period counted from {lot.held_since:%m/%d/%Y}"
