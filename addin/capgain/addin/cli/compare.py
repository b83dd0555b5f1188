"""`capgain compare LEDGER`: a whole year under every order of lots."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from capgain.addin.cli.arguments import single_year_option
from capgain.addin.cli.ledger import LedgerRequest, ledger_options
from capgain.addin.cli.refusal import LedgerCommand
from capgain.engine.problems import InvalidLedger

if TYPE_CHECKING:
    from rich.console import Console

    from capgain.engine.planning.compare import Comparison, YearUnder

AS_ENTERED = "as entered"


@click.command("compare", cls=LedgerCommand)
@single_year_option
@ledger_options
def command(request: LedgerRequest) -> None:
    """Show a year of LEDGER under every order of lots: results, tax, and the lots and basis carried forward."""
    from capgain.addin.cli.terminal import stages
    from capgain.engine.planning.compare import compare

    with stages(wanted=request.is_long) as advance:
        advance("Reading", 0, 0)
        file = request.read()
        year = request.single_year
        if year is None:
            report = request.compute(file, advance)
            if report.has_errors:
                raise InvalidLedger(report.problems)
            year = report.default_year() or date.today().year
        found = compare(file.ledger, year, today=date.today(), progress=partial(advance, "Trying each order"))
    if request.as_json:
        sys.stdout.write(json.dumps(comparison_document(found), indent=1) + "\n")
    else:
        _print(found, request.path.name)


def comparison_document(found: Comparison) -> Mapping[str, Any]:
    """The JSON document, the year as entered first; the tax is null where it cannot be told, and `missing` says why."""
    return {
        "year": found.year,
        "filing_status": found.status.value,
        "heading": found.heading,
        "sales_made": found.sales_made,
        "sales_to_come": found.sales_to_come,
        "missing": found.missing,
        "methods": [_year_object(found, under) for under in (found.as_entered, *found.under)],
        "refused": [{"method": method.value, "reason": str(problem)} for method, problem in found.refused],
        "notes": list(found.notes),
    }


def _year_object(found: Comparison, under: YearUnder) -> Mapping[str, Any]:
    from capgain.addin.cli.figures import amount_or_null, amount_text, carryover_or_null, decimal_text

    return {
        "method": _name(under),
        "short": amount_text(under.short),
        "long": amount_text(under.long),
        "wash_disallowed": amount_text(under.disallowed),
        "net": amount_or_null(under.net),
        "tax": amount_or_null(under.tax),
        "tax_difference": amount_or_null(found.tax_difference(under)),
        "carryover": carryover_or_null(under.carryover),
        "lots_held": under.lots_held,
        "basis_held": amount_text(under.basis_held),
        "basis_difference": amount_text(found.basis_difference(under)),
        "held": [
            {
                "asset": asset.asset,
                "quantity": decimal_text(asset.quantity),
                "long_term": decimal_text(asset.long_term),
                "lots": asset.lots,
                "basis": amount_text(asset.basis),
            }
            for asset in under.held
        ],
    }


def _print(found: Comparison, source: str) -> None:
    from capgain.addin.cli.plan_screen import print_missing, print_notes
    from capgain.addin.cli.terminal import console, printable

    screen = console(sys.stdout)
    screen.print(printable(f"{found.heading}  {found.status.value}  {source}"), style="bold", end="\n\n")
    _print_results(screen, found)
    _print_carried(screen, found)
    _print_assets(screen, found)
    for method, problem in found.refused:
        screen.print(printable(f"{method.value} is not possible: {problem}"), style="bold yellow")
    print_missing(screen, found.at_hand)
    print_notes(screen, found.notes)


def _print_results(screen: Console, found: Comparison) -> None:
    from capgain.addin.cli.figures import dollars_or_unknown
    from capgain.addin.cli.tables import LEFT, RIGHT, print_table
    from capgain.engine.money import dollars

    headings = [("Method", LEFT), ("Short", RIGHT), ("Long", RIGHT), ("Line 16", RIGHT)]
    rows = [
        (
            _name(under),
            dollars(under.short),
            dollars(under.long),
            dollars_or_unknown(under.net),
            dollars_or_unknown(under.tax),
            "" if under.method is None else dollars_or_unknown(found.tax_difference(under)),
        )
        for under in (found.as_entered, *found.under)
    ]
    print_table(screen, (*headings, ("Tax", RIGHT), ("Difference", RIGHT)), rows)


def _print_carried(screen: Console, found: Comparison) -> None:
    from capgain.addin.cli.figures import dollars_or_unknown
    from capgain.addin.cli.tables import LEFT, RIGHT, print_table
    from capgain.engine.money import dollars

    screen.print(f"\nCarried out of {found.year}")
    headings = [("Method", LEFT), ("Short loss", RIGHT), ("Long loss", RIGHT), ("Lots", RIGHT), ("Basis held", RIGHT)]
    rows = [
        (
            _name(under),
            dollars_or_unknown(None if under.carryover is None else under.carryover.short),
            dollars_or_unknown(None if under.carryover is None else under.carryover.long),
            f"{under.lots_held:,}",
            dollars(under.basis_held),
            "" if under.method is None else dollars(found.basis_difference(under)),
        )
        for under in (found.as_entered, *found.under)
    ]
    print_table(screen, (*headings, ("Difference", RIGHT)), rows)
    screen.print()


def _print_assets(screen: Console, found: Comparison) -> None:
    """The basis carried forward by asset, where an order makes a difference."""
    from capgain.addin.cli.figures import decimal_text
    from capgain.addin.cli.tables import LEFT, RIGHT, print_table
    from capgain.engine.money import dollars

    years = (found.as_entered, *found.under)
    by_asset = [{held.asset: held for held in under.held} for under in years]
    rows = []
    for asset, held in by_asset[0].items():
        basis = [other[asset].basis if asset in other else None for other in by_asset]
        if len(set(basis)) > 1:
            rows.append([asset, decimal_text(held.quantity), *("" if one is None else dollars(one) for one in basis)])
    if not rows:
        return
    screen.print(f"Basis of what is held at the end of {found.year}, where the order matters")
    print_table(screen, (("Asset", LEFT), ("Held", RIGHT), *((_name(under), RIGHT) for under in years)), rows)
    screen.print()


def _name(under: YearUnder) -> str:
    return AS_ENTERED if under.method is None else under.method.value
