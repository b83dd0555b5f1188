"""Ctrl-C, and the system's wish that this process ends, as an exception that comes between two steps of the work.

Where two steps belong together it waits for the second. Only a program that asks for it is told so
(`tell_of_signals`).
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Of the terminal's Ctrl-C, of those who end processes, of a terminal that closes, and of Ctrl-Break on Windows."""

_together = 0
_came: list[int] = []


class Interrupted(KeyboardInterrupt):
    """A signal came. `number` is the signal's."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.strsignal(number))
        self.number = number


def tell_of_signals() -> None:
    """From now on each of SIGNALS raises Interrupted in the main thread, but those that this process was to ignore."""
    for name in SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            with suppress(ValueError):  # not in the main thread
                signal.signal(number, _told)


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
            raise Interrupted(number)


def _told(number: int, frame: FrameType | None) -> None:
    if _together:
        _came.append(number)
        return
    raise Interrupted(number)
