"""The arguments of a function: what each takes, and a cell's value turned into that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum

from capgain.addin.functions.cells import Block, CellError, ErrorCode, Failure, InputCell
from capgain.addin.functions.settings_argument import Stated, settings_of_range, settings_of_text
from capgain.workbook.written.misread import ERROR_VALUES


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


Default = str | Decimal | Left


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a function. `choices` are all values a TEXT argument allows, compared without case."""

    name: str
    takes: Takes
    help: str
    default: Default = Left.WANTED
    choices: tuple[str, ...] = ()

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

FIRST_YEAR, LAST_YEAR = 1900, 2200


def value_of(argument: Argument, given: Given, *, today: date, date_1904: bool) -> Value:
    """The value of one argument. Raises Failure where what was given cannot be it."""
    if isinstance(given, CellError):
        raise Failure(given.code, given.reason)
    if isinstance(given, Block) and not _takes_blocks(argument):
        date_1904 = given.date_1904
        given = given.single
    if given is None or given == "":
        given = Missing.MISSING
    if isinstance(given, Missing):
        return _left_out(argument, today)
    if isinstance(given, Block) or argument.takes in (Takes.LEDGER, Takes.PRICES, Takes.ACCOUNTS, Takes.SETTINGS):
        return _block_value(argument, given)
    if isinstance(given, str) and given in ERROR_VALUES:
        raise Failure(ErrorCode.VALUE, f"{argument.name}: the cell it points to holds the error {given}.")
    if argument.takes is Takes.YEAR:
        return _year(argument, given)
    if argument.takes is Takes.DATE:
        return _day(argument, given, date_1904)
    if argument.takes in (Takes.AMOUNT, Takes.QUANTITY):
        return _number(argument, given)
    return _text(argument, given)


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
    text = str(int(given)) if isinstance(given, float) and given.is_integer() else str(given).strip()
    if not argument.choices:
        return text
    for choice in argument.choices:
        if choice.casefold() == text.casefold():
            return choice
    raise Failure(ErrorCode.VALUE, f"{argument.name}: {text!r} is none of {', '.join(argument.choices)}.")


def _number(argument: Argument, given: InputCell) -> Decimal:
    if isinstance(given, bool | date):
        raise Failure(ErrorCode.VALUE, f"{argument.name}: a number is wanted, not {given}.")
    text = repr(given) if isinstance(given, float) else str(given)
    plain = text.strip().replace(",", "").removeprefix("$")
    if plain.startswith("(") and plain.endswith(")"):
        plain = "-" + plain[1:-1].removeprefix("$")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise Failure(ErrorCode.VALUE, f"{argument.name}: {text!r} is not a number.") from None
    if not number.is_finite():
        raise Failure(ErrorCode.NUMBER, f"{argument.name}: {text!r} is not a finite number.")
    return number


def _year(argument: Argument, given: InputCell) -> int:
    if isinstance(given, date):
        return given.year
    number = _number(argument, given)
    if number != int(number):
        raise Failure(ErrorCode.NUMBER, f"{argument.name}: {number} is not a whole year.")
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise Failure(
            ErrorCode.NUMBER, f"{argument.name}: {number} is no tax year; write it with four digits, as 2025."
        )
    return int(number)


def _day(argument: Argument, given: InputCell, date_1904: bool) -> date:
    if isinstance(given, datetime):
        return given.date()
    if isinstance(given, date):
        return given
    if isinstance(given, str):
        return _day_of_text(argument, given.strip())
    number = _number(argument, given)
    day = day_of_serial(number, date_1904)
    if day is None:
        raise Failure(ErrorCode.NUMBER, f"{argument.name}: {number} is no date.")
    return day


def day_of_serial(serial: Decimal, date_1904: bool) -> date | None:
    """The day of an Excel serial number without its time; None for 1900-02-29, which never was, and out of range."""
    days = int(serial)
    if date_1904:
        start = date(1904, 1, 1)
    elif days == 60 or days < 1:
        return None
    else:
        start = date(1899, 12, 31) if days < 60 else date(1899, 12, 30)
    if not 0 <= days <= 2_958_465:
        return None
    try:
        return start + timedelta(days=days)
    except OverflowError:
        return None


def serial_of_day(day: date, date_1904: bool) -> float:
    """The serial number under which a workbook stores a date or date with time."""
    start = datetime(1904, 1, 1) if date_1904 else datetime(1899, 12, 30)
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
    passed = moment - start
    return passed.days + passed.seconds / 86_400


def _day_of_text(argument: Argument, text: str) -> date:
    for pattern in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    raise Failure(
        ErrorCode.VALUE, f"{argument.name}: {text!r} is no date; write 2025-12-31, 12/31/2025 or a cell with a date."
    )
