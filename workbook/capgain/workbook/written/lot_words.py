"""The small languages of single columns: Lot, Identified, Underlying, Code, and a list of accounts."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from capgain.engine.classes import Method, Right, Term
from capgain.engine.transactions import Identification, Inherited, LotFigure, LotPick, ManyDays
from capgain.workbook.written.misread import LONGEST, Cell, Misread, error_value, is_blank, shown
from capgain.workbook.written.moments import Calendar, Moment, read_day, read_moment
from capgain.workbook.written.numbers import read_number, read_quantity
from capgain.workbook.written.words import METHODS

ADJUSTMENT_CODES = "BCDEHLMNOPQRSTWXYZ"
"""The codes of Form 8949 column (f) (Instructions for Form 8949, How To Complete Form 8949, Columns (f) and (g))."""

_UNDERLYING = re.compile(
    r"(?P<asset>.*\S)\s*(?:\s[xX×*]|[×*])\s*(?P<units>\d[\d,]*(?:\.\d+)?)(?:\s*(?P<right>puts?|calls?))?", re.IGNORECASE
)
_ORDER_KEEPER = re.compile(
    r"(?P<order>.+?)[\s,;]+(?:(?:with|to|at|in|the|my|own)\s+)*(?P<to>books|broker)", re.IGNORECASE
)
_INHERITED = re.compile(r"inherited(?:[\s,]+(?:on\s+)?(?P<day>\S.*))?", re.IGNORECASE)
MARRIED = "married"
"""In Identified of a put: identified with the shares bought that day (26 USC 1233(c))."""

_MANY_DAYS = re.compile(
    r"(?P<word>various|unknown)(?:\s+dates?)?[\s,]*(?:(?P<term>long|short)(?:[-\s]term)?)?", re.IGNORECASE
)
_KEEPER = re.compile(
    r"(?P<when>.*?)[\s,;]*\b(?:(?:in|my|own|to|with|the)\s+)*(?P<to>books|broker|records)(?:\s+and\s+records)?",
    re.IGNORECASE,
)


def read_lots(text: str, known: Container[str]) -> tuple[LotPick, ...] | Misread:
    """Column Lot of a disposal: `L1`, or with units `L1:0.5; L7:2`. `known` tells a lot's id that holds a colon."""
    picks: list[LotPick] = []
    named: set[str] = set()
    for piece in text.split(";"):
        piece = piece.strip()
        if not piece:
            continue
        lot, colon, units = piece.rpartition(":")
        if not colon or piece in known:
            pick = LotPick(piece)
        else:
            quantity = read_quantity(units)
            if not isinstance(quantity, Decimal) or quantity <= 0 or not lot.strip():
                return Misread(
                    f'"{piece}" does not name a lot and its units.',
                    'Write "L1" or "L1:0.5; L7:2": id, colon, units, with semicolons between lots.',
                    "LOT_SYNTAX",
                )
            pick = LotPick(lot.strip(), quantity)
        if pick.lot in named:
            return Misread(
                f"Lot {pick.lot} is named twice.",
                "Name each lot once, with all the units taken from it.",
                "LOT_NAMED_TWICE",
            )
        named.add(pick.lot)
        picks.append(pick)
    return tuple(picks)


def read_lot_figures(text: str) -> tuple[LotFigure, ...] | Misread | None:
    """A figure of a Form 1099 lot by lot, `L7:1200; L9:800.50`; None for a text that is no such list."""
    if ":" not in text:
        return None
    figures: list[LotFigure] = []
    for piece in filter(None, map(str.strip, text.split(";"))):
        lot, _, amount = piece.rpartition(":")
        dollars = read_number(amount.strip())
        if not lot.strip() or not isinstance(dollars, Decimal) or dollars < 0:
            return Misread(
                f'"{piece}" does not name a lot and its dollars.',
                'Write "L7:1200; L9:800.50": id, colon, dollars, with semicolons between lots.',
                "LOT_SYNTAX",
            )
        if lot.strip() in {one.lot for one in figures}:
            return Misread(f"Lot {lot.strip()} is named twice.", "Name each lot once.", "LOT_NAMED_TWICE")
        figures.append(LotFigure(lot.strip(), dollars))
    return tuple(figures)


def read_identified(cell: Cell, row_at: datetime, calendar: Calendar) -> Identification | Misread | None:
    """Column Identified: a date, optionally with a time, optionally `books` or `broker`.

    The word alone says to whom the lots were identified, in time: at the row's own date.
    """
    if is_blank(cell):
        return None
    if not isinstance(cell, str):
        moment = read_moment(cell, calendar)
        return _identification(moment, "", cell)
    error = error_value(cell)
    if error is not None:
        return error
    if cell.strip().casefold() == MARRIED:
        return Identification(row_at, has_time=True, to=MARRIED)
    text, keeper = cell.strip(), ""
    parts = _KEEPER.fullmatch(text) if len(text) <= LONGEST else None
    if parts:
        text, keeper = parts["when"], "broker" if parts["to"].lower() == "broker" else "books"
        if not text:
            return Identification(row_at, has_time=True, to=keeper)
    return _identification(read_moment(text, calendar), keeper, cell)


class Underlying(NamedTuple):
    """What an option is on: the asset, the units that one contract covers, and whether it is a put or a call."""

    asset: str
    units: Decimal
    right: Right | None = None


def read_underlying(text: str) -> Underlying | Misread:
    """Column Underlying of an option: `AAPL x100`, or `AAPL x100 put`."""
    parts = _UNDERLYING.fullmatch(text.strip()) if len(text) <= LONGEST else None
    units = read_quantity(parts["units"]) if parts else None
    if parts is None or not isinstance(units, Decimal) or not units:
        return Misread(
            f"{shown(text)} does not say what the option covers.",
            "Write the asset and the units of one contract, such as AAPL x100.",
            "UNDERLYING_SYNTAX",
        )
    right = parts["right"]
    return Underlying(parts["asset"].strip(), units, Right(right.casefold().removesuffix("s")) if right else None)


class LotOrder(NamedTuple):
    """An order of lots as a cell names it; `with_broker` where the cell says that the broker has it."""

    method: Method
    with_broker: bool = False


def read_lot_order(cell: Cell) -> LotOrder | Misread | None:
    """Column or setting Method: `hifo`, or `hifo broker`, `hifo, books` with where the order lies."""
    keeper = _ORDER_KEEPER.fullmatch(cell.strip()) if isinstance(cell, str) and len(cell) <= LONGEST else None
    method = METHODS.read(keeper["order"] if keeper else cell)
    if method is None or isinstance(method, Misread):
        return method
    return LotOrder(method, keeper is not None and keeper["to"].lower() == "broker")


def read_many_days(text: str) -> ManyDays | Misread | None:
    """Column Acquired of units acquired on many days: `VARIOUS long`, `UNKNOWN short`; None where it says neither."""
    parts = _MANY_DAYS.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if parts is None:
        return None
    if not parts["term"]:
        return Misread(
            f"{shown(text)} does not say whether the units are long-term or short-term.",
            "Write VARIOUS long or VARIOUS short; units of both terms are two rows.",
            "ACQUIRED_TERM",
        )
    return ManyDays(Term(parts["term"].casefold()), parts["word"].casefold() == "unknown")


def read_inherited(text: str, calendar: Calendar) -> Inherited | Misread | None:
    """Column Acquired of an inherited Opening lot: `INHERITED`, `INHERITED 2024-05-01`; None for other words."""
    parts = _INHERITED.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if parts is None:
        return None
    day = read_day(parts["day"] or "", calendar)
    return day if isinstance(day, Misread) else Inherited(day)


def read_codes(text: str) -> str | Misread:
    """Column Code: letters of Form 8949 column (f), put in alphabetical order."""
    letters = [letter for letter in text.upper() if letter not in " ,;/+"]
    wrong = [letter for letter in letters if letter not in ADJUSTMENT_CODES]
    if wrong or len(set(letters)) != len(letters):
        what, code = (
            (f"{wrong[0]} is not a code", "UNKNOWN_CODE") if wrong else ("a code is named twice", "CODE_NAMED_TWICE")
        )
        return Misread(
            f"{shown(text)}: {what} of Form 8949 column (f).",
            f"Use letters out of {' '.join(ADJUSTMENT_CODES)}, each once, such as BO.",
            code,
        )
    return "".join(sorted(letters))


def read_account_order(text: str) -> tuple[str, ...] | Misread:
    """Column Account of a global allocation: wallets in order, `Kraken > Coinbase`."""
    accounts = tuple(piece.strip() for piece in text.split(">") if piece.strip())
    if not accounts or len({account.casefold() for account in accounts}) != len(accounts):
        return Misread(
            "The accounts of a global allocation are missing or named twice."
            if not accounts
            else f"{shown(text)} names an account twice.",
            "Name every wallet once, in the order in which lots fill them, such as Kraken > Coinbase.",
            "ALLOCATION_ACCOUNTS",
        )
    return accounts


def _identification(moment: Moment | Misread | None, keeper: str, cell: Cell) -> Identification | Misread:
    if isinstance(moment, Moment):
        return Identification(moment.at, moment.has_time, keeper)
    if moment is not None and moment.code != "NOT_A_DATE":
        return moment
    return Misread(
        f"{shown(cell)} does not say when the lots were identified.",
        'Write a date, with a time if known, and "books" or "broker", such as 2025-03-01 10:00 books.',
        "IDENTIFIED_SYNTAX",
    )
