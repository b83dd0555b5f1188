"""The closed vocabularies: what people write for each member."""

from __future__ import annotations

from itertools import combinations

from capgain.workbook.written.words import KINDS, METHODS, OWNERS, REPORTED


def test_no_word_says_two_things_about_an_account() -> None:
    words = [(vocabulary, set(vocabulary._members)) for vocabulary in (KINDS, OWNERS, METHODS, REPORTED)]
    for (one, its), (other, others) in combinations(words, 2):
        assert not its & others, (one.what, other.what)
