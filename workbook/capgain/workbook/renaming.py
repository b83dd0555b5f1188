"""Renamings that POSIX does not promise: two names change places, or one is taken only where it is free.

Linux has renameat2 (since 3.15), macOS renamex_np (since 10.12). Elsewhere, and on file systems that refuse, the
functions say so and the caller has a longer way.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

_HERE = -100
_TO_FREE, _EXCHANGE = 1, 2
_TO_FREE_ON_MAC, _EXCHANGE_ON_MAC = 4, 2
_REFUSED = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM})


def exchanged(one: Path, other: Path) -> bool:
    """Let two files or folders change places; False where the system cannot. Raises OSError."""
    return _renamed(one, other, _EXCHANGE, _EXCHANGE_ON_MAC)


def renamed_to_free(one: Path, other: Path) -> bool:
    """Give `one` the name `other` where nothing has it; False where the system cannot. Raises FileExistsError."""
    return _renamed(one, other, _TO_FREE, _TO_FREE_ON_MAC)


def _renamed(one: Path, other: Path, flag: int, on_mac: int) -> bool:
    library = _library()
    before, after = os.fsencode(one), os.fsencode(other)
    if sys.platform == "linux" and hasattr(library, "renameat2"):
        failed = library.renameat2(_HERE, before, _HERE, after, flag)
    elif sys.platform == "darwin" and hasattr(library, "renamex_np"):
        failed = library.renamex_np(before, after, on_mac)
    else:
        return False
    if not failed:
        return True
    number = ctypes.get_errno()
    if number in _REFUSED:
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))


@cache
def _library() -> Any:
    return None if os.name == "nt" else ctypes.CDLL(None, use_errno=True)
