"""`capgain worksheet NAME`: one IRS worksheet by itself."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from capgain.addin.cli.arguments import line_amount, tax_year, word_option
from capgain.addin.cli.refusal import LedgerCommand
from capgain.workbook.written.words import STATUSES

if TYPE_CHECKING:
    from capgain.engine.forms.worksheets.by_name import WorksheetResult


@click.command("worksheet", cls=LedgerCommand)
@click.argument("name", metavar="NAME")
@click.option("--year", type=tax_year, metavar="YEAR", required=True, help="Tax year (carryover: carried into).")
@word_option("--status", STATUSES, default="single", show_default=True)
@click.option(
    "--set",
    "inputs",
    type=line_amount,
    metavar="LINE=AMOUNT",
    multiple=True,
    help="An input line, else 0. May be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(name: str, year: int, status: str, inputs: tuple[tuple[str, Decimal], ...], as_json: bool) -> None:
    """Fill in the worksheet NAME line by line: carryover, qdcgt, sdtw, 28-rate, unrecaptured-1250, tax, niit or 6251.

    \b
    capgain worksheet qdcgt --year 2025 --status mfj --set 1040-15=120000 --set 1040-3a=2000
        --set D15=8000 --set D16=9000
    """
    from capgain.engine.forms.worksheets.by_name import WorksheetRefused, worksheet

    try:
        result = worksheet(name, year, status, dict(inputs))
    except WorksheetRefused as error:
        raise click.UsageError(str(error)) from None
    if as_json:
        sys.stdout.write(worksheet_document(result))
    else:
        print_worksheet(result)


def worksheet_document(result: WorksheetResult) -> str:
    """The JSON document of the contract: the lines in printed order, skipped ones left out."""
    from capgain.addin.cli.figures import amount_text

    document = {
        "worksheet": result.name,
        "year": result.year,
        "filing_status": result.status.value,
        "lines": {number: amount_text(amount) for number, amount in result.lines.items()},
    }
    return json.dumps(document, indent=1) + "\n"


def print_worksheet(result: WorksheetResult) -> None:
    """The worksheet as a table, then what is provisional or not needed."""
    from capgain.addin.cli.tables import print_lines
    from capgain.addin.cli.terminal import console
    from capgain.engine.money import dollars

    screen = console(sys.stdout)
    lines = [(number, result.texts[number], dollars(amount)) for number, amount in result.lines.items()]
    print_lines(screen, f"{result.title}, {result.year}, {result.status.value}", lines)
    for note in result.notes:
        screen.print(note)
