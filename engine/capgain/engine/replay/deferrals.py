"""A gain that is deferred, as it stands at a moment of the pass."""

from __future__ import annotations

from dataclasses import dataclass

from capgain.engine.transactions import QOFDeferral


@dataclass(slots=True)
class Deferral:
    """`left` cents of the gain that `entry` put into an opportunity fund are still deferred."""

    entry: QOFDeferral
    left: int
