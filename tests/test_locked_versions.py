"""The lock for development has a version within bounds, and hashes, for everything that pyproject.toml asks for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = ROOT / "requirements" / "development.txt"
EXTRAS = ("batch", "test", "site", "dev", "oracle")
ASKED = [
    Requirement(text)
    for text in (
        *PROJECT["dependencies"],
        *(one for extra in EXTRAS for one in PROJECT["optional-dependencies"][extra]),
    )
]


def locked() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", LOCK.read_text("utf-8"), re.MULTILINE):
        found.setdefault(canonicalize_name(name), []).append(version)
    return found


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_what_is_asked_for_is_locked_within_its_bounds(asked: Requirement) -> None:
    if asked.name == "capgain":
        return
    versions = locked()[canonicalize_name(asked.name)]
    assert all(asked.specifier.contains(version) for version in versions), versions


def test_every_locked_version_has_its_hashes_and_no_index_is_named() -> None:
    text = LOCK.read_text("utf-8")
    assert not re.search(r"^--|https?:", text, re.MULTILINE)
    entries = re.split(r"\n(?=[A-Za-z0-9])", text.split("\n", 2)[2])
    assert len(entries) > 50
    assert all("--hash=sha256:" in entry for entry in entries)
