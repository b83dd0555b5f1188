"""`capgain demo`: the main job on a shipped ledger."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from capgain.addin.cli.refusal import LedgerCommand

DEFAULT_OUTPUT = Path("capgain-demo.xlsx")


@click.command("demo", cls=LedgerCommand)
@click.option("-o", "--output", "out", type=click.Path(path_type=Path), default=DEFAULT_OUTPUT, show_default=True)
@click.option("--force", is_flag=True, help="Replace the output whatever it is.")
def command(out: Path, force: bool) -> None:
    """Compute a ledger that comes with the program, print its summary and write the report workbook."""
    from capgain.addin.cli.output_file import check_output, check_workbook_name
    from capgain.addin.cli.report import write_report
    from capgain.addin.cli.summary import print_summary
    from capgain.addin.cli.terminal import console, printable
    from capgain.engine.compute import compute
    from capgain.workbook.demo import demo_ledger, is_demo_report

    check_workbook_name(out)
    is_ours = out.is_file() and is_demo_report(out)
    check_output(out, force=force or is_ours)
    file = demo_ledger()
    report = compute(file.ledger)
    year = report.default_year()
    write_report(report, file, year, out, overwrite=force or is_ours)
    screen = console(sys.stdout)
    print_summary(screen, report, year, "the demo ledger")
    screen.print(f"Wrote {printable(str(out))}")
