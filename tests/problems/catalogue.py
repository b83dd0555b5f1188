"""The catalogue of problems, and the page `docs/problems.md` made from it.

Each chapter is a TOML file beside this one, each of its tables a code:

    [INSUFFICIENT_QUANTITY]
    means = "More units leave an account than it holds at that moment."   one line
    ledger = '''                                                          the smallest ledger that has the problem
    Date,Type,Asset,...
    '''
    set = ["Account Schwab=brokerage"]                                    settings, as with --set

Further keys, where an example needs them:

    sheets = { Prices = '''...''' }       makes the ledger a workbook with these sheets beside it; `=…` is a formula
    cells = { "Ledger!D2" = 2025-02-01 }  cells of that workbook as a date, a number or a formula instead of text
    files = { "kraken.csv" = '''...''' }  further files in the folder
    command = "balances book.xlsx"        another command than `check`; --json is added
    also = ["CLASS_ASSUMED"]              codes that cannot be kept out of the example
    tested_by = "tests/….py::test_…"      instead of an example, where no small one can be had

To add a code: raise it, add its table here, and write the page anew with

    python tests/problems/catalogue.py

What the page shows of severity, place, message and remedy is what the program says; the test runs every example again.
"""

from __future__ import annotations

import csv
import json
import os
import shlex
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "problems.md"
CHAPTERS = {
    "files": "Files that cannot be read or written",
    "sheets": "Headers and sheets",
    "cells": "What a cell can hold",
    "rows": "What a row needs",
    "lots": "Lots named and chosen",
    "settings": "Settings and accounts",
    "holdings": "What is held",
    "events": "Events out of the ordinary",
    "wallets": "Wallets from 2025",
    "contracts": "Section 1256 contracts",
    "returns": "What a return rests on",
    "form_1099": "Forms 1099 and imports",
    "plans": "Plans",
}
"""The files of the catalogue in the order of the page, with their headings."""

_KEYS = frozenset({"means", "ledger", "set", "sheets", "cells", "files", "command", "also", "tested_by"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One code. `ledger` "" with `tested_by` where there is no example."""

    code: str
    chapter: str
    means: str
    ledger: str = ""
    settings: tuple[str, ...] = ()
    sheets: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, object] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    command: str = ""
    also: frozenset[str] = frozenset()
    tested_by: str = ""

    @property
    def ledger_file(self) -> str:
        return "ledger.xlsx" if self.sheets or self.cells else "ledger.csv"

    @property
    def arguments(self) -> list[str]:
        """The command line of the example, without --json."""
        settings = [part for setting in self.settings for part in ("--set", setting)]
        return [*shlex.split(self.command or f"check {self.ledger_file}"), *settings]


Problem = Mapping[str, Any]
"""One problem as the program prints it in JSON."""


def catalogue() -> dict[str, Entry]:
    """Every entry by its code, in the order of the page. Raises ValueError for a table that is not one."""
    found: dict[str, Entry] = {}
    for chapter in CHAPTERS:
        with (HERE / f"{chapter}.toml").open("rb") as file:
            tables = tomllib.load(file)
        for code, table in tables.items():
            unknown = set(table) - _KEYS
            if unknown or "means" not in table or code in found:
                raise ValueError(f"{chapter}.toml, {code}: {', '.join(unknown) or 'lacks means, or stands twice'}")
            found[code] = Entry(
                code,
                chapter,
                table["means"],
                table.get("ledger", ""),
                tuple(table.get("set", ())),
                table.get("sheets", {}),
                table.get("cells", {}),
                table.get("files", {}),
                table.get("command", ""),
                frozenset(table.get("also", ())),
                table.get("tested_by", ""),
            )
    return found


def problem_of(entry: Entry) -> Problem:
    """What the program says of an example. Raises ValueError unless it is this problem, once, and what it may add."""
    said = problems_of(entry)
    others = {problem["code"] for problem in said} - {entry.code} - entry.also
    ours = [problem for problem in said if problem["code"] == entry.code]
    if len(ours) != 1 or others:
        raise ValueError(f"the example of {entry.code} gives {[problem['code'] for problem in said]}")
    return ours[0]


@contextmanager
def working_on(entry: Entry) -> Iterator[None]:
    """In a folder of its own that holds the files of the example."""
    with tempfile.TemporaryDirectory() as folder, _working_in(Path(folder)):
        _write_files(entry)
        yield


def problems_of(entry: Entry) -> list[Problem]:
    """All that the program says of an example. Raises ValueError for wrong usage."""
    from click.testing import CliRunner

    from capgain.addin.cli import program

    with working_on(entry):
        result = CliRunner().invoke(program, [*entry.arguments, "--json"], prog_name="capgain")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    if result.exit_code == 2:
        raise ValueError(f"the example of {entry.code} is wrong usage: {result.stderr}")
    said = json.loads(result.stdout)
    problems: list[Problem] = said.get("problems", [])
    return problems


@contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _write_files(entry: Entry) -> None:
    for name, text in entry.files.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    if not entry.ledger:
        return
    if entry.ledger_file.endswith(".csv"):
        Path(entry.ledger_file).write_text(entry.ledger, encoding="utf-8")
    else:
        _write_workbook(entry)


def _write_workbook(entry: Entry) -> None:
    import openpyxl

    book: Any = openpyxl.Workbook()
    book.remove(book.active)
    for name, text in {"Ledger": entry.ledger, **entry.sheets}.items():
        sheet = book.create_sheet(name)
        for row in csv.reader(StringIO(text)):
            sheet.append([cell or None for cell in row])
    for address, value in entry.cells.items():
        name, _, cell = address.partition("!")
        book[name][cell] = value
    book.save(entry.ledger_file)


def page_of(entries: Mapping[str, Entry], said: Mapping[str, Problem]) -> str:
    """The text of `docs/problems.md`, from the entries and what the program says of their examples."""
    parts = [_HEAD]
    for chapter, heading in CHAPTERS.items():
        own = [entry for entry in entries.values() if entry.chapter == chapter]
        parts.append(f"## {heading}\n")
        parts += [section(entry, said.get(entry.code)) for entry in own]
    return "\n".join(parts)


_HEAD = """# Problems

Everything CapGain can find wrong with a ledger, by the `code` that `--json` gives it. An error leaves no numbers. A
warning leaves them; where it says so, the return is not ready to file until it is settled. Below each code: the
smallest input that has the problem, the command that finds it, and what CapGain says: the place, what is wrong, and
what to do.

This page is made from the catalogue in `tests/problems` by `python tests/problems/catalogue.py`, and a test runs every
example again.
"""


def section(entry: Entry, problem: Problem | None) -> str:
    """The part of the page about one code; `problem` None where there is no example."""
    lines = [f"### {entry.code}", "", entry.means, ""]
    if problem is None:
        return "\n".join([*lines, f"No small example can be had; see `{entry.tested_by}`.", ""])
    files = {entry.ledger_file: entry.ledger, **entry.sheets, **entry.files} if entry.ledger else dict(entry.files)
    for name, text in files.items():
        if len(files) > 1 or name != "ledger.csv":
            what = f"Sheet {name}" if name in entry.sheets else f"`{name}`"
            lines += [f"{what}:", ""]
        lines += ["```text", *text.strip("\n").splitlines(), "```", ""]
    for address, value in entry.cells.items():
        lines += [f"In the workbook, {address} holds {_held(value)}.", ""]
    lines += ["```console", f"$ capgain {shlex.join(entry.arguments)}", "```", ""]
    lines += [f"> **{_gravity(problem)}**{_place(problem)}: {problem['message']}"]
    lines += [f"> {line}" for line in ("", *problem["remedy"].splitlines())] if problem["remedy"] else []
    return "\n".join([*(line.rstrip() for line in lines), ""])


def _held(value: object) -> str:
    if isinstance(value, str):
        return f"the formula `{value}`, never calculated" if value.startswith("=") else f"the text `{value}`"
    return f"the {'number' if isinstance(value, int | float) else 'date'} {value}"


def _gravity(problem: Problem) -> str:
    if problem["severity"] == "error":
        return "error"
    return "warning, blocks filing" if problem["blocks_filing"] else "warning"


def _place(problem: Problem) -> str:
    row = f" row {problem['row']}" if problem["row"] else ""
    column = f", column {problem['column']}" if problem["column"] else ""
    return f" {problem['sheet']}{row}{column}" if problem["sheet"] else ""


if __name__ == "__main__":
    sys.path[:0] = [str(HERE.parents[1] / source) for source in ("engine", "workbook", "addin")]
    whole = catalogue()
    PAGE.write_text(
        page_of(whole, {code: problem_of(entry) for code, entry in whole.items() if not entry.tested_by}),
        encoding="utf-8",
    )
    print(f"Wrote {PAGE}")
