"""CAPGAIN_WHY: the reason behind an error in a cell."""

from __future__ import annotations

from capgain.addin.functions.cells import Answer, Block, CellError
from capgain.addin.functions.reasons import REASONS
from capgain.workbook.written.misread import ERROR_VALUES

NO_ERROR = "That cell shows no CapGain error."
NOT_KNOWN = (
    "{error} is no error of a CapGain function that was calculated since CapGain started. If one stands there, "
    "recalculate everything (Ctrl+Alt+F9); else an error in a cell it reads is passed on."
)


def why(cell: Block) -> str:
    """The reason of the last error that a CapGain function gave in that cell."""
    known = REASONS.of(cell.address)
    if known is None and len(cell.rows) == 1 and cell.rows[0] and cell.rows[0][0] in ERROR_VALUES:
        return NOT_KNOWN.format(error=cell.rows[0][0])
    return reason_of(known)


def reason_of(shown: Answer) -> str:
    """The sentence about what a cell shows: an error with its reason, or that it is none."""
    return f"{shown.code.value} {shown.reason}" if isinstance(shown, CellError) else NO_ERROR
