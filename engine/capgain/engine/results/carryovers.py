"""A capital loss carried from one year into the next."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Carryover:
    """Capital loss carried into a year, by character, as positive dollars (26 USC 1212(b))."""

    short: Decimal
    long: Decimal
