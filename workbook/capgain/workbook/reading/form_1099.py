"""The sheet `1099`: what brokers reported on Forms 1099-B and 1099-DA, lot by lot or as totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

from capgain.engine.box_letters import NOT_REPORTED
from capgain.engine.broker_rows import BOX_REPORTED, BOX_TERMS, SHEET, BrokerRow
from capgain.engine.classes import Reported, Term
from capgain.engine.money import ZERO
from capgain.engine.problems import Problem, Severity
from capgain.workbook.reading.cell_looks import misread_by_format
from capgain.workbook.reading.raw_sheet import RawSheet
from capgain.workbook.reading.shifted_rows import rows_too_wide
from capgain.workbook.reading.side_columns import columns_passed_over, of_a_sale
from capgain.workbook.written.columns_of_cells import text_of
from capgain.workbook.written.misread import Cell, Misread, is_blank, shown
from capgain.workbook.written.moments import Calendar, read_day
from capgain.workbook.written.numbers import read_number
from capgain.workbook.written.words import REPORTED, TERMS, plain, read_yes_no

COLUMNS = (
    "Broker",
    "Form",
    "Box",
    "Asset",
    "Quantity",
    "Acquired",
    "Sold",
    "Proceeds",
    "Basis",
    "Wash",
    "Market Discount",
    "Term",
    "Reported",
    "Loss Not Allowed",
    "Withheld",
    "Note",
)
"""Headings; Quantity and Sold on a row of one sale, Asset blank or `total` on one for all of a broker's in the box."""

V = TypeVar("V")

HEADER_ROWS = 20
_TOTAL = frozenset({"", "total", "totals", "all"})
_ALIASES = {"assetortotal": "asset", "assettotal": "asset", "account": "broker", "8949box": "box"}
_COLUMNS = {plain(name): name for name in COLUMNS}
_BASIS_REPORTED = {"yes": Reported.BASIS, "no": Reported.NO_BASIS}
"""What column Reported may say beside the words of the Ledger's column."""
_FORMS = {"1099b": "1099-B", "b": "1099-B", "1099da": "1099-DA", "da": "1099-DA"}


def broker_rows(sheet: RawSheet, calendar: Calendar) -> tuple[tuple[BrokerRow, ...], tuple[Problem, ...]]:
    """The rows of the sheet, and what is wrong with those that cannot be read and so say nothing."""
    place, columns = header_of(sheet)
    if columns is None:
        if all(is_blank(cell) for row in sheet.rows for cell in row):
            return (), ()
        missing = Problem(
            Severity.WARNING,
            SHEET,
            0,
            "",
            "The sheet has no row with the headings Broker and Proceeds in its first 20 rows, so no Form 1099 was "
            "compared.",
            f"Give it the headings {', '.join(COLUMNS)}.",
            "FORM_1099_HEADER",
            blocks_filing=True,
        )
        return (), (missing,)
    rows: list[BrokerRow] = []
    problems = rows_too_wide(sheet, place)
    problems += columns_passed_over(sheet.rows, place, columns.values(), of_a_sale, COLUMNS, SHEET, sheet.first_row)
    for number, cells in enumerate(sheet.rows[place + 1 :], sheet.first_row + place + 1):
        if all(is_blank(cell) for cell in cells):
            continue
        reader = _Row(sheet, number, cells, columns, calendar)
        row = reader.read()
        if row is None:
            problems += reader.problems
        else:
            rows.append(row)
    return tuple(rows), tuple(problems)


def columns_of(sheet: RawSheet) -> Mapping[str, int]:
    """The places of the sheet's columns by their names; none where it has no header."""
    return header_of(sheet)[1] or {}


def header_of(sheet: RawSheet) -> tuple[int, Mapping[str, int] | None]:
    """Which of the sheet's rows has the headings, and the places of its columns by their names; None without one."""
    for place, cells in enumerate(sheet.rows[:HEADER_ROWS]):
        words = [plain(text_of(cell)) for cell in cells]
        names = [_COLUMNS.get(_ALIASES.get(word, word)) for word in words]
        columns = {name: column for column, name in reversed(list(enumerate(names))) if name}
        if "Broker" in columns and "Proceeds" in columns:
            return place, columns
    return 0, None


class _Row:
    """One row while it is read; everything wrong with it is found in one go."""

    def __init__(
        self, sheet: RawSheet, number: int, cells: Sequence[Cell], columns: Mapping[str, int], calendar: Calendar
    ) -> None:
        self._sheet = sheet
        self._number = number
        self._cells = cells
        self._columns = columns
        self._calendar = calendar
        self.problems: list[Problem] = []

    def read(self) -> BrokerRow | None:
        quantity, sold = self._number_in("Quantity"), self._sold()
        acquired, acquired_text = self._acquired()
        proceeds, basis, wash = self._dollars("Proceeds"), self._amount("Basis"), self._amount("Wash")
        discount, withheld = self._amount("Market Discount"), self._amount("Withheld")
        term = self._term()
        box, term, reported = self._box(term)
        lost = self._checked("Loss Not Allowed", read_yes_no(self._cell("Loss Not Allowed")), "FORM_1099_WORD")
        form = self._form()
        asset = self._text("Asset")
        asset = "" if asset.casefold() in _TOTAL else asset
        if not self._text("Broker"):
            self._refuse(
                "Broker",
                "The row names no broker.",
                "Write the account as it stands on sheet Ledger.",
                "FORM_1099_BROKER",
            )
        if proceeds is None and not self._is_wrong("Proceeds"):
            self._refuse(
                "Proceeds",
                "The row has no proceeds.",
                "Enter box 1d of Form 1099-B or box 1f of Form 1099-DA.",
                "FORM_1099_PROCEEDS",
            )
        self._check_sale(quantity, sold, asset)
        if self.problems or proceeds is None or reported is None:
            return None
        return BrokerRow(
            row=self._number,
            broker=self._text("Broker"),
            form=form,
            box=box,
            asset=asset,
            quantity=quantity,
            acquired=acquired,
            acquired_text=acquired_text,
            sold=sold,
            proceeds=proceeds,
            basis=basis,
            wash=wash,
            discount=discount,
            term=term,
            reported=reported,
            loss_not_allowed=bool(lost),
            withheld=withheld,
            note=self._text("Note"),
        )

    def _cell(self, column: str) -> Cell:
        place = self._columns.get(column)
        return self._cells[place] if place is not None and place < len(self._cells) else None

    def _text(self, column: str) -> str:
        return text_of(self._cell(column)).strip()

    def _is_wrong(self, column: str) -> bool:
        return any(one.column == column for one in self.problems)

    def _refuse(self, column: str, message: str, remedy: str, code: str) -> None:
        self.problems.append(
            Problem(Severity.WARNING, SHEET, self._number, column, message, remedy, code, blocks_filing=True)
        )

    def _checked(self, column: str, read: V | Misread | None, code: str) -> V | None:
        if isinstance(read, Misread):
            self._refuse(column, read.message, read.remedy, code)
            return None
        return read

    def _number_in(self, column: str) -> Decimal | None:
        return self._checked(column, read_number(self._cell(column)), "FORM_1099_AMOUNT")

    def _dollars(self, column: str) -> Decimal | None:
        """A number that the cell's format does not show as something else."""
        amount = self._number_in(column)
        if amount is None or not self._sheet.looks or isinstance(self._cell(column), str):
            return amount
        foreign = misread_by_format(self._sheet, self._number, self._columns[column], column)
        return self._checked(column, foreign or amount, "FORM_1099_AMOUNT")

    def _amount(self, column: str) -> Decimal | None:
        """Dollars that are never negative; proceeds may be, of an option written (Form 1099-B, box 1d)."""
        amount = self._dollars(column)
        if amount is not None and amount < ZERO:
            self._refuse(column, f"{column} is negative.", "Enter it as the form has it.", "FORM_1099_AMOUNT")
        return amount

    def _sold(self) -> date | None:
        return self._checked("Sold", read_day(self._cell("Sold"), self._calendar), "FORM_1099_DATE")

    def _acquired(self) -> tuple[date | None, str]:
        word = self._text("Acquired").upper() if isinstance(self._cell("Acquired"), str) else ""
        if word in ("VARIOUS", "INHERITED"):
            return None, word
        return self._checked("Acquired", read_day(self._cell("Acquired"), self._calendar), "FORM_1099_DATE"), ""

    def _form(self) -> str:
        text = self._text("Form")
        form = _FORMS.get(plain(text), "")
        if text and not form:
            self._refuse("Form", f"{text!r} is no form compared here.", "Enter 1099-B or 1099-DA.", "FORM_1099_FORM")
        return form

    def _term(self) -> Term | None:
        if self._text("Term").casefold() == "ordinary":
            self._refuse(
                "Term",
                "A contingent debt instrument or other ordinary item: not supported.",
                "Enter it by hand with code O on Form 8949, and take the row out.",
                "FORM_1099_ORDINARY",
            )
            return None
        return self._checked("Term", TERMS.read(self._cell("Term")), "FORM_1099_TERM")

    def _box(self, term: Term | None) -> tuple[str, Term | None, Reported | None]:
        """The box, and the term and what is reported by it."""
        box = self._text("Box").upper().removeprefix("BOX").strip()
        text = self._text("Reported")
        reported = _BASIS_REPORTED.get(text.casefold()) or REPORTED.find(text)
        if text and reported in (None, Reported.NONE):
            self._refuse(
                "Reported",
                f"{text!r} does not say whether basis was reported to the IRS.",
                "Enter basis or no basis.",
                "FORM_1099_REPORTED",
            )
        elif box in ("", "X", "Y"):
            if reported is None:
                self._refuse(
                    "Box",
                    f"Neither Box ({self._text('Box') or 'blank'}) nor Reported (blank) says where the sales belong.",
                    "Enter the box of Form 8949 that the form names (A, B, D, E, G, H, J or K), or in Reported: basis "
                    "or no basis.",
                    "FORM_1099_BOX",
                )
        elif box in NOT_REPORTED:
            self._refuse(
                "Box",
                f"Box {box} is for sales that no Form 1099-B or 1099-DA reports.",
                "Enter the box that the form names; take the row out where there is no form.",
                "FORM_1099_BOX",
            )
        elif box not in BOX_TERMS:
            self._refuse(
                "Box",
                f"{self._text('Box')!r} is no box of Form 8949.",
                "Enter one letter from A to L.",
                "FORM_1099_BOX",
            )
        elif term not in (None, BOX_TERMS[box]) or reported not in (None, BOX_REPORTED[box]):
            what = "Term" if term not in (None, BOX_TERMS[box]) else "Reported"
            self._refuse(
                what,
                f"{what} says {self._text(what)}, and box {box} something else.",
                f"Correct Box or {what}; where the form itself says both, leave Box blank and fill in Reported.",
                "FORM_1099_CONTRADICTION",
            )
        else:
            return box, BOX_TERMS[box], BOX_REPORTED[box]
        return box, term, reported

    def _check_sale(self, quantity: Decimal | None, sold: date | None, asset: str) -> None:
        """A quantity and a day make the row one of a sale; one without the other says neither."""
        wrong = self._is_wrong("Quantity") or self._is_wrong("Sold")
        if wrong or (quantity is None and sold is None):
            return
        if quantity is None or sold is None:
            has, lacks = ("Sold", "Quantity") if quantity is None else ("Quantity", "Sold")
            self._refuse(
                lacks,
                f"The row has {has} without {lacks}.",
                "A row of one sale has both, a total has neither.",
                "FORM_1099_SALE",
            )
        elif quantity <= ZERO:
            self._refuse(
                "Quantity", f"{shown(self._cell('Quantity'))} is not more than 0.", "Enter the units.", "FORM_1099_SALE"
            )
        elif not asset:
            self._refuse("Asset", "A row of one sale names its asset.", "Enter the symbol.", "FORM_1099_SALE")
