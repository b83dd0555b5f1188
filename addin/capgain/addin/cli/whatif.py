"""`capgain whatif LEDGER ASSET QUANTITY PRICE`: a planned sale under every order of lots."""

from __future__ import annotations

import json
import sys
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from capgain.addin.cli.amounts import day, number
from capgain.addin.cli.ledger import LedgerRequest, ledger_options
from capgain.addin.cli.refusal import LedgerCommand

if TYPE_CHECKING:
    from capgain.engine.planning.what_if import Outcome, WhatIf


@click.command("whatif", cls=LedgerCommand)
@ledger_options
@click.argument("asset")
@click.argument("quantity", type=number)
@click.argument("price", type=number)
@click.option("--date", "on", type=day, metavar="DATE", help="The day of the sale, such as 2025-12-15; else today.")
@click.option("--account", help="The account it is sold from; else each that holds enough.")
@click.option("--fee", type=number, default="0", metavar="DOLLARS", help="The fee of the sale.")
def command(
    request: LedgerRequest,
    asset: str,
    quantity: Decimal,
    price: Decimal,
    on: date | None,
    account: str | None,
    fee: Decimal,
) -> None:
    """Show what selling QUANTITY of ASSET at PRICE each would do, under every method. LEDGER does not change."""
    from capgain.engine.planning.what_if import what_if

    found = what_if(request.read().ledger, asset, quantity, price, on or date.today(), account, fee=fee)
    if request.as_json:
        sys.stdout.write(what_if_document(found))
    else:
        _print(found)


def what_if_document(found: WhatIf) -> str:
    """The JSON document: one outcome for each account and method."""
    from capgain.addin.cli.document import decimal_text

    sale = found.sale
    document = {
        "asset": sale.asset,
        "quantity": decimal_text(sale.quantity),
        "price": decimal_text(sale.price),
        "date": sale.day.isoformat(),
        "year": found.year,
        "filing_status": found.status.value,
        "missing": found.missing,
        "outcomes": [_outcome(outcome) for outcome in found.outcomes],
        "notes": list(found.notes),
    }
    return json.dumps(document, indent=1) + "\n"


def _outcome(outcome: Outcome) -> dict[str, object]:
    from capgain.addin.cli.document import amount_text, carryover_object, decimal_text

    waiting = outcome.waiting
    return {
        "account": outcome.account,
        "method": outcome.method.value,
        "proceeds": amount_text(outcome.proceeds),
        "basis": amount_text(outcome.basis),
        "short": amount_text(outcome.short),
        "long": amount_text(outcome.long),
        "wash_disallowed": amount_text(outcome.disallowed),
        "tax": None if outcome.tax is None else amount_text(outcome.tax),
        "tax_per_dollar": None if outcome.tax_per_dollar is None else str(outcome.tax_per_dollar),
        "carryover": carryover_object(outcome.carryover),
        "cheapest": outcome.is_cheapest,
        "long_term_from": waiting.day.isoformat() if waiting else None,
        "waiting_saves": amount_text(waiting.saves) if waiting and waiting.saves is not None else None,
        "lots": [
            {
                "row": lot.lot_row,
                "lot": lot.lot,
                "quantity": decimal_text(lot.quantity),
                "acquired": lot.acquired.isoformat(),
                "term": lot.term.value,
                "gain": amount_text(lot.gain),
            }
            for lot in outcome.lots
        ],
    }


def _print(found: WhatIf) -> None:
    from capgain.addin.cli.amounts import dollars
    from capgain.addin.cli.document import decimal_text
    from capgain.addin.cli.summary import plain_table
    from capgain.addin.cli.terminal import console, printable

    screen = console(sys.stdout)
    sale = found.sale
    table = plain_table(
        f"Selling {decimal_text(sale.quantity)} {printable(sale.asset)} at {dollars(sale.price)} on {sale.day}"
    )
    for heading in ("Account", "Method"):
        table.add_column(heading)
    for heading in ("Lots", "Short", "Long", "Wash", "Tax", "Per dollar", "All long-term from", "Waiting saves"):
        table.add_column(heading, justify="right")
    for outcome in found.outcomes:
        waiting = outcome.waiting
        table.add_row(
            printable(outcome.account),
            outcome.method.value + (" *" if outcome.is_cheapest else ""),
            str(len(outcome.lots)),
            dollars(outcome.short),
            dollars(outcome.long),
            dollars(outcome.disallowed),
            "" if outcome.tax is None else dollars(outcome.tax),
            "" if outcome.tax_per_dollar is None else str(outcome.tax_per_dollar),
            waiting.day.isoformat() if waiting else "",
            dollars(waiting.saves) if waiting and waiting.saves is not None else "",
        )
    screen.print(table)
    if found.cheapest is not None:
        screen.print("* the least tax this year")
    for line in (found.missing, *found.notes):
        if line:
            screen.print(line)
