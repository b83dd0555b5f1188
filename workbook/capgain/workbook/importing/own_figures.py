"""What a source says itself of a sale's proceeds, basis and gain, held against the row's own money."""

from __future__ import annotations

from capgain.engine.money import ZERO
from capgain.workbook.importing.movements import USD, Becomes, Movement


def contradiction(movement: Movement) -> str:
    """The two figures that differ by more than they may, "" where source and row agree or nothing can be told.

    Proceeds may be before the fee or after it, a basis may be written below 0.
    """
    stated = movement.stated
    if movement.becomes is not Becomes.SELL or movement.value is None or stated is None:
        return ""
    fee = (movement.fee_quantity or ZERO) if movement.fee_asset == USD else ZERO
    net, proceeds, slack = movement.value - fee, stated.proceeds, stated.slack
    if proceeds is not None and min(abs(abs(proceeds) - net), abs(abs(proceeds) - movement.value)) > slack:
        return f"The file says proceeds of {abs(proceeds)}, the row gives {net}."
    basis, gain = stated.basis, stated.gain
    if basis is not None and gain is not None and stated.knows_basis and abs(net - abs(basis) - gain) > slack:
        return (
            f"The file says a gain of {gain}, the row gives {net - abs(basis)} ({net} less the basis of {abs(basis)})."
        )
    return ""
