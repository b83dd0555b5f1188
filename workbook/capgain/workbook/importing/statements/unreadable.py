"""What is wrong with a file that is no table and cannot be made one."""

from __future__ import annotations

from capgain.engine.problems import CapgainError


class UnreadableStatement(CapgainError):
    """A statement that cannot be read at all; the text says why and what to do."""
