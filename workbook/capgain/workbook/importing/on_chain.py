"""What one transaction of a block chain moved, from as many rows of as many files as tell of it, joined by its hash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from capgain.engine.money import ZERO
from capgain.workbook.importing.movements import Becomes, LineOfFile, Movement
from capgain.workbook.importing.outcomes import Ignored


def transaction_of(key: str) -> str:
    """The transaction whose half a key names, "" where it names none."""
    for side in ("/out/", "/in/"):
        whole, found, _ = key.partition(side)
        if found:
            return whole
    return ""


def halves_of(
    base: Movement, legs: Sequence[Movement], lines: tuple[LineOfFile, ...]
) -> list[Movement] | list[Ignored]:
    """Legs that only left or only came, each asset a withdrawal or deposit; with units of none the fee alone.

    `base` is the transaction as a whole, whose key the halves' begin with.
    """
    moved: dict[str, Decimal] = {}
    worth: dict[str, Decimal] = {}
    for leg in legs:
        asset = leg.out_asset or leg.in_asset
        units = (leg.in_quantity or ZERO) - (leg.out_quantity or ZERO)
        if units:
            moved[asset] = moved.get(asset, ZERO) + units
            if leg.value is not None:
                worth[asset] = worth.get(asset, ZERO) + leg.value
    fee = next((leg for leg in legs if leg.fee_quantity), None)
    if not moved:
        if fee is None:
            return [Ignored(line, "nothing moved, and no fee was paid") for line in lines]
        return [base.as_fee(fee.fee_asset, fee.fee_quantity, fee.fee_value, base.key)]
    made = []
    for asset, units in sorted(moved.items()):
        out = units < 0
        half = replace(
            base,
            becomes=Becomes.WITHDRAWAL if out else Becomes.DEPOSIT,
            out_asset=asset if out else "",
            out_quantity=-units if out else None,
            in_asset="" if out else asset,
            in_quantity=None if out else units,
            value=worth.get(asset),
            key=f"{base.key}/{'out' if out else 'in'}/{asset}",
        )
        if out and fee is not None and fee.fee_asset == asset:
            half.out_quantity = -units + (fee.fee_quantity or ZERO)
            fee = None
        made.append(half)
    if fee is not None:
        key = f"{base.key}/fee {fee.fee_asset}"
        made.append(base.as_fee(fee.fee_asset, fee.fee_quantity, fee.fee_value, key))
    return made
