"""A cell as an exact number: typed, currency text, parentheses, or up to 18 decimals given as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from capgain.engine.money import EXACT
from capgain.workbook.written.misread import LONGEST, Cell, Misread, error_value, is_blank, shown

DECIMALS = 18
"""The most decimals a quantity may have: those of Form 1099-DA box 1c."""

_SMALLEST = Decimal(1).scaleb(-DECIMALS)
_LARGEST_EXPONENT = 30
_SMALLEST_EXPONENT = -60
_EXCEL_DIGITS = 15
_PLAIN_LENGTH = 30

_SPACES = "\xa0\u202f\u2009 "
_WESTERN = re.compile(r"\d+(?:\.\d*)?|\.\d+|\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d{1,3}(?: \d{3})+(?:\.\d*)?")
_SCIENTIFIC = re.compile(r"(?:\d+(?:\.(\d*))?|\.(\d+))[eE]([+-]?\d{1,3})")
_COMMA_LIKE = re.compile(r"[\d.,' ]*\d[\d.,' ]*")


def read_number(cell: Cell, *, comma_is_doubtful: bool = False) -> Decimal | Misread | None:
    """The number in a cell, None when it is blank.

    Floats are read through `repr`, the shortest decimal that gives the same double; what a formula leaves behind beyond
    the 15 digits that Excel shows (0.30000000000000004) is dropped. Text may carry a dollar sign, thousands commas or
    spaces in groups of three, parentheses or a trailing minus for negative. Its digits are 0 to 9 alone. Text that
    another country would read as another number is not read. `comma_is_doubtful`: a lone comma may mark decimals,
    as in a file that separates by `;`.
    """
    if cell.__class__ is str:
        text: str = cell
        if _is_plain(text):
            return Decimal(text)
        return _from_text(text, comma_is_doubtful)
    if cell is None:
        return None
    if cell.__class__ is float:
        return _from_float(cell)
    if isinstance(cell, bool):
        return _not_a_number(cell)
    if isinstance(cell, int):
        return _within_reach(Decimal(cell), cell)
    if isinstance(cell, Decimal):
        return _within_reach(cell, cell) if cell.is_finite() else _not_finite(cell)
    if isinstance(cell, float):
        return _from_float(float(cell))
    if isinstance(cell, str):
        return _from_text(str(cell), comma_is_doubtful)
    if isinstance(cell, date | datetime | time | timedelta):
        return Misread(
            f"The cell holds a date or time ({shown(cell)}), not a number.",
            "Set the cell's format to General or Number and type the number again.",
            "NUMBER_IS_A_DATE",
        )
    return _not_a_number(cell)


def read_quantity(cell: Cell, *, comma_is_doubtful: bool = False) -> Decimal | Misread | None:
    """A number of units with at most 18 decimals; a float is rounded to them, text with more is not read."""
    number = read_number(cell, comma_is_doubtful=comma_is_doubtful)
    if not isinstance(number, Decimal) or decimals(number) <= DECIMALS:
        return number
    rounded = number.quantize(_SMALLEST, context=EXACT)
    if rounded == number or (isinstance(cell, float) and rounded):
        return rounded
    return Misread(
        f"{shown(cell)} has more than {DECIMALS} decimals.",
        f"Round the quantity to {DECIMALS} decimals, the most that Form 1099-DA has.",
        "TOO_MANY_DECIMALS",
    )


def decimals(number: Decimal) -> int:
    """How many decimals a finite number is written with, 0 or fewer for a whole one."""
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def read_plain_numbers(cells: Sequence[Cell], most_decimals: int = _PLAIN_LENGTH) -> list[Decimal | None] | None:
    """A whole column at once where every cell is text or a float of digits and one decimal point; None where not."""
    kinds = set(map(type, cells))
    if kinds == {float}:
        texts = list(map(repr, cells))
    elif kinds == {str}:
        texts = cells  # type: ignore[assignment]
    else:
        return None
    together = "".join(texts)
    if not together.isascii() or not together.replace(".", "").isdigit():
        return None
    longest = _EXCEL_DIGITS + 1 if kinds == {float} else min(_PLAIN_LENGTH, most_decimals + 2) - 1
    if max(map(len, texts)) > longest:
        return None
    try:
        return [Decimal(text) if text else None for text in texts]
    except InvalidOperation:
        return None


def _from_float(value: float) -> Decimal | Misread:
    text = repr(value)
    if len(text) <= _EXCEL_DIGITS + 1 and text[-1] <= "9" and "e" not in text:
        return Decimal(text)
    number = Decimal(text)
    if not number.is_finite():
        return _not_finite(value)
    as_excel_shows = Decimal(f"{value:.{_EXCEL_DIGITS}g}")
    if len(as_excel_shows.normalize(EXACT).as_tuple().digits) <= _EXCEL_DIGITS - 3:
        number = as_excel_shows
    return _within_reach(number, value)


def _is_plain(text: str) -> bool:
    return len(text) < _PLAIN_LENGTH and text.isascii() and text.replace(".", "", 1).isdigit()


def _from_text(cell: str, comma_is_doubtful: bool) -> Decimal | Misread | None:
    plain = cell.removeprefix("-").removeprefix("$")
    if _is_plain(plain):
        return _negated(Decimal(plain)) if cell[0] == "-" else Decimal(plain)
    if is_blank(cell):
        return None
    problem = error_value(cell)
    if problem is not None:
        return problem
    if len(cell) > LONGEST:
        return _not_a_number(cell)
    text = cell.strip(_SPACES + "\t\r\n\u200b\ufeff").replace("\u2212", "-")
    if text.strip("-–—") == "":
        return None
    signs = ""
    text = _without_dollar(text)
    if text.startswith("(") and text.endswith(")"):
        signs, text = "-", text[1:-1].strip(_SPACES)
    text = _without_dollar(text)
    if text.endswith("-"):
        signs, text = signs + "-", text[:-1].strip(_SPACES)
    if text[:1] in ("-", "+"):
        signs, text = signs + text[0], text[1:].strip(_SPACES)
    text = _without_dollar(text)
    for space in _SPACES:
        text = text.replace(space, " ")
    if not text.isascii():
        return _not_a_number(cell)
    if _WESTERN.fullmatch(text) and not (comma_is_doubtful and text.count(",") == 1 and "." not in text):
        number = Decimal(text.replace(",", "").replace(" ", ""))
    elif scientific := _SCIENTIFIC.fullmatch(text):
        if int(scientific[3]) > len(scientific[1] or scientific[2] or ""):
            return Misread(
                f"{shown(cell)} has lost digits on its way through a spreadsheet.",
                "Write the number out in full.",
                "NUMBER_LOST_DIGITS",
            )
        number = Decimal(text)
    elif _COMMA_LIKE.fullmatch(text):
        return Misread(
            f"{shown(cell)} could be read as more than one number.",
            "Write it with a decimal point and no thousands separator, such as 1234.56.",
            "AMBIGUOUS_NUMBER",
        )
    else:
        return _not_a_number(cell)
    if len(signs) > 1:
        return Misread(
            f"{shown(cell)} has more than one sign.", "Write one minus sign, or parentheses without one.", "TWO_SIGNS"
        )
    return _within_reach(_negated(number) if signs == "-" else number, cell)


def _negated(number: Decimal) -> Decimal:
    """Digit for digit, where the minus operator would round to 28; zero has no sign."""
    return number.copy_negate() if number else number


def _without_dollar(text: str) -> str:
    for mark in ("US$", "USD", "$"):
        if text[: len(mark)].upper() == mark:
            return text[len(mark) :].strip(_SPACES)
        if text[-len(mark) :].upper() == mark:
            return text[: -len(mark)].strip(_SPACES)
    return text


def _within_reach(number: Decimal, cell: Cell) -> Decimal | Misread:
    if number and not _SMALLEST_EXPONENT <= number.adjusted() <= _LARGEST_EXPONENT:
        return Misread(
            f"{shown(cell)} is out of all proportion.", "Check the number and its decimal point.", "NUMBER_OUT_OF_RANGE"
        )
    return number


def _not_a_number(cell: Cell) -> Misread:
    if _FOREIGN_MONEY.search(shown(cell)):
        return Misread(
            f"{shown(cell)} is not a number of US dollars.",
            "Convert it at that day's rate and enter dollars, such as 1234.56.",
            "NOT_A_NUMBER",
        )
    return Misread(f"{shown(cell)} is not a number.", "Enter a number alone, such as 1234.56.", "NOT_A_NUMBER")


_FOREIGN_MONEY = re.compile(r"[€£¥₹₩]|\d\s*(?:EUR|GBP|CHF|JPY|CAD|AUD)\b|\b(?:EUR|GBP|CHF|JPY|CAD|AUD)\s*\d|[AC]\$")
"""Money of other countries by sign or code, for the message alone."""


def _not_finite(cell: Cell) -> Misread:
    return Misread(f"{shown(cell)} is not a finite number.", "Enter a number alone, such as 1234.56.", "NOT_A_NUMBER")
