"""Names that may be the same, spelt otherwise: for hints, never for a decision."""

from __future__ import annotations

from collections.abc import Iterable


def spelt_alike(name: str, others: Iterable[str]) -> list[str]:
    """Those of `others` that are `name` but for signs, case, or one letter wrong, missing, too many or swapped."""
    plain = _plain(name)
    return [other for other in others if other != name and _is_near(plain, _plain(other))]


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _is_near(one: str, other: str) -> bool:
    if one == other:
        return bool(one)
    if min(len(one), len(other)) < 3 or abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    left, right = one[start:], other[start:]
    is_swapped = left[:2] == right[:2][::-1] and left[2:] == right[2:]
    return is_swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]
