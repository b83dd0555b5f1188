"""Which box of Form 8949 a disposition belongs in, and which line of Schedule D the box feeds."""

from __future__ import annotations

from functools import lru_cache

from capgain.engine.classes import Reported, Term
from capgain.engine.years import BoxLetters, nearest_tax_year

_SHORT = Term.SHORT


def box(term: Term, is_digital: bool, reported: Reported, year: int) -> str:
    """The letter of the box: by term, kind of asset, and what Form 1099-B or 1099-DA said (Form 8949, Parts I and II).

    Any year answers: before the first year with data as in that year, after the last as in the last. Digital assets
    have boxes of their own from 2025; an asset that reaches the taxpayer on a Form 1099-B is not digital here
    (Instructions for Schedule D (2025), page 4, Example 2).
    """
    return _letters(term is _SHORT, is_digital, year).of(reported)


@lru_cache(maxsize=512)
def _letters(is_short: bool, is_digital: bool, year: int) -> BoxLetters:
    layout = nearest_tax_year(year).form_8949
    return layout.letters(Term.SHORT if is_short else Term.LONG, is_digital)


def schedule_d_line(letter: str, year: int) -> str:
    """The line of Schedule D that a box's totals are included on (Form 8949, line 2); raises KeyError for no box."""
    layout = nearest_tax_year(year).form_8949
    for term, lines in ((Term.SHORT, ("1b", "2", "3")), (Term.LONG, ("8b", "9", "10"))):
        for is_digital in (False, True):
            letters = layout.letters(term, is_digital)
            if letter in letters:
                return lines[letters.index(letter)]
    raise KeyError(f"Form 8949 ({year}) has no box {letter}.")
