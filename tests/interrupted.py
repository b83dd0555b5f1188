"""How a command of `capgain` ends that a signal interrupts at one of its file operations, and what it leaves.

Called with a folder, a number and the command's arguments. The command runs on a copy of the folder for each operation,
or for so many of them, spread over the run, and is sent Ctrl-C's signal, SIGTERM and SIGHUP in turn as it begins that
operation. Prints a line of JSON for each: the signal, the exit code, what was said, the files that are there.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import killed

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(folder: Path, arguments: list[str], at: int | None, number: int) -> tuple[int, str, int]:
    """The exit code, standard error, and how many operations there were. `at` None: without a signal."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as counted:
        child = os.fork()
        if child == 0:
            os.chdir(folder)
            for each in SIGNALS:  # which a process begun in the background may be told to ignore
                signal.signal(each, signal.default_int_handler if each == signal.SIGINT else signal.SIG_DFL)
            os.dup2(said.fileno(), 2)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            operations = signal_at(folder, at, number)
            sys.argv = ["capgain", *arguments]
            from capgain.addin.cli import main

            try:
                main()
            except SystemExit as end:
                sys.stderr.flush()
                os.write(counted.fileno(), str(len(operations)).encode())
                os._exit(end.code if isinstance(end.code, int) else 0)
            os._exit(99)
        _, status = os.waitpid(child, 0)
        said.seek(0)
        counted.seek(0)
        return os.waitstatus_to_exitcode(status), said.read().decode("utf-8", "replace"), int(counted.read() or 0)


def signal_at(folder: Path, at: int | None, number: int) -> list[str]:
    operations: list[str] = []

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if killed.is_change(event, arguments, folder):
            operations.append(event)
            if len(operations) - 1 == at:
                os.kill(os.getpid(), number)

    sys.addaudithook(watch)
    return operations


def interrupted(pristine: Path, most: int, arguments: list[str]) -> Iterator[dict[str, object]]:
    for at, number in moments(pristine, most, arguments):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(os.path.realpath(scratch)) / "work"
            shutil.copytree(pristine, folder, symlinks=True)
            code, said, _ = run(folder, arguments, at, number)
            yield {"at": at, "signal": number, "code": code, "said": said, "files": killed.files(folder)}


def moments(pristine: Path, most: int, arguments: list[str]) -> Iterator[tuple[int, int]]:
    """So many operations of an undisturbed run at most, with a signal for each."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(os.path.realpath(scratch)) / "work"
        shutil.copytree(pristine, folder, symlinks=True)
        code, said, operations = run(folder, arguments, None, 0)
    assert code == 0, said
    count = min(most, operations)
    for place in range(count):
        yield place * operations // count, SIGNALS[place % len(SIGNALS)]


if __name__ == "__main__":
    from capgain.addin import cli

    for module, _ in cli.COMMANDS.values():  # once here, not in every run
        import_module(f"{cli.__name__}.{module}")
    for one in interrupted(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]):
        print(json.dumps(one))
