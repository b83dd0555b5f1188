"""Room for what a library in another language is about to take: where it finds none, it ends the process."""

from __future__ import annotations

import mmap
import sys


def ask_for_memory(size: int) -> None:
    """Raise MemoryError where the system would not give this process so many bytes."""
    try:
        if sys.platform == "win32":
            mmap.mmap(-1, max(size, 1)).close()
        else:
            mmap.mmap(-1, max(size, 1), flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()
    except (OSError, OverflowError) as refusal:
        raise MemoryError(f"{size:,} bytes") from refusal
