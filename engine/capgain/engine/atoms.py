"""Amounts of the pass: whole numbers of atoms, of which there are ATOMS to the dollar."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from capgain.engine.money import EXACT
from capgain.engine.transactions import Acquisition, Disposal

ATOMS: Final = 10**24
CENT_ATOMS: Final = ATOMS // 100
ROUND_ATOMS: Final = CENT_ATOMS // 2 + ATOMS // 10**12

_ATOMS: Final = Decimal(ATOMS)  # as a Decimal, lest every product turns it into one


def atoms(amount: Decimal) -> int:
    """Dollars as atoms; what stands beyond the 24th decimal is dropped."""
    return int(amount * _ATOMS) if amount else 0


def dollars_of(value: int) -> Decimal:
    """Atoms as dollars, unrounded."""
    return Decimal(value).scaleb(-24, context=EXACT)


def cents(value: int) -> int:
    """Atoms as cents, half a cent away from zero.

    A trillionth of a dollar is added first: divisions leave a value that should be exactly half a cent below it by a
    few atoms.
    """
    if value < 0:
        return -((-value + ROUND_ATOMS) // CENT_ATOMS)
    return (value + ROUND_ATOMS) // CENT_ATOMS


def costs_of(entry: Acquisition | Disposal) -> int:
    """What buying or selling cost: the fee in dollars, or what the fee paid in an asset was worth."""
    costs = entry.costs
    return int(costs * _ATOMS) if costs else 0
