"""How a command ends that Ctrl-C or a signal interrupts: one line, and the shell's exit code for that signal."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from capgain.workbook.interruption import OF_SIGNALS, interruption, say_interrupted


def exit_code(cause: KeyboardInterrupt) -> int:
    """Of a process that a signal ended: 130 after Ctrl-C."""
    return OF_SIGNALS + int(getattr(cause, "number", signal.SIGINT))


@contextmanager
def told_where_interrupted() -> Iterator[None]:
    """Leave with exit code 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP."""
    try:
        yield
    except (KeyboardInterrupt, click.Abort) as interrupted:
        cause = interrupted.__context__ if isinstance(interrupted, click.Abort) else interrupted
        if not isinstance(cause, KeyboardInterrupt):
            raise
    except click.exceptions.Exit:
        raise
    except Exception:
        cause = interruption()
        if cause is None:
            raise
    else:
        return
    say_interrupted()
    sys.exit(exit_code(cause))
