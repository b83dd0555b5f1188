"""`capgain addin doctor`: what is right and wrong with an installation, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from capgain.addin.building.xlam import is_this_version
from capgain.addin.building.xlwings_module import XLWINGS_VERSION
from capgain.addin.install.configuration import expanded, read_configuration
from capgain.addin.install.installing import FROM_PYTHON_ORG, is_of_the_store, unreadable_profile
from capgain.addin.install.libreoffice import find_unopkg, registered_version
from capgain.addin.install.places import Places, Platform
from capgain.addin.install.running import Run, office_environment, run_program

INSTALL = "Run: capgain addin install"
INSTALL_IN_LIBREOFFICE = "Run: capgain addin install --libreoffice"

OPTIONS = ("-B", "-P", "-E", "-c")
"""With these the add-in starts Python: it looks for modules neither in the current folder nor where variables say."""

WHAT_THE_FUNCTIONS_NEED = {
    Platform.WINDOWS: "import win32com.server.util, capgain.addin.excel.com_server",
    Platform.MAC: "import appscript, capgain.addin.excel.ribbon.pressed",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `remedy` is "" where it is right."""

    what: str
    remedy: str = ""

    @property
    def is_right(self) -> bool:
        return not self.remedy


def examine(
    places: Places, interpreter: Path, *, xlwings_version: str | None = None, run: Run | None = None
) -> tuple[Finding, ...]:
    """Everything that has to be right for the add-in to work, in the order in which to mend it.

    `run` starts Python as Excel does, and LibreOffice's installer.
    """
    run = run or run_program
    if places.platform is Platform.LINUX:
        return (
            Finding("There is no Excel for Linux: the functions run in LibreOffice Calc."),
            *_libreoffice(places, run),
        )
    found = [_xlwings(xlwings_version or version("xlwings")), _addin_file(places)]
    if places.platform is Platform.WINDOWS:
        found += _windows(places)
    elif not places.apple_script.is_file():
        found.append(Finding(f"The script that lets Excel start Python is missing: {places.apple_script}", INSTALL))
    else:
        found.append(Finding("Excel may start Python through xlwings' script."))
    found += _configured(places, interpreter, run)
    if places.extension.is_file():
        found += _libreoffice(places, run)
    return tuple(found)


def _xlwings(installed: str) -> Finding:
    if installed == XLWINGS_VERSION:
        return Finding(f"xlwings {installed} is the version the add-in was built from.")
    return Finding(
        f"xlwings {installed} is installed, and the add-in needs {XLWINGS_VERSION}.",
        f'Run: pip install "xlwings=={XLWINGS_VERSION}", then: capgain addin install',
    )


def _addin_file(places: Places) -> Finding:
    path = places.addin
    if not path.is_file():
        return Finding(f"The add-in is not installed: {path} is missing.", INSTALL)
    if not is_this_version(path.read_bytes()):
        return Finding(f"The add-in at {path} is of another version of CapGain.", f"Close Excel. {INSTALL}")
    return Finding(f"The add-in is in place: {path}")


def _windows(places: Places) -> list[Finding]:
    """What Excel's VBA finds before it reads the configuration."""
    found = []
    unreadable = unreadable_profile(places)
    if unreadable:
        reason, _, remedy = unreadable.partition(". ")
        found.append(Finding(f"{reason}.", remedy))
    if str(places.addin).startswith("\\\\"):
        found.append(
            Finding(
                f"The add-in lies on a network folder, where Excel may run no macros: {places.addin.parent}",
                "Ask the administrator to make that folder a trusted location (docs/excel.md, For the administrator).",
            )
        )
    missing = [path for path in places.libraries if not path.is_file()]
    if missing:
        found.append(
            Finding(
                f"xlwings' library is missing: {missing[0]}",
                f"{INSTALL}. If it goes away again, a virus scanner takes it: ask for an exception for that file.",
            )
        )
    else:
        found.append(Finding(f"xlwings' library is in place: {places.libraries[0]}"))
    return found


def _configured(places: Places, interpreter: Path, run: Run) -> list[Finding]:
    """The Python that the add-in starts, read as VBA reads it."""
    path = places.configuration
    settings = read_configuration(path, places.code_page)
    if not settings:
        return [Finding(f"The add-in's configuration is missing or empty: {path}", INSTALL)]
    named = settings.get(places.interpreter_setting, "")
    if not named:
        return [Finding(f"{path} names no Python ({places.interpreter_setting}).", INSTALL)]
    if places.platform is Platform.WINDOWS:
        named = expanded(named, places.environment)
    if places.platform is Platform.WINDOWS and is_of_the_store(Path(named)):
        return [Finding("Python comes from the Microsoft Store, which Excel cannot start.", FROM_PYTHON_ORG)]
    if not Path(named).is_file():
        return [Finding(f"Excel reads in {path} a Python that is not there any more: {named}", INSTALL)]
    if places.platform is Platform.MAC and " " in named:
        return [
            Finding(
                f"The path of Python has a space in it, which Excel for Mac cannot start: {named}",
                "Install CapGain in a folder without spaces.",
            )
        ]
    found = []
    if Path(named) != interpreter:
        found.append(
            Finding(f"The add-in runs {named}, and this is {interpreter}.", f"If you moved CapGain: {INSTALL}")
        )
    else:
        found.append(Finding(f"The add-in runs this Python: {named}"))
    return [*found, _starts(named, places, run)]


def _starts(named: str, places: Places, run: Run) -> Finding:
    """Whether that Python starts as Excel starts it and has what the functions need."""
    code, said = run([named, *OPTIONS, WHAT_THE_FUNCTIONS_NEED[places.platform]], office_environment())
    if code == 0:
        return Finding("Python starts as Excel starts it, and has what the functions need.")
    last = said.strip().splitlines()[-1:] or [f"exit code {code}"]
    where = '"%LOCALAPPDATA%\\CapGain"' if places.platform is Platform.WINDOWS else "~/CapGain"
    return Finding(
        f"Python does not start as Excel starts it: {last[0]}",
        f"Make a virtual environment (python -m venv {where}), and in it: pip install capgain, then: "
        "capgain addin install",
    )


def _libreoffice(places: Places, run: Run) -> list[Finding]:
    """What LibreOffice itself says it runs: the extension's file proves nothing."""
    program = find_unopkg(places)
    if program is None:
        return [
            Finding(
                "LibreOffice was not found.", "Install it with your package manager (libreoffice-calc, python3-uno)."
            )
        ]
    found = [Finding(f"LibreOffice is installed: {program}")]
    registered = registered_version(program, run)
    if not registered:
        found.append(Finding("LibreOffice does not run the extension.", INSTALL_IN_LIBREOFFICE))
    elif registered != version("capgain"):
        found.append(
            Finding(
                f"LibreOffice runs the extension of CapGain {registered}, and this is {version('capgain')}.",
                f"Close LibreOffice. {INSTALL_IN_LIBREOFFICE}",
            )
        )
    else:
        found.append(Finding(f"LibreOffice runs the extension, version {registered}."))
    return found
