"""How long a client's file may take and how much memory, from its size alone: what the order of work follows from.

Figures measured with CPython 3.11 (docs/scale.md); they decide the order and who works, never a result.
"""

from __future__ import annotations

from capgain.addin.cli.batch.options import What

_BYTES_PER_ROW = {".csv": 50, ".xlsx": 20, ".xlsm": 20, ".ods": 12}
_SECONDS_PER_FILE = {What.COMPUTE: 0.03, What.REPORT: 0.2, What.HANDOFF: 0.5}
_SECONDS_PER_ROW = {What.COMPUTE: 0.00015, What.REPORT: 0.0009, What.HANDOFF: 0.0012}
_BYTES_OF_MEMORY_PER_ROW = {What.COMPUTE: 5_700, What.REPORT: 12_000, What.HANDOFF: 14_000}
_MEMORY_OF_PROGRAM = 80 << 20

SECONDS_ALLOWED, SECONDS_ALLOWED_PER_ROW = 600.0, 0.02


def rows_in(suffix: str, size: int) -> int:
    """Rows of a ledger file of that many bytes, rather too many than too few."""
    return size // _BYTES_PER_ROW[suffix.lower()] + 1


def seconds(what: What, rows: int) -> float:
    return _SECONDS_PER_FILE[what] + _SECONDS_PER_ROW[what] * rows


def memory(what: What, rows: int) -> int:
    """Bytes."""
    return _MEMORY_OF_PROGRAM + _BYTES_OF_MEMORY_PER_ROW[what] * rows


def seconds_allowed(limit: float | None, rows: int) -> float:
    """The time one client may take."""
    return limit if limit is not None else SECONDS_ALLOWED + SECONDS_ALLOWED_PER_ROW * rows
