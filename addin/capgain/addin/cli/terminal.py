"""Where output goes: colour and progress on a terminal, plain text in a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console

Progress = Callable[[int, int], None]
"""Called with (done, total) rows."""

PIPED_WIDTH = 100
SHOWN_AFTER_ROWS = 20_000
"""A ledger shorter than this is done before a progress bar could be read."""


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
def progress(label: str, rows: int) -> Iterator[Progress | None]:
    """A progress bar on standard error for a long run on a terminal, else None."""
    if rows < SHOWN_AFTER_ROWS or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import Progress as Bar

    with Bar(console=console(sys.stderr), transient=True) as bar:
        task = bar.add_task(label, total=rows)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield advance


@contextmanager
def stages() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar for work in stages, called with (stage, done, total); silent where there is no terminal."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.progress import Progress as Bar

    with Bar(console=console(sys.stderr), transient=True) as bar:
        task = bar.add_task("")

        def advance(stage: str, done: int, total: int) -> None:
            bar.update(task, description=stage, completed=done, total=total)

        yield advance
