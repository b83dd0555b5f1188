"""`capgain harvest LEDGER`: lots at a loss, and what selling each would save this year."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from capgain.addin.cli.amounts import day, named_number
from capgain.addin.cli.ledger import LedgerRequest, ledger_options
from capgain.addin.cli.refusal import LedgerCommand
from capgain.engine.ledger import Price

if TYPE_CHECKING:
    from capgain.engine.planning.harvest import Harvest, HarvestLot


@click.command("harvest", cls=LedgerCommand)
@ledger_options
@click.option("--as-of", type=day, metavar="DATE", help="The day of selling, such as 2025-12-15; else today.")
@click.option(
    "--price", "prices", type=named_number, metavar="ASSET=PRICE", multiple=True, help="A price, besides sheet Prices."
)
def command(request: LedgerRequest, as_of: date | None, prices: tuple[tuple[str, Decimal], ...]) -> None:
    """List the lots at a loss in the order that saves most, with wash sales and the days until long-term.

    Prices come from the sheet Prices and from --price. Dollars of tax need 'Taxable Income' or 'Other Income'.
    """
    from capgain.engine.planning.harvest import harvest

    sold = as_of or date.today()
    ledger = request.read().ledger
    given = tuple(Price(asset, price, sold) for asset, price in prices)
    found = harvest(replace(ledger, prices=(*ledger.prices, *given)), sold)
    if request.as_json:
        sys.stdout.write(harvest_document(found))
    else:
        _print(found)


def harvest_document(found: Harvest) -> str:
    """The JSON document: the lots at a loss in order, then those at a gain."""
    document = {
        "as_of": found.as_of.isoformat(),
        "year": found.year,
        "filing_status": found.status.value,
        "missing": found.missing,
        "saves": _amount(found.saves),
        "useful_short": _amount(found.useful_short),
        "useful_long": _amount(found.useful_long),
        "losses": [_lot(lot) for lot in found.losses],
        "others": [_lot(lot) for lot in found.others],
        "unpriced": list(found.unpriced),
        "notes": list(found.notes),
    }
    return json.dumps(document, indent=1) + "\n"


def _amount(amount: Decimal | None) -> str | None:
    from capgain.addin.cli.document import amount_text

    return None if amount is None else amount_text(amount)


def _lot(lot: HarvestLot) -> dict[str, object]:
    from capgain.addin.cli.document import decimal_text

    return {
        "asset": lot.asset,
        "account": lot.account,
        "quantity": decimal_text(lot.quantity),
        "acquired": lot.acquired.isoformat(),
        "term": lot.term.value,
        "days_until_long": lot.days_until_long,
        "price": decimal_text(lot.price),
        "value": _amount(lot.value),
        "basis": _amount(lot.basis),
        "unrealized": _amount(lot.unrealized),
        "wash_sale": lot.wash is not None,
        "wash_disallowed": _amount(lot.disallowed),
        "clear_from": lot.wash.clear_from.isoformat() if lot.wash else None,
        "buy_back_from": lot.buy_back_from.isoformat() if lot.buy_back_from else None,
        "saves": _amount(lot.saves),
        "sell": None if lot.sell is None else decimal_text(lot.sell),
        "saves_so_far": _amount(lot.saves_so_far),
        "row": lot.row,
        "lot": lot.lot,
    }


def _print(found: Harvest) -> None:
    from capgain.addin.cli.amounts import dollars
    from capgain.addin.cli.document import decimal_text
    from capgain.addin.cli.summary import plain_table
    from capgain.addin.cli.terminal import console, printable

    screen = console(sys.stdout)
    if not found.losses:
        screen.print("No lot with a price is at a loss.")
    else:
        table = plain_table(f"Lots at a loss on {found.as_of}, those that save most first")
        for heading in ("Asset", "Account", "Acquired"):
            table.add_column(heading)
        for heading in ("Quantity", "Unrealized", "Term", "Wash", "Saves", "Sell", "Saves so far"):
            table.add_column(heading, justify="right")
        for lot in found.losses:
            table.add_row(
                printable(lot.asset),
                printable(lot.account),
                lot.acquired.isoformat(),
                decimal_text(lot.quantity),
                dollars(lot.unrealized),
                lot.term.value,
                f"until {lot.wash.clear_from}" if lot.wash else "",
                "" if lot.saves is None else dollars(lot.saves),
                "" if lot.sell is None else decimal_text(lot.sell),
                "" if lot.saves_so_far is None else dollars(lot.saves_so_far),
            )
        screen.print(table)
    if found.saves is not None:
        screen.print(f"Selling as told saves {dollars(found.saves)} of this year's tax.")
    if found.missing:
        screen.print(found.missing)
    if found.unpriced:
        screen.print(f"Without a price: {printable(', '.join(found.unpriced))}")
    for note in found.notes:
        screen.print(note)
