"""What a line of a form comes to, as an expression: declared once, beside the line's words.

The engine works an expression out in Decimals (`value`); whoever shows the form renders the same expression in a
language of their own. So an expression knows none of them. It is a tree of frozen nodes, and the kinds of nodes are
closed: `Amount` for dollars, `Condition` for yes or no. A worksheet is declared like this:

    @dataclass(frozen=True, kw_only=True)
    class ExampleWorksheet(Form):
        title: ClassVar = "Example Worksheet"

        year: TaxYear
        status: FilingStatus
        exchange: Decimal

        line_1 = line("1", "Enter the amount from Form 8824, line 23", Given("exchange", "8824-23", "gain deferred"))
        line_2 = line("2", "Enter the smaller of line 1 or $3,000 ($1,500)", Smaller(line_1, OfYear("loss_limit")))
        no_excess = skip("3", "4", "If lines 1 and 2 are the same, skip lines 3 and 4.", Compared(line_1, "=", line_2))
        line_3 = line("3", "Subtract line 2 from line 1. If zero or less, enter -0-", not_below_zero(line_1 - line_2))
        line_4 = line("4", "Multiply line 3 by 15% (0.15)", percent(15, line_3))
        line_5 = line("5", "Add lines 2 and 4", line_2 + line_4)

An input is asked for by its key once the worksheet stands in the table of `worksheets/by_name.py`; the sheets of the
report write their formulas from the same lines (`line_formulas`).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import reduce
from typing import Any, Literal, TypeAlias, cast

from capgain.engine.forms.tax_table import at_rate, tax_on
from capgain.engine.money import EXACT, ZERO, whole_dollars

Filled: TypeAlias = Any
"""A form, or anything else with the fields and lines that an expression names."""


_COMPARE: Mapping[str, Callable[[Decimal, Decimal], bool]] = {"<": operator.lt, ">": operator.gt, "=": operator.eq}


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


class _Named(_Dollars):
    """An amount that a filled-in form has as its attribute `name`."""

    name: str

    def value(self, form: Filled) -> Decimal:
        amount: Decimal = getattr(form, self.name)
        return amount


class OfLine(_Named):
    """The amount on another line; a line is one itself. `number` "" for a figure that is not printed.

    `arithmetic` is the line's own, None where it is a total of rows.
    """

    number: str
    arithmetic: Amount | None
    skips: tuple[Condition, ...]


class Entry(Enum):
    """How an input stands on the form: as signed, as an amount of zero or more, or in parentheses: always a loss."""

    SIGNED = "signed"
    POSITIVE = "positive"
    LOSS = "loss"


@dataclass(frozen=True)
class Given(_Named):
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

    def value(self, form: Filled) -> Decimal:
        return self.otherwise.value(form) if getattr(form, self.stated.name) is None else self.stated.value(form)


@dataclass(frozen=True)
class Elsewhere(_Dollars):
    """What other forms say belongs on line `number`: 0 where nothing was stated (the field `stated`)."""

    number: str

    def value(self, form: Filled) -> Decimal:
        amount: Decimal = form.stated.get(self.number, ZERO)
        return amount


@dataclass(frozen=True)
class OfYear(_Dollars):
    """A limit of the tax year by filing status: the field `name` of `TaxYear`."""

    name: str

    def value(self, form: Filled) -> Decimal:
        limit: Decimal = getattr(form.year, self.name)[form.status]
        return limit


@dataclass(frozen=True)
class Number(_Dollars):
    """An amount that is printed in the words."""

    amount: Decimal

    def value(self, form: Filled) -> Decimal:
        return self.amount


@dataclass(frozen=True)
class Sum(_Dollars):
    """`Add lines 2 and 3`."""

    parts: tuple[Amount, ...]

    def value(self, form: Filled) -> Decimal:
        return reduce(EXACT.add, [part.value(form) for part in self.parts])


@dataclass(frozen=True)
class Through(Sum):
    """`Combine lines 1a through 6`: all of the lines between the first and the last, in printed order."""

    parts: tuple[OfLine, ...]


@dataclass(frozen=True)
class Difference(_Dollars):
    """`Subtract line 4 from line 1`."""

    amount: Amount
    less: Amount

    def value(self, form: Filled) -> Decimal:
        return EXACT.subtract(self.amount.value(form), self.less.value(form))


@dataclass(frozen=True)
class Negative(_Dollars):
    """A loss as a positive amount, or the other way round."""

    amount: Amount

    def value(self, form: Filled) -> Decimal:
        return EXACT.minus(self.amount.value(form))


@dataclass(frozen=True)
class Smaller(_Dollars):
    """`Enter the smaller of line 1 or line 6`."""

    one: Amount
    other: Amount

    def value(self, form: Filled) -> Decimal:
        return min(self.one.value(form), self.other.value(form))


@dataclass(frozen=True)
class Larger(_Dollars):
    """`Enter the larger of line 18 or line 20`."""

    one: Amount
    other: Amount

    def value(self, form: Filled) -> Decimal:
        return max(self.one.value(form), self.other.value(form))


@dataclass(frozen=True)
class Percent(_Dollars):
    """`Multiply line 17 by 15% (0.15)`, to the cent, half a cent up."""

    rate: Decimal
    amount: Amount

    def value(self, form: Filled) -> Decimal:
        return at_rate(self.amount.value(form), self.rate, exact=form.exact)


@dataclass(frozen=True)
class AtRate(_Dollars):
    """An amount at a rate that differs by year, a fraction that the form has as `rate`; to the cent, half a cent up."""

    rate: Given
    amount: Amount

    def value(self, form: Filled) -> Decimal:
        return at_rate(self.amount.value(form), self.rate.value(form) * 100, exact=form.exact)


@dataclass(frozen=True)
class TaxOn(_Dollars):
    """`Figure the tax on the amount on line 5`: Tax Table or Tax Computation Worksheet."""

    amount: OfLine | Given

    def value(self, form: Filled) -> Decimal:
        return tax_on(self.amount.value(form), form.status, form.year, exact=form.exact)


@dataclass(frozen=True)
class Entered(_Dollars):
    """An amount brought onto the form from elsewhere: in whole dollars where the return is."""

    amount: Amount

    def value(self, form: Filled) -> Decimal:
        amount = self.amount.value(form)
        return whole_dollars(amount) if form.in_whole_dollars else amount


@dataclass(frozen=True)
class When(_Dollars):
    """`then` where the condition holds, else `otherwise`."""

    condition: Condition
    then: Amount
    otherwise: Amount

    def value(self, form: Filled) -> Decimal:
        return self.then.value(form) if self.condition.holds(form) else self.otherwise.value(form)


class _Answered(_Node):
    """Yes or no, as a filled-in form has it as its attribute `name`; None: not known."""

    name: str

    def holds(self, form: Filled) -> bool | None:
        answer: bool | None = getattr(form, self.name)
        return answer


class Answer(_Answered):
    """The answer to a question of the form; a question is one itself. `number` "" for one that is not printed."""

    number: str
    condition: Condition
    skips: tuple[Condition, ...]


@dataclass(frozen=True)
class GivenAnswer(_Answered):
    """An answer that is given to the form as its field `name`."""

    name: str


@dataclass(frozen=True)
class IsStated(_Node):
    """An amount that need not be given was given."""

    stated: Given

    def holds(self, form: Filled) -> bool:
        return getattr(form, self.stated.name) is not None


@dataclass(frozen=True)
class Compared(_Node):
    """One amount is less than another, more, or the same."""

    one: Amount
    sign: Literal["<", ">", "="]
    other: Amount

    def holds(self, form: Filled) -> bool:
        return _COMPARE[self.sign](self.one.value(form), self.other.value(form))


@dataclass(frozen=True)
class AllOf(_Node):
    """Every one of the conditions holds."""

    parts: tuple[Condition, ...]

    def holds(self, form: Filled) -> bool:
        return all(part.holds(form) for part in self.parts)


@dataclass(frozen=True)
class AnyOf(_Node):
    """At least one of the conditions holds."""

    parts: tuple[Condition, ...]

    def holds(self, form: Filled) -> bool:
        return any(part.holds(form) for part in self.parts)


@dataclass(frozen=True)
class Not(_Node):
    """The condition does not hold."""

    condition: Condition

    def holds(self, form: Filled) -> bool:
        return not self.condition.holds(form)


_Outside: TypeAlias = Given | Elsewhere | OfYear | Number
_Sums: TypeAlias = Sum | Through | Difference | Negative
_Choices: TypeAlias = Smaller | Larger | When | IfStated
Amount: TypeAlias = OfLine | _Outside | _Sums | _Choices | Percent | AtRate | TaxOn | Entered
Condition: TypeAlias = Answer | GivenAnswer | IsStated | Compared | AllOf | AnyOf | Not
Leaf: TypeAlias = OfLine | Answer | GivenAnswer | _Outside

NOTHING = Number(ZERO)


def through(*lines: OfLine) -> Through:
    return Through(lines)


def not_below_zero(amount: Amount) -> Larger:
    """`If zero or less, enter -0-`."""
    return Larger(amount, NOTHING)


def not_above_zero(amount: Amount) -> Smaller:
    """`Enter the (loss), if any; if zero or a gain, enter -0-`."""
    return Smaller(amount, NOTHING)


def percent(rate: str | int, amount: Amount) -> Percent:
    return Percent(Decimal(rate), amount)


def above_zero(amount: Amount) -> Compared:
    return Compared(amount, ">", NOTHING)


def below_zero(amount: Amount) -> Compared:
    return Compared(amount, "<", NOTHING)


def is_zero(amount: Amount) -> Compared:
    return Compared(amount, "=", NOTHING)


def leaves(node: Amount | Condition) -> Iterator[Leaf]:
    """What an expression rests on directly: lines, answers, inputs, limits and numbers, from left to right."""
    if isinstance(node, Leaf):
        yield node
        return
    for value in vars(node).values():
        for inner in value if isinstance(value, tuple) else (value,):
            if isinstance(inner, _Node):
                yield from leaves(cast("Amount | Condition", inner))
