"""Other programs, run without what a virtual environment puts in their way."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence

Run = Callable[[Sequence[str], Mapping[str, str]], tuple[int, str]]
"""Runs a program with an environment; gives its exit code and what it said."""


def office_environment() -> dict[str, str]:
    """This environment without an activated virtual environment, whose Python would break LibreOffice's own."""
    hidden = ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    active = os.environ.get("VIRTUAL_ENV")
    if active and "PATH" in kept:
        kept["PATH"] = os.pathsep.join(part for part in kept["PATH"].split(os.pathsep) if not part.startswith(active))
    return kept


def run_program(command: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str]:
    """A `Run`."""
    finished = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=False)
    return finished.returncode, finished.stdout + finished.stderr
