"""`capgain report LEDGER -o OUT.xlsx`: the report workbook."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from capgain.addin.cli.arguments import price_files_option
from capgain.addin.cli.ledger import LedgerRequest, as_of_option, ledger_options, year_option
from capgain.addin.cli.output_file import check_output, check_workbook_name
from capgain.addin.cli.refusal import LedgerCommand, refuse

if TYPE_CHECKING:
    from capgain.engine.report import TaxReport
    from capgain.workbook.reading import LedgerFile
    from capgain.workbook.xlsx.writer import Progress


@click.command("report", cls=LedgerCommand)
@year_option
@as_of_option
@ledger_options
@click.option("-o", "--output", "out", type=click.Path(path_type=Path), required=True, help="The workbook to write.")
@click.option("--draft", is_flag=True, help="With errors, write Readme, To Fix and Ledger only.")
@click.option("--force", is_flag=True, help="Replace the workbook at -o.")
@price_files_option
def command(request: LedgerRequest, out: Path, draft: bool, force: bool, price_files: tuple[Path, ...]) -> None:
    """Write Form 8949, Schedule D, carryover, lots and checks of LEDGER into a new workbook.

    LEDGER is never changed. Without --year: Settings 'Tax Year', else the last year up to now with a disposal.
    """
    from capgain.addin.cli.document import filing_status
    from capgain.addin.cli.terminal import console, printable, stages

    check_workbook_name(out)
    check_output(out, force=force, ledger=request.path)
    file, report = request.read_and_compute(price_files)
    if report.has_errors and not draft:
        refuse(report.problems, as_json=request.as_json, filing_status=filing_status(report, request.single_year))
    year = request.year_shown(report)
    with stages(wanted=request.is_long) as advance:
        advance("Laying out", 0, 0)
        write_report(report, file, year, out, overwrite=force, progress=partial(advance, "Writing rows"))
    if request.as_json:
        from capgain.addin.cli.document import compute_document

        sys.stdout.write(compute_document(report, year))
    elif report.has_errors:
        from capgain.addin.cli.problem_list import print_problems, tally

        screen = console(sys.stderr)
        print_problems(screen, report.problems)
        screen.print(f"{tally(report.problems)}: no numbers. Wrote the draft {printable(str(out))}.")
    else:
        from capgain.addin.cli.summary import print_summary

        screen = console(sys.stdout)
        print_summary(screen, report, year, request.path.name)
        screen.print(f"Wrote {printable(str(out))}")
    if report.has_errors:
        click.get_current_context().exit(1)


def write_report(
    report: TaxReport,
    file: LedgerFile,
    year: int | None,
    out: Path,
    *,
    overwrite: bool,
    progress: Progress = lambda done, of: None,
) -> None:
    """Write the report workbook, whole or not at all. Raises UnknownYear where `year` has no form data."""
    from capgain.workbook.report import report_book
    from capgain.workbook.xlsx.writer import write_book

    write_book(report_book(report, file, year), out, overwrite=overwrite, progress=progress)
