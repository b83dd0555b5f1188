"""Commands that a page shows with what they print: run in order in one empty folder, as its reader would.

What the reader types into a workbook meanwhile stands in a comment of the page: workbook, sheet, the row by its number
or by what its first cell holds, the column by its heading, and the value.

To write what they print anew into pages: python tests/console_examples.py PAGE...
"""

from __future__ import annotations

import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from click.testing import CliRunner

from capgain.addin.cli import program

WIDTH = "100"
_BLOCK = re.compile(
    r"```(console|csv title=\"(?P<name>[\w.-]+)\")\n(?P<text>.*?)```"
    r"|<!-- typed: (?P<book>[^|]+?) \| (?P<sheet>[^|]+?) \| (?P<row>[^|]+?) \| (?P<column>[^|]+?) "
    r"\| (?P<value>[^|]+?) -->",
    re.DOTALL,
)
_COMMAND = re.compile(r"\$ (capgain [^\n]*)\n(.*?)(?=\n?\$ capgain |\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """A command of a page, what the page says it prints, and what it does print."""

    command: str
    shown: str
    printed: str


def examples_of(page: str) -> Iterator[Example]:
    """Every command of a page, run; a block of CSV with a title is a file of the folder from there on."""
    os.environ["COLUMNS"] = WIDTH
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        for block in _BLOCK.finditer(page):
            if block["book"]:
                _type(block["book"], block["sheet"], block["row"], block["column"], block["value"])
                continue
            if block["name"]:
                Path(block["name"]).write_text(block["text"], encoding="utf-8")
                continue
            for command, shown in _COMMAND.findall(block["text"]):
                result = CliRunner().invoke(program, shlex.split(command)[1:], prog_name="capgain")
                if result.exception is not None and not isinstance(result.exception, SystemExit):
                    raise result.exception
                yield Example(command, shown.strip("\n"), _plain(result.output))


def _type(name: str, sheet: str, row: str, column: str, value: str) -> None:
    book = openpyxl.load_workbook(name)
    cells = book[sheet]
    heading = next(cell.column for cell in cells[1] if cell.value == column)
    place = (
        int(row)
        if row.isdigit()
        else next(cells_of[0].row for cells_of in cells.iter_rows() if cells_of[0].value == row)
    )
    cells.cell(place, heading).value = value
    book.save(name)


def _plain(output: str) -> str:
    return "\n".join(line.rstrip() for line in output.strip("\n").splitlines())


def written_anew(page: str) -> str:
    """The page with what its commands print now."""
    found = examples_of(page)

    def command(match: re.Match[str]) -> str:
        one = next(found)
        return f"$ {one.command}\n{one.printed}".rstrip("\n") + "\n"

    def block(match: re.Match[str]) -> str:
        if match["name"] or match["book"]:
            return match[0]
        return f"```console\n{_COMMAND.sub(command, match['text'])}```"

    return _BLOCK.sub(block, page)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(written_anew(path.read_text(encoding="utf-8")), encoding="utf-8")
        print(f"Wrote {path}")
