"""What became of a row: every row read ends in the ledger, is ignored for a reason, or is a problem to settle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from capgain.workbook.importing.movements import LineOfFile, Movement

DUPLICATE = "already in"
"""How the reason of a row begins whose event stands elsewhere."""


_NO_UNITS: Mapping[str, Decimal] = MappingProxyType({})


class Ignored(NamedTuple):
    """A row that is no transaction, or one that the ledger has already.

    `units` are those that it names, by asset, at a moment or under a reference (`group`).
    """

    place: LineOfFile
    reason: str
    group: str = ""
    units: Mapping[str, Decimal] = _NO_UNITS

    @property
    def is_duplicate(self) -> bool:
        return self.reason.startswith(DUPLICATE)


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A row, or the rows of one event, that cannot be a ledger row yet. `movement` is what is known of it.

    `partner` names the likely other side of a deposit or withdrawal.
    """

    places: tuple[LineOfFile, ...]
    kind: str
    message: str
    remedy: str
    movement: Movement | None = None
    partner: str = ""
    key: str = ""
    group: str = ""
    """What rows have in common that make one event; they stand as one."""
    completes: bool = False
    """Whether `movement` is right as far as it goes, and becomes a row of the Ledger by itself once the cell that it
    lacks is filled in or its partner comes; never where figures of the source contradict one another."""

    def __str__(self) -> str:
        first = self.places[0]
        return f"{first.file} line {first.line}: {self.message} {self.remedy}".rstrip()
