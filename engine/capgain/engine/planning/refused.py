"""Plans that cannot be worked out, refused with a message for a person."""

from __future__ import annotations

from capgain.engine.problems import CapgainError


class PlanRefused(CapgainError):
    """What was planned cannot be done with this ledger; the message says why and what to do."""
