"""What the columns of a row of Form 8949 are made of: net proceeds, correct basis, and the parts of its adjustment."""

from __future__ import annotations

from typing import NamedTuple

from capgain.engine.results.dispositions import Disposition


class GainParts(NamedTuple):
    """In cents. (d) = `net` - `e`; (e) = `correct_basis` + `b`; (g) = `b` + `e` + the wash sale's part + `stated`.

    `b` and `e` are the amounts of codes B and E, `stated` what the ledger or another code adds.
    """

    net: int
    correct_basis: int
    b: int
    e: int
    stated: int


def parts_of(row: Disposition) -> GainParts:
    """The parts of one disposition."""
    parts = row.adjustments
    return GainParts(row.net_cents, row.correct_basis_cents, parts["B"], parts["E"], parts["stated"] + parts["D"])
