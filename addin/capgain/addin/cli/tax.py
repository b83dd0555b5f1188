"""`capgain tax LEDGER`: the tax on the gains of a year."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from capgain.addin.cli.ledger import LedgerRequest, ledger_options
from capgain.addin.cli.refusal import LedgerCommand
from capgain.engine.problems import InvalidLedger, UnknownYear

if TYPE_CHECKING:
    from capgain.engine.forms.tax_on_gains import TaxOnGains


@click.command("tax", cls=LedgerCommand)
@click.option("--year", type=click.IntRange(1900, 2200), help="Tax year; else as in compute.")
@ledger_options
def command(request: LedgerRequest) -> None:
    """Show the federal tax of a year with its gains and without them, and what the next dollar would cost.

    Settings must state 'Taxable Income' (Form 1040 line 15 with these gains in it) or 'Other Income' (line 15 without
    them): --set "Other Income 2025=80000".
    """
    from capgain.engine.forms.tax_on_gains import StatedIncome, tax_on_gains

    _, report = request.read_and_compute()
    if report.has_errors:
        raise InvalidLedger(report.problems)
    year = request.year_shown(report) or max(report.years)
    found = report.years.get(year)
    if found is None or found.schedule_d is None:
        raise UnknownYear(f"There is no Schedule D for {year}, so no tax on its gains.")
    tax = tax_on_gains(found.schedule_d, StatedIncome.of(report.ledger.settings, year))
    if request.as_json:
        sys.stdout.write(tax_document(year, tax))
    else:
        _print(year, tax)


def tax_document(year: int, tax: TaxOnGains) -> str:
    """The JSON document: amounts as strings with cents, rates as fractions, null where not known."""
    from capgain.addin.cli.document import amount_text

    rates = tax.marginal
    document = {
        "year": year,
        "filing_status": tax.rest.status.value,
        "taxable_income": amount_text(tax.with_gains.taxable_income),
        "tax_with_gains": amount_text(tax.with_gains.total),
        "tax_without_gains": amount_text(tax.without_gains.total),
        "difference": amount_text(tax.difference),
        "niit": None if tax.with_gains.niit is None else amount_text(tax.with_gains.niit.tax),
        "marginal_rate_short": str(rates.short),
        "marginal_rate_long": str(rates.long),
        "marginal_rate_niit": None if rates.niit is None else str(rates.niit),
        "room_at_zero": amount_text(tax.room_at_zero),
        "room_at_fifteen": amount_text(tax.room_at_fifteen),
        "worksheet": tax.with_gains.method.value,
        "assumptions": list(tax.assumptions),
    }
    return json.dumps(document, indent=1) + "\n"


def _print(year: int, tax: TaxOnGains) -> None:
    from capgain.addin.cli.amounts import dollars
    from capgain.addin.cli.summary import plain_table
    from capgain.addin.cli.terminal import console

    screen = console(sys.stdout)
    table = plain_table(f"Tax on the gains of {year}, {tax.rest.status.value}")
    table.add_column("")
    for heading in ("With the gains", "Without", "Difference"):
        table.add_column(heading, justify="right")
    with_niit, without_niit = tax.with_gains.niit, tax.without_gains.niit
    rows: list[tuple[str, Decimal, Decimal]] = [
        ("Taxable income", tax.with_gains.taxable_income, tax.without_gains.taxable_income),
        ("Income tax", tax.with_gains.income_tax, tax.without_gains.income_tax),
    ]
    if with_niit is not None and without_niit is not None:
        rows.append(("Net investment income tax", with_niit.tax, without_niit.tax))
    rows.append(("Tax", tax.with_gains.total, tax.without_gains.total))
    for name, with_gains, without in rows:
        table.add_row(name, dollars(with_gains), dollars(without), dollars(with_gains - without))
    screen.print(table)
    niit = f", and {percent(tax.marginal.niit)} net investment income tax" if tax.marginal.niit else ""
    screen.print(
        f"Next dollar: {percent(tax.marginal.short)} if short-term, {percent(tax.marginal.long)} if long-term{niit}"
    )
    screen.print(f"Room left at 0%: {dollars(tax.room_at_zero)}; at 15%: {dollars(tax.room_at_fifteen)}")
    screen.print(f"Figured by: {tax.with_gains.method.value}")
    for assumption in tax.assumptions:
        screen.print(assumption)


def percent(rate: Decimal) -> str:
    """`0.238` as `23.8%`."""
    return f"{format((rate * 100).normalize(), 'f')}%"
