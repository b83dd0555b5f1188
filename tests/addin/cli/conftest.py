"""Running `capgain` as a person does: in this process for most tests, as a process of its own where that matters."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from capgain.addin.cli import program
from command_line import Run

Document = Mapping[str, Any]
HEADER = "Date,Type,Asset,Quantity,Price,Amount,Fee,Account,Class,Lot,ID,Note"


@pytest.fixture
def run() -> Run:
    """`run("compute", path, "--json")` in this process."""

    def run(*arguments: object) -> Result:
        result = CliRunner().invoke(program, [str(argument) for argument in arguments], prog_name="capgain")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def document(run: Run) -> Callable[..., Document]:
    """The JSON document of a command, and nothing but it on standard output."""

    def document(*arguments: object, exit_code: int = 0) -> Document:
        result = run(*arguments, "--json")
        assert result.exit_code == exit_code, result.output
        found = json.loads(result.stdout)
        assert isinstance(found, dict)
        return found

    return document


@pytest.fixture
def csv_ledger(tmp_path: Path) -> Callable[..., Path]:
    """A ledger file with these rows below the usual header."""

    def write(*rows: str, header: str = HEADER, name: str = "trades.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
        return path

    return write
