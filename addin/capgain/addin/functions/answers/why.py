"""CAPGAIN_WHY: the reason behind an error in a cell."""

from __future__ import annotations

from capgain.addin.functions.cells import Answer, Block, CellError
from capgain.addin.functions.reasons import REASONS

NO_ERROR = "That cell shows no CapGain error."


def why(cell: Block) -> str:
    """The reason of the last error that a CapGain function gave in that cell."""
    return reason_of(REASONS.of(cell.address))


def reason_of(shown: Answer) -> str:
    """The sentence about what a cell shows: an error with its reason, or that it is none."""
    return f"{shown.code.value} {shown.reason}" if isinstance(shown, CellError) else NO_ERROR
