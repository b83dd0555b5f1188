"""The catalogue of functions as one document, for `capgain functions --json` and whoever builds on it."""

from __future__ import annotations

from capgain.addin.functions.arguments import Argument, Left
from capgain.addin.functions.registry import FUNCTIONS, Function


def catalogue() -> list[dict[str, object]]:
    """Every function with its signature, arguments, result and example, in the documentation's order."""
    return [_entry(function) for function in FUNCTIONS]


def _entry(function: Function) -> dict[str, object]:
    return {
        "name": function.name,
        "signature": function.signature,
        "help": function.help,
        "arguments": [_argument(argument) for argument in function.arguments],
        "result": function.result,
        "spills": function.spills,
        "example": function.example,
    }


def _argument(argument: Argument) -> dict[str, object]:
    default = argument.default
    return {
        "name": argument.name,
        "type": argument.takes.value,
        "optional": argument.is_optional,
        "default": default.value if default is Left.TODAY else None if isinstance(default, Left) else str(default),
        "choices": list(argument.choices),
        "help": argument.help,
    }
