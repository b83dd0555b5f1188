"""`capgain whatif LEDGER ASSET QUANTITY PRICE`: a planned sale under every order of lots."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capgain.addin.cli.arguments import day, price, price_files_option, units
from capgain.addin.cli.ledger import LedgerRequest, ledger_options
from capgain.addin.cli.refusal import LedgerCommand

if TYPE_CHECKING:
    from rich.console import Console

    from capgain.engine.planning.what_if import Outcome, WhatIf

LOTS_SHOWN = 12


@click.command("whatif", cls=LedgerCommand)
@click.option("--date", "day", type=day, help="The day of the sale; today if left out.")
@click.option("--account", help="The account to sell from; every account that holds enough if left out.")
@click.option("--fee", type=price, metavar="DOLLARS", default="0", help="What the sale costs.")
@price_files_option
@ledger_options
@click.argument("asset")
@click.argument("quantity", type=units)
@click.argument("price", type=price)
def command(
    request: LedgerRequest,
    asset: str,
    quantity: Decimal,
    price: Decimal,
    day: date | None,
    account: str | None,
    fee: Decimal,
    price_files: tuple[Path, ...],
) -> None:
    """Show a planned sale of QUANTITY ASSET at PRICE dollars each under every order of lots. LEDGER does not change.

    \b
    capgain whatif trades.xlsx BTC 0.1 88000 --account Coinbase
    """
    from capgain.addin.cli.terminal import stages
    from capgain.engine.planning.what_if import what_if

    with stages(wanted=request.is_long) as advance:
        advance("Reading", 0, 0)
        ledger = request.read_to_plan(price_files).ledger
        found = what_if(
            ledger,
            asset,
            quantity,
            price,
            day or date.today(),
            account,
            fee=fee,
            progress=partial(advance, "Trying each order"),
        )
    if request.as_json:
        sys.stdout.write(json.dumps(what_if_document(found), indent=1) + "\n")
    else:
        _print(found, request.path.name)


def what_if_document(found: WhatIf) -> Mapping[str, Any]:
    """The JSON document; the tax is null where it cannot be told, and `missing` says why."""
    from capgain.addin.cli.figures import amount_text, decimal_text
    from capgain.addin.cli.plan_screen import gains_object

    sale = found.sale
    return {
        "asset": sale.asset,
        "quantity": decimal_text(sale.quantity),
        "price": decimal_text(sale.price),
        "fee": amount_text(sale.fee),
        "date": sale.day.isoformat(),
        "year": found.year,
        "filing_status": found.status.value,
        "gains_before": gains_object(found.at_hand.gains),
        "missing": found.missing,
        "outcomes": [_outcome_object(outcome) for outcome in found.outcomes],
        "notes": list(found.notes),
    }


def _outcome_object(outcome: Outcome) -> Mapping[str, Any]:
    from capgain.addin.cli.figures import amount_or_null, amount_text, carryover_or_null
    from capgain.engine.units import quantity_text

    waiting = outcome.waiting
    return {
        "account": outcome.account,
        "method": outcome.method.value,
        "cheapest": outcome.is_cheapest,
        "proceeds": amount_text(outcome.proceeds),
        "basis": amount_text(outcome.basis),
        "short": amount_text(outcome.short),
        "long": amount_text(outcome.long),
        "gain": amount_text(outcome.gain),
        "wash_disallowed": amount_text(outcome.disallowed),
        "tax": amount_or_null(outcome.tax),
        "tax_per_dollar": None if outcome.tax_per_dollar is None else f"{outcome.tax_per_dollar:f}",
        "carryover": carryover_or_null(outcome.carryover),
        "all_long_from": None if waiting is None else waiting.day.isoformat(),
        "waiting_saves": None if waiting is None else amount_or_null(waiting.saves),
        "lots": [
            {
                "row": lot.lot_row,
                "lot": lot.lot,
                "quantity": quantity_text(lot.units),
                "acquired": lot.acquired_text or lot.acquired.isoformat(),
                "basis": amount_text(lot.basis),
                "gain": amount_text(lot.gain),
                "term": lot.term.value,
            }
            for lot in outcome.lots
        ],
    }


def _print(found: WhatIf, source: str) -> None:
    from capgain.addin.cli.figures import day_text, decimal_text
    from capgain.addin.cli.plan_screen import print_gains, print_missing, print_notes
    from capgain.addin.cli.terminal import console, printable
    from capgain.engine.money import dollars

    screen = console(sys.stdout)
    sale = found.sale
    what = f"selling {decimal_text(sale.quantity)} {sale.asset} at {decimal_text(sale.price)} on {day_text(sale.day)}"
    screen.print(printable(f"What if: {what}  {found.status.value}  {source}"), style="bold", end="\n\n")
    print_gains(screen, found.at_hand)
    screen.print()
    _print_outcomes(screen, found)
    screen.print()
    cheapest = found.cheapest
    if cheapest is not None and cheapest.tax is not None:
        costs = f"saves {dollars(-cheapest.tax)} of tax" if cheapest.tax < 0 else f"tax {dollars(cheapest.tax)}"
        where = f"{cheapest.method.value} from {cheapest.account or '(blank)'}"
        takes = " It takes:" if cheapest.lots else ""
        screen.print(printable(f"Cheapest now: {where}, {costs} in {found.year}.{takes}"), style="bold")
        if cheapest.lots:
            _print_lots(screen, cheapest)
        _print_waiting(screen, cheapest)
        screen.print()
    print_missing(screen, found.at_hand)
    print_notes(screen, found.notes)


def _print_outcomes(screen: Console, found: WhatIf) -> None:
    from capgain.addin.cli.figures import UNKNOWN, day_text, dollars_or_unknown
    from capgain.addin.cli.tables import LEFT, RIGHT, print_table
    from capgain.engine.money import dollars

    has_wash = any(outcome.disallowed for outcome in found.outcomes)
    headings = [("", LEFT), ("Account", LEFT), ("Method", LEFT), ("Lots", RIGHT), ("Short", RIGHT), ("Long", RIGHT)]
    headings += [("Wash sale", RIGHT)] if has_wash else []
    headings += [("Tax", RIGHT), ("Per $", RIGHT), ("All long from", LEFT), ("Waiting saves", RIGHT)]
    rows = []
    for outcome in found.outcomes:
        waiting = outcome.waiting
        cells = ["*" if outcome.is_cheapest else "", outcome.account, outcome.method.value]
        cells += [str(len({lot.lot_row for lot in outcome.lots})), dollars(outcome.short), dollars(outcome.long)]
        cells += [dollars(outcome.disallowed)] if has_wash else []
        cells += [dollars_or_unknown(outcome.tax)]
        cells += [UNKNOWN if outcome.tax_per_dollar is None else f"{outcome.tax_per_dollar:f}"]
        cells += ["", ""] if waiting is None else [day_text(waiting.day), dollars_or_unknown(waiting.saves)]
        rows.append(cells)
    print_table(screen, headings, rows)


def _print_waiting(screen: Console, outcome: Outcome) -> None:
    from capgain.addin.cli.figures import day_text
    from capgain.engine.money import dollars

    waiting = outcome.waiting
    if waiting is not None and waiting.saves is not None and waiting.saves > 0:
        screen.print(
            f"Waiting until {day_text(waiting.day)}, when all of it is long-term, saves {dollars(waiting.saves)}."
        )


def _print_lots(screen: Console, outcome: Outcome) -> None:
    from capgain.addin.cli.figures import day_text
    from capgain.addin.cli.tables import LEFT, RIGHT, print_table
    from capgain.engine.money import dollars
    from capgain.engine.units import quantity_text
    from capgain.workbook.written.words import counted

    headings = (("Row", RIGHT), ("Lot", LEFT), ("Acquired", LEFT), ("Term", LEFT), ("Quantity", RIGHT))
    rows = [
        (
            str(lot.lot_row),
            lot.lot,
            lot.acquired_text or day_text(lot.acquired),
            lot.term.value,
            quantity_text(lot.units),
            dollars(lot.basis),
            dollars(lot.gain),
        )
        for lot in outcome.lots[:LOTS_SHOWN]
    ]
    print_table(screen, (*headings, ("Basis", RIGHT), ("Gain or loss", RIGHT)), rows)
    if len(outcome.lots) > LOTS_SHOWN:
        screen.print(f"and {counted(len(outcome.lots) - LOTS_SHOWN, 'more row')}: --json lists all.")
