"""`capgain portfolio LEDGER`: what is held, what it is worth, and what to watch."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capgain.addin.cli.arguments import day as a_day
from capgain.addin.cli.arguments import price_files_option, price_option
from capgain.addin.cli.ledger import LedgerRequest, ledger_options
from capgain.addin.cli.refusal import LedgerCommand, refuse

if TYPE_CHECKING:
    from rich.console import Console

    from capgain.engine.ledger import Price
    from capgain.engine.planning.portfolio import AssetHeld, Portfolio, Sums
    from capgain.engine.problems import Problem

PARTS = Decimal("0.000001")
"""Weights and percentages in JSON are parts of 1 with six decimals."""


@click.command("portfolio", cls=LedgerCommand)
@click.option("--as-of", "as_of", type=a_day, help="The day to look from: its lots and prices; today if left out.")
@price_option
@price_files_option
@ledger_options
def command(
    request: LedgerRequest, as_of: date | None, prices: tuple[Price, ...], price_files: tuple[Path, ...]
) -> None:
    """Show what LEDGER holds: basis, price, value, gain, the next day a lot turns long-term, wash-sale windows.

    Prices come from the sheet Prices (Asset, Price, Date) or --price.
    """
    from capgain.engine.compute import compute
    from capgain.engine.planning.contracts_at_price import contracts_open
    from capgain.engine.planning.portfolio import portfolio

    day = as_of or date.today()
    ledger = request.read_to_plan(price_files, prices).ledger
    report = compute(ledger, through=day.year, lots_as_of=day)
    if report.has_errors:
        refuse(report.problems, as_json=request.as_json)
    found = portfolio(report, day)
    if request.as_json:
        sys.stdout.write(json.dumps(portfolio_document(found, report.problems), indent=1) + "\n")
    else:
        _print(found, request.path.name, contracts_open(report))


def portfolio_document(found: Portfolio, problems: tuple[Problem, ...]) -> Mapping[str, Any]:
    """The JSON document; what is not known is null."""
    from capgain.addin.cli.document import problem_object

    return {
        "as_of": found.as_of.isoformat(),
        "assets": [_asset_object(found, asset) for asset in found.assets],
        "accounts": [
            {"account": one.account, "kind": one.kind, "lots": one.sums.lots, **_sums_object(found, one.sums)}
            for one in found.accounts
        ],
        "totals": {**_sums_object(found, found.totals), "unpriced": list(found.unpriced)},
        "sold_at_a_loss": [
            {"asset": gone.asset, "row": gone.last_loss.row, "do_not_buy_before": gone.last_loss.over.isoformat()}
            for gone in found.sold_at_a_loss
        ],
        "problems": [problem_object(problem) for problem in problems],
    }


def _asset_object(found: Portfolio, asset: AssetHeld) -> Mapping[str, Any]:
    from capgain.addin.cli.figures import decimal_text

    return {
        "asset": asset.asset,
        "class": asset.class_name,
        "units": decimal_text(asset.units),
        "price": None if asset.price is None else decimal_text(asset.price.price),
        "price_date": _day(found.price_day(asset)),
        **_sums_object(found, asset.sums),
        "next_long": _day(asset.next_long),
        "days": found.days_to_long(asset),
        "wash_until": _day(found.wash_until(asset)),
        "do_not_buy_before": _day(found.do_not_buy_before(asset)),
        "watch": found.watch(asset),
    }


def _sums_object(found: Portfolio, sums: Sums) -> Mapping[str, str | None]:
    from capgain.addin.cli.figures import amount_text

    weight = found.weight(sums)
    return {
        "basis": amount_text(sums.basis),
        "value": amount_text(sums.value) if sums.has_price else None,
        "gain": amount_text(sums.gain) if sums.has_price else None,
        "percent": _part(sums.percent) if sums.has_price else None,
        "weight": None if weight is None else _part(weight),
        "short": amount_text(sums.short),
        "long": amount_text(sums.long),
        "loss_to_harvest": amount_text(sums.loss_to_harvest),
    }


def _part(part: Decimal) -> str:
    return format(part.quantize(PARTS), "f")


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _print(found: Portfolio, source: str, contracts: str) -> None:
    from capgain.addin.cli.figures import day_text
    from capgain.addin.cli.terminal import console, printable
    from capgain.engine.money import dollars

    screen = console(sys.stdout)
    screen.print(f"Portfolio as of {day_text(found.as_of)}  {printable(source)}", style="bold", end="\n\n")
    if contracts:
        screen.print(printable(f"Open section 1256 contracts have no lots and are not listed: {contracts}."))
        screen.print("  capgain tax counts them at their prices of the year.", end="\n\n" if found.assets else "\n")
    if not found.assets:
        if not contracts:
            screen.print("Nothing is held.")
        return
    _print_assets(screen, found)
    screen.print()
    _print_accounts(screen, found)
    screen.print()
    if found.unpriced:
        words = f"No price on or before {day_text(found.as_of)}: {', '.join(found.unpriced)}. In Basis alone."
        screen.print(printable(words), style="bold yellow")
        screen.print(
            "  Type prices on the sheet Prices, take a price file in (capgain prices FILE -o BOOK), or --price."
        )
    for gone in found.sold_at_a_loss:
        screen.print(
            printable(f"{gone.asset} was sold at a loss: do not buy it back before {day_text(gone.last_loss.over)}.")
        )
    if found.totals.loss_to_harvest:
        lost = dollars(-found.totals.loss_to_harvest)
        screen.print(f"Losses to harvest: {lost}. capgain harvest lists them by what selling them would save.")


def _print_assets(screen: Console, found: Portfolio) -> None:
    from capgain.addin.cli.figures import day_text, decimal_text
    from capgain.addin.cli.tables import LEFT, RIGHT, print_table
    from capgain.engine.money import dollars

    headings = [("Asset", LEFT), ("Units", RIGHT), ("Basis", RIGHT), ("Price", RIGHT), ("Value", RIGHT)]
    headings += [("Gain", RIGHT), ("%", RIGHT), ("Weight", RIGHT), ("Short", RIGHT), ("Long", RIGHT)]
    headings += [("Next long", LEFT), ("", LEFT)]
    rows = []
    for asset in found.assets:
        cells = [asset.asset, decimal_text(asset.units), dollars(asset.sums.basis)]
        cells.append("no price" if asset.price is None else decimal_text(asset.price.price))
        cells += _results(found, asset.sums)
        cells.append("" if asset.next_long is None else day_text(asset.next_long))
        rows.append([*cells, _remark(found, asset)])
    total = ["All", "", dollars(found.totals.basis), "", *_results(found, found.totals), "", ""]
    print_table(screen, headings, [*rows, total])


def _print_accounts(screen: Console, found: Portfolio) -> None:
    from capgain.addin.cli.tables import LEFT, RIGHT, print_table
    from capgain.engine.money import dollars

    headings = [("Account", LEFT), ("Kind", LEFT), ("Lots", RIGHT), ("Basis", RIGHT), ("Value", RIGHT)]
    headings += [("Gain", RIGHT), ("%", RIGHT), ("Weight", RIGHT), ("Short", RIGHT), ("Long", RIGHT)]
    rows = [
        [one.account or "(blank)", one.kind, str(one.sums.lots), dollars(one.sums.basis), *_results(found, one.sums)]
        for one in found.accounts
    ]
    print_table(screen, headings, rows)


def _results(found: Portfolio, sums: Sums) -> list[str]:
    """Value, gain, percent, weight, short and long."""
    from capgain.addin.cli.figures import UNKNOWN
    from capgain.engine.money import dollars

    if not sums.has_price:
        return [UNKNOWN] * 4 + ["", ""]
    weight = found.weight(sums)
    return [
        dollars(sums.value),
        dollars(sums.gain),
        f"{sums.percent * 100:,.1f}%",
        "" if weight is None else f"{weight * 100:,.1f}%",
        dollars(sums.short),
        dollars(sums.long),
    ]


def _remark(found: Portfolio, asset: AssetHeld) -> str:
    from capgain.addin.cli.figures import day_text

    said = [word for word in (found.watch(asset),) if word and word != "no price"]
    until, before = found.wash_until(asset), found.do_not_buy_before(asset)
    if until is not None:
        said.append(f"a loss is a wash sale until {day_text(until)}")
    if before is not None:
        said.append(f"do not buy before {day_text(before)}")
    return "; ".join(said)
