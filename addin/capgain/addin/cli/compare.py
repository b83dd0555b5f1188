"""`capgain compare LEDGER`: a whole year under every order of lots."""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import TYPE_CHECKING

import click

from capgain.addin.cli.ledger import LedgerRequest, ledger_options
from capgain.addin.cli.refusal import LedgerCommand
from capgain.engine.problems import InvalidLedger

if TYPE_CHECKING:
    from capgain.engine.planning.compare import Comparison, YearUnder

AS_ENTERED = "as entered"


@click.command("compare", cls=LedgerCommand)
@click.option("--year", type=click.IntRange(1900, 2200), help="Tax year; else as in compute.")
@ledger_options
def command(request: LedgerRequest) -> None:
    """Compare the methods for a whole year: gains, tax, and what is left in the lots carried forward."""
    from capgain.engine.planning.compare import compare

    file = request.read()
    year = request.single_year or file.ledger.settings.tax_year
    if year is None:
        report = request.compute(file)
        if report.has_errors:
            raise InvalidLedger(report.problems)
        year = report.last_year or max(report.years)
    found = compare(file.ledger, year, today=date.today())
    if request.as_json:
        sys.stdout.write(comparison_document(found))
    else:
        _print(found)


def comparison_document(found: Comparison) -> str:
    """The JSON document: the year as entered first, then under each method."""
    document = {
        "year": found.year,
        "filing_status": found.status.value,
        "heading": found.heading,
        "sales_made": found.sales_made,
        "sales_to_come": found.sales_to_come,
        "missing": found.missing,
        "methods": [_year(found, year) for year in (found.as_entered, *found.under)],
        "refused": [{"method": method.value, "reason": str(problem)} for method, problem in found.refused],
        "notes": list(found.notes),
    }
    return json.dumps(document, indent=1) + "\n"


def _year(found: Comparison, year: YearUnder) -> dict[str, object]:
    from capgain.addin.cli.document import amount_text, carryover_object

    difference = found.tax_difference(year)
    return {
        "method": year.method.value if year.method else AS_ENTERED,
        "short": amount_text(year.short),
        "long": amount_text(year.long),
        "wash_disallowed": amount_text(year.disallowed),
        "net": None if year.net is None else amount_text(year.net),
        "tax": None if year.tax is None else amount_text(year.tax),
        "tax_difference": None if difference is None else amount_text(difference),
        "carryover": carryover_object(year.carryover),
        "lots_held": year.lots_held,
        "basis_held": amount_text(year.basis_held),
        "basis_difference": amount_text(found.basis_difference(year)),
    }


def _print(found: Comparison) -> None:
    from capgain.addin.cli.amounts import dollars
    from capgain.addin.cli.summary import plain_table
    from capgain.addin.cli.terminal import console, printable

    screen = console(sys.stdout)
    table = plain_table(found.heading)
    table.add_column("Method")
    for heading in ("Short", "Long", "Line 16", "Tax", "Difference", "Basis held", "Difference"):
        table.add_column(heading, justify="right")
    for year in (found.as_entered, *found.under):
        difference = found.tax_difference(year)
        table.add_row(
            year.method.value if year.method else AS_ENTERED,
            dollars(year.short),
            dollars(year.long),
            "" if year.net is None else dollars(year.net),
            "" if year.tax is None else dollars(year.tax),
            "" if difference is None else dollars(difference),
            dollars(year.basis_held),
            dollars(found.basis_difference(year)),
        )
    screen.print(table)
    for method, problem in found.refused:
        screen.print(f"{method.value} is not possible: {printable(str(problem))}")
    for line in (found.missing, *found.notes):
        if line:
            screen.print(line)
