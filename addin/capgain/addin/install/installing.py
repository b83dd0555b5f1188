"""`capgain addin install` and `uninstall`."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from capgain.addin.building.extension import IDENTIFIER, extension
from capgain.addin.building.xlam import xlam
from capgain.addin.building.xlwings_module import XLWINGS_VERSION
from capgain.addin.install.configuration import configuration_text, read_configuration
from capgain.addin.install.places import Places, Platform
from capgain.engine.problems import CapgainError
from capgain.workbook.whole_file import CannotWrite, write_whole

Run = Callable[[Sequence[str], Mapping[str, str]], tuple[int, str]]
"""Runs a program with an environment; gives its exit code and what it said."""


class InstallationError(CapgainError):
    """The add-in could not be put in place or taken away."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, and what the person has to do now."""

    done: tuple[str, ...]
    next_steps: tuple[str, ...]


def install(places: Places, interpreter: Path) -> Done:
    """Put the add-in where Excel starts it and tell it which Python to use. Raises InstallationError."""
    if places.platform is Platform.LINUX:
        raise InstallationError(
            "There is no Excel for Linux. Install the same functions in LibreOffice Calc instead: "
            "capgain addin install --libreoffice"
        )
    _check_xlwings(version("xlwings"))
    done = [_put(places.addin, xlam(), "the add-in")]
    kept = {name: value for name, value in read_configuration(places.configuration).items() if name == "SHOW CONSOLE"}
    settings = configuration_text({places.interpreter_setting: str(interpreter), **kept})
    done.append(_put(places.configuration, settings.encode("utf-8"), "its configuration"))
    if places.platform is Platform.MAC:
        script = files("xlwings").joinpath(f"xlwings-{XLWINGS_VERSION}.applescript").read_bytes()
        done.append(_put(places.apple_script, script, "the script that lets Excel start Python"))
    return Done(tuple(done), _NEXT[places.platform])


_NEXT = {
    Platform.WINDOWS: (
        "Close all Excel windows and start Excel again: the tab CapGain appears.",
        'Type =CAPGAIN_TERM(DATE(2024,1,1),DATE(2025,1,2)) into a cell: it shows "Long".',
        "If not: capgain addin doctor",
    ),
    Platform.MAC: (
        "Quit Excel with Cmd-Q and start it again: the tab CapGain appears.",
        "The first click on Refresh asks whether Excel may run a script: allow it.",
        "Functions in cells need xlwings Lite on a Mac: see docs/excel.md. The buttons work without it.",
        "If not: capgain addin doctor",
    ),
}


def uninstall(places: Places) -> Done:
    """Take the add-in and its configuration away; xlwings' own script stays, other add-ins may need it."""
    if places.platform is Platform.LINUX:
        raise InstallationError("There is no Excel for Linux. For LibreOffice: capgain addin uninstall --libreoffice")
    done = [f"Removed {path}" for path in (places.addin, places.configuration) if _take_away(path)]
    return Done(tuple(done) or ("Nothing was installed.",), ("Close Excel and start it again.",))


def install_in_libreoffice(places: Places, run: Run | None = None, unopkg: str | None = None) -> Done:
    """Write the extension and add it to this user's LibreOffice. Raises InstallationError."""
    content = extension()
    done = [_put(places.extension, content, "the LibreOffice extension")]
    program = unopkg or find_unopkg(places)
    if program is None:
        return Done(tuple(done), (f"Open {places.extension} with LibreOffice: its Extension Manager installs it.",))
    code, said = (run or _run)([program, "add", "--force", str(places.extension)], _office_environment())
    if code:
        raise InstallationError(f"LibreOffice did not take the extension: {said.strip() or f'exit code {code}'}")
    done.append("LibreOffice has taken the extension.")
    return Done(
        tuple(done),
        (
            "Start LibreOffice anew and type =CAPGAIN_TERM(DATE(2024;1;1);DATE(2025;1;2)) into a cell of Calc: "
            'it shows "Long".',
        ),
    )


def uninstall_from_libreoffice(places: Places, run: Run | None = None, unopkg: str | None = None) -> Done:
    """Remove the extension from this user's LibreOffice. Raises InstallationError."""
    program = unopkg or find_unopkg(places)
    if program is None:
        raise InstallationError("LibreOffice was not found; remove CapGain in its Extension Manager.")
    code, said = (run or _run)([program, "remove", IDENTIFIER], _office_environment())
    if code:
        raise InstallationError(f"LibreOffice did not remove the extension: {said.strip() or f'exit code {code}'}")
    done = ["LibreOffice has removed the extension."]
    if _take_away(places.extension):
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


def _check_xlwings(installed: str) -> None:
    if installed != XLWINGS_VERSION:
        raise InstallationError(
            f"The add-in needs xlwings {XLWINGS_VERSION}, whose library carries that number, and {installed} is "
            f'installed. Run: pip install "xlwings=={XLWINGS_VERSION}"'
        )


def _put(path: Path, content: bytes, what: str) -> str:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content, overwrite=True)
    except CannotWrite as refusal:
        raise InstallationError(f"{refusal} Close Excel, which may hold {path} open, and try again.") from None
    except OSError as error:
        raise InstallationError(f"{path} cannot be written: {error.strerror or error}.") from None
    return f"Wrote {what}: {path}"


def _take_away(path: Path) -> bool:
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise InstallationError(f"{path} cannot be removed ({error.strerror}). Close Excel and try again.") from None
    return True


def _office_environment() -> dict[str, str]:
    """This environment without an activated virtual environment, whose Python would break LibreOffice's own."""
    hidden = ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    active = os.environ.get("VIRTUAL_ENV")
    if active and "PATH" in kept:
        kept["PATH"] = os.pathsep.join(part for part in kept["PATH"].split(os.pathsep) if not part.startswith(active))
    return kept


def _run(command: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str]:
    finished = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=False)
    return finished.returncode, finished.stdout + finished.stderr
