"""Which box of Form 8949 a disposition belongs in, and which line of Schedule D the box feeds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from capgain.engine.classes import Reported, Term
from capgain.engine.years import BoxLetters, Form8949Layout, nearest_tax_year

BOX_LINES: Mapping[str, tuple[Term, Reported]] = {
    "1b": (Term.SHORT, Reported.BASIS),
    "2": (Term.SHORT, Reported.NO_BASIS),
    "3": (Term.SHORT, Reported.NONE),
    "8b": (Term.LONG, Reported.BASIS),
    "9": (Term.LONG, Reported.NO_BASIS),
    "10": (Term.LONG, Reported.NONE),
}
"""The lines of Schedule D that take the totals of Form 8949: of which part, and of which of its boxes."""

DIRECT_LINES: Mapping[str, Term] = {"1a": Term.SHORT, "8a": Term.LONG}
"""The lines of Schedule D that Exception 1 lets transactions go to without Form 8949."""

_SHORT = Term.SHORT


def box(term: Term, is_digital: bool, reported: Reported, year: int) -> str:
    """The letter of the box: by term, kind of asset, and what Form 1099-B or 1099-DA said (Form 8949, Parts I and II).

    Any year answers: before the first year with data as in that year, after the last as in the last. Digital assets
    have boxes of their own from 2025; an asset that reaches the taxpayer on a Form 1099-B is not digital here
    (Instructions for Schedule D (2025), page 4, Example 2).
    """
    return _letters(term is _SHORT, is_digital, year).of(reported)


@lru_cache(maxsize=512)
def boxes_of_terms(is_digital: bool, reported: Reported, year: int) -> tuple[str, str]:
    """The letters of the boxes of a short-term and of a long-term row."""
    return box(Term.SHORT, is_digital, reported, year), box(Term.LONG, is_digital, reported, year)


@lru_cache(maxsize=512)
def _letters(is_short: bool, is_digital: bool, year: int) -> BoxLetters:
    layout = nearest_tax_year(year).form_8949
    return layout.letters(Term.SHORT if is_short else Term.LONG, is_digital)


def schedule_d_line(letter: str, year: int) -> str:
    """The line of Schedule D that a box's totals are included on (Form 8949, line 2); raises KeyError for no box."""
    layout = nearest_tax_year(year).form_8949
    for line in BOX_LINES:
        if letter in boxes_of_line(line, layout):
            return line
    raise KeyError(f"Form 8949 ({year}) has no box {letter}.")


def boxes_of_line(line: str, layout: Form8949Layout) -> tuple[str, ...]:
    """The boxes whose totals are included on a line of Schedule D; () for a line that Form 8949 does not feed."""
    if line not in BOX_LINES:
        return ()
    term, reported = BOX_LINES[line]
    return tuple(dict.fromkeys(layout.letters(term, is_digital).of(reported) for is_digital in (False, True)))
