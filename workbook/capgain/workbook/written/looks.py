"""How cells look where that says something of them: an amount's currency, a line through the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Place = tuple[int, int]
"""Row and column of a cell, counted from 1."""


@dataclass(frozen=True, slots=True)
class CellLooks:
    """Of one sheet: the words that number formats show beside a cell's number, and the cells that are struck out."""

    words: Mapping[Place, str] = field(default_factory=dict)
    struck: frozenset[Place] = frozenset()
