"""The xlwings functions for Lite and Server, written out from the registry: `capgain/addin/excel/lite.py`."""

from __future__ import annotations

from collections.abc import Iterator
from keyword import iskeyword

from capgain.addin.functions.arguments import Argument
from capgain.addin.functions.registry import FUNCTIONS, Function

HEAD = '''"""The functions for xlwings Lite and xlwings Server: `from capgain.addin.excel.lite import *` in main.py.

Made from the registry by `python -m capgain.addin.excel.building`; do not edit. A function here sees only its
arguments: settings and accounts have to be passed, and dates are taken to count from 1900.
"""

# ruff: noqa: E501
from __future__ import annotations

from typing import Any

import xlwings as xw

from capgain.addin.excel.lite_answer import lite_answer

'''


def lite_module() -> str:
    """The module's source, formatted as ruff would."""
    lines = [HEAD + _exported()]
    for function in offered():
        lines.append("\n".join(_function(function)))
    return "\n\n\n".join(lines) + "\n"


def offered() -> tuple[Function, ...]:
    """All but CAPGAIN_WHY, which needs to know the cell that asks."""
    return tuple(function for function in FUNCTIONS if function.name != "CAPGAIN_WHY")


def _exported() -> str:
    names = "\n".join(f'    "{name}",' for name in sorted(function.name for function in offered()))
    return f"__all__ = [\n{names}\n]"


def _function(function: Function) -> Iterator[str]:
    names = [_name(argument) for argument in function.arguments]
    yield "@xw.func"
    for argument, name in zip(function.arguments, names, strict=True):
        yield "@xw.arg("
        yield f'    "{name}",'
        yield '    convert="raw",'
        yield f"    doc={_literal(argument.help)},"
        yield ")"
    yield '@xw.ret(convert="raw")'
    yield f"def {function.name}("
    for argument, name in zip(function.arguments, names, strict=True):
        yield f"    {name}: Any{' = None' if argument.is_optional else ''},"
    yield ") -> Any:"
    yield f'    """{function.help}"""'
    yield f'    return lite_answer("{function.name}", [{", ".join(names)}])'


def _name(argument: Argument) -> str:
    return f"{argument.name}_" if iskeyword(argument.name) else argument.name


def _literal(text: str) -> str:
    return f"'{text}'" if '"' in text and "'" not in text else '"' + text.replace('"', '\\"') + '"'
