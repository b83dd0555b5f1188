"""`capgain addin install` and `uninstall`: Excel's add-in, its configuration and what starts Python."""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import files
from pathlib import Path, PurePath

from capgain.addin.building.xlam import is_this_version, xlam
from capgain.addin.building.xlwings_module import XLWINGS_VERSION
from capgain.addin.install.configuration import (
    can_be_written,
    configuration_text,
    expanded,
    read_configuration,
    with_variables,
)
from capgain.addin.install.files import Done, InstallationError, put, take_away
from capgain.addin.install.places import LIBRARIES, Places, Platform, libraries_of


def install(places: Places, interpreter: Path, signed: Path | None = None) -> Done:
    """Put the add-in where Excel starts it and tell it which Python to use. Raises InstallationError.

    `signed` is the file of `capgain addin build` with a signature of somebody's own in it.
    """
    if places.platform is Platform.LINUX:
        raise InstallationError(
            "There is no Excel for Linux. Install the same functions in LibreOffice Calc instead: "
            "capgain addin install --libreoffice"
        )
    _check_xlwings(version("xlwings"))
    if places.platform is Platform.WINDOWS and is_of_the_store(interpreter):
        raise InstallationError(f"Python comes from the Microsoft Store, which Excel cannot start. {FROM_PYTHON_ORG}")
    written = interpreter_as_read(places, interpreter)
    libraries = libraries_of(interpreter) if places.platform is Platform.WINDOWS else ()
    if places.platform is Platform.WINDOWS and not libraries:
        raise InstallationError(
            f"xlwings is installed without its library {LIBRARIES[0]}, through which Excel starts Python. "
            f'Run: pip install --force-reinstall "xlwings=={XLWINGS_VERSION}". A virus scanner may have removed it.'
        )
    content = xlam() if signed is None else signed.read_bytes()
    if not is_this_version(content):
        raise InstallationError(
            f"{signed} is not the add-in that this version of CapGain builds. Build it (capgain addin build), sign "
            "that file, and install it again."
        )
    done = [*put(places.addin, content, "the add-in")]
    kept = {
        name: value
        for name, value in read_configuration(places.configuration, places.code_page).items()
        if name == "SHOW CONSOLE"
    }
    settings = configuration_text({places.interpreter_setting: written, **kept})
    done.extend(put(places.configuration, settings.encode(places.code_page), "its configuration"))
    for library in libraries:
        place = places.configuration.with_name(library.name)
        # The number in its name is its version, and a running Excel holds it open.
        if not place.is_file() or place.read_bytes() != library.read_bytes():
            done.extend(put(place, library.read_bytes(), "xlwings' library"))
    if places.platform is Platform.MAC:
        script = files("xlwings").joinpath(f"xlwings-{XLWINGS_VERSION}.applescript").read_bytes()
        done.extend(put(places.apple_script, script, "the script that lets Excel start Python"))
    return Done(tuple(done), _NEXT[places.platform])


FROM_PYTHON_ORG = "Install Python from python.org, install CapGain with it, then: capgain addin install"


def is_of_the_store(interpreter: Path) -> bool:
    """Whether a Python of Windows is the Microsoft Store's."""
    return "windowsapps" in str(interpreter).casefold()


def unreadable_profile(places: Places) -> str:
    """Why the add-in's VBA could not even find its configuration, "" where it can."""
    profile = places.environment.get("USERPROFILE") or str(places.home)
    if places.platform is not Platform.WINDOWS or can_be_written(profile, places.code_page):
        return ""
    return (
        f"Excel's VBA reads names in Windows' code page {places.code_page}, which has no sign for one in {profile}. "
        "In Settings, Time & language, Language & region, Administrative language settings, Change system locale, "
        "choose the language of that name, or tick UTF-8; start Windows anew; then: capgain addin install"
    )


def interpreter_as_read(places: Places, interpreter: PurePath) -> str:
    """The interpreter's path as the configuration states it. Raises InstallationError where VBA would read another."""
    if places.platform is not Platform.WINDOWS:
        return str(interpreter)
    unreadable = unreadable_profile(places)
    if unreadable:
        raise InstallationError(unreadable)
    written = with_variables(str(interpreter), places.environment)
    if "%" in str(interpreter) or expanded(written, places.environment).casefold() != str(interpreter).casefold():
        raise InstallationError(
            f"The folder of Python has a percent sign in its name, which Windows reads as a variable: {interpreter}. "
            "Install CapGain in a folder without one."
        )
    if not can_be_written(written, places.code_page):
        raise InstallationError(
            f"Excel's VBA reads names in Windows' code page {places.code_page}, which has no sign for one in "
            f"{interpreter}. Install CapGain in a folder whose name has letters of your language alone."
        )
    return written


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
    ours = (places.addin, places.configuration, *(places.libraries if places.platform is Platform.WINDOWS else ()))
    done = [f"Removed {path}" for path in ours if take_away(path)]
    return Done(tuple(done) or ("Nothing was installed.",), ("Close Excel and start it again.",))


def _check_xlwings(installed: str) -> None:
    if installed != XLWINGS_VERSION:
        raise InstallationError(
            f"The add-in needs xlwings {XLWINGS_VERSION}, whose library carries that number, and {installed} is "
            f'installed. Run: pip install "xlwings=={XLWINGS_VERSION}"'
        )
