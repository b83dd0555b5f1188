"""`capgain addin doctor`: what is right and wrong with an installation, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from capgain.addin.building.xlam import xlam
from capgain.addin.building.xlwings_module import XLWINGS_VERSION
from capgain.addin.install.configuration import read_configuration
from capgain.addin.install.installing import find_unopkg
from capgain.addin.install.places import Places, Platform, dll_name, dll_places

INSTALL = "Run: capgain addin install"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `remedy` is "" where it is right."""

    what: str
    remedy: str = ""

    @property
    def is_right(self) -> bool:
        return not self.remedy


def examine(
    places: Places, interpreter: Path, *, xlwings_version: str | None = None, has_pywin32: bool | None = None
) -> tuple[Finding, ...]:
    """Everything that has to be right for the add-in to work, in the order in which to mend it."""
    if places.platform is Platform.LINUX:
        return _libreoffice(places)
    found = [_xlwings(xlwings_version or version("xlwings"))]
    found.append(_addin_file(places.addin))
    found += _configured(places, interpreter)
    if places.platform is Platform.WINDOWS:
        has = find_spec("win32com") is not None if has_pywin32 is None else has_pywin32
        found.append(
            Finding("pywin32 is installed.")
            if has
            else Finding("pywin32 is missing: Python cannot talk to Excel.", "Run: pip install pywin32")
        )
    elif not places.apple_script.is_file():
        found.append(Finding(f"The script that lets Excel start Python is missing: {places.apple_script}", INSTALL))
    else:
        found.append(Finding("Excel may start Python through xlwings' script."))
    return tuple(found)


def _xlwings(installed: str) -> Finding:
    if installed == XLWINGS_VERSION:
        return Finding(f"xlwings {installed} is the version the add-in was built from.")
    return Finding(
        f"xlwings {installed} is installed, and the add-in needs {XLWINGS_VERSION}.",
        f'Run: pip install "xlwings=={XLWINGS_VERSION}", then: capgain addin install',
    )


def _addin_file(path: Path) -> Finding:
    if not path.is_file():
        return Finding(f"The add-in is not installed: {path} is missing.", INSTALL)
    if path.read_bytes() != xlam():
        return Finding(f"The add-in at {path} is of another version of CapGain.", f"Close Excel. {INSTALL}")
    return Finding(f"The add-in is in place: {path}")


def _configured(places: Places, interpreter: Path) -> list[Finding]:
    path = places.configuration
    settings = read_configuration(path)
    if not settings:
        return [Finding(f"The add-in's configuration is missing or empty: {path}", INSTALL)]
    named = settings.get(places.interpreter_setting, "")
    if not named:
        return [Finding(f"{path} names no Python ({places.interpreter_setting}).", INSTALL)]
    found = []
    if not Path(named).is_file():
        found.append(Finding(f"{path} names a Python that is not there any more: {named}", INSTALL))
    elif Path(named) != interpreter:
        found.append(
            Finding(f"The add-in runs {named}, and this is {interpreter}.", f"If you moved CapGain: {INSTALL}")
        )
    else:
        found.append(Finding(f"The add-in runs this Python: {named}"))
    if places.platform is Platform.WINDOWS:
        found.append(_library(Path(named)))
    elif " " in named:
        found.append(
            Finding(
                f"The path of Python has a space in it, which Excel for Mac cannot start: {named}",
                "Install CapGain in a folder without spaces.",
            )
        )
    return found


def _library(interpreter: Path) -> Finding:
    if "windowsapps" in str(interpreter).casefold():
        return Finding(
            "Python comes from the Microsoft Store, which Excel cannot start.",
            "Install Python from python.org, install CapGain with it, then: capgain addin install",
        )
    for path in dll_places(interpreter):
        if path.is_file():
            return Finding(f"xlwings' library is in place: {path}")
    return Finding(
        f"xlwings' library {dll_name()} is neither beside {interpreter} nor a folder up.",
        f'Run: pip install --force-reinstall "xlwings=={XLWINGS_VERSION}". A virus scanner may have removed it.',
    )


def _libreoffice(places: Places) -> tuple[Finding, ...]:
    found = [Finding("There is no Excel for Linux: the functions run in LibreOffice Calc.")]
    program = find_unopkg(places)
    if program is None:
        found.append(
            Finding(
                "LibreOffice was not found.", "Install it with your package manager (libreoffice-calc, python3-uno)."
            )
        )
    else:
        found.append(Finding(f"LibreOffice is installed: {program}"))
    if places.extension.is_file():
        found.append(Finding(f"The extension was installed from {places.extension}"))
    else:
        found.append(Finding("The extension is not installed.", "Run: capgain addin install --libreoffice"))
    return tuple(found)
