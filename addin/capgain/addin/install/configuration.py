"""The add-in's configuration file: lines of `"NAME","VALUE"`, as VBA's Input # reads them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path


def configuration_text(values: Mapping[str, str]) -> str:
    """The file's text. Raises ValueError for a quotation mark, which Input # cannot read back."""
    for name, value in values.items():
        if '"' in name + value:
            raise ValueError(f"A quotation mark cannot stand in the configuration: {value}")
    return "".join(f'"{name}","{value}"\r\n' for name, value in values.items())


def read_configuration(path: Path) -> dict[str, str]:
    """The settings in a file, {} where there is none."""
    if not path.is_file():
        return {}
    rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
    return {row[0].upper(): row[1] for row in rows if len(row) == 2}
