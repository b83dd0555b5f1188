"""The extension in a person's LibreOffice, through LibreOffice's own installer `unopkg`."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from capgain.addin.building.extension import IDENTIFIER, extension
from capgain.addin.install.files import Done, InstallationError, put, take_away
from capgain.addin.install.places import Places, Platform
from capgain.addin.install.running import Run, office_environment, run_program


def install_in_libreoffice(
    places: Places, interpreter: Path, run: Run | None = None, unopkg: str | None = None
) -> Done:
    """Write the extension, with the Python that makes its reports, and add it to LibreOffice. Raises InstallationError.

    It is this user's LibreOffice, and everybody's where root installs.
    """
    done = [*put(places.extension, extension(str(interpreter)), "the LibreOffice extension")]
    program = unopkg or find_unopkg(places)
    if program is None:
        return Done(tuple(done), (f"Open {places.extension} with LibreOffice: its Extension Manager installs it.",))
    code, said = (run or run_program)(
        [program, "add", "--force", *whose(), str(places.extension)], office_environment()
    )
    if code:
        raise InstallationError(f"LibreOffice did not take the extension: {said.strip() or f'exit code {code}'}")
    done.append("LibreOffice has taken the extension.")
    return Done(
        tuple(done),
        (
            "Start LibreOffice anew and type =CAPGAIN_TERM(DATE(2024;1;1);DATE(2025;1;2)) into a cell of Calc: "
            'it shows "Long". Refresh, Check and Accountant Copy are in the menu CapGain.',
        ),
    )


def uninstall_from_libreoffice(places: Places, run: Run | None = None, unopkg: str | None = None) -> Done:
    """Remove the extension from this user's LibreOffice. Raises InstallationError."""
    program = unopkg or find_unopkg(places)
    if program is None:
        raise InstallationError("LibreOffice was not found; remove CapGain in its Extension Manager.")
    code, said = (run or run_program)([program, "remove", *whose(), IDENTIFIER], office_environment())
    if code:
        raise InstallationError(f"LibreOffice did not remove the extension: {said.strip() or f'exit code {code}'}")
    done = ["LibreOffice has removed the extension."]
    if take_away(places.extension):
        done.append(f"Removed {places.extension}")
    return Done(tuple(done), ("Start LibreOffice anew.",))


def find_unopkg(places: Places) -> str | None:
    """LibreOffice's own installer of extensions."""
    usual = {
        Platform.WINDOWS: (Path("C:/Program Files/LibreOffice/program/unopkg.com"),),
        Platform.MAC: (Path("/Applications/LibreOffice.app/Contents/MacOS/unopkg"),),
        Platform.LINUX: (Path("/usr/lib/libreoffice/program/unopkg"), Path("/opt/libreoffice/program/unopkg")),
    }
    return shutil.which("unopkg") or next((str(path) for path in usual[places.platform] if path.exists()), None)


def registered_version(program: str, run: Run | None = None) -> str:
    """The version of the extension that LibreOffice runs, for this user or for all, "" where it runs none."""
    code, said = (run or run_program)([program, "list", *whose()], office_environment())
    ours = said.partition(f"Identifier: {IDENTIFIER}")[2].partition("Identifier:")[0]
    found = re.search(r"Version:\s*(\S+).*?is registered:\s*(\w+)", ours, re.DOTALL)
    return found[1] if code == 0 and found and found[2] == "yes" else ""


def whose() -> tuple[str, ...]:
    """unopkg refuses to act for the user root alone."""
    return ("--shared",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
