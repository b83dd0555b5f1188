"""`capgain prices FILE... -o BOOK`: price files into the sheet Prices of a workbook, or into one CSV."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capgain.addin.cli.arguments import day as a_day
from capgain.addin.cli.output_file import check_output, keep_to_this_run
from capgain.addin.cli.refusal import LedgerCommand
from capgain.workbook.file_names import place_of

if TYPE_CHECKING:
    from capgain.workbook.importing.price_files.into_prices import Settled
    from capgain.workbook.importing.price_files.reading import FilePrice


def asset_of_file(text: str) -> tuple[str, Path]:
    """`SYMBOL=FILE`. Raises BadParameter."""
    symbol, equals, file = (part.strip() for part in text.partition("="))
    if not (symbol and equals and file):
        raise click.BadParameter(f"{text!r} has no asset and file; write it as --asset AAPL=HistoricalData.csv.")
    return symbol, Path(file)


@click.command("prices", cls=LedgerCommand)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE...]")
@click.option(
    "-o",
    "--output",
    "book",
    type=click.Path(path_type=Path),
    required=True,
    help="The workbook whose sheet Prices gets them; or a new .csv.",
)
@click.option(
    "--asset", "assets", type=asset_of_file, metavar="SYMBOL=FILE", multiple=True, help="What a file's prices are of."
)
@click.option("--as-of", "as_of", type=a_day, help="The last prices on or before this day; of all if left out.")
@click.option("--all", "every", is_flag=True, help="Every price of the files, whether the ledger needs it or not.")
@click.option("--time-zone", help="Tax zone, such as America/New_York, where Settings name none.")
@click.option(
    "--adjusted",
    type=click.Choice(["yes", "no"]),
    default="yes",
    show_default=True,
    help="Whether closes of Yahoo, Stooq, Nasdaq and Google are adjusted for later splits, which are then undone.",
)
@click.option(
    "--stablecoins",
    metavar="yes|LIST",
    default="",
    help="Coins that are worth 1.00 on a day without a price: all that are known, or those named, such as USDC,DAI.",
)
@click.option("--replace", is_flag=True, help="Change prices of the sheet that the files say otherwise.")
@click.option("--dry-run", is_flag=True, help="Say what would be written and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(
    files: tuple[Path, ...],
    book: Path,
    assets: tuple[tuple[str, Path], ...],
    as_of: date | None,
    every: bool,
    time_zone: str | None,
    adjusted: str,
    stablecoins: str,
    replace: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take files of CoinGecko, CryptoDataDownload, Kraken, Coinbase, CoinMarketCap, Yahoo, Stooq, Nasdaq and Google in.

    Without --all: the last price of each asset held, and those of days on which a row has no dollars. Nothing goes over
    the network.
    """
    from capgain.workbook.importing.price_files.taking_in import take_in
    from capgain.workbook.importing.source_files import UnreadableImport
    from capgain.workbook.reading.stablecoins import stablecoins_in

    coins = stablecoins_in([stablecoins])
    is_csv = book.suffix.lower() == ".csv"
    if not files and not coins:
        raise click.UsageError("Name a price file, or --stablecoins.")
    if coins and is_csv:
        raise click.UsageError("--stablecoins looks into a workbook for the days that it needs; -o names one.")
    if is_csv:
        check_output(book)
    elif book.suffix.lower() not in (".xlsx", ".xlsm"):
        raise click.UsageError(f"{book} must end in .xlsx, .xlsm or .csv.")
    elif not book.exists():
        raise UnreadableImport(f"{book} does not exist. Make it with capgain new, or write a .csv.")
    else:
        keep_to_this_run(book)
    named = {place_of(file): symbol for symbol, file in assets}
    unknown = [str(file) for _, file in assets if place_of(file) not in {place_of(one) for one in files}]
    if unknown:
        raise click.UsageError(f"--asset names {', '.join(unknown)}, which is not among the files.")
    taken = take_in(
        files,
        book,
        assets={file: named[place_of(file)] for file in files if place_of(file) in named},
        as_of=as_of,
        every=every,
        time_zone=time_zone,
        is_adjusted=adjusted == "yes",
        stablecoins=coins,
        replace=replace,
        dry_run=dry_run,
    )
    if as_json:
        sys.stdout.write(json.dumps(_document(taken.settled, taken.notices, book, dry_run=dry_run), indent=1) + "\n")
    else:
        _print(taken.settled, taken.notices, book, dry_run=dry_run)


def _document(settled: Settled, notices: tuple[str, ...], book: Path, *, dry_run: bool) -> dict[str, Any]:
    return {
        "output": str(book),
        "dry_run": dry_run,
        "added": [_price_object(price) for price in settled.added],
        "replaced": [{"row": row, **_price_object(price)} for row, price in settled.replaced.items()],
        "known": settled.known,
        "notices": list(notices),
    }


def _price_object(price: FilePrice) -> dict[str, Any]:
    from capgain.addin.cli.figures import decimal_text

    return {
        "asset": price.asset,
        "date": price.day.isoformat(),
        "price": decimal_text(price.price),
        "format": price.source,
        "file": price.file,
        "line": price.line,
    }


def _print(settled: Settled, notices: tuple[str, ...], book: Path, *, dry_run: bool) -> None:
    from capgain.addin.cli.figures import day_text, decimal_text
    from capgain.addin.cli.tables import LEFT, RIGHT, print_table
    from capgain.addin.cli.terminal import console, printable
    from capgain.workbook.written.words import counted

    screen = console(sys.stdout)
    shown = [*settled.added, *settled.replaced.values()]
    if shown:
        headings = [("Asset", LEFT), ("Date", LEFT), ("Price", RIGHT), ("Source", LEFT), ("File", LEFT)]
        rows = [[one.asset, day_text(one.day), decimal_text(one.price), one.source, one.place] for one in shown[:40]]
        print_table(screen, headings, rows)
        if len(shown) > 40:
            screen.print(f"and {len(shown) - 40:,} more")
    for notice in notices:
        screen.print(printable(notice))
    if settled.known:
        screen.print(f"{counted(settled.known, 'price')} there already.")
    would = "would be " if dry_run else ""
    screen.print(f"{counted(len(settled.added), 'price')} {would}added to {printable(str(book))}.")
    if settled.replaced:
        screen.print(f"{counted(len(settled.replaced), 'price')} {would}replaced.")
