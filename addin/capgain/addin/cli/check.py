"""`capgain check LEDGER`: problems only."""

from __future__ import annotations

import json
import sys

import click

from capgain.addin.cli.ledger import LedgerRequest, as_of_option, ledger_options
from capgain.addin.cli.refusal import EXIT_REFUSED, LedgerCommand


@click.command("check", cls=LedgerCommand)
@as_of_option
@ledger_options
def command(request: LedgerRequest) -> None:
    """List what is wrong with LEDGER: each problem with its sheet, row, column and remedy."""
    from capgain.addin.cli.document import problem_object
    from capgain.addin.cli.problem_list import print_problems, tally
    from capgain.addin.cli.summary import print_gate
    from capgain.addin.cli.terminal import console, printable

    _, report = request.read_and_compute()
    if request.as_json:
        problems = [problem_object(problem) for problem in report.problems]
        document = {"filing_ready": report.filing_ready, "problems": problems}
        sys.stdout.write(json.dumps(document, indent=1) + "\n")
    else:
        out = console(sys.stdout)
        print_problems(out, report.problems)
        out.print(f"{printable(request.path.name)}: {tally(report.problems)}. ", end="")
        print_gate(out, report.filing_ready)
        codes = dict.fromkeys(problem.code for problem in report.problems if problem.code)
        if codes:
            out.print(f"More on each, in docs/problems.md: {', '.join(codes)}", style="dim")
    if report.has_errors:
        click.get_current_context().exit(EXIT_REFUSED)
