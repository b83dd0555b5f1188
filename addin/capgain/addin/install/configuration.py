"""The add-in's configuration file: lines of `"NAME","VALUE"`, as VBA's Input # reads them.

VBA reads the file in the machine's old code page, which is another on every machine, and then replaces `%NAME%` by
what Windows calls so. A path is therefore written in ASCII: with the variable of the folder that has the user's name in
it, and in the code page only where no variable says it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

VARIABLES = ("LOCALAPPDATA", "APPDATA", "USERPROFILE", "ProgramFiles", "ProgramData", "PUBLIC")
"""The folders of Windows that a Python may be in, those within others first."""


def configuration_text(values: Mapping[str, str]) -> str:
    """The file's text. Raises ValueError for a quotation mark, which Input # cannot read back."""
    for name, value in values.items():
        if '"' in name + value:
            raise ValueError(f"A quotation mark cannot stand in the configuration: {value}")
    return "".join(f'"{name}","{value}"\r\n' for name, value in values.items())


def read_configuration(path: Path, code_page: str) -> dict[str, str]:
    """The settings in a file as VBA reads them, {} where there is none. What the code page has no sign for is �."""
    if not path.is_file():
        return {}
    rows = csv.reader(io.StringIO(path.read_bytes().decode(code_page, errors="replace")))
    try:
        return {row[0].upper(): row[1] for row in rows if len(row) == 2}
    except csv.Error:
        return {}


def with_variables(path: str, environment: Mapping[str, str]) -> str:
    """A path of Windows with the first of VARIABLES that it begins with."""
    for name in VARIABLES:
        folder = environment.get(name, "").rstrip("\\")
        if folder and path.casefold().startswith(folder.casefold() + "\\"):
            return f"%{name}%{path[len(folder) :]}"
    return path


def expanded(text: str, environment: Mapping[str, str]) -> str:
    """A text as Windows reads it: `%NAME%` stands for a variable, and for itself where there is none of that name."""
    known = {name.casefold(): value for name, value in environment.items()}
    return re.sub(r"%([^%]+)%", lambda found: known.get(found[1].casefold(), found[0]), text)


def can_be_written(text: str, code_page: str) -> bool:
    """Whether the code page has every sign of a text, and reads the same back."""
    try:
        return text.encode(code_page).decode(code_page) == text
    except UnicodeEncodeError:
        return False
