"""What tests of the contract share: one command in this process, and its JSON document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from capgain.addin.cli import program

Document = Mapping[str, Any]

Write = Callable[[str], Path]
"""The fixture `ledger`: a CSV file with this text."""

Answer = Callable[..., Document]
"""The fixture `answer`: what `capgain compute --json` says of a ledger with this text, under these options."""


def capgain(*arguments: object) -> Result:
    """One command, in this process."""
    result = CliRunner().invoke(program, [str(argument) for argument in arguments], prog_name="capgain")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def settings(*pairs: str) -> list[str]:
    """`--set` for each pair."""
    return [part for pair in pairs for part in ("--set", pair)]


def errors(found: Document) -> list[Document]:
    return [problem for problem in found["problems"] if problem["severity"] == "error"]


def rows(found: Document, year: int, *keys: str) -> list[tuple[Any, ...]]:
    """The year's dispositions, these keys of each."""
    return [tuple(row[key] for key in keys) for row in found["years"][str(year)]["dispositions"]]
