"""A loss, and what replaced the shares that were sold at it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from capgain.engine.atoms import dollars_of
from capgain.engine.money import from_cents


class WashSale(NamedTuple):
    """One match of a loss with a replacement (26 USC 1091).

    `disallowed` dollars of the loss on `loss_row` move into the basis of `units` bought on `replacement_row`, which
    then count as held since `held_since`. `permanent`: bought in an IRA, the loss is gone (Rev. Rul. 2008-5).
    `by_sale`: a loss on a closed short sale met the sale of identical shares, whose row and day stand for the
    replacement's (26 USC 1091(e)(1)); that is permanent too.
    """

    loss_row: int
    loss_lot_row: int
    loss_account: str
    sold: date
    replacement_row: int
    replacement_account: str
    replacement_asset: str
    acquired: date
    asset: str
    units: int
    disallowed_cents: int
    new_basis_atoms: int
    held_since: date
    permanent: bool
    by_sale: bool = False

    @property
    def disallowed(self) -> Decimal:
        return from_cents(self.disallowed_cents)

    @property
    def new_basis(self) -> Decimal:
        """Basis of the units matched, in dollars, unrounded."""
        return dollars_of(self.new_basis_atoms)
