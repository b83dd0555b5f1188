"""`capgain harvest LEDGER`: which lots to sell at a loss before the year ends."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capgain.addin.cli.arguments import day, lot_and_units, price_files_option, price_option
from capgain.addin.cli.ledger import LedgerRequest, ledger_options
from capgain.addin.cli.output_file import check_output, check_workbook_name
from capgain.addin.cli.refusal import LedgerCommand

if TYPE_CHECKING:
    from rich.console import Console

    from capgain.engine.ledger import Price
    from capgain.engine.planning.harvest import Harvest, HarvestLot
    from capgain.workbook.reading import LedgerFile

SHOWN = 25


@click.command("harvest", cls=LedgerCommand)
@click.option("--as-of", "as_of", type=day, help="The day of the sales; today if left out.")
@click.option("--all", "every", is_flag=True, help=f"Every lot, those at a gain too; else the first {SHOWN} at a loss.")
@click.option(
    "--sell",
    "sales",
    type=lot_and_units,
    metavar="LOT=UNITS|all",
    multiple=True,
    help="Plan this sale: a lot by its id, or by the ledger row that acquired it. May be repeated.",
)
@click.option("--ticked", is_flag=True, help="Plan the sales ticked on the sheet Harvest of LEDGER.")
@click.option(
    "-o",
    "--output",
    "out",
    type=click.Path(path_type=Path),
    help="Write the report workbook too, with what 'Sell' proposes ticked on its sheet Harvest.",
)
@click.option("--force", is_flag=True, help="Replace the workbook at -o.")
@price_option
@price_files_option
@ledger_options
def command(
    request: LedgerRequest,
    as_of: date | None,
    every: bool,
    sales: tuple[tuple[str, str], ...],
    ticked: bool,
    prices: tuple[Price, ...],
    price_files: tuple[Path, ...],
    out: Path | None,
    force: bool,
) -> None:
    """List the lots of LEDGER at a loss in the order that saves most tax this year, wash sales named.

    Prices come from the sheet Prices (Asset, Price, Date) or --price. Dollars of tax need 'Taxable Income' or 'Other
    Income' of the year. Lots in an IRA are left out. With --sell or --ticked: the year's return now and with those
    sales, wash sales among them included.
    """
    if out is not None:
        check_workbook_name(out)
        check_output(out, force=force, ledger=request.path)
        if prices:
            raise click.UsageError("-o takes prices from the sheet Prices or --prices FILE, not from --price.")
    if ticked and sales:
        raise click.UsageError("--ticked reads the sales from the workbook: leave --sell out.")
    if ticked or sales:
        from capgain.addin.cli.harvest_ticks import show_planned

        show_planned(request, as_of, sales, prices, price_files, ticked=ticked)
        return
    from capgain.addin.cli.terminal import stages
    from capgain.engine.planning.harvest import harvest
    from capgain.engine.planning.refused import PlanRefused

    with stages(wanted=request.is_long) as advance:
        advance("Reading", 0, 0)
        file = request.read_to_plan(price_files)
        ledger = file.ledger
        if not ledger.prices and not prices:
            raise PlanRefused(
                "There are no prices. Add a sheet Prices with the columns Asset, Price and Date, or say them: "
                "--price BTC=90000 --price VTI=335."
            )
        advance("Selling each lot on paper", 0, 0)
        found = harvest(replace(ledger, prices=(*ledger.prices, *prices)), as_of or date.today())
    if out is not None:
        _write_ticked(found, file, out, force=force)
    if request.as_json:
        sys.stdout.write(json.dumps(harvest_document(found), indent=1) + "\n")
    else:
        _print(found, request.path.name, every=every)


def _write_ticked(found: Harvest, file: LedgerFile, out: Path, *, force: bool) -> None:
    """The report workbook of the harvest's year with the proposed sales ticked."""
    from capgain.engine.compute import compute
    from capgain.engine.planning.ticked import LotKey
    from capgain.workbook.report import report_book
    from capgain.workbook.xlsx.writer import write_book

    ticks = {
        LotKey(lot.row, lot.account, lot.lot, lot.acquired): None if lot.sell == lot.quantity else lot.sell
        for lot in found.losses
        if lot.sell
    }
    report = compute(file.ledger, through=found.year)
    write_book(report_book(report, file, found.year, ticks=ticks), out, overwrite=force)


def harvest_document(found: Harvest) -> Mapping[str, Any]:
    """The JSON document; amounts that cannot be told are null, and `missing` says why."""
    from capgain.addin.cli.figures import amount_or_null, amount_text
    from capgain.addin.cli.plan_screen import gains_object

    return {
        "as_of": found.as_of.isoformat(),
        "year": found.year,
        "filing_status": found.status.value,
        "gains": gains_object(found.at_hand.gains),
        "loss_limit": amount_text(found.at_hand.loss_limit),
        "usable_loss": amount_text(found.at_hand.usable_loss),
        "useful_loss": {"short": amount_or_null(found.useful_short), "long": amount_or_null(found.useful_long)},
        "saves": amount_or_null(found.saves),
        "missing": found.missing,
        "losses": [_lot_object(lot) for lot in found.losses],
        "others": [_lot_object(lot) for lot in found.others],
        "unpriced": list(found.unpriced),
        "notes": list(found.notes),
    }


def _lot_object(lot: HarvestLot) -> Mapping[str, Any]:
    from capgain.addin.cli.figures import amount_or_null, amount_text, decimal_text

    use, wash = lot.use, lot.wash
    used = ("same_kind", "other_kind", "income", "carried")
    return {
        "asset": lot.asset,
        "account": lot.account,
        "quantity": decimal_text(lot.quantity),
        "acquired": lot.acquired.isoformat(),
        "row": lot.row,
        "lot": lot.lot,
        "price": decimal_text(lot.price),
        "price_date": None if lot.price_day is None else lot.price_day.isoformat(),
        "value": amount_text(lot.value),
        "basis": amount_text(lot.basis),
        "unrealized": amount_text(lot.unrealized),
        "short": amount_text(lot.short),
        "long": amount_text(lot.long),
        "term": lot.term.value,
        "long_term_from": lot.long_term_from.isoformat(),
        "days_until_long": lot.days_until_long,
        "wash_sale": wash is not None,
        "wash_disallowed": amount_text(lot.disallowed),
        "wash_rows": [] if wash is None else list(wash.rows),
        "wash_in_ira": wash is not None and wash.in_ira,
        "clear_from": None if wash is None else wash.clear_from.isoformat(),
        "buy_back_from": None if lot.buy_back_from is None else lot.buy_back_from.isoformat(),
        "used": None if use is None else {name: amount_text(getattr(use, name)) for name in used},
        "saves": amount_or_null(lot.saves),
        "useful_loss": amount_or_null(lot.useful_loss),
        "useful_quantity": None if lot.useful_quantity is None else decimal_text(lot.useful_quantity),
        "sell": None if lot.sell is None else decimal_text(lot.sell),
        "saves_so_far": amount_or_null(lot.saves_so_far),
    }


def _print(found: Harvest, source: str, *, every: bool) -> None:
    from capgain.addin.cli.figures import day_text
    from capgain.addin.cli.plan_screen import print_gains, print_missing, print_notes
    from capgain.addin.cli.terminal import console, printable
    from capgain.engine.money import dollars
    from capgain.workbook.written.words import counted

    screen = console(sys.stdout)
    title = f"Harvest as of {day_text(found.as_of)}  {found.status.value}  {printable(source)}"
    screen.print(title, style="bold", end="\n\n")
    print_gains(screen, found.at_hand)
    _print_outcome(screen, found)
    losses = found.losses if every else found.losses[:SHOWN]
    screen.print()
    if losses:
        _print_lots(screen, found, losses)
        if len(found.losses) > len(losses):
            screen.print(f"{counted(len(found.losses) - len(losses), 'more lot')} at a loss: --all lists them.")
    else:
        screen.print("No lot with a price stands at a loss.")
    screen.print()
    if found.others:
        whole = sum((lot.unrealized for lot in found.others[1:]), found.others[0].unrealized)
        screen.print(f"At a gain or even: {counted(len(found.others), 'lot')}, {dollars(whole)} in all.")
        if every:
            screen.print()
            _print_lots(screen, found, found.others)
            screen.print()
    if found.unpriced:
        later = f" ({', '.join(found.no_earlier_price)}: only later ones)" if found.no_earlier_price else ""
        words = f"No price on or before {day_text(found.as_of)}: {', '.join(found.unpriced)}{later}. Left out."
        screen.print(printable(words), style="bold yellow")
    print_missing(screen, found.at_hand)
    print_notes(screen, found.notes)


def _print_outcome(screen: Console, found: Harvest) -> None:
    """What harvesting can do for this year."""
    from capgain.engine.money import dollars

    at_hand = found.at_hand
    if found.useful_short is None or found.useful_long is None:
        if at_hand.lacks_income:
            usable = dollars(at_hand.usable_loss)
            screen.print(f"This year can use up to {usable} more of loss; the rest would be carried forward.")
        return
    if not found.useful_short and not found.useful_long:
        past = at_hand.gains.net <= -at_hand.loss_limit
        limit = f"losses so far fill the {dollars(at_hand.loss_limit)} that a year may deduct"
        why = limit if past else "there is no tax on these gains and this income that it could save"
        screen.print(f"No further loss lowers this year's tax: {why}. More would only be carried forward.")
        return
    screen.print(
        f"Useful this year: up to {dollars(found.useful_short)} of short-term or {dollars(found.useful_long)} of "
        "long-term loss; more would only be carried forward."
    )
    if found.saves:
        screen.print(f"Selling as shown under 'Sell' saves {dollars(found.saves)} of this year's tax.", style="bold")


def _print_lots(screen: Console, found: Harvest, lots: Sequence[HarvestLot]) -> None:
    from capgain.addin.cli.figures import day_text, decimal_text, dollars_or_unknown
    from capgain.addin.cli.tables import LEFT, RIGHT, print_table
    from capgain.engine.money import dollars

    has_tax = found.at_hand.rest is not None
    is_planned = any(lot.sell for lot in lots)
    headings = [("Asset", LEFT), ("Account", LEFT), ("Row", RIGHT), ("Acquired", LEFT), ("Term", LEFT)]
    headings += [("Quantity", RIGHT), ("Result", RIGHT), ("Saves" if has_tax else "Usable", RIGHT)]
    headings += [("Sell", RIGHT), ("In all", RIGHT)] if is_planned else []
    rows = []
    for lot in lots:
        cells = [lot.asset, lot.account, str(lot.row), day_text(lot.acquired), lot.term.value]
        cells += [decimal_text(lot.quantity), dollars(lot.unrealized)]
        cells.append(
            dollars_or_unknown(lot.saves) if has_tax else "" if lot.use is None else dollars(lot.use.this_year)
        )
        if is_planned:
            cells += ["" if not lot.sell else decimal_text(lot.sell)]
            cells += ["" if lot.saves_so_far is None else dollars(lot.saves_so_far)]
        rows.append([*cells, _remark(lot)])
    print_table(screen, [*headings, ("", LEFT)], rows)
    buy_back = next((lot.buy_back_from for lot in lots if lot.buy_back_from is not None), None)
    if buy_back is not None:
        screen.print(f"Securities sold at a loss: do not buy them back, in any account, before {day_text(buy_back)}.")


def _remark(lot: HarvestLot) -> str:
    """A wash sale with the rows that make it one, and how long until the lot is long-term."""
    from capgain.addin.cli.figures import day_text
    from capgain.engine.money import dollars

    said = []
    if lot.wash is not None:
        rows = f"row{'s' if len(lot.wash.rows) > 1 else ''} {', '.join(map(str, lot.wash.rows))}"
        ira = ", an IRA's for good" if lot.wash.in_ira else ""
        said.append(f"WASH SALE with {rows}: {dollars(lot.disallowed)} not allowed{ira}")
        said.append(f"clear from {day_text(lot.wash.clear_from)}")
    if lot.days_until_long:
        said.append(f"long in {lot.days_until_long} day{'s' if lot.days_until_long > 1 else ''}")
    return "; ".join(said)
