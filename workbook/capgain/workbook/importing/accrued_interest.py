"""Interest that had accrued on a bond when it was sold: the seller's interest, and no basis of the buyer's.

26 USC 61(a)(4); Treas. Reg. 1.61-7(d); IRS Publication 550, "Bonds sold between interest dates".
"""

from __future__ import annotations

from dataclasses import replace

from capgain.workbook.importing.movements import Becomes, Movement


def interest_sold(movement: Movement) -> Movement | None:
    """The row Interest beside a sale; a purchase says in its note what was paid."""
    accrued = movement.accrued
    if not accrued:
        return None
    if movement.becomes in (Becomes.BUY, Becomes.COVER):
        said = f"accrued interest of {accrued} paid: it lowers the interest on Schedule B and is in no basis"
        movement.note = f"{movement.note}; {said}" if movement.note else said
        return None
    return replace(
        movement,
        becomes=Becomes.INTEREST,
        in_asset=movement.out_asset,
        in_quantity=None,
        out_asset="",
        out_quantity=None,
        value=accrued,
        fee_asset="",
        fee_quantity=None,
        asset_class="",
        kind="accrued interest",
        accrued=None,
        id=f"{movement.id}/interest" if movement.id else "",
    )
