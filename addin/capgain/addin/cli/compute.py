"""`capgain compute LEDGER`: the numbers."""

from __future__ import annotations

import sys

import click

from capgain.addin.cli.ledger import LedgerRequest, as_of_option, ledger_options, year_option
from capgain.addin.cli.refusal import LedgerCommand, refuse


@click.command("compute", cls=LedgerCommand)
@year_option
@as_of_option
@ledger_options
def command(request: LedgerRequest) -> None:
    """Show dispositions, Form 8949 totals, Schedule D and carryover of LEDGER (.xlsx, .xlsm or .csv).

    Without --year: Settings 'Tax Year', else the last year up to now with a disposal; with --json, every year.
    """
    _, report = request.read_and_compute()
    if request.as_json:
        from capgain.addin.cli.document import document_parts

        for part in document_parts(report, request.single_year):
            sys.stdout.write(part)
    if report.has_errors:
        if request.as_json:
            click.get_current_context().exit(1)
        refuse(report.problems, as_json=False)
    if not request.as_json:
        from capgain.addin.cli.summary import print_summary
        from capgain.addin.cli.terminal import console

        print_summary(console(sys.stdout), report, request.year_shown(report), request.path.name)
