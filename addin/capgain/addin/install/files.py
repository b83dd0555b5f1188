"""Files put in place whole, or not at all, and taken away; what was done and what is left to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from capgain.engine.problems import CapgainError
from capgain.workbook.one_at_a_time import alone_with
from capgain.workbook.whole_file import CannotWrite, write_whole


class InstallationError(CapgainError):
    """The add-in could not be put in place or taken away."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, and what the person has to do now."""

    done: tuple[str, ...]
    next_steps: tuple[str, ...]


def put(path: Path, content: bytes, what: str) -> tuple[str, ...]:
    """Write a file; says so, and what a killed run had left of it. Raises InstallationError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with alone_with(path) as told:
            write_whole(path, content, overwrite=True)
    except CannotWrite as refusal:
        raise InstallationError(f"{refusal} Close Excel, which may hold {path} open, and try again.") from None
    except OSError as error:
        raise InstallationError(f"{path} cannot be written: {error.strerror or error}.") from None
    return *told, f"Wrote {what}: {path}"


def take_away(path: Path) -> bool:
    """Whether there was such a file; it is gone now, with what a killed run left of it. Raises InstallationError."""
    try:
        with alone_with(path):
            path.unlink()
    except FileNotFoundError:
        return False
    except (OSError, CannotWrite) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise InstallationError(f"{path} cannot be removed ({said}). Close Excel and try again.") from None
    return True
