"""`capgain estimate`: what estimated tax a year requires, when, and what is still to pay."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from capgain.addin.cli.arguments import day, single_year_option
from capgain.addin.cli.ledger import LedgerRequest, ledger_options
from capgain.addin.cli.refusal import LedgerCommand
from capgain.engine.problems import InvalidLedger

if TYPE_CHECKING:
    from capgain.engine.planning.estimated_tax import Estimate


@click.command("estimate", cls=LedgerCommand)
@single_year_option
@click.option("--as-of", "as_of", type=day, metavar="DAY", help="The day it is asked for; today if left out.")
@ledger_options
def command(request: LedgerRequest, as_of: date | None) -> None:
    """Show the estimated tax of a year: required payment, safe harbours, installments, and what to pay next.

    It needs last year's 'Total Tax 2025' and 'AGI 2025', and this year's income as for capgain tax, or 'Current Year
    Tax 2026'; 'Withholding 2026' and 'Estimated Paid 2026' count as paid.
    """
    from capgain.engine.compute import compute
    from capgain.engine.planning.estimated_tax import estimate

    file = request.read()
    asked = as_of or date.today()
    year = request.single_year or file.ledger.settings.tax_year or asked.year
    report = compute(file.ledger, through=year)
    if report.has_errors:
        raise InvalidLedger(report.problems)
    found = estimate(report, year, asked)
    if request.as_json:
        sys.stdout.write(json.dumps(estimate_document(found), indent=1) + "\n")
    else:
        _print(found, request.path.name)


def estimate_document(found: Estimate) -> Mapping[str, Any]:
    """The JSON document; what is not known is null."""
    from capgain.addin.cli.figures import amount_or_null, amount_text

    following = found.next
    return {
        "year": found.year,
        "filing_status": found.status.value,
        "current_year_tax": amount_or_null(found.current_year_tax),
        "ninety_percent": amount_or_null(found.ninety_percent),
        "prior_year_safe_harbor": amount_or_null(found.prior_year_safe_harbor),
        "required_annual_payment": amount_text(found.required_annual_payment),
        "withholding": amount_text(found.withholding),
        "none_required": found.none_required or None,
        "method": "annualized" if found.is_annualized else "regular",
        "annualized_tax": [amount_text(tax) for tax in found.annualized_tax],
        "installments": [
            {
                "due": one.due.isoformat(),
                "regular": amount_text(one.regular),
                "annualized": amount_or_null(one.annualized),
                "cumulative_required": amount_text(one.cumulative_required),
                "cumulative_withheld": amount_text(one.cumulative_withheld),
                "cumulative_paid": amount_text(one.cumulative_paid),
                "short": amount_text(one.short),
            }
            for one in found.installments
        ],
        "next": None if following is None else {"due": following.due.isoformat(), "pay": amount_text(following.short)},
        "assumptions": [*found.underpaid(), *found.assumptions],
    }


def _print(found: Estimate, source: str) -> None:
    from capgain.addin.cli.figures import day_text, dollars_or_unknown
    from capgain.addin.cli.plan_screen import print_notes
    from capgain.addin.cli.tables import LEFT, RIGHT, print_table
    from capgain.addin.cli.terminal import console, printable
    from capgain.engine.money import dollars

    screen = console(sys.stdout)
    title = f"Estimated tax of {found.year}  {found.status.value}  {printable(source)}"
    screen.print(title, style="bold", end="\n\n")
    rate = f"{found.prior_year_rate * 100:.0f}% of last year's"
    rows = [
        ("This year's tax", dollars_or_unknown(found.current_year_tax)),
        ("90% of it", dollars_or_unknown(found.ninety_percent)),
        (rate, dollars_or_unknown(found.prior_year_safe_harbor)),
        ("Required annual payment, the smaller", dollars(found.required_annual_payment)),
        ("Withheld", dollars(found.withholding)),
    ]
    print_table(screen, (("", LEFT), ("Amount", RIGHT)), rows)
    screen.print()
    if found.none_required:
        screen.print(f"No payment is required: {found.none_required}.", style="bold", end="\n\n")
    headings = ("Due", "Required by then", "Withheld", "Paid", "Short")
    print_table(
        screen,
        [(heading, RIGHT if place else LEFT) for place, heading in enumerate(headings)],
        [
            (
                day_text(one.due),
                dollars(one.cumulative_required),
                dollars(one.cumulative_withheld),
                dollars(one.cumulative_paid),
                dollars(one.short),
            )
            for one in found.installments
        ],
    )
    screen.print()
    following = found.next
    if following is not None:
        screen.print(f"Next: pay {dollars(following.short)} by {day_text(following.due)}.", style="bold")
    print_notes(screen, (*found.underpaid(), *found.assumptions))
