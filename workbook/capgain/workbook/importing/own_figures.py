"""What a source says itself of a sale's proceeds, basis and gain, held against the row's own money."""

from __future__ import annotations

from collections.abc import Iterable

from capgain.engine.money import ZERO
from capgain.workbook.importing.movements import USD, Becomes, Movement
from capgain.workbook.importing.outcomes import Unsettled


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


def without_contradictions(movements: Iterable[Movement]) -> tuple[list[Movement], list[Unsettled]]:
    """The movements without those whose source contradicts them once premiums are in, and these as items to settle."""
    kept: list[Movement] = []
    unsettled = []
    for one in movements:
        differs = contradiction(one) if one.doubted_as else ""
        if not differs:
            kept.append(one)
            continue
        remedy = "Look at the confirmation of that sale, and enter the row by hand with the right figures."
        unsettled.append(Unsettled(one.lines, one.kind, differs, remedy, one, key=one.doubted_as))
    return kept, unsettled
