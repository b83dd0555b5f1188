"""`capgain` as a process of its own: its output piped, or on a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from click.testing import Result

Run = Callable[..., Result]
"""The fixture `run`: `run("compute", path, "--json")` in this process."""

PATIENCE = 900.0
"""Seconds after which a process that a test waits for hangs, however busy the machine is."""

SOURCES = os.pathsep.join(str(Path(__file__).parents[1] / part) for part in ("engine", "workbook", "addin"))


def _command(arguments: Sequence[object]) -> list[str]:
    return [sys.executable, "-m", "capgain.addin.cli", *map(str, arguments)]


def process(*arguments: object, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `capgain` with these arguments; a Python warning is an error."""
    env = {**os.environ, "PYTHONPATH": SOURCES, "PYTHONWARNINGS": "error", **environment}
    return subprocess.run(
        _command(arguments), capture_output=True, text=True, encoding="utf-8", cwd=cwd, env=env, timeout=PATIENCE
    )


def on_terminal(*arguments: object, **environment: str) -> str:
    """Run `capgain` on a pseudo-terminal of 100 columns and return everything that appeared on it."""
    import pty

    controller, terminal = pty.openpty()
    env = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    env |= {"PYTHONPATH": SOURCES, "TERM": "xterm-256color", "COLUMNS": "100", **environment}
    with subprocess.Popen(_command(arguments), stdin=terminal, stdout=terminal, stderr=terminal, env=env):
        os.close(terminal)
        shown = b""
        while True:
            try:
                block = os.read(controller, 65536)
            except OSError:
                break
            if not block:
                break
            shown += block
    os.close(controller)
    return shown.decode("utf-8", "replace")
