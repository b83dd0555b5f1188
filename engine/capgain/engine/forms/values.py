"""What an expression comes to on a filled-in form, in Decimals: each expression becomes one function of the form."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar, assert_never

from capgain.engine.forms.arithmetic import (
    Above,
    AllOf,
    Amount,
    Answer,
    AnyOf,
    Below,
    Condition,
    Difference,
    Elsewhere,
    Entered,
    Given,
    GivenAnswer,
    IfStated,
    Larger,
    Negative,
    Not,
    Number,
    OfLine,
    OfYear,
    Percent,
    Same,
    Smaller,
    Sum,
    TaxOn,
    Through,
    When,
)
from capgain.engine.forms.tax_table import at_rate, tax_on
from capgain.engine.money import EXACT, ZERO, whole_dollars

Filled: TypeAlias = Any
"""A form, or anything else with the fields and lines that an expression names."""

Value = TypeVar("Value")


def value_of(amount: Amount) -> Callable[[Filled], Decimal]:
    """The function that works an amount out."""
    match amount:
        case OfLine():
            return _of_line(amount)
        case Given():
            return operator.attrgetter(amount.name)
        case IfStated(stated, otherwise):
            return _if_stated(value_of(stated), value_of(otherwise))
        case Elsewhere(line):
            return lambda form: form.stated.get(line, ZERO)
        case OfYear(limit):
            return lambda form: getattr(form.year, limit)[form.status]
        case Number(printed):
            return lambda form: printed
        case Sum(parts) | Through(parts):
            return _total(*map(value_of, parts))
        case Difference(more, less):
            return _of_two(EXACT.subtract, more, less)
        case Negative(inner):
            positive = value_of(inner)
            return lambda form: EXACT.minus(positive(form))
        case Smaller(one, other):
            return _of_two(min, one, other)
        case Larger(one, other):
            return _of_two(max, one, other)
        case Percent(rate, inner):
            whole = value_of(inner)
            return lambda form: at_rate(whole(form), rate, exact=form.exact)
        case TaxOn(inner):
            income = value_of(inner)
            return lambda form: tax_on(income(form), form.status, form.year, exact=form.exact)
        case Entered(inner):
            brought = value_of(inner)
            return lambda form: whole_dollars(brought(form)) if form.in_whole_dollars else brought(form)
        case When(condition, then, otherwise):
            return _either(holds(condition), value_of(then), value_of(otherwise))
        case _:
            assert_never(amount)


def holds(condition: Condition) -> Callable[[Filled], bool]:
    """The function that tells whether a condition holds; an answer that is not known is no."""
    match condition:
        case Answer():
            return lambda form: getattr(form, condition.name)
        case GivenAnswer(name):
            return operator.attrgetter(name)
        case Above(amount, limit):
            return _of_two(operator.gt, amount, limit)
        case Below(amount, limit):
            return _of_two(operator.lt, amount, limit)
        case Same(one, other):
            return _of_two(operator.eq, one, other)
        case AllOf(parts):
            every = tuple(map(holds, parts))
            return lambda form: all(part(form) for part in every)
        case AnyOf(parts):
            some = tuple(map(holds, parts))
            return lambda form: any(part(form) for part in some)
        case Not(inner):
            said = holds(inner)
            return lambda form: not said(form)
        case _:
            assert_never(condition)


def _of_line(line: OfLine) -> Callable[[Filled], Decimal]:
    """A line's name is known once its form's class is made, so it is asked for when the form is filled in."""
    if not line.column:
        return lambda form: getattr(form, line.name)
    return lambda form: getattr(getattr(form, line.name), line.column)


def _of_two(work: Callable[[Decimal, Decimal], Value], first: Amount, second: Amount) -> Callable[[Filled], Value]:
    one, other = value_of(first), value_of(second)
    return lambda form: work(one(form), other(form))


def _total(first: Callable[[Filled], Decimal], *rest: Callable[[Filled], Decimal]) -> Callable[[Filled], Decimal]:
    def total(form: Filled) -> Decimal:
        found = first(form)
        for part in rest:
            found = EXACT.add(found, part(form))
        return found

    return total


def _either(
    condition: Callable[[Filled], bool], then: Callable[[Filled], Decimal], otherwise: Callable[[Filled], Decimal]
) -> Callable[[Filled], Decimal]:
    return lambda form: then(form) if condition(form) else otherwise(form)


def _if_stated(
    stated: Callable[[Filled], Decimal | None], otherwise: Callable[[Filled], Decimal]
) -> Callable[[Filled], Decimal]:
    def amount(form: Filled) -> Decimal:
        found = stated(form)
        return otherwise(form) if found is None else found

    return amount
