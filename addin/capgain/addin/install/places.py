"""Where Excel and LibreOffice expect things, by platform. Nothing here touches the disk."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
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
    """The folders of one user. `environment` is asked for APPDATA and USERPROFILE on Windows."""

    platform: Platform
    home: Path
    environment: Mapping[str, str]

    @classmethod
    def of_this_user(cls) -> Places:
        return cls(Platform.this(), Path.home(), os.environ)

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


def dll_name() -> str:
    """xlwings' library for this Python's word size."""
    return f"xlwings{'64' if sys.maxsize > 2**32 else '32'}-{XLWINGS_VERSION}.dll"


def dll_places(interpreter: Path) -> tuple[Path, Path]:
    """Where the add-in looks for the library: beside the interpreter, or a folder up (virtual environment)."""
    return interpreter.parent / dll_name(), interpreter.parent.parent / dll_name()
