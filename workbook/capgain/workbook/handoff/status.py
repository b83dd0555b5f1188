"""Where a package stands."""

from __future__ import annotations

from enum import Enum


class Status(Enum):
    """The word in the manifest."""

    READY = "ready"
    NOT_READY = "not ready"
    YEAR_NOT_OVER = "year not over"
    DRAFT = "draft"
