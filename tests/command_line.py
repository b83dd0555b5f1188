"""`capgain` as a process of its own, its output piped."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Run = Callable[..., Result]
"""The fixture `run`: `run("compute", path, "--json")` in this process."""


def process(*arguments: object, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `capgain` with these arguments; a Python warning is an error."""
    command = [sys.executable, "-m", "capgain.addin.cli", *map(str, arguments)]
    root = Path(__file__).parents[1]
    paths = os.pathsep.join(str(root / part) for part in ("engine", "workbook", "addin"))
    env = {**os.environ, "PYTHONPATH": paths, "PYTHONWARNINGS": "error", **environment}
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=cwd, env=env, timeout=120)
