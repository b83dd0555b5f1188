"""`capgain explain LEDGER LINE`: how a line of Schedule D came about."""

from __future__ import annotations

import json
import sys

import click

from capgain.addin.cli.arguments import single_year_option
from capgain.addin.cli.ledger import LedgerRequest, as_of_option, ledger_options
from capgain.addin.cli.refusal import LedgerCommand
from capgain.engine.problems import InvalidLedger


@click.command("explain", cls=LedgerCommand)
@single_year_option
@as_of_option
@ledger_options
@click.argument("line")
def command(request: LedgerRequest, line: str) -> None:
    """Explain LINE of Schedule D (such as 16 or 8b) in sentences, down to the rows of LEDGER.

    '6251 11', '8960 17', '6781 7' and '1040 15' explain lines of the forms behind the tax.
    """
    from capgain.addin.cli.figures import amount_text
    from capgain.addin.cli.problem_list import print_problems
    from capgain.addin.cli.summary import print_gate
    from capgain.addin.cli.terminal import console, printable
    from capgain.engine.explanation import UnknownLine
    from capgain.engine.planning.contracts_at_price import explained

    _, report = request.read_and_compute()
    if report.has_errors:
        raise InvalidLedger(report.problems)
    year = request.year_shown(report) or max(report.years)
    try:
        explanation = explained(report, year, line)
    except UnknownLine as wrong:
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
    if not report.filing_ready:
        print_gate(screen, is_ready=False)
        print_problems(screen, [problem for problem in report.problems if problem.blocks_filing])
