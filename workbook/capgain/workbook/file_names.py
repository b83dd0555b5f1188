"""Names of files as text: a file system may hold bytes that are none."""

from __future__ import annotations

import os
from pathlib import Path


def readable(name: str) -> str:
    """A file's name or path, with a mark in place of each byte that is no UTF-8."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def place_of(path: Path) -> Path:
    """Where a path leads in the end; of links in a ring, one of them."""
    return Path(os.path.realpath(path))
