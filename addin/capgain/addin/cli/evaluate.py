"""`capgain eval LEDGER FORMULA`: one of our formulas against a file, through the code that Excel calls."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from capgain.addin.cli.ledger import LedgerRequest, ledger_options
from capgain.addin.cli.refusal import EXIT_REFUSED, LedgerCommand

if TYPE_CHECKING:
    from capgain.addin.functions.cells import OutputCell


@click.command("eval", cls=LedgerCommand)
@ledger_options
@click.argument("formula")
def command(request: LedgerRequest, formula: str) -> None:
    """Evaluate FORMULA as a cell of LEDGER would, and print its value, or its rows separated by tabs.

    \b
    capgain eval trades.xlsx '=CAPGAIN(Ledger[#All], 2025, "long")'
    """
    from capgain.addin.cli.terminal import console, printable
    from capgain.addin.functions.cells import CellError
    from capgain.addin.functions.evaluate import evaluate
    from capgain.addin.functions.formula import FormulaError

    file = request.read()
    try:
        result = evaluate(formula, file)
    except FormulaError as wrong:
        raise click.UsageError(str(wrong)) from None
    failed = result if isinstance(result, CellError) else None
    rows, shown = None, ""
    if isinstance(result, Sequence) and not isinstance(result, str):
        rows = [[cell_text(cell) for cell in row] for row in result]
    else:
        shown = cell_text(result)
    if request.as_json:
        document = {
            "formula": formula,
            "value": None if failed else rows if rows is not None else shown,
            "error": failed.code.value if failed else "",
            "reason": failed.reason if failed else "",
        }
        sys.stdout.write(json.dumps(document, indent=1) + "\n")
    else:
        for row in rows if rows is not None else [[shown]]:
            click.echo("\t".join(map(printable, row)))
    if failed:
        if not request.as_json:
            console(sys.stderr).print(printable(failed.reason))
        click.get_current_context().exit(EXIT_REFUSED)


def cell_text(cell: OutputCell) -> str:
    """What a cell holds as text: plain decimals, ISO dates, TRUE and FALSE, an error by its name."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell) if isinstance(cell, str | int) else cell.code.value
