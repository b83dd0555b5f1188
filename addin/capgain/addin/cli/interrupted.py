"""How a command ends that Ctrl-C or a signal interrupts: one line, and the shell's exit code for that signal."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import click

_OF_SIGNALS = 128
"""What shells add to a signal's number."""
SAID = "capgain: interrupted. What was not finished is removed; a result that was complete is there."


def exit_code(cause: KeyboardInterrupt) -> int:
    """Of a process that a signal ended: 130 after Ctrl-C."""
    return _OF_SIGNALS + int(getattr(cause, "number", signal.SIGINT))


@contextmanager
def told_where_interrupted() -> Iterator[None]:
    """Leave with exit code 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP."""
    try:
        yield
    except (KeyboardInterrupt, click.Abort) as interrupted:
        cause = interrupted.__context__ if isinstance(interrupted, click.Abort) else interrupted
        if not isinstance(cause, KeyboardInterrupt):
            raise
        with suppress(OSError, ValueError):  # the terminal may have gone
            sys.stderr.write(f"\n{SAID}\n" if sys.stderr.isatty() else f"{SAID}\n")
            sys.stderr.flush()
        code = exit_code(cause)
    else:
        return
    sys.exit(code)
