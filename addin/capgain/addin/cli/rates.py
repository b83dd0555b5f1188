"""`capgain rates`: the rates and amounts in force in a tax year."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from capgain.addin.cli.arguments import tax_year, word_option
from capgain.addin.cli.refusal import LedgerCommand
from capgain.workbook.written.words import STATUSES

if TYPE_CHECKING:
    from capgain.engine.years.rates import Rate, RatesInForce


@click.command("rates", cls=LedgerCommand)
@click.option("--year", type=tax_year, metavar="YEAR", required=True, help="Tax year.")
@word_option("--status", STATUSES, default="single", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(year: int, status: str, as_json: bool) -> None:
    """Print the rates and amounts in force: brackets, limits of the capital gain rates, deductions, AMT, NIIT.

    \b
    capgain rates --year 2025 --status mfj
    """
    from capgain.engine.classes import FilingStatus
    from capgain.engine.years.rates import rates_in_force

    found = rates_in_force(year, FilingStatus(status))
    if as_json:
        sys.stdout.write(rates_document(found))
    else:
        print_rates(found)


def rates_document(found: RatesInForce) -> str:
    """The JSON document: columns and rows; amounts with cents, rates as fractions, what has no figure null.

    After the rows with figures come those of the sources, then the notes.
    """
    from capgain.engine.years.rates import COLUMNS

    said = [[text, *[None] * (len(COLUMNS) - 1)] for text in (*found.sources, *found.notes)]
    document = {
        "year": found.year,
        "filing_status": found.status.value,
        "columns": list(COLUMNS),
        "rows": [*(_row(rate) for rate in found.rates), *said],
    }
    return json.dumps(document, indent=1) + "\n"


def _row(rate: Rate) -> list[str | None]:
    from capgain.addin.cli.figures import amount_or_null

    fraction = None if rate.rate is None else f"{rate.rate.normalize():f}"
    return [rate.item, *map(amount_or_null, (rate.start, rate.end)), fraction, amount_or_null(rate.base)]


def print_rates(found: RatesInForce) -> None:
    """The table, then sources and notes."""
    from capgain.addin.cli.figures import percent
    from capgain.addin.cli.plan_screen import print_notes
    from capgain.addin.cli.tables import LEFT, RIGHT, print_table
    from capgain.addin.cli.terminal import console
    from capgain.engine.money import dollars
    from capgain.engine.years.rates import COLUMNS

    def amount(value: Decimal | None) -> str:
        return "" if value is None else dollars(value)

    screen = console(sys.stdout)
    screen.print(f"Rates of {found.year}  {found.status.value}", style="bold", end="\n\n")
    headings = [(heading, RIGHT if place else LEFT) for place, heading in enumerate(COLUMNS)]
    rows = [
        (
            rate.item,
            amount(rate.start),
            amount(rate.end),
            "" if rate.rate is None else percent(rate.rate),
            amount(rate.base),
        )
        for rate in found.rates
    ]
    print_table(screen, headings, rows)
    screen.print()
    print_notes(screen, (*found.sources, *found.notes))
