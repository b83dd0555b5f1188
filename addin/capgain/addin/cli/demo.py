"""`capgain demo`: the main job on a shipped ledger."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from capgain.addin.cli.refusal import LedgerCommand


@click.command("demo", cls=LedgerCommand)
@click.argument("name", required=False, default="")
@click.option("-o", "--output", "chosen", type=click.Path(path_type=Path), help="Else capgain-demo.xlsx, or by NAME.")
@click.option("--force", is_flag=True, help="Replace the output whatever it is.")
def command(name: str, chosen: Path | None, force: bool) -> None:
    """Compute a ledger that comes with the program, print its summary and write the report workbook.

    NAME is one of the examples that the guides tell of: amended, carryovers, crypto-losses, defi, harvest,
    missing-basis, nft, options, staking, stock-plan, wallets-2025, wash-sales.
    """
    from capgain.addin.cli.output_file import check_output, check_workbook_name
    from capgain.addin.cli.report import write_report
    from capgain.addin.cli.summary import print_summary
    from capgain.addin.cli.terminal import console, printable
    from capgain.engine.compute import compute
    from capgain.workbook.demo import demo_ledger, example_names, is_demo_report

    if name and name not in example_names():
        raise click.UsageError(f"There is no example {name}. There are {', '.join(example_names())}.")
    out = chosen or Path(f"capgain-{name or 'demo'}.xlsx")
    check_workbook_name(out)
    is_ours = out.is_file() and is_demo_report(out)
    check_output(out, force=force or is_ours)
    file = demo_ledger(name)
    report = compute(file.ledger)
    year = report.default_year()
    write_report(report, file, year, out, overwrite=force or is_ours)
    screen = console(sys.stdout)
    print_summary(screen, report, year, f"the example {name}" if name else "the demo ledger")
    screen.print(f"Wrote {printable(str(out))}")
