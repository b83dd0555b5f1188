"""`capgain functions`: the Excel function catalogue."""

from __future__ import annotations

import json
import sys

import click

from capgain.addin.cli.refusal import LedgerCommand


@click.command("functions", cls=LedgerCommand)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(as_json: bool) -> None:
    """List the functions for the cell, in Excel and LibreOffice alike: arguments, result, an example."""
    from capgain.addin.functions.catalogue import catalogue

    if as_json:
        sys.stdout.write(json.dumps({"functions": catalogue()}, indent=1) + "\n")
        return
    from capgain.addin.cli.terminal import console
    from capgain.addin.functions.registry import FUNCTIONS

    screen = console(sys.stdout)
    for function in FUNCTIONS:
        screen.print(function.signature, style="bold")
        screen.print(f"  {function.help}")
        for argument in function.arguments:
            screen.print(f"    {argument.shown:<18} {argument.help}")
        screen.print(f"  Gives: {function.result}")
        screen.print(f"  {function.example}")
        screen.print()
