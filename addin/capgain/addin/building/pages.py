"""What the documentation says of the functions, written out from the registry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from capgain.addin.functions.arguments import Argument, Left
from capgain.addin.functions.registry import FUNCTIONS, Function

INTRODUCTION = """# The functions

Made from the registry by `python -m capgain.addin.building`; a test keeps it in step. The same functions work in
Excel (the `.xlam` add-in), in LibreOffice Calc (the `.oxt` extension, arguments separated by `;`), in xlwings Lite, and
on the command line: `capgain eval LEDGER '=CAPGAIN(Ledger[#All], 2025, "long")'`.

**ledger** is the range with the header row: `Ledger[#All]`, `Ledger!A1:K99` or whole columns `Ledger!A:K`. A handle
from `CAPGAIN_LEDGER` stands for it; in LibreOffice the handle has to stand in a cell.

**settings** go before the workbook's Settings sheet, name by name; what they do not name stands. Left out, the
workbook's own Settings, Accounts and Prices sheets count alone, and changing them recalculates.

**Errors** are real: `#VALUE!` an argument of the wrong kind, or a ledger with errors; `#N/A` nothing is known of what
was asked for (an asset, a price, a form of that year, a stale handle); `#NUM!` a number or date out of its range.
`CAPGAIN_WHY` tells the reason, `CAPGAIN_CHECK` lists the ledger's problems.

Amounts are dollars; losses are negative, `deductible` and the carryovers positive. Dates in a table are serial
numbers: give the column a date format. Tables spill; in Excel without spilling (2019 and older) select the cells,
type the formula and press Ctrl+Shift+Enter.
"""


def pages(root: Path) -> Mapping[Path, str]:
    """Each page of the source tree at `root` that lists functions, with what it has to hold."""
    return {root / "docs" / "functions.md": reference_page()}


def function_table() -> str:
    """A row for each function."""
    rows = "".join(f"| `{function.signature}` | {function.help} |\n" for function in FUNCTIONS)
    return f"| Function | Gives |\n|---|---|\n{rows}"


def reference_page() -> str:
    """docs/functions.md in Markdown."""
    return (
        INTRODUCTION
        + "\n"
        + function_table()
        + "\n"
        + "\n".join("\n".join(_section(function)) for function in FUNCTIONS)
    )


def _section(function: Function) -> Iterator[str]:
    yield f"## {function.name}"
    yield ""
    yield function.help
    yield ""
    yield "```"
    yield f"={function.signature}"
    yield "```"
    yield ""
    yield "| Argument | Takes | |"
    yield "|---|---|---|"
    for argument in function.arguments:
        yield f"| {argument.shown} | {argument.takes.value} | {argument.help}{_default(argument)} |"
    yield ""
    yield f"Gives: {function.result}"
    yield ""
    yield f"Example: `{function.example}`"
    yield ""


def _default(argument: Argument) -> str:
    return "" if isinstance(argument.default, Left) else f" Left out: {argument.default}."
