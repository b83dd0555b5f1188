"""Options of the whole run."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

# a busy machine is slow, which says nothing of what is tested
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.load_profile("any machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fuzz-seconds",
        type=float,
        default=0.0,
        help="how long each reader is given damaged files, each time others; left out: a few files, always the same",
    )
