"""An output belongs to one run at a time, and the next run settles what a killed one left of it.

A lock beside the output holds other runs of CapGain off; on a disk that knows no locks, a name that one alone can make.
What a killed run leaves lies under hidden names that tell which output it is of: a folder that was on its way out of
place is put back, all else is removed.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from capgain.engine.problems import CapgainError
from capgain.workbook.file_lock import locked
from capgain.workbook.interruption import uninterrupted
from capgain.workbook.whole_file import PUT_ASIDE, named_for, refusals_told, written_through

PATIENCE = 20.0
"""Seconds that one run waits for another."""
_PAUSE = 0.05
LOCK = "lock"
"""Ends the name of a file that holds other runs off."""

_held: set[tuple[int, Path]] = set()


class OutputInUse(CapgainError):
    """Another run of CapGain is writing the same file or folder."""


@contextmanager
def alone_with(target: Path, *, patience: float = PATIENCE) -> Iterator[tuple[str, ...]]:
    """Hold `target`, a file or folder that may not exist yet, and settle what a killed run left of it.

    Gives a sentence for each thing that was put back or removed. Within the block the same thread may hold it again.
    Without a folder for it there is nothing to hold. Raises OutputInUse when another run does not let go of it in time,
    CannotWrite when the system refuses.
    """
    target = written_through(target).absolute()
    key = threading.get_ident(), target
    if key in _held or not target.parent.is_dir():
        yield ()
        return
    lock = _Lock(target)
    try:
        with refusals_told(target, lock.path):
            lock.take(patience)
        _held.add(key)
        with refusals_told(target, lock.path):
            found = _settled(target, (lock.path, lock.name))
        yield found
    finally:
        _held.discard(key)
        lock.let_go()


class _Lock:
    """What holds other runs off `target`: the lock of the file `path`, or else that the file `name` is there."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target.with_name(f"{named_for(target)}{LOCK}")
        self.name = target.with_name(f"{named_for(target)}held-{LOCK}")
        self._handle: int | None = None
        self._has_name = False

    def take(self, patience: float) -> None:
        """Wait for the lock. Raises OutputInUse when another run does not let go of it in time, OSError."""
        end = time.monotonic() + patience
        while not self._taken():
            if time.monotonic() > end:
                killed = f" If none is, delete {self.name.name} beside it." if self.name.exists() else ""
                raise OutputInUse(
                    f"Another run of CapGain is writing {self.target.name}. Wait until it has ended, and try again."
                    f"{killed}"
                )
            time.sleep(_PAUSE)

    def let_go(self) -> None:
        with uninterrupted():
            if self._handle is None:
                return
            if os.name != "nt":  # while it is held, so that nobody waits for a file without a name
                self.path.unlink(missing_ok=True)
            if self._has_name:
                self.name.unlink(missing_ok=True)
            os.close(self._handle)
            if os.name == "nt":
                with suppress(OSError):
                    self.path.unlink(missing_ok=True)
            self._handle = None

    def _taken(self) -> bool:
        with uninterrupted():
            while True:
                handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
                has_lock = locked(handle)
                if has_lock and not _is_still(handle, self.path):
                    os.close(handle)
                    continue
                if has_lock is None:
                    has_lock = self._has_name = _made(self.name)
                if has_lock:
                    self._handle = handle
                else:
                    os.close(handle)
                return has_lock


def _made(name: Path) -> bool:
    """Make an empty file of a name that nothing has; False where something has it. Raises OSError."""
    try:
        os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return False
    return True


def _is_still(handle: int, lock: Path) -> bool:
    """Whether the file that was opened has its name yet: who held it before removed it."""
    try:
        return os.path.samestat(os.fstat(handle), lock.stat())
    except FileNotFoundError:
        return False


def _settled(target: Path, locks: tuple[Path, ...]) -> tuple[str, ...]:
    said = []
    left = sorted(
        target.parent.glob(f"{named_for(target)}*"), key=lambda one: (not one.name.endswith(PUT_ASIDE), one.name)
    )
    for one in left:
        if one in locks:
            continue
        if one.name.endswith(PUT_ASIDE) and not target.exists():
            os.rename(one, target)
            said.append(f"An interrupted run had moved {target.name} aside: it is back in its place.")
            continue
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one, ignore_errors=True)
        else:
            one.unlink(missing_ok=True)
        said.append(f"Removed what an interrupted run left of {target.name}: {one.name}.")
    return tuple(said)
