"""The sheet `1099`: what brokers reported, as the user typed it from Forms 1099-B and 1099-DA."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from capgain.engine.classes import Reported
from capgain.engine.problems import Problem, Severity
from capgain.workbook.reading.form_1099_sheet import COLUMNS
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.written.columns_of_cells import text_of
from capgain.workbook.written.misread import Cell, Misread, is_blank
from capgain.workbook.written.numbers import read_number
from capgain.workbook.written.words import REPORTED

HEADER_ROWS = 20
_TOTAL = frozenset({"", "total", "totals", "all"})
_ALIASES = {"asset or total": "asset", "asset/total": "asset", "account": "broker", "8949 box": "box"}
_BASIS_REPORTED = {"yes": Reported.BASIS, "no": Reported.NO_BASIS}
"""What column Reported may say beside the words of the Ledger's column."""
BOXES: Mapping[Reported, str] = {Reported.BASIS: "ADGJ", Reported.NO_BASIS: "BEHK", Reported.NONE: "CFIL"}


@dataclass(frozen=True, slots=True)
class BrokerRow:
    """One row of the sheet. `boxes` are the boxes of Form 8949 it covers: one, or those of its Reported column.

    `asset` "" means all of them; `basis` and `wash` None where the form leaves the box empty.
    """

    row: int
    broker: str
    form: str
    boxes: str
    asset: str
    proceeds: Decimal
    basis: Decimal | None
    wash: Decimal | None


def broker_rows(sheet: RawSheet) -> tuple[tuple[BrokerRow, ...], tuple[Problem, ...]]:
    """The rows of the sheet, and what is wrong with those that cannot be read."""
    place, columns = _header(sheet)
    if columns is None:
        missing = Problem(
            Severity.WARNING,
            sheet.name,
            0,
            "",
            "The sheet has no row with the headings Broker and Proceeds in its first 20 rows, so no Form 1099 was "
            "compared.",
            f"Give it the headings {', '.join(COLUMNS)}.",
            "FORM_1099_HEADER",
        )
        return (), (missing,)
    rows: list[BrokerRow] = []
    problems: list[Problem] = []
    for offset, cells in enumerate(sheet.rows[place + 1 :], start=place + 1):
        if all(is_blank(cell) for cell in cells):
            continue
        read = _row(sheet, sheet.first_row + offset, cells, columns)
        if isinstance(read, BrokerRow):
            rows.append(read)
        else:
            problems.extend(read)
    return tuple(rows), tuple(problems)


def _header(sheet: RawSheet) -> tuple[int, Mapping[str, int] | None]:
    for place, cells in enumerate(sheet.rows[:HEADER_ROWS]):
        names = [" ".join(text_of(cell).lower().split()) for cell in cells]
        columns = {_ALIASES.get(name, name): column for column, name in reversed(list(enumerate(names))) if name}
        if "broker" in columns and "proceeds" in columns:
            return place, columns
    return 0, None


def _row(sheet: RawSheet, number: int, cells: Sequence[Cell], columns: Mapping[str, int]) -> BrokerRow | list[Problem]:
    problems: list[Problem] = []

    def text(name: str) -> str:
        place = columns.get(name)
        return text_of(cells[place]).strip() if place is not None and place < len(cells) else ""

    def refuse(column: str, message: str, remedy: str, code: str) -> None:
        problems.append(
            Problem(Severity.WARNING, sheet.name, number, column, message, remedy, code, blocks_filing=True)
        )

    def amount(name: str) -> Decimal | None:
        place = columns.get(name.lower())
        cell = cells[place] if place is not None and place < len(cells) else None
        read = read_number(cell)
        if isinstance(read, Misread):
            refuse(name, read.message, read.remedy, "FORM_1099_AMOUNT")
            return None
        return read

    proceeds, basis, wash = amount("Proceeds"), amount("Basis"), amount("Wash")
    if not text("broker"):
        refuse(
            "Broker",
            "The row names no broker.",
            "Write the account as it stands on sheet Ledger.",
            "FORM_1099_BROKER",
        )
    if proceeds is None and not problems:
        refuse(
            "Proceeds",
            "The row has no proceeds.",
            "Enter box 1d of Form 1099-B or box 1f of Form 1099-DA.",
            "FORM_1099_PROCEEDS",
        )
    boxes = text("box").upper().removeprefix("BOX").strip()
    reported = _BASIS_REPORTED.get(text("reported").lower()) or REPORTED.find(text("reported"))
    if boxes in ("", "X", "Y"):
        if reported is None:
            refuse(
                "Box",
                f"Neither Box ({text('box') or 'blank'}) nor Reported ({text('reported') or 'blank'}) says where the "
                "sales belong.",
                "Enter the box of Form 8949 that the form names (A, B, D, E, G, H, J or K), or in Reported: basis or "
                "no basis.",
                "FORM_1099_BOX",
            )
        boxes = BOXES[reported or Reported.NONE]
    elif len(boxes) != 1 or boxes not in "ABCDEFGHIJKL":
        refuse("Box", f"{text('box')!r} is no box of Form 8949.", "Enter one letter from A to L.", "FORM_1099_BOX")
    if problems or proceeds is None:
        return problems
    asset = text("asset")
    return BrokerRow(
        row=number,
        broker=text("broker"),
        form=text("form"),
        boxes=boxes,
        asset="" if asset.lower() in _TOTAL else asset,
        proceeds=proceeds,
        basis=basis,
        wash=wash,
    )
