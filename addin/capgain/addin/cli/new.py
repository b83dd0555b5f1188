"""`capgain new BOOK.xlsx`: a blank workbook to start from."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from capgain.addin.cli.output_file import check_output, check_workbook_name
from capgain.addin.cli.refusal import LedgerCommand


@click.command("new", cls=LedgerCommand)
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace BOOK.")
@click.option("--live-prices", is_flag=True, help="Prices by STOCKHISTORY, which Excel 365 alone knows.")
def command(book: Path, force: bool, live_prices: bool) -> None:
    """Write BOOK (.xlsx): Ledger, Accounts, Settings and Prices with validation lists and example rows."""
    from capgain.addin.cli.terminal import console, printable
    from capgain.workbook.template import write_template

    check_workbook_name(book)
    check_output(book, force=force)
    write_template(book, overwrite=force, live_prices=live_prices)
    console(sys.stdout).print(
        f"Wrote {printable(str(book))}. Replace the example rows, then run: capgain compute {printable(str(book))}"
    )
    if live_prices:
        console(sys.stdout).print(
            "Its prices are those last seen until Excel 365 fetches new ones; older Excel keeps them, and "
            "LibreOffice shows #NAME?: type numbers there."
        )
