"""The arguments of a function: what each takes, and a cell's value turned into that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from capgain.addin.functions.cells import Block, CellError, ErrorCode, Failure, InputCell
from capgain.addin.functions.settings_argument import Stated, settings_of_range, settings_of_text
from capgain.engine.classes import FilingStatus
from capgain.workbook.written.columns_of_cells import text_of
from capgain.workbook.written.misread import Misread, error_value, is_blank
from capgain.workbook.written.moments import read_lone_day, read_year
from capgain.workbook.written.numbers import read_number, read_quantity
from capgain.workbook.written.words import Vocabulary


class Takes(Enum):
    """What an argument takes; the value is the word for it in help texts."""

    LEDGER = "range or handle"
    PRICES = "range with Asset and Price"
    ACCOUNTS = "range with Account and Kind"
    SETTINGS = 'two-column range, or text "Name=Value; Name=Value"'
    YEAR = "year"
    DATE = "date"
    AMOUNT = "amount in dollars"
    QUANTITY = "quantity"
    TEXT = "text"
    CELL = "cell"


class Left(Enum):
    """What an argument means when it is left out."""

    WANTED = "wanted"
    """it may not be left out"""
    OUT = "out"
    """nothing was said"""
    TODAY = "today"
    OF_SETTINGS = "of the Settings sheet"
    """what the caller's Settings state for the year asked for"""


Default = str | Decimal | Left


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a function. `choices` are all values a TEXT argument allows, compared without case.

    `words` reads what people write for one of them. `is_zero_doubtful`: an empty cell in place of an AMOUNT does not
    mean the same as 0, for a spreadsheet that hands both over alike.
    """

    name: str
    takes: Takes
    help: str
    default: Default = Left.WANTED
    choices: tuple[str, ...] = ()
    words: Vocabulary[FilingStatus] | None = None
    is_zero_doubtful: bool = False

    @property
    def is_optional(self) -> bool:
        return self.default is not Left.WANTED

    @property
    def shown(self) -> str:
        """The name as signatures print it: in brackets where it may be left out."""
        return f"[{self.name}]" if self.is_optional else self.name


class Missing(Enum):
    """An argument that the formula does not have."""

    MISSING = "missing"


Given = InputCell | CellError | Block | Missing
"""What a formula puts in an argument's place."""

Value = str | int | Decimal | date | Block | Stated | None
"""What an implementation gets: None where an argument with default Left.OUT was left out."""


def value_of(argument: Argument, given: Given, *, today: date, date_1904: bool) -> Value:
    """The value of one argument. Raises Failure where what was given cannot be it."""
    if isinstance(given, CellError):
        raise Failure(given.code, given.reason)
    if isinstance(given, Block) and not _takes_blocks(argument):
        date_1904 = given.date_1904
        given = given.single
    if not isinstance(given, Block) and is_blank(given):
        given = Missing.MISSING
    if isinstance(given, Missing):
        return _left_out(argument, today)
    if isinstance(given, Block) or _takes_blocks(argument):
        return _block_value(argument, given)
    error = error_value(given)
    if error is not None:
        raise _refused(argument, given, error)
    reader = _READ.get(argument.takes)
    if reader is None:
        return _text(argument, given)
    read = reader(given, date_1904)
    if isinstance(read, Misread):
        raise _refused(argument, given, read)
    return _left_out(argument, today) if read is None else read


_READ: Mapping[Takes, Callable[[InputCell, bool], int | Decimal | date | Misread | None]] = {
    Takes.YEAR: lambda given, _: given.year if isinstance(given, date) else read_year(given),
    Takes.DATE: lambda given, date_1904: read_lone_day(given, date_1904=date_1904),
    Takes.AMOUNT: lambda given, _: read_number(given),
    Takes.QUANTITY: lambda given, _: read_quantity(given),
}
_OUT_OF_RANGE = frozenset({"NUMBER_OUT_OF_RANGE", "DATE_OUT_OF_RANGE", "NOT_A_YEAR"})


def _refused(argument: Argument, given: InputCell, found: Misread) -> Failure:
    """A number that cannot be the argument is out of its range; anything else is of the wrong kind."""
    is_number = isinstance(given, int | float | Decimal) and not isinstance(given, bool)
    code = ErrorCode.NUMBER if is_number or found.code in _OUT_OF_RANGE else ErrorCode.VALUE
    return Failure(code, f"{argument.name}: {found.message} {found.remedy}")


def _takes_blocks(argument: Argument) -> bool:
    return argument.takes in (Takes.LEDGER, Takes.PRICES, Takes.ACCOUNTS, Takes.SETTINGS, Takes.CELL)


def _left_out(argument: Argument, today: date) -> Value:
    default = argument.default
    if default is Left.WANTED:
        raise Failure(ErrorCode.VALUE, f"{argument.name} is empty: {argument.help}")
    if default is Left.TODAY:
        return today
    return None if isinstance(default, Left) else default


def _block_value(argument: Argument, given: InputCell | Block) -> Block | Stated | str | None:
    if isinstance(given, Block) and argument.takes is not Takes.CELL and _is_one_text(given):
        # A cell that holds a handle, or settings as text.
        given = given.single
    if argument.takes is Takes.SETTINGS:
        if isinstance(given, Block):
            return settings_of_range(given)
        if isinstance(given, str):
            return settings_of_text(given)
    elif (argument.takes is Takes.LEDGER and isinstance(given, str)) or isinstance(given, Block):
        return given
    raise Failure(ErrorCode.VALUE, f"{argument.name}: a {argument.takes.value} is wanted, not {given!r}.")


def _is_one_text(block: Block) -> bool:
    return len(block.rows) == 1 and len(block.rows[0]) == 1 and isinstance(block.rows[0][0], str)


def _text(argument: Argument, given: InputCell) -> str:
    text = text_of(given)
    if not argument.choices:
        return text
    if argument.words is not None and (word := argument.words.find(text)) is not None:
        return word.value
    for choice in argument.choices:
        if choice.casefold() == text.casefold():
            return choice
    raise Failure(ErrorCode.VALUE, f"{argument.name}: {text!r} is none of {', '.join(argument.choices)}.")
