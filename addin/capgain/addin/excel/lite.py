"""The functions for xlwings Lite and xlwings Server: `from capgain.addin.excel.lite import *` in main.py.

They are made from the registry when this module is loaded. A function here sees only its arguments: settings and
accounts have to be passed, and dates are taken to count from 1900.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import Parameter, Signature
from keyword import iskeyword
from typing import Any

import xlwings as xw

from capgain.addin.functions.answering import answer
from capgain.addin.functions.arguments import Argument, Given, Missing, Takes
from capgain.addin.functions.caller import Caller
from capgain.addin.functions.cells import Block, CellError
from capgain.addin.functions.conversion import number_or_text, table_of
from capgain.addin.functions.registry import FUNCTIONS, Function, in_cells


def offered() -> tuple[Function, ...]:
    """All but those that ask about a cell, of which xlwings hands over the content alone."""
    return tuple(
        function for function in FUNCTIONS if all(argument.takes is not Takes.CELL for argument in function.arguments)
    )


def lite_answer(name: str, arguments: Sequence[Any]) -> list[list[float | str | bool]]:
    """The answer as rows; Office.js makes real errors of the texts `#VALUE!`, `#N/A` and `#NUM!`."""
    result = in_cells(name, answer(name, [lite_given(argument) for argument in arguments], Caller()))
    return [
        [cell.code.value if isinstance(cell, CellError) else number_or_text(cell, False) for cell in row]
        for row in table_of(result)
    ]


def lite_given(value: Any) -> Given:
    """An argument of an xlwings function with `convert="raw"`: rows of cells, or nothing."""
    if value is None:
        return Missing.MISSING
    if not isinstance(value, list | tuple):
        return value  # type: ignore[no-any-return]
    rows = value if value and isinstance(value[0], list | tuple) else [value]
    return Block([[None if cell == "" else cell for cell in row] for row in rows])


def _custom_function(function: Function) -> Callable[..., Any]:
    """The function as xlwings registers it, which looks at its name, docstring, signature and decorators."""
    names = [_parameter_name(argument) for argument in function.arguments]
    signature = Signature(
        [
            Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=None if argument.is_optional else Parameter.empty)
            for name, argument in zip(names, function.arguments, strict=True)
        ]
    )

    def custom_function(*given: Any, **named: Any) -> Any:
        bound = signature.bind(*given, **named)
        bound.apply_defaults()
        return lite_answer(function.name, bound.args)

    custom_function.__name__ = custom_function.__qualname__ = function.name
    custom_function.__doc__ = function.help
    custom_function.__signature__ = signature  # type: ignore[attr-defined]
    decorated: Callable[..., Any] = xw.func(xw.ret(convert="raw")(custom_function))
    for name, argument in zip(names, function.arguments, strict=True):
        decorated = xw.arg(name, convert="raw", doc=argument.help)(decorated)
    return decorated


def _parameter_name(argument: Argument) -> str:
    return f"{argument.name}_" if iskeyword(argument.name) else argument.name


__all__ = [function.name for function in offered()]
globals().update((function.name, _custom_function(function)) for function in offered())
