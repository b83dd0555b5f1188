"""`capgain` alone: what to do next with the files of this folder."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

LEDGERS = (".xlsx", ".xlsm", ".ods")
EXPORTS = (".csv", ".tsv", ".ofx", ".qfx", ".xml")
MOST_FILES = 200
LARGEST = 20_000_000
"""Bytes of a file that is looked into."""

NEW_BOOK = "book.xlsx"

OWN_FORMAT = "capgain"
"""The key of the format that a ledger itself is read by."""


def print_next_steps() -> None:
    """Name the ledgers, exports and reports of this folder, each with the command that goes on from there."""
    from capgain.addin.cli.terminal import console, printable

    screen = console(sys.stdout)
    steps = list(next_steps(Path.cwd()))
    if not steps:
        steps = [
            ("No ledger and no file of a broker or exchange is in this folder.", ""),
            ("See it work on a ledger that comes with it", "capgain demo"),
            ("Start a ledger of your own", f"capgain new {NEW_BOOK}"),
            ("Or begin from downloaded files", f"capgain import FILE... -o {NEW_BOOK}"),
        ]
    for what, command in steps:
        screen.print(printable(f"{what}:" if command else what))
        if command:
            screen.print(printable(f"  {command}"), soft_wrap=True)
    screen.print("capgain --help lists every command.")


def next_steps(folder: Path) -> Iterator[tuple[str, str]]:
    """What was found in a folder and the command for it, ledgers first."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith((".", "~$")))
    small = [path for path in files[:MOST_FILES] if path.stat().st_size <= LARGEST]
    found = {path: _source(path) for path in small if path.suffix.lower() in EXPORTS}
    known = {path: name for path, name in found.items() if name}
    ledgers = [path for path in small if path not in known and _is_ledger(path)]
    for path in ledgers:
        yield f"{path.name} is a ledger", f"capgain check {_quoted(path)}"
    if known:
        names = ", ".join(dict.fromkeys(known.values()))
        books = [path for path in ledgers if path.suffix.lower() == ".xlsx"]
        book = _quoted(books[0]) if len(books) == 1 else NEW_BOOK
        into = " into the ledger" if len(books) == 1 else ""
        yield f"Files of {names} can be brought{into}", f"capgain import {_all_quoted(known)} -o {book}"


def _is_ledger(path: Path) -> bool:
    from capgain.engine.problems import CapgainError
    from capgain.workbook.reading import read_ledger_file
    from capgain.workbook.reading.columns import find_ledger_header

    if path.suffix.lower() not in (*LEDGERS, ".csv"):
        return False
    try:
        file = read_ledger_file(path)
    except CapgainError:
        return False
    return file.raw[0] is not None and find_ledger_header(file.raw[0].rows) is not None


def _source(path: Path) -> str:
    """Whose export a file is; "" where no format knows it."""
    from capgain.engine.problems import CapgainError
    from capgain.workbook.importing.format_files import known_formats
    from capgain.workbook.importing.recognition import find_tables
    from capgain.workbook.importing.source_files import read_sources

    try:
        tables = [table for source in read_sources(path) for table in find_tables(source, known_formats())]
    except CapgainError:
        return ""
    return next((table.format.name for table in tables if table.format.key != OWN_FORMAT), "")


def _all_quoted(paths: Iterable[Path]) -> str:
    return " ".join(map(_quoted, paths))


def _quoted(path: Path) -> str:
    return f'"{path.name}"' if " " in path.name else path.name
