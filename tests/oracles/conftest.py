"""The files that the judges look at, written once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from oracles.written import written


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    return written(tmp_path_factory.mktemp("written"))
