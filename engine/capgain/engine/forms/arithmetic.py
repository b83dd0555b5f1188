"""What a line of a form comes to, as an expression: declared once, beside the line's words.

The engine works an expression out in Decimals (`values.py`); whoever shows the form renders the same expression in a
language of their own, such as Excel's. So an expression knows neither. It is a tree of frozen nodes, and the kinds of
nodes are closed: `Amount` for dollars, `Condition` for yes or no. A worksheet is declared like this:

    EXCHANGE = Given("exchange", "8824-23", "Form 8824, line 23")
    LIMIT = OfYear("loss_limit")

    @dataclass(frozen=True, kw_only=True)
    class ExampleWorksheet(Form):
        title: ClassVar = "Example Worksheet"
        year: TaxYear
        status: FilingStatus
        exchange: Decimal

        line_1 = line("1", "Enter the amount from Form 8824, line 23", EXCHANGE)
        line_2 = line("2", "Enter the smaller of line 1 or $3,000 ($1,500)", smaller(line_1, LIMIT))
        no_excess = skip("3", "4", "If line 2 is line 1, skip lines 3 and 4.", same(line_1, line_2))
        line_3 = line("3", "Subtract line 2 from line 1. If zero or less, enter -0-", not_below_zero(line_1 - line_2))
        line_4 = line("4", "Multiply line 3 by 15% (0.15)", percent(15, line_3))
        line_5 = line("5", "Add lines 2 and 4", line_2 + line_4)

An input named in it is asked for by that name once the form stands in the table of `worksheets/by_name.py`; the sheets
of the report write its formulas from `line_formulas`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TypeAlias, cast


class _Node:
    """Anything an expression is made of."""


class _Dollars(_Node):
    """An amount that can be added to another, subtracted from it, and turned around."""

    def __add__(self, other: Amount) -> Sum:
        return Sum((*(self.parts if isinstance(self, Sum) else (cast("Amount", self),)), other))

    def __sub__(self, other: Amount) -> Difference:
        return Difference(cast("Amount", self), other)

    def __neg__(self) -> Negative:
        return Negative(cast("Amount", self))


class OfLine(_Dollars):
    """The amount on another line; `form.Line` is one. `number` "" for a figure that is not printed.

    `name` is its attribute of a filled-in form, `column` what of that is the amount where the line has columns.
    `arithmetic` is the line's own, None where it is a total of rows.
    """

    number: str
    name: str
    column: str = ""
    arithmetic: Amount | None
    skips: tuple[Condition, ...]


class Entry(Enum):
    """How an input stands on the form: as signed, as an amount of zero or more, or in parentheses: always a loss."""

    SIGNED = "signed"
    POSITIVE = "positive"
    LOSS = "loss"


@dataclass(frozen=True)
class Given(_Dollars):
    """An amount that is given to the form as its field `name`. `key` is what the forms call it, such as `D15`."""

    name: str
    key: str = ""
    meaning: str = ""
    entry: Entry = Entry.SIGNED


@dataclass(frozen=True)
class IfStated(_Dollars):
    """An amount that need not be given, and what stands in its place where it is not."""

    stated: Given
    otherwise: Amount


@dataclass(frozen=True)
class Elsewhere(_Dollars):
    """What other forms say belongs on line `number`: 0 where nothing was stated (the field `stated`)."""

    number: str


@dataclass(frozen=True)
class OfYear(_Dollars):
    """A limit of the tax year by filing status: the field `name` of `TaxYear`."""

    name: str


@dataclass(frozen=True)
class Number(_Dollars):
    """An amount that is printed in the words."""

    amount: Decimal


@dataclass(frozen=True)
class Sum(_Dollars):
    """`Add lines 2 and 3`."""

    parts: tuple[Amount, ...]


@dataclass(frozen=True)
class Through(_Dollars):
    """`Combine lines 1a through 6`: all of the lines between the first and the last, in printed order."""

    parts: tuple[OfLine, ...]


@dataclass(frozen=True)
class Difference(_Dollars):
    """`Subtract line 4 from line 1`."""

    amount: Amount
    less: Amount


@dataclass(frozen=True)
class Negative(_Dollars):
    """A loss as a positive amount, or the other way round."""

    amount: Amount


@dataclass(frozen=True)
class Smaller(_Dollars):
    """`Enter the smaller of line 1 or line 6`."""

    one: Amount
    other: Amount


@dataclass(frozen=True)
class Larger(_Dollars):
    """`Enter the larger of line 18 or line 20`."""

    one: Amount
    other: Amount


@dataclass(frozen=True)
class Percent(_Dollars):
    """`Multiply line 17 by 15% (0.15)`, to the cent, half a cent up."""

    rate: Decimal
    amount: Amount


@dataclass(frozen=True)
class TaxOn(_Dollars):
    """`Figure the tax on the amount on line 5`: Tax Table or Tax Computation Worksheet."""

    amount: OfLine | Given


@dataclass(frozen=True)
class Entered(_Dollars):
    """An amount brought onto the form from elsewhere: in whole dollars where the return is."""

    amount: Amount


@dataclass(frozen=True)
class When(_Dollars):
    """`then` where the condition holds, else `otherwise`."""

    condition: Condition
    then: Amount
    otherwise: Amount


Amount: TypeAlias = (
    OfLine
    | Given
    | IfStated
    | Elsewhere
    | OfYear
    | Number
    | Sum
    | Through
    | Difference
    | Negative
    | Smaller
    | Larger
    | Percent
    | TaxOn
    | Entered
    | When
)


class Answer(_Node):
    """The answer to a question of the form is yes; `form.Question` is one. `number` "" for one that is not printed."""

    number: str
    name: str
    condition: Condition
    skips: tuple[Condition, ...]


@dataclass(frozen=True)
class GivenAnswer(_Node):
    """An answer given to the form as its field `name`; None: not known."""

    name: str


@dataclass(frozen=True)
class Above(_Node):
    """One amount is more than another."""

    amount: Amount
    limit: Amount


@dataclass(frozen=True)
class Below(_Node):
    """One amount is less than another."""

    amount: Amount
    limit: Amount


@dataclass(frozen=True)
class Same(_Node):
    """`Lines 1 and 16 are the same`."""

    one: Amount
    other: Amount


@dataclass(frozen=True)
class AllOf(_Node):
    """Every one of the conditions holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf(_Node):
    """At least one of the conditions holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not(_Node):
    """The condition does not hold."""

    condition: Condition


Condition: TypeAlias = Answer | GivenAnswer | Above | Below | Same | AllOf | AnyOf | Not
Leaf: TypeAlias = OfLine | Given | Elsewhere | OfYear | Number | Answer | GivenAnswer

NOTHING = Number(Decimal(0))


def through(*lines: OfLine) -> Through:
    return Through(lines)


def smaller(one: Amount, other: Amount) -> Smaller:
    return Smaller(one, other)


def larger(one: Amount, other: Amount) -> Larger:
    return Larger(one, other)


def not_below_zero(amount: Amount) -> Larger:
    """`If zero or less, enter -0-`."""
    return Larger(amount, NOTHING)


def not_above_zero(amount: Amount) -> Smaller:
    """`Enter the (loss), if any; if zero or a gain, enter -0-`."""
    return Smaller(amount, NOTHING)


def percent(rate: str | int, amount: Amount) -> Percent:
    return Percent(Decimal(rate), amount)


def above_zero(amount: Amount) -> Above:
    return Above(amount, NOTHING)


def below_zero(amount: Amount) -> Below:
    return Below(amount, NOTHING)


def is_zero(amount: Amount) -> Same:
    return Same(amount, NOTHING)


def leaves(node: Amount | Condition) -> Iterator[Leaf]:
    """What an expression rests on directly: lines, answers, inputs, limits and numbers, from left to right."""
    if isinstance(node, OfLine | Answer | Given | Elsewhere | OfYear | Number | GivenAnswer):
        yield node
        return
    for value in vars(node).values():
        for inner in value if isinstance(value, tuple) else (value,):
            if isinstance(inner, _Node):
                yield from leaves(cast("Amount | Condition", inner))
