"""Units that left without a gain or loss."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from capgain.engine.atoms import dollars_of
from capgain.engine.classes import AssetClass, Term
from capgain.engine.units import quantity_of


class Departure(NamedTuple):
    """Units of one lot that were given away, donated, lost or stolen: no gain or loss (R-CRY-6, R-CRY-7, R-CRY-13).

    `type_name` is the type of the ledger row `row`; `basis_atoms` what the units cost, in 10^-24 dollars. `term` is
    that of a sale on the day they left.
    """

    row: int
    type_name: str
    asset: str
    account: str
    asset_class: AssetClass
    units: int
    acquired: date
    acquired_text: str
    left: date
    term: Term
    basis_atoms: int
    lot_row: int
    lot: str

    @property
    def quantity(self) -> Decimal:
        return quantity_of(self.units)

    @property
    def basis(self) -> Decimal:
        """Dollars, unrounded."""
        return dollars_of(self.basis_atoms)
