"""Where a command may write: never over what is already there, never over its own input."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import click


def check_output(out: Path, *, force: bool | None = None, ledger: Path | None = None) -> None:
    """Refuse an output that is the input, that exists (unless forced) or whose folder does not exist; exit code 2.

    `force` None: the command cannot be forced.
    """
    if ledger is not None and out.exists() and ledger.exists() and out.samefile(ledger):
        raise click.UsageError(f"{out} is the ledger itself, which is never changed. Choose another name for -o.")
    if out.is_dir():
        raise click.UsageError(f"{out} is a folder. Give -o the name of a file.")
    if not out.parent.exists():
        raise click.UsageError(f"There is no folder {out.parent}. Create it, or choose another name for -o.")
    keep_to_this_run(out)
    if out.exists() and not force:
        forced = "" if force is None else ", or add --force to replace it"
        raise click.UsageError(f"{out} already exists. Choose another name{forced}.")


def keep_to_this_run(out: Path) -> None:
    """Hold other runs off an output until the command ends, and say what a killed one had left of it.

    Raises OutputInUse when another run does not let go of it, CannotWrite when the system refuses.
    """
    from capgain.workbook.one_at_a_time import alone_with

    held_by_this_run(alone_with(out))


def held_by_this_run(alone: AbstractContextManager[Sequence[str]]) -> None:
    """Enter what holds other runs off, until the command ends, and say what a killed one had left."""
    from capgain.addin.cli.terminal import console, printable

    for sentence in click.get_current_context().with_resource(alone):
        console(sys.stderr).print(printable(sentence))


def check_workbook_name(out: Path) -> None:
    """Refuse a name that Excel would not open as a workbook."""
    if out.suffix.lower() != ".xlsx":
        raise click.UsageError(f"{out} must end in .xlsx.")
