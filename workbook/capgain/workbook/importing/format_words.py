"""Which words a mapping may use at a place."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

from capgain.workbook.importing.source_tables import (
    UnusableFormat,
)

W = TypeVar("W", bound=Enum)


def one_of_words(words: type[W], document: Mapping[str, Any], word: str, place: str) -> W | None:
    """What one of a few words means, None where none stands there."""
    said = document.get(word)
    if said is None:
        return None
    try:
        return words(said)
    except ValueError:
        known = ", ".join(str(one.value) for one in words)
        raise UnusableFormat(f"{place}: {word} is {said!r}; it can be {known}.") from None


def only(document: Mapping[str, Any], words: str, place: str) -> None:
    """Refuse what is none of the words that mean something at a place."""
    unknown = set(document) - set(words.split())
    if unknown:
        raise UnusableFormat(f"{place}: {', '.join(sorted(unknown))} means nothing here. Known: {words}.")
