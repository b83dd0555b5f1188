"""Where Excel and LibreOffice expect things, by platform. Nothing here touches the disk."""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from importlib.metadata import distribution
from pathlib import Path

from capgain.addin.building.xlam import FILE_NAME
from capgain.addin.building.xlwings_module import PROJECT, XLWINGS_VERSION


class Platform(Enum):
    """The operating systems that differ here."""

    WINDOWS = "Windows"
    MAC = "macOS"
    LINUX = "Linux"

    @classmethod
    def this(cls) -> Platform:
        if sys.platform == "win32":
            return cls.WINDOWS
        return cls.MAC if sys.platform == "darwin" else cls.LINUX


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one user. `environment` is asked for APPDATA and USERPROFILE on Windows.

    `code_page` is what VBA reads files in: on Windows the machine's own, whatever Python is told to use.
    """

    platform: Platform
    home: Path
    environment: Mapping[str, str]
    code_page: str = "utf-8"

    @classmethod
    def of_this_user(cls) -> Places:
        platform = Platform.this()
        code_page = locale.getencoding() if platform is Platform.WINDOWS else "utf-8"
        return cls(platform, Path.home(), os.environ, code_page)

    @property
    def addin(self) -> Path:
        """Where Excel loads add-ins from when it starts."""
        if self.platform is Platform.WINDOWS:
            roaming = Path(self.environment.get("APPDATA") or self.home / "AppData" / "Roaming")
            return roaming / "Microsoft" / "Excel" / "XLSTART" / FILE_NAME
        office = self.home / "Library" / "Group Containers" / "UBF8T346G9.Office"
        return office / "User Content.localized" / "Startup.localized" / "Excel" / FILE_NAME

    @property
    def configuration(self) -> Path:
        """The file in which the add-in's VBA looks for its Python."""
        if self.platform is Platform.WINDOWS:
            profile = Path(self.environment.get("USERPROFILE") or self.home)
            return profile / f".{PROJECT}" / f"{PROJECT}.conf"
        return self.home / "Library" / "Containers" / "com.microsoft.Excel" / "Data" / f"{PROJECT}.conf"

    @property
    def libraries(self) -> tuple[Path, ...]:
        """xlwings' libraries beside the configuration, where the add-in's VBA loads them from."""
        return tuple(self.configuration.with_name(name) for name in LIBRARIES)

    @property
    def apple_script(self) -> Path:
        """The script through which Excel for Mac may start Python."""
        scripts = self.home / "Library" / "Application Scripts" / "com.microsoft.Excel"
        return scripts / f"xlwings-{XLWINGS_VERSION}.applescript"

    @property
    def extension(self) -> Path:
        """Where the LibreOffice extension's file is kept."""
        if self.platform is Platform.WINDOWS:
            return self.configuration.with_name("capgain.oxt")
        if self.platform is Platform.MAC:
            return self.home / "Library" / "Application Support" / "CapGain" / "capgain.oxt"
        data = Path(self.environment.get("XDG_DATA_HOME") or self.home / ".local" / "share")
        return data / "capgain" / "capgain.oxt"

    @property
    def interpreter_setting(self) -> str:
        return "INTERPRETER_WIN" if self.platform is Platform.WINDOWS else "INTERPRETER_MAC"


LIBRARIES = (f"xlwings64-{XLWINGS_VERSION}.dll", f"xlwings32-{XLWINGS_VERSION}.dll")
"""xlwings' libraries, for Excel of 64 and of 32 bits; the Python they start may be of either."""


def libraries_of(interpreter: Path) -> tuple[Path, ...]:
    """xlwings' libraries where pip put them, which depends on whose Python it is and how it was told."""
    told = [Path(str(file.locate())) for file in distribution("xlwings").files or () if file.name in LIBRARIES]
    usual = [folder / name for folder in interpreter.parents[:2] for name in LIBRARIES]
    found = {path.name: path for path in reversed((*told, *usual)) if path.is_file()}
    return tuple(found[name] for name in LIBRARIES if name in found)
