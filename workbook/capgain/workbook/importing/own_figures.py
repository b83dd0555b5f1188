"""What a source says itself of a sale's proceeds, basis and gain, held against the row's own money."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from capgain.engine.money import CENT, ZERO
from capgain.workbook.importing.movements import USD, Becomes, Movement


def contradiction(movement: Movement, stated: Mapping[str, Decimal], slack: Decimal = CENT) -> str:
    """The two figures that differ by more than `slack`, "" where the source and the row agree or nothing can be told.

    `stated` has `proceeds`, `basis` and `gain` as far as the row states them. Proceeds may be before the fee or after
    it, a basis may be written below 0.
    """
    if movement.becomes is not Becomes.SELL or movement.value is None:
        return ""
    fee = (movement.fee_quantity or ZERO) if movement.fee_asset == USD else ZERO
    net = movement.value - fee
    proceeds = stated.get("proceeds")
    if proceeds is not None and min(abs(abs(proceeds) - net), abs(abs(proceeds) - movement.value)) > slack:
        return f"The file says proceeds of {abs(proceeds)}, the row gives {net}."
    basis, gain = stated.get("basis"), stated.get("gain")
    if basis is not None and gain is not None and (basis or gain) and abs(net - abs(basis) - gain) > slack:
        return (
            f"The file says a gain of {gain}, the row gives {net - abs(basis)} ({net} less the basis of {abs(basis)})."
        )
    return ""
