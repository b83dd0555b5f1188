"""What is said of a file or folder that the system does not let be read or written."""

from __future__ import annotations


def trouble_with(error: OSError) -> str:
    """A sentence with the path and what is wrong, and one with what to do."""
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}. Check the path, its permissions and the room left."
