"""`capgain explain LEDGER LINE`: how a line of Schedule D came about."""

from __future__ import annotations

import json
import sys

import click

from capgain.addin.cli.arguments import row_number, single_year_option
from capgain.addin.cli.ledger import LedgerRequest, as_of_option, ledger_options
from capgain.addin.cli.refusal import LedgerCommand
from capgain.engine.problems import InvalidLedger

ROWS_SHOWN = 100
"""Rows of Form 8949 in a box that a screen tells one by one."""


@click.command("explain", cls=LedgerCommand)
@single_year_option
@as_of_option
@click.option("--row", type=row_number, metavar="N", help="Only the sales of this ledger row, or of its lot.")
@click.option("--asset", metavar="NAME", help="Only the sales of this asset.")
@click.option("--all", "every_row", is_flag=True, help="Every sale, however many there are.")
@ledger_options
@click.argument("line")
def command(request: LedgerRequest, line: str, row: int | None, asset: str | None, every_row: bool) -> None:
    """Explain LINE of Schedule D (such as 16 or 8b) in sentences, down to the rows of LEDGER.

    A box of Form 8949 with more than 100 rows is told asset by asset; --row, --asset and --all go on from there, and
    --json tells every row. '6251 11', '8960 17', '6781 7' and '1040 15' explain lines of the forms behind the tax.
    """
    from capgain.addin.cli.figures import amount_text
    from capgain.addin.cli.problem_list import print_problems
    from capgain.addin.cli.summary import print_gate
    from capgain.addin.cli.terminal import console, printable
    from capgain.engine.explanation import NotBehindLine, Telling, UnknownLine
    from capgain.engine.planning.contracts_at_price import explained

    if every_row and (row is not None or asset is not None):
        raise click.UsageError("--all tells every row: leave out --row and --asset.")
    telling = Telling(None if every_row or request.as_json else ROWS_SHOWN, row, asset)
    _, report = request.read_and_compute()
    if report.has_errors:
        raise InvalidLedger(report.problems)
    year = request.year_shown(report) or max(report.years)
    try:
        explanation = explained(report, year, line, telling)
    except (UnknownLine, NotBehindLine) as wrong:
        raise click.UsageError(str(wrong)) from None
    if request.as_json:
        steps = [
            {
                "depth": step.depth,
                "text": step.text,
                "amount": None if step.amount is None else amount_text(step.amount),
                "rows": list(step.rows),
            }
            for step in explanation.steps
        ]
        document = {
            "year": year,
            "form": explanation.form,
            "line": explanation.line,
            "words": explanation.words,
            "steps": steps,
        }
        sys.stdout.write(json.dumps(document, indent=1) + "\n")
        return
    screen = console(sys.stdout)
    screen.print(f"{explanation.form} {year}, line {explanation.line}: {explanation.words}", style="bold")
    for text in str(explanation).splitlines():
        screen.print(printable(text))
    if explanation.summed and not telling.is_narrowed:
        screen.print(
            f"{explanation.summed:,} transactions are told in sums. One by one: --asset NAME, --row N of the ledger, "
            "or --all."
        )
    if not report.filing_ready:
        print_gate(screen, is_ready=False)
        print_problems(screen, [problem for problem in report.problems if problem.blocks_filing])
