"""A row of Form 8949 with a broker's figures in (d) and (e) and their correction in (g)."""

from __future__ import annotations

from collections.abc import Sequence

from capgain.engine.forms.printed_words import VARIOUS
from capgain.engine.results.dispositions import Disposition, OnForm1099, joined_codes

"""Boxes of Form 8949 for sales whose basis was reported to the IRS."""


def printed(
    row: Disposition,
    *,
    proceeds: int | None = None,
    basis: int | None = None,
    codes: str = "",
    discount: int = 0,
    form_row: int = 0,
) -> Disposition:
    """The row with `proceeds` in (d) and `basis` in (e), in cents, each None for the figure worked out here.

    What they differ by goes into (g), so that (h) stays; `discount`, of a gain that is interest, is taken off it.
    """
    net, own = row.proceeds_cents, row.basis_cents
    shown_proceeds = net if proceeds is None else proceeds
    shown_basis = own if basis is None else basis
    expense, correction = net - shown_proceeds, shown_basis - own
    return row._replace(
        proceeds_cents=shown_proceeds,
        basis_cents=shown_basis,
        codes=joined_codes(row.codes, codes),
        adjustment_cents=row.adjustment_cents + expense + correction - discount,
        on_1099=OnForm1099(form_row, net, own, expense, correction, -discount),
    )


def as_one_row(rows: Sequence[Disposition], group: int, acquired: str = "") -> list[Disposition]:
    """Lots that the form shows as one row: printed as one under `acquired`, or their date where they share it."""
    if len(rows) == 1:
        return list(rows)
    if not acquired and len({(row.acquired, row.acquired_text) for row in rows}) > 1:
        acquired = VARIOUS
    found = []
    for place, row in enumerate(rows):
        form = row.on_1099 or OnForm1099(0, row.proceeds_cents, row.basis_cents)
        form = form._replace(group=group, acquired_text=acquired, continued=place > 0)
        found.append(row._replace(on_1099=form))
    return found
