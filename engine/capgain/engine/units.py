"""How units are counted: whole numbers of 10^-18, and what people read."""

from __future__ import annotations

from decimal import Decimal

from capgain.engine.money import EXACT

UNITS = 10**18
"""Quantities are counted in 10^-18 of a unit: the 18 decimals of Form 1099-DA box 1c."""

_PLACES = 18


def quantity_of(units: int) -> Decimal:
    """Units of 10^-18 as a Decimal."""
    return Decimal(units).scaleb(-18, context=EXACT)


def to_units(quantity: Decimal) -> int:
    """A quantity as units of 10^-18; what stands beyond the 18th decimal is dropped."""
    return int(quantity.scaleb(18, context=EXACT))


def quantity_text(units: int) -> str:
    """Units of 10^-18 as a plain decimal without trailing zeros: `500000000000000000` is `0.5`."""
    digits = str(abs(units))
    whole = digits[:-_PLACES] or "0"
    if units < 0:
        whole = f"-{whole}"
    rest = digits[-_PLACES:].rjust(_PLACES, "0").rstrip("0")
    return f"{whole}.{rest}" if rest else whole


def plain_quantity(quantity: Decimal) -> str:
    """A quantity without trailing zeros, to the 18th decimal: `0.5`, `100`."""
    return quantity_text(to_units(quantity))
