"""The command line `capgain`: one module per command, loaded when that command is asked for.

Exit codes: 0 done; 1 the ledger has errors or cannot be read; 2 wrong usage; 130, 143, 129 interrupted by Ctrl-C,
SIGTERM, SIGHUP.
"""

from __future__ import annotations

import gc
import os
import sys
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from capgain.addin.cli.interrupted import told_where_interrupted
from capgain.addin.cli.standard_output import told_where_output_fails
from capgain.workbook.interruption import end_at_signals, told_of_signals

GROUPS = {
    "Start": {
        "demo": ("demo", "Run everything on a realistic ledger that comes with it."),
        "new": ("new", "Write a blank workbook to start a ledger in."),
        "import": ("import_files", "Bring exchange and broker files into a ledger."),
        "prices": ("prices", "Take downloaded price files into the sheet Prices."),
    },
    "Check": {
        "check": ("check", "List what is wrong with a ledger, cell by cell."),
        "balances": ("balances", "Compare units held with what you state."),
    },
    "The return": {
        "compute": ("compute", "Show Form 8949 totals, Schedule D and carryover."),
        "report": ("report", "Write the report workbook with live formulas."),
        "explain": ("explain", "Say how a line of Schedule D came about."),
        "estimate": ("estimate", "Show the estimated tax of a year and what to pay next."),
        "worksheet": ("worksheet", "Work out one IRS worksheet from its input lines."),
    },
    "Look ahead": {
        "tax": ("tax", "Show what the gains of a year cost in tax."),
        "portfolio": ("portfolio", "Show what is held, what it is worth, and what to watch."),
        "harvest": ("harvest", "List lots at a loss by what selling them would save."),
        "calendar": ("calendar", "List the days that matter; write them for a calendar program."),
        "whatif": ("whatif", "Show a planned sale under every order of lots."),
        "compare": ("compare", "Show a whole year under every order of lots."),
        "rates": ("rates", "Print the rates and amounts in force in a tax year."),
    },
    "Hand over": {
        "handoff": ("handoff", "Write the accountant's package."),
        "batch": ("batch.command", "Make the packages of a whole folder of clients."),
        "forms": ("forms", "Keep the IRS's fillable forms for the package."),
    },
    "Excel and LibreOffice": {
        "addin": ("addin", "Build, install or examine the Excel add-in."),
        "functions": ("functions", "List the functions for the cell."),
        "eval": ("evaluate", "Evaluate one CAPGAIN formula against a file."),
    },
}
"""The commands by what they are for; name of a command: the module that holds it as `command`, its line in the help."""

COMMANDS = {name: entry for group in GROUPS.values() for name, entry in group.items()}


class Program(click.Group):
    """A group that imports a command's module only when that command runs or shows its own help."""

    def invoke(self, ctx: click.Context) -> Any:
        with told_where_interrupted(), told_of_signals():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _ = COMMANDS[cmd_name]
        command = import_module(f"{__name__}.{module}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as wrong:
            near = get_close_matches(args[0], COMMANDS, 1) if args else []
            if not near:
                raise
            raise click.UsageError(f"{wrong.format_message()} Did you mean {near[0]}?", ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        widest = max(map(len, COMMANDS))
        for title, commands in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(f"{name:<{widest}}", line) for name, (_, line) in commands.items()])


def _say_version(context: click.Context, parameter: click.Parameter, asked: bool) -> None:
    """Print the version, and whether the engine of this installation is compiled; then leave."""
    if asked:
        from importlib.metadata import version

        import capgain.engine.money

        compiled = "" if capgain.engine.money.__file__.endswith(".py") else " (compiled)"
        click.echo(f"CapGain {version('capgain')}{compiled}")
        context.exit()


@click.command(
    cls=Program,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_say_version, help="Show the version."
)
@click.pass_context
def program(context: click.Context) -> None:
    """US capital gains from one ledger of stock and crypto trades: lots, wash sales, Form 8949, Schedule D."""
    if context.invoked_subcommand is None:
        from capgain.addin.cli.next_step import print_next_steps

        print_next_steps()


def main() -> None:
    """Run `capgain` with the arguments of this process.

    One command makes many values, drops few and ends: a search for cycles among them would find nothing and walk them
    all. `batch`, which may run for hours, searches.
    """
    end_at_signals()
    gc.disable()
    with told_where_interrupted(), told_where_output_fails():
        try:
            os.getcwd()
        except OSError:
            sys.exit("capgain: the folder in which this runs is not there any more. Change to another folder.")
        program.main(prog_name="capgain")
