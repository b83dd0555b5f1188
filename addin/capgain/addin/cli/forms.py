"""`capgain forms add FILE…`: the user's downloaded IRS forms."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from capgain.addin.cli.refusal import EXIT_REFUSED, LedgerCommand


@click.group("forms")
def command() -> None:
    """Keep the IRS's own fillable forms for `capgain handoff` to fill."""


@command.command("add", cls=LedgerCommand)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--forms", "folder", type=click.Path(path_type=Path), help="A folder of your own to keep them in.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def add(files: tuple[Path, ...], folder: Path | None, as_json: bool) -> None:
    """Take in Schedule D and Form 8949 as downloaded from irs.gov; each is recognised by its fields and year."""
    from capgain.addin.cli.terminal import console, printable
    from capgain.workbook.handoff.official_forms.forms_folder import add_forms

    taken = add_forms(files, folder)
    screen, errors = console(sys.stdout), console(sys.stderr)
    for sentence in taken.told:
        errors.print(printable(sentence))
    if as_json:
        document = {
            "folder": str(taken.folder),
            "added": [{"form": one.form, "year": one.year, "file": one.path.name} for one in taken.added],
            "refused": list(taken.refused),
        }
        sys.stdout.write(json.dumps(document, indent=1) + "\n")
    else:
        for one in taken.added:
            screen.print(f"{one.form} {one.year}: kept in {printable(str(one.path))}")
        for reason in taken.refused:
            errors.print(f"error: {printable(reason)}")
    if taken.refused:
        click.get_current_context().exit(EXIT_REFUSED)
