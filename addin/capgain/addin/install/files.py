"""Files put in place whole, or not at all, and taken away; what was done and what is left to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from capgain.engine.problems import CapgainError
from capgain.workbook.whole_file import CannotWrite, write_whole


class InstallationError(CapgainError):
    """The add-in could not be put in place or taken away."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, and what the person has to do now."""

    done: tuple[str, ...]
    next_steps: tuple[str, ...]


def put(path: Path, content: bytes, what: str) -> str:
    """Write a file; says so. Raises InstallationError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content, overwrite=True)
    except CannotWrite as refusal:
        raise InstallationError(f"{refusal} Close Excel, which may hold {path} open, and try again.") from None
    except OSError as error:
        raise InstallationError(f"{path} cannot be written: {error.strerror or error}.") from None
    return f"Wrote {what}: {path}"


def take_away(path: Path) -> bool:
    """Whether there was such a file; it is gone now. Raises InstallationError."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise InstallationError(f"{path} cannot be removed ({error.strerror}). Close Excel and try again.") from None
    return True
