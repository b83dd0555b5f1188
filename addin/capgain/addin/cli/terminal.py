"""Where output goes: colour and progress on a terminal, plain text in a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console

Stages = Callable[[str, int, int], None]
"""Called with (stage, done, total); a total of 0 is not known."""

PIPED_WIDTH = 100
LONG_FILE = 500_000
"""Bytes from which on a ledger takes long enough for progress to be told from the start."""


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


class StatusLine:
    """One line on a terminal's standard error, each in place of the one before; nothing in a pipe."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_terminal = stream.isatty()
        self._width = 0

    def show(self, line: str) -> None:
        """Put `line` in place of the line before."""
        if self._is_terminal:
            self._stream.write("\r" + line.ljust(self._width))
            self._stream.flush()
            self._width = len(line)

    def clear(self) -> None:
        """Leave an empty line."""
        if self._width:
            self.show("")
            self._stream.write("\r")
            self._stream.flush()


SECONDS_BETWEEN = 2.0
"""How often a line of progress is renewed."""


class StagesShown:
    """Says on a status line which stage a run is in when it enters it, and every two seconds how far it is.

    A run that is not expected to be long says nothing before its first two seconds are over.
    """

    def __init__(self, line: StatusLine, *, is_long: bool, clock: Callable[[], float] = monotonic) -> None:
        self._line = line
        self._clock = clock
        self._starts = clock() + (0 if is_long else SECONDS_BETWEEN)
        self._next = self._starts
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = self._clock()
        if now >= (self._next if stage == self._stage else self._starts):
            far = f" {done:,} of {total:,} ({done * 100 // total} %)" if total else " ..."
            self._line.show(f"{stage}{far}")
            self._stage, self._next = stage, now + SECONDS_BETWEEN


@contextmanager
def stages(*, wanted: bool = True) -> Iterator[Stages]:
    """How far work in stages is, on a terminal; a run that is `wanted` to be told of from its start, another later."""
    line = StatusLine(sys.stderr)
    try:
        yield StagesShown(line, is_long=wanted)
    finally:
        line.clear()
