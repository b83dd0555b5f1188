"""Ctrl-C, and the system's wish that this process ends, as an exception that comes between two steps of the work.

Where two steps belong together it waits for the second. Only a program that asks for it is told so
(`tell_of_signals`); before it has begun anything, a signal may end it where it stands (`end_at_signals`).
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Of the terminal's Ctrl-C, of those who end processes, of a terminal that closes, and of Ctrl-Break on Windows."""

SAID = "capgain: interrupted. What was not finished is removed; a result that was complete is there."
"""What a run says that a signal ended."""

OF_SIGNALS = 128
"""What shells add to a signal's number to make an exit code."""

_together = 0
_came: list[int] = []
_raised: list[int] = []


class Interrupted(KeyboardInterrupt):
    """A signal came. `number` is the signal's."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.strsignal(number))
        self.number = number


def tell_of_signals() -> None:
    """From now on each of SIGNALS raises Interrupted in the main thread, but those that this process was to ignore."""
    _raised.clear()
    _answered_by(_told)


def end_at_signals() -> None:
    """From now on each of SIGNALS ends this process at once, with a line and the shell's exit code for it."""
    _answered_by(_end)


@contextmanager
def told_of_signals() -> Iterator[None]:
    """`tell_of_signals` for a block, in a process that they would end at once before and after."""
    if not any(signal.getsignal(number) is _end for number in map(_number, SIGNALS) if number is not None):
        yield
        return
    tell_of_signals()
    try:
        yield
    finally:
        end_at_signals()


def _number(name: str) -> int | None:
    found: int | None = getattr(signal, name, None)
    return found


def _answered_by(handler: Callable[[int, FrameType | None], None]) -> None:
    for name in SIGNALS:
        number = _number(name)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            with suppress(ValueError):  # not in the main thread
                signal.signal(number, handler)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Steps of a moment that belong together: a signal that comes meanwhile is told of when the block has ended."""
    global _together
    _together += 1
    try:
        yield
    finally:
        _together -= 1
        if _came and not _together:
            number = _came[0]
            _came.clear()
            _raised.append(number)
            raise Interrupted(number)


def _told(number: int, frame: FrameType | None) -> None:
    if _together:
        _came.append(number)
        return
    _raised.append(number)
    raise Interrupted(number)


def interruption() -> Interrupted | None:
    """The first that was raised, of which a module that was being loaded may have made another error."""
    return Interrupted(_raised[0]) if _raised else None


def _end(number: int, frame: FrameType | None) -> None:
    say_interrupted()
    os._exit(OF_SIGNALS + number)


def say_interrupted() -> None:
    """Write SAID on standard error; on a terminal below what was typed."""
    with suppress(OSError, ValueError, AttributeError):  # the terminal may have gone, or never been
        sys.stderr.write(f"\n{SAID}\n" if sys.stderr.isatty() else f"{SAID}\n")
        sys.stderr.flush()
