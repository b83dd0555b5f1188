"""Standard output that fails: a full disk, a reader that has gone, no output at all. One line says so, exit code 1."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_STANDARD_OUTPUT = 1
_AS_NUMBERS = "backslashreplace"


class StandardOutputFailed(Exception):
    """Nothing more can be written to standard output. No OSError, which libraries take for theirs."""


@contextmanager
def told_where_output_fails() -> Iterator[None]:
    """Run a command whose output may fail, and end the process with exit code 1 where it does.

    Letters that the output's encoding does not have are written as their numbers, as on standard error.
    """
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - it takes the place of a stream of the process
    if sys.stdout is None:
        _end("there is no standard output to write to: it is closed. Nothing was done.")
    if not sys.stdout.isatty():
        sys.stdout = io.TextIOWrapper(
            io.BufferedWriter(_StandardOutput(_STANDARD_OUTPUT, "w", closefd=False)),
            encoding=sys.stdout.encoding,
            errors=_AS_NUMBERS,
            newline="" if os.name != "nt" else None,
        )
    elif isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors=_AS_NUMBERS)
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except StandardOutputFailed as failure:
        os.dup2(os.open(os.devnull, os.O_WRONLY), _STANDARD_OUTPUT)  # for what is still in the buffer
        _end(str(failure))


class _StandardOutput(io.FileIO):
    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError as refusal:
            raise StandardOutputFailed(_told(refusal)) from refusal


def _told(refusal: OSError) -> str:
    if refusal.errno in (errno.EPIPE, errno.EINVAL):  # Windows says EINVAL of a reader that has gone
        return "the program that reads this output has ended. The rest of it is lost."
    return f"standard output cannot be written: {refusal.strerror or refusal}. The rest of it is lost."


def _end(sentence: str) -> NoReturn:
    sys.stderr.write(f"capgain: {sentence}\n")
    sys.exit(1)
