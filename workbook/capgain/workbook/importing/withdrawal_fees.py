"""Withdrawals whose fee stands in a row of its own: what left is both."""

from __future__ import annotations

from collections.abc import Sequence

from capgain.engine.money import ZERO
from capgain.workbook.importing.movements import Becomes, Movement


def with_their_fees(movements: Sequence[Movement]) -> list[Movement]:
    """The movements of one file; a fee joins the withdrawal of its account, asset and moment, else it is a Fee."""
    withdrawals: dict[tuple[str, str, str], list[Movement]] = {}
    for movement in movements:
        if movement.becomes is Becomes.WITHDRAWAL:
            withdrawals.setdefault(_event(movement), []).append(movement)
    kept = []
    for movement in movements:
        if movement.becomes is Becomes.WITHDRAWAL_FEE:
            own = withdrawals.get(_event(movement), [])
            if own:
                withdrawal = own.pop(0)
                withdrawal.out_quantity = (withdrawal.out_quantity or ZERO) + (movement.out_quantity or ZERO)
                withdrawal.lines = (*withdrawal.lines, *movement.lines)
                continue
            movement.becomes = Becomes.FEE
        kept.append(movement)
    return kept


def _event(movement: Movement) -> tuple[str, str, str]:
    return movement.account.casefold(), movement.out_asset.casefold(), movement.moment.canonical()
