"""Worked cases that do not pass yet, by a list beside them.

A file `waiting.txt` holds one id a line. Such a case must fail: one that begins to pass breaks the run until its id
leaves the list. Whoever builds a rule takes its ids out; with the last id gone, this file and the lists go too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")


def waiting_ids(list_file: Path) -> frozenset[str]:
    """The ids of a list; blank lines and those that begin with `#` do not count."""
    lines = (line.strip() for line in list_file.read_text("utf-8").splitlines())
    ids = [line for line in lines if line and not line.startswith("#")]
    assert len(ids) == len(set(ids)), f"{list_file} names a case twice"
    return frozenset(ids)


def each(
    cases: Mapping[str, T], list_file: Path, titles: Mapping[str, str] | None = None, others: Collection[str] = ()
) -> list[object]:
    """One parameter a case, those that wait marked as failing; its name in a run is its id and title.

    `others` are the ids of further tests that share the list.
    """
    waiting = waiting_ids(list_file)
    unknown = waiting - cases.keys() - set(others)
    assert not unknown, f"{list_file} names what is no case: {sorted(unknown)}"
    mark = pytest.mark.xfail(strict=True, reason=f"waits in {list_file.parent.name}/{list_file.name}")
    return [
        pytest.param(case, id=f"{name} {titles[name]}" if titles else name, marks=[mark] if name in waiting else [])
        for name, case in cases.items()
    ]
