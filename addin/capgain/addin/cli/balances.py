"""`capgain balances BOOK`: what the ledger implies against what the user states."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from capgain.addin.cli.arguments import day
from capgain.addin.cli.refusal import EXIT_REFUSED, LedgerCommand

if TYPE_CHECKING:
    from capgain.workbook.balances import Balance, BalanceCheck


@click.command("balances", cls=LedgerCommand)
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--as-of", type=day, help="At the end of this day, instead of the last row.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(book: Path, as_of: date | None, as_json: bool) -> None:
    """Count the units that BOOK's ledger leaves in each account, beside what its sheet Balances states.

    The sheet has the columns Account, Asset, Quantity and, if you like, Date.
    """
    from capgain.workbook.balances import check_balances

    found = check_balances(book, as_of)
    if as_json:
        sys.stdout.write(balances_document(found, as_of))
    else:
        _print(found)
    if found.problems:
        click.get_current_context().exit(EXIT_REFUSED)


def balances_document(found: BalanceCheck, as_of: date | None) -> str:
    """The JSON document: every balance, with null where the sheet states nothing."""
    from capgain.addin.cli.document import problem_object

    document = {
        "as_of": as_of.isoformat() if as_of else None,
        "balances": [_balance(balance) for balance in found.balances],
        "differences": len(found.differences),
        "problems": [problem_object(problem) for problem in found.problems],
    }
    return json.dumps(document, indent=1) + "\n"


def _balance(balance: Balance) -> dict[str, object]:
    from capgain.addin.cli.figures import decimal_text

    return {
        "account": balance.account,
        "asset": balance.asset,
        "implied": decimal_text(balance.implied),
        "stated": None if balance.stated is None else decimal_text(balance.stated),
        "difference": None if balance.difference is None else decimal_text(balance.difference),
        "date": balance.day.isoformat() if balance.day else None,
    }


def _print(found: BalanceCheck) -> None:
    from capgain.addin.cli.figures import decimal_text
    from capgain.addin.cli.problem_list import print_problems
    from capgain.addin.cli.tables import plain_table
    from capgain.addin.cli.terminal import console, printable
    from capgain.workbook.written.words import counted

    screen = console(sys.stdout)
    table = plain_table()
    for heading in ("Account", "Asset"):
        table.add_column(heading)
    for heading in ("Ledger", "Stated", "Difference", "Date"):
        table.add_column(heading, justify="right")
    for balance in found.balances:
        stated = "" if balance.stated is None else decimal_text(balance.stated)
        difference = "" if balance.difference is None else decimal_text(balance.difference)
        day = balance.day.isoformat() if balance.day else ""
        names = printable(balance.account), printable(balance.asset)
        table.add_row(*names, decimal_text(balance.implied), stated, difference, day)
    screen.print(table)
    compared = sum(balance.agrees is not None for balance in found.balances)
    if compared:
        screen.print(f"{counted(len(found.differences), 'difference')} among {counted(compared, 'stated balance')}")
    else:
        screen.print("Nothing is stated: add a sheet Balances with the columns Account, Asset and Quantity.")
    print_problems(console(sys.stderr), found.problems)
