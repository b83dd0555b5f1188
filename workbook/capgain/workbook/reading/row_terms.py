"""The rarer columns of a row: lots and their identification, the 1099, codes, ratios and fractions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from typing import TypedDict

from capgain.engine.classes import Discount, IncomeKind, Method, Reported, Term
from capgain.engine.transactions import Identification, Inherited, LotPick, ManyDays, ReportedFigure
from capgain.workbook.reading.amounts import money_text
from capgain.workbook.reading.ledger_cells import LedgerCells
from capgain.workbook.written.lot_words import (
    LotOrder,
    read_codes,
    read_identified,
    read_inherited,
    read_lot_figures,
    read_lot_order,
    read_lots,
    read_many_days,
)
from capgain.workbook.written.misread import Misread, is_blank, shown
from capgain.workbook.written.moments import read_day
from capgain.workbook.written.ratios import nearest_simple_ratio, read_ratio
from capgain.workbook.written.words import DISCOUNTS, INCOME_KINDS, TERMS, one_of

RATIO = "the ratio, such as 2, 0.1, 25/75 or 1:3"
_ONE = Fraction(1)
_NO_STOCK_SPLIT = 60
"""No stock was split in so many: a bare number above it is more likely the units received."""


class OwnOrder(TypedDict):
    """The order of lots that a disposal itself names."""

    method: Method | None
    method_with_broker: bool


class SaleTerms(TypedDict, total=False):
    """What a disposal may say about its lots, its 1099 and its row on Form 8949."""

    lots: tuple[LotPick, ...]
    identified: Identification | None
    method: Method | None
    method_with_broker: bool
    reported: Reported | None
    reported_proceeds: ReportedFigure | None
    reported_basis: ReportedFigure | None
    reported_term: Term | None
    code: str
    adjustment: Decimal | None
    order: str


def sale_terms(cells: LedgerCells, i: int) -> SaleTerms:
    """The columns of a disposal about lots, 1099 and Form 8949; empty where none is filled."""
    if i not in cells.with_sale_terms:
        return {"reported": reported(cells, i)} if i in cells.with_reported else {}
    adjustment = cells.dollars(i, "Adjustment", signed=True)
    if adjustment and is_blank(cells.raw("Code")[i]):
        cells.wrong(
            i,
            "Code",
            Misread(
                f"Adjustment {money_text(adjustment)} has no Code.",
                "Enter the code, or take the amount out: Form 8949 has one in (g) only with a code in (f).",
                "ADJUSTMENT_WITHOUT_CODE",
            ),
        )
    return {
        "lots": lots(cells, i),
        "identified": identified(cells, i),
        **own_order(cells, i),
        "reported": reported(cells, i),
        "reported_proceeds": reported_figure(cells, i, "Reported Proceeds"),
        "reported_basis": reported_figure(cells, i, "Reported Basis"),
        "reported_term": cells.checked(i, "Reported Term", TERMS.read(cells.raw("Reported Term")[i])),
        "code": cells.checked(i, "Code", read_codes(cells.text(i, "Code"))) or "",
        "adjustment": adjustment,
        "order": cells.order[i],
    }


def own_order(cells: LedgerCells, i: int) -> OwnOrder:
    """Column Method of a disposal, and whether it says that the broker has the order."""
    order = method(cells, i)
    return {"method": order and order.method, "method_with_broker": order is not None and order.with_broker}


def lots(cells: LedgerCells, i: int) -> tuple[LotPick, ...]:
    """Column Lot of a disposal."""
    cell = cells.raw("Lot")[i]
    if isinstance(cell, date | time):
        cells.wrong(
            i,
            "Lot",
            Misread(
                f"The cell holds a date or time ({shown(cell)}), not a lot's id.",
                "Set the cell's format to Text and type the id again.",
                "LOT_IS_A_DATE",
            ),
        )
        return ()
    return cells.checked(i, "Lot", read_lots(cells.lot[i], cells.known_lots)) or ()


def identified(cells: LedgerCells, i: int) -> Identification | None:
    """Column Identified."""
    found = read_identified(cells.raw("Identified")[i], cells.at(i), cells.calendar)
    return cells.checked(i, "Identified", found)


def method(cells: LedgerCells, i: int) -> LotOrder | None:
    """Column Method: an order of lots, `hifo`, or `hifo broker` where it was given to the broker."""
    return cells.checked(i, "Method", read_lot_order(cells.raw("Method")[i]))


def acquired_on(cells: LedgerCells, i: int) -> date | ManyDays | None:
    """Column Acquired: a date, or VARIOUS with the term of units acquired on many days."""
    many = read_many_days(cells.text(i, "Acquired")) if isinstance(cells.raw("Acquired")[i], str) else None
    return day(cells, i, "Acquired") if many is None else cells.checked(i, "Acquired", many)


def brought_in_since(cells: LedgerCells, i: int) -> date | ManyDays | Inherited | None:
    """Column Acquired of an Opening row, which may say INHERITED."""
    cell = cells.raw("Acquired")[i]
    inherited = read_inherited(cell, cells.calendar) if isinstance(cell, str) else None
    return acquired_on(cells, i) if inherited is None else cells.checked(i, "Acquired", inherited)


def not_after_the_row(cells: LedgerCells, i: int, acquired: date | ManyDays | Inherited | None) -> None:
    """Units were not acquired after the day on which the row has them."""
    if isinstance(acquired, Inherited):
        acquired = acquired.day
    if isinstance(acquired, date) and cells.at(i).year > 1 and acquired > cells.at(i).date():
        cells.wrong(
            i,
            "Acquired",
            Misread(
                f"Acquired ({acquired.isoformat()}) lies after Date ({cells.at(i).date().isoformat()}).",
                "Correct one of the two dates.",
                "ACQUIRED_AFTER_DATE",
            ),
        )


def discount(cells: LedgerCells, i: int) -> Discount | None:
    """Column Kind of debt: interest or capital."""
    return cells.checked(i, "Kind", DISCOUNTS.read(cells.raw("Kind")[i]))


def income_kind(cells: LedgerCells, i: int, allowed: Sequence[IncomeKind]) -> IncomeKind | None:
    """Column Kind of income, else the kind that the word in Type is; None where neither says one that is allowed."""
    cell = cells.raw("Kind")[i]
    if is_blank(cell):
        found = INCOME_KINDS.find(cells.text(i, "Type"))
        return found if found in allowed else None
    stated = INCOME_KINDS.find(shown(cell) if not isinstance(cell, str) else cell)
    if stated in allowed:
        return stated
    cells.wrong(
        i,
        "Kind",
        Misread(
            f"{shown(cell)} is not a kind of income of a row of this type.",
            f"Use {one_of([kind.value for kind in allowed])}.",
            "UNKNOWN_KIND",
        ),
    )
    return None


def reported(cells: LedgerCells, i: int) -> Reported | None:
    """Column Reported."""
    return cells.checked(i, "Reported", cells.reported[i])


def reported_figure(cells: LedgerCells, i: int, column: str) -> ReportedFigure | None:
    """Reported Proceeds or Reported Basis: dollars of the whole row, or `L7:1200; L9:800.50` lot by lot."""
    by_lot = read_lot_figures(cells.text(i, column))
    return cells.dollars(i, column) if by_lot is None else cells.checked(i, column, by_lot)


def day(cells: LedgerCells, i: int, column: str) -> date | None:
    """A date without its time."""
    return cells.checked(i, column, read_day(cells.raw(column)[i], cells.calendar))


def ratio(cells: LedgerCells, i: int) -> Fraction:
    """Quantity as units after, or new units, per old unit: exact and more than 0."""
    cell = cells.raw("Quantity")[i]
    found = read_ratio(cell)
    if found is None:
        cells.missing(i, "Quantity", RATIO)
        return _ONE
    if isinstance(found, Misread):
        cells.wrong(i, "Quantity", found)
        return _ONE
    if found <= 0:
        cells.wrong(
            i,
            "Quantity",
            Misread(f"The ratio {shown(cell)} is not more than 0.", f"Enter {RATIO}.", "NOT_A_RATIO"),
        )
        return _ONE
    simple = nearest_simple_ratio(found)
    if simple is not None:
        cells.doubt(
            i,
            "Quantity",
            Misread(
                f"The ratio {shown(cell)} is near {simple}, but not equal to it.",
                f"If {simple} is meant, enter it as text, so that it stays exact.",
                "RATIO_ROUNDED",
            ),
        )
    if found >= _NO_STOCK_SPLIT and str(cell).strip().replace(".", "").replace(",", "").isdigit():
        cells.doubt(
            i,
            "Quantity",
            Misread(
                f"The ratio is {shown(cell)} units for 1, which looks like the units received: Quantity is units per "
                "unit, such as 2 for a 2-for-1 split.",
                f"Enter the ratio; if it is {found} for 1, write {found}:1.",
                "RATIO_LIKE_UNITS",
            ),
            blocks_filing=True,
        )
    return found


def fraction_moved(cells: LedgerCells, i: int) -> Fraction:
    """Basis as the fraction of the old basis that moves, from 0 to 1, exact; `10.96%` as text is read too."""
    cell = cells.raw("Basis")[i]
    text = cell.strip() if isinstance(cell, str) else ""
    found = read_ratio(text[:-1] if text.endswith("%") else cell)
    if found is None:
        cells.missing(i, "Basis", "the fraction of the old basis that moves, from 0 to 1")
        return _ONE
    if isinstance(found, Fraction):
        found = found / 100 if text.endswith("%") else found
        if 0 <= found <= 1:
            return found
        found = Misread(
            f"{shown(cell)} is not a fraction from 0 to 1.",
            "Enter the fraction of the old basis that moves, such as 0.109624 (the issuer's Form 8937 states it).",
            "NOT_A_FRACTION",
        )
    cells.wrong(i, "Basis", found)
    return _ONE
