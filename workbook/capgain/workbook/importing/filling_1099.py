"""Rows of brokers' Forms 1099 into the sheet 1099 of a workbook: what stands there already stays, and is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from capgain.engine.broker_rows import SHEET
from capgain.workbook.importing.ledger_rows import Value
from capgain.workbook.reading.form_1099 import COLUMNS
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.written.columns_of_cells import text_of
from capgain.workbook.written.misread import is_blank
from capgain.workbook.written.numbers import read_number
from capgain.workbook.written.words import plain

_WHICH = ("Broker", "Form", "Box", "Asset")
_SUMS = ("Proceeds", "Basis", "Wash")


@dataclass(frozen=True, slots=True)
class Filling:
    """What to write: `rows` below row `last` into `columns`, by the headings' names; where there is no such sheet yet,
    `columns` is empty. `notices` say what the sheet has already and what differs."""

    rows: Sequence[Mapping[str, Value]]
    columns: Mapping[str, int]
    last: int
    notices: Sequence[str]


def filling_of(sheet: RawSheet | None, rows: Sequence[Mapping[str, Value]]) -> Filling:
    """The rows that the sheet has not yet; one of the same broker, form, box and asset is not written a second time."""
    if sheet is None or not rows or all(is_blank(cell) for row in sheet.rows for cell in row):
        return Filling(rows, {}, 0, ())
    header = next(
        (place for place, row in enumerate(sheet.rows) if {"broker", "proceeds"} <= {plain(text_of(c)) for c in row}),
        None,
    )
    if header is None:
        notice = (
            f"The sheet {SHEET} has no row with the headings Broker and Proceeds: the forms were not written there."
        )
        return Filling((), {}, 0, (notice,))
    places = {plain(text_of(cell)): place for place, cell in enumerate(sheet.rows[header])}
    columns = {name: places[plain(name)] + sheet.first_column for name in COLUMNS if plain(name) in places}
    there: dict[tuple[str, ...], tuple[int, tuple[Decimal, ...]]] = {}
    last = header
    for place, row in enumerate(sheet.rows[header + 1 :], start=header + 1):
        cells = {
            name: row[places[plain(name)]]
            for name in COLUMNS
            if plain(name) in places and places[plain(name)] < len(row)
        }
        if all(is_blank(cell) for cell in cells.values()):
            continue
        last = place
        which = tuple(text_of(cells.get(name)).casefold() for name in _WHICH)
        sums = tuple(
            read if isinstance(read := read_number(cells.get(name)), Decimal) else Decimal(0) for name in _SUMS
        )
        there[which] = (sheet.first_row + place, sums)
    new, notices = [], []
    for said in rows:
        known = there.get(tuple(str(said.get(name, "")).casefold() for name in _WHICH))
        if known is None:
            new.append(said)
        elif known[1] != tuple(said.get(name, Decimal(0)) for name in _SUMS):
            figures = ", ".join(f"{name} {said[name]}" for name in _SUMS if name in said)
            notices.append(f"Sheet {SHEET}, row {known[0]}: the file says {figures}. Nothing was changed there.")
    return Filling(new, columns, sheet.first_row + last, notices)
