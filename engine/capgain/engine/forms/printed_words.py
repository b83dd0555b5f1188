"""The words that stand in columns (b), (d) and (e) of Form 8949 where the instructions ask for no date or amount."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from capgain.engine.results.dispositions import Disposition, Kind

VARIOUS = "VARIOUS"
"""Column (b) where units were acquired on many days."""

NO_WORDS: Mapping[str, str] = MappingProxyType({})

_WORDS: Mapping[Kind, Mapping[str, str]] = {
    Kind.WORTHLESS: {"d": "WORTHLESS"},
    Kind.EXPIRED: {"d": "EXPIRED"},
    Kind.WRITTEN_EXPIRED: {"e": "EXPIRED"},
    Kind.QOF_DEFERRAL: {"c": "", "d": "", "e": ""},
    Kind.QOF_INCLUSION: {"d": "", "e": ""},
}
"""Instructions for Schedule D, Gain or Loss From Options: EXPIRED in (d) for an option bought, in (e) for one written.

Of gains deferred in opportunity funds the columns stay blank (Instructions for Form 8949). Sums treat a word, and a
blank, as 0, which is the amount it stands for.
"""


def printed_words(row: Disposition) -> Mapping[str, str]:
    """The words by the letter of their column, none for an ordinary row; a bad debt without a date has "" in (b)."""
    if row.acquired_text:
        return {"b": row.acquired_text, **_WORDS.get(row.kind, NO_WORDS)}
    if row.kind is Kind.BAD_DEBT and row.acquired == row.sold:
        return {"b": ""}
    return _WORDS.get(row.kind, NO_WORDS)


def may_have_words(kind: Kind) -> bool:
    """Whether rows of a kind may have words by what they are; those of any kind may by how they were acquired."""
    return kind in _WORDS or kind is Kind.BAD_DEBT


@lru_cache(1 << 14)
def printed_day(day: date) -> str:
    """MM/DD/YYYY."""
    return f"{day:%m/%d/%Y}"
