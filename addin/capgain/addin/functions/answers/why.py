"""CAPGAIN_WHY: the reason behind an error in a cell."""

from __future__ import annotations

from capgain.addin.functions.cells import Block, OutputCell
from capgain.addin.functions.reasons import REASONS

NO_ERROR = "That cell shows no CapGain error."


def why(cell: Block) -> OutputCell:
    """The reason of the last error that a CapGain function gave in that cell."""
    error = REASONS.of(cell.address)
    return NO_ERROR if error is None else f"{error.code.value} {error.reason}"
