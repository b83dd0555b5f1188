"""`capgain calendar LEDGER`: the days that matter, on the screen and as a file for a calendar program."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capgain.addin.cli.arguments import day as a_day
from capgain.addin.cli.arguments import price, price_files_option, price_option
from capgain.addin.cli.ledger import LedgerRequest, ledger_options
from capgain.addin.cli.output_file import check_output
from capgain.addin.cli.refusal import LedgerCommand, refuse

if TYPE_CHECKING:
    from capgain.engine.ledger import Price
    from capgain.engine.planning.calendar import Event


@click.command("calendar", cls=LedgerCommand)
@click.option("--as-of", "as_of", type=a_day, help="The day to look from; today if left out.")
@click.option("-o", "--output", "out", type=click.Path(path_type=Path), help="The file to write, ending in .ics.")
@click.option(
    "--min",
    "least",
    type=price,
    default="100",
    show_default=True,
    metavar="DOLLARS",
    help="Leave out lots turning long-term that are worth less.",
)
@click.option("--force", is_flag=True, help="Replace the file at -o.")
@price_option
@price_files_option
@ledger_options
def command(
    request: LedgerRequest,
    as_of: date | None,
    out: Path | None,
    least: Decimal,
    force: bool,
    prices: tuple[Price, ...],
    price_files: tuple[Path, ...],
) -> None:
    """List the days that matter from today on: lots turning long-term, wash-sale windows, year's end, tax days.

    With -o they become a file that any calendar program takes.
    """
    from capgain.engine.compute import compute
    from capgain.engine.planning.calendar import calendar
    from capgain.engine.planning.portfolio import portfolio
    from capgain.workbook.calendar_file import calendar_file
    from capgain.workbook.whole_file import write_whole

    if out is not None:
        if out.suffix.lower() != ".ics":
            raise click.UsageError(f"{out} must end in .ics.")
        check_output(out, force=force, ledger=request.path)
    day = as_of or date.today()
    ledger = request.read_to_plan(price_files, prices).ledger
    report = compute(ledger, through=day.year, lots_as_of=day)
    if report.has_errors:
        refuse(report.problems, as_json=request.as_json)
    events = [
        event for event in calendar(report, portfolio(report, day)) if event.value is None or event.value >= least
    ]
    if out is not None:
        write_whole(out, calendar_file(events, day), overwrite=force)
    if request.as_json:
        sys.stdout.write(json.dumps(calendar_document(events, day, out), indent=1) + "\n")
    else:
        _print(events, day, request.path.name, out)


def calendar_document(events: Sequence[Event], as_of: date, out: Path | None) -> Mapping[str, Any]:
    """The JSON document; amounts that are not known are null."""
    from capgain.addin.cli.figures import amount_or_null, decimal_text

    return {
        "as_of": as_of.isoformat(),
        "output": None if out is None else str(out),
        "events": [
            {
                "date": event.day.isoformat(),
                "days": (event.day - as_of).days,
                "kind": event.kind.value,
                "asset": event.asset,
                "account": event.account,
                "units": "" if event.units is None else decimal_text(event.units),
                "value": amount_or_null(event.value),
                "gain": amount_or_null(event.gain),
                "what": event.what,
                "why": event.why,
            }
            for event in events
        ],
    }


def _print(events: Sequence[Event], as_of: date, source: str, out: Path | None) -> None:
    from capgain.addin.cli.figures import day_text
    from capgain.addin.cli.tables import LEFT, RIGHT, print_table
    from capgain.addin.cli.terminal import console, printable
    from capgain.engine.money import dollars

    screen = console(sys.stdout)
    screen.print(f"Calendar from {day_text(as_of)}  {printable(source)}", style="bold", end="\n\n")
    headings = [("Date", LEFT), ("In days", RIGHT), ("Asset", LEFT), ("What", LEFT), ("Gain now", RIGHT)]
    rows = [
        [
            day_text(event.day),
            str((event.day - as_of).days),
            event.asset,
            event.what,
            "" if event.gain is None else dollars(event.gain),
        ]
        for event in events
    ]
    print_table(screen, headings, rows)
    if out is not None:
        screen.print(f"Wrote {printable(str(out))}")
