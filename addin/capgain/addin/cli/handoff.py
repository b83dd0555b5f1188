"""`capgain handoff BOOK -o DIR`: the accountant's package."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from capgain.addin.cli.arguments import day, single_year_option
from capgain.addin.cli.ledger import LedgerRequest, ledger_options
from capgain.addin.cli.output_file import held_by_this_run
from capgain.addin.cli.refusal import EXIT_REFUSED, LedgerCommand

if TYPE_CHECKING:
    from capgain.workbook.handoff.handed_off import Handoff


@click.command("handoff", cls=LedgerCommand)
@ledger_options
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path), required=True, help="The folder to write.")
@single_year_option
@click.option("--forms", "forms_dir", type=click.Path(path_type=Path), help="A folder with the IRS's fillable forms.")
@click.option("--as-of", type=day, metavar="DATE", help="The day that tells whether the year is over; else today.")
@click.option("--draft", is_flag=True, help="With errors in LEDGER write a draft to send back: what to fix and to ask.")
@click.option("--fresh", is_flag=True, help="Take nothing over from the workbook that is there; earlier/ keeps it.")
@click.option(
    "--prior", type=click.Path(path_type=Path), metavar="DIR", help="Last year's package: what it closed with."
)
@click.option("--show-ssn", is_flag=True, help="Write the social security number in full.")
def command(
    request: LedgerRequest,
    folder: Path,
    forms_dir: Path | None,
    as_of: date | None,
    draft: bool,
    fresh: bool,
    prior: Path | None,
    show_ssn: bool,
) -> None:
    """Write what an accountant needs of LEDGER into one folder and a zip beside it.

    Workpapers and filled forms stand at the top, files for tax software in import/, and manifest.json says what was
    made from what. An earlier package in the folder is replaced; its tick marks and sign-offs are kept.
    """
    from capgain.addin.cli.terminal import stages
    from capgain.workbook.handoff.package import handoff_of
    from capgain.workbook.handoff.staging import named_folder
    from capgain.workbook.handoff.status import Status
    from capgain.workbook.handoff.zip_beside import alone_with_package

    folder = named_folder(folder)
    held_by_this_run(alone_with_package(folder))
    source = request.read(as_of)
    with stages() as advance:
        made = handoff_of(
            source,
            folder,
            year=request.single_year,
            forms_dir=forms_dir,
            show_ssn=show_ssn,
            draft=draft,
            fresh=fresh,
            prior=prior,
            today=as_of,
            progress=advance,
        )
    if request.as_json:
        sys.stdout.write(handoff_document(made))
    else:
        _print(made)
    if made.status is Status.DRAFT:
        click.get_current_context().exit(EXIT_REFUSED)


def handoff_document(made: Handoff) -> str:
    """The JSON document of a hand-off."""
    from capgain.addin.cli.document import problem_object

    document = {
        "folder": str(made.folder),
        "zip": str(made.zip_file),
        "year": made.year,
        "filing_ready": made.filing_ready,
        "status": made.status.value,
        "files": list(made.files),
        "checks": {"count": made.checks, "failed": made.checks_failed},
        "questions_open": made.questions_open,
        "missing_forms": list(made.missing_forms),
        "left_to_do": list(made.left_to_do),
        "remarks": list(made.remarks),
        "problems": [problem_object(problem) for problem in made.report.problems],
    }
    return json.dumps(document, indent=1) + "\n"


def _print(made: Handoff) -> None:
    from capgain.addin.cli.problem_list import print_problems
    from capgain.addin.cli.terminal import console, printable
    from capgain.workbook.handoff.status import Status

    headlines = {Status.YEAR_NOT_OVER: "YEAR NOT OVER", Status.DRAFT: "DRAFT - NOT READY TO FILE"}
    screen = console(sys.stdout)
    if made.filing_ready:
        screen.print("READY TO FILE", style="bold green")
    else:
        screen.print(headlines.get(made.status, "NOT READY TO FILE"), style="bold red")
        print_problems(screen, made.reasons)
    if made.status is not Status.DRAFT:
        screen.print(f"Tax year {made.year}: {made.checks} checks, {made.checks_failed} failed")
    for what in made.failed:
        screen.print(f"  {printable(what)}")
    rest = [line for line in made.left_to_do if line not in made.missing_forms]
    for heading, lines in (("Missing forms", made.missing_forms), ("Left to do", rest)):
        if lines:
            screen.print(f"{heading}:")
            for line in lines:
                screen.print(f"  {printable(line)}")
    for line in made.remarks:
        screen.print(printable(line))
    screen.print(f"Wrote {printable(str(made.folder))} ({len(made.files)} files) and {printable(str(made.zip_file))}")
