"""Where output goes: colour and progress on a terminal, plain text in a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console

Stages = Callable[[str, int, int], None]
"""Called with (stage, done, total); a total of 0 is not known."""

PIPED_WIDTH = 100
LONG_FILE = 500_000
"""Bytes from which on a ledger takes long enough for a progress bar to be read."""


def console(stream: TextIO) -> Console:
    """A console on `stream` that sends escape sequences to a terminal only, whatever FORCE_COLOR says.

    NO_COLOR, set to anything, takes the colours away (no-color.org).
    """
    from rich.console import Console

    is_terminal = stream.isatty()
    return Console(
        file=stream,
        force_terminal=is_terminal,
        width=None if is_terminal or os.environ.get("COLUMNS") else PIPED_WIDTH,
        no_color=bool(os.environ.get("NO_COLOR")) or None,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=not is_terminal,
    )


def printable(text: str) -> str:
    """Text of a ledger without the control characters that could steer a terminal."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


@contextmanager
def stages(*, wanted: bool = True) -> Iterator[Stages]:
    """A progress bar for work in stages on a terminal; silent in a pipe, or where it is too short to be `wanted`."""
    if not (wanted and sys.stderr.isatty()):
        yield lambda stage, done, total: None
        return
    from rich.progress import Progress

    with Progress(console=console(sys.stderr), transient=True) as bar:
        task = bar.add_task("")

        def advance(stage: str, done: int, total: int) -> None:
            bar.update(task, description=stage, completed=done, total=total or None)

        yield advance
