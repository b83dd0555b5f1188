"""The lots held at the end of the year as `Opening` rows: next year's ledger begins with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from capgain.engine.results import OpenLot
from capgain.workbook.handoff.tax_software.export_file import csv_bytes
from capgain.workbook.long_rows import LongRows, Stretch
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
    Row,
    Sheet,
    column_letter,
    fitted_heights,
    quantity_cell,
    reference,
)
from capgain.workbook.written.guarded_text import guarded

HEADINGS = ("Date", "Type", "Asset", "Quantity", "Account", "Lot", "Class", "Acquired", "Basis", "Note")
WIDTHS = (11, 9, 10, 20, 14, 9, 9, 20, 27, 36)


def opening_name(year: int) -> str:
    """The sheet's name; `year` is the one that begins with these rows."""
    return f"Opening {year}"


NUMBERS = ("Units as number", "Basis as number")
"""Columns for the formulas where a quantity or a basis has more digits than a cell keeps of a number."""
_NUMBER_OF = {"Quantity": NUMBERS[0], "Basis": NUMBERS[1]}


@dataclass(frozen=True, slots=True)
class OpeningSheet:
    """The sheet, and its lots. `has_numbers`: numbers stand in columns of their own, as the cells are text."""

    sheet: Sheet
    lots: Sequence[OpenLot]
    has_numbers: bool

    def cells(self, heading: str) -> str:
        """A column as a reference from another sheet; of Quantity and Basis the one with numbers."""
        names = (*HEADINGS, *NUMBERS)
        letter = column_letter(names.index(_NUMBER_OF.get(heading, heading) if self.has_numbers else heading) + 1)
        return reference(self.sheet.name, f"${letter}$2:${letter}${max(len(self.sheet.rows), 2)}")


def opening_sheet(papers: Workpapers, lots: Sequence[OpenLot], year: int) -> OpeningSheet:
    """The rows to copy to the top of next year's ledger, in the ledger's own columns, basis unrounded."""
    has_numbers = any(
        isinstance(quantity_cell(number).content, str) for lot in lots for number in (lot.quantity, lot.basis)
    )
    places = [HEADINGS.index(heading) for heading in _NUMBER_OF] if has_numbers else []
    headings = [Cell(heading, HEADING) for heading in HEADINGS]
    headings += [Cell(heading, WORKING) for heading in NUMBERS[: len(places)]]

    def row(lot: OpenLot, number: int) -> Row:
        cells = list(map(_cell, HEADINGS, _values(lot, year)))
        return (*cells, *(_number(cells[place], f"{column_letter(place + 1)}{number}") for place in places))

    rows = LongRows([headings])
    rows.extend(Stretch(lots, row, 2, range(len(headings))))
    sheet = list_sheet(
        papers,
        opening_name(year),
        f"Opening lots of {year}",
        rows,
        WIDTHS,
        tab="548235",
        heights={**fitted_heights(rows, WIDTHS), 1: 20},
        numbers_as_text=f"D2:I{max(len(rows), 2)}",
    )
    page = replace(sheet.page, area=f"A1:{column_letter(len(HEADINGS))}{max(len(rows), 2)}")
    return OpeningSheet(replace(sheet, page=page), lots, has_numbers)


def _number(cell: Cell, at: str) -> Cell:
    if isinstance(cell.content, str):
        return Cell(float(Decimal(cell.content)), RIGHT)
    assert isinstance(cell.content, Decimal)
    return Cell(Formula(f"={at}", cell.content), RIGHT)


def opening_csv(lots: Sequence[OpenLot], year: int) -> bytes:
    """The same rows as a CSV that the ledger reader takes."""
    return csv_bytes([HEADINGS, *(tuple(map(_csv_text, _values(lot, year))) for lot in lots)])


def _values(lot: OpenLot, year: int) -> tuple[str | date | Decimal, ...]:
    return (
        date(year, 1, 1),
        "Opening",
        lot.asset,
        lot.quantity,
        lot.account,
        _lot_name(lot),
        lot.asset_class.value,
        acquired_by(lot),
        lot.basis,
        _note(lot),
    )


_BESIDE = {"Account": BESIDE, "Note": WRAP_BESIDE, "Acquired": CENTER}


def _cell(heading: str, value: str | date | Decimal) -> Cell:
    if isinstance(value, Decimal):
        return quantity_cell(value)
    return Cell(value, DATE if isinstance(value, date) else _BESIDE.get(heading, PLAIN))


def _csv_text(value: str | date | Decimal) -> str:
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value.isoformat() if isinstance(value, date) else guarded(value)


def _lot_name(lot: OpenLot) -> str:
    """The lot's own id, or one made of the row that acquired it, so that sales can name it."""
    return lot.lot or f"R{lot.row}"


def acquired_by(lot: OpenLot) -> date | str:
    """What column Acquired says of a lot: a day, or the ledger's words for a term that no day gives."""
    if lot.inherited:
        return f"{lot.acquired_text} {lot.acquired.isoformat()}"
    return lot.held_since if lot.stated_term is None else f"{lot.acquired_text} {lot.stated_term.value}"


def _note(lot: OpenLot) -> str:
    origin = f"from row {lot.row} of the ledger before"
    if lot.loss_basis is not None:
        origin += f"; a loss is counted from {lot.loss_basis:.2f}, which only a Gift In row can say"
    if lot.amt_basis is not None:
        origin += f"; basis for the minimum tax {lot.amt_basis:.2f}, which only its own row can say"
    if lot.held_since == lot.acquired:
        return origin
    return f"{origin}; acquired {lot.acquired:%m/%d/%Y}, holding period counted from {lot.held_since:%m/%d/%Y}"
