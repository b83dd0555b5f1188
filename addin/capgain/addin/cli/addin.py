"""`capgain addin`: builds the Excel add-in and the LibreOffice extension, installs them, and says what is wrong."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import click

from capgain.addin.cli.output_file import check_output
from capgain.addin.cli.refusal import EXIT_REFUSED, LedgerCommand

if TYPE_CHECKING:
    from capgain.addin.install.files import Done

XLAM, OXT = Path("capgain.xlam"), Path("capgain.oxt")

libreoffice_option = click.option("--libreoffice", is_flag=True, help="The LibreOffice extension instead.")


@click.group("addin")
def command() -> None:
    """Build, install, remove or examine the Excel add-in and its LibreOffice twin."""


@command.command("build", cls=LedgerCommand)
@libreoffice_option
@click.option("-o", "--output", "out", type=click.Path(path_type=Path), help=f"Default: {XLAM} or {OXT}.")
@click.option("--force", is_flag=True, help="Replace the file at -o.")
def build(libreoffice: bool, out: Path | None, force: bool) -> None:
    """Write the add-in file, and its hash; needs no Excel, and gives the same bytes every time."""
    from capgain.addin.building.extension import extension
    from capgain.addin.building.xlam import xlam
    from capgain.workbook.whole_file import write_whole

    target = out or (OXT if libreoffice else XLAM)
    check_output(target, force=force)
    content = extension() if libreoffice else xlam()
    write_whole(target, content, overwrite=force)
    _print([f"Wrote {target}", f"SHA-256 {sha256(content).hexdigest()}"])


@command.command("install", cls=LedgerCommand)
@libreoffice_option
@click.option(
    "--signed",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The file that build wrote, signed with a certificate of your own.",
)
def install_command(libreoffice: bool, signed: Path | None) -> None:
    """Put the add-in where Excel starts it, set to this Python, and say what to do next."""
    from capgain.addin.install.installing import install
    from capgain.addin.install.libreoffice import install_in_libreoffice
    from capgain.addin.install.places import Places

    places = Places.of_this_user()
    python = Path(sys.executable)
    _print_done(install_in_libreoffice(places, python) if libreoffice else install(places, python, signed))


@command.command("uninstall", cls=LedgerCommand)
@libreoffice_option
def uninstall_command(libreoffice: bool) -> None:
    """Take the add-in and its configuration away again."""
    from capgain.addin.install.installing import uninstall
    from capgain.addin.install.libreoffice import uninstall_from_libreoffice
    from capgain.addin.install.places import Places

    places = Places.of_this_user()
    _print_done(uninstall_from_libreoffice(places) if libreoffice else uninstall(places))


@command.command("doctor", cls=LedgerCommand)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def doctor(as_json: bool) -> None:
    """Say what is right and wrong with the installation, and how to mend it."""
    from capgain.addin.install.doctor import examine
    from capgain.addin.install.places import Places

    findings = examine(Places.of_this_user(), Path(sys.executable))
    if as_json:
        found = [{"right": one.is_right, "message": one.what, "remedy": one.remedy} for one in findings]
        sys.stdout.write(json.dumps({"findings": found}, indent=1) + "\n")
    else:
        for one in findings:
            _print(
                [f"{'right' if one.is_right else 'wrong'}: {one.what}", *([f"  {one.remedy}"] if one.remedy else [])]
            )
    if not all(one.is_right for one in findings):
        click.get_current_context().exit(EXIT_REFUSED)


def _print_done(done: Done) -> None:
    _print(done.done)
    if done.next_steps:
        _print(["", "Next:", *(f"{number}. {step}" for number, step in enumerate(done.next_steps, 1))])


def _print(lines: Iterable[str]) -> None:
    from capgain.addin.cli.terminal import console, printable

    screen = console(sys.stdout)
    for line in lines:
        screen.print(printable(line))
