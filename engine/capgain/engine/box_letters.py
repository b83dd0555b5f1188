"""What a letter of Form 8949's boxes says: the term, the kind of asset, and whether a Form 1099 reported the sale.

Which letters a year's form has, and what they are called, is in the data of the year (Form 8949, Parts I and II).
"""

from __future__ import annotations

from collections.abc import Mapping

from capgain.engine.classes import Reported, Term

REPORTED_OF_BOX: Mapping[str, Reported] = {
    **dict.fromkeys("ADGJ", Reported.BASIS),
    **dict.fromkeys("BEHK", Reported.NO_BASIS),
    **dict.fromkeys("CFIL", Reported.NONE),
}
"""What Form 1099-B or 1099-DA said of the sales in a box."""

TERM_OF_BOX: Mapping[str, Term] = {**dict.fromkeys("ABCGHI", Term.SHORT), **dict.fromkeys("DEFJKL", Term.LONG)}
"""The part of Form 8949 that a box stands in."""

DIGITAL_BOXES = frozenset("GHIJKL")
"""Boxes for digital assets."""

BASIS_REPORTED = frozenset(box for box, reported in REPORTED_OF_BOX.items() if reported is Reported.BASIS)
NOT_REPORTED = frozenset(box for box, reported in REPORTED_OF_BOX.items() if reported is Reported.NONE)
"""Boxes for sales of which no Form 1099 was received."""
