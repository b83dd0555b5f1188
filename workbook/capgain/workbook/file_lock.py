"""The lock of an open file: one process holds it, and the system releases it however that process ends."""

from __future__ import annotations

import errno
import os

_OTHERS = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK})


def locked(handle: int) -> bool | None:
    """Take the lock of an open file without waiting; False where another has it, None on a disk that knows no locks."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as refusal:
        return False if refusal.errno in _OTHERS else None
    return True
