"""Amounts, quantities and days as text: plain ones for JSON, those with separators for people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from capgain.engine.money import EXACT, cents_text, dollars, to_cents
from capgain.engine.results.carryovers import Carryover

UNKNOWN = "-"


def amount_text(amount: Decimal) -> str:
    """Dollars with cents: `-3000.00`."""
    return cents_text(to_cents(amount))


def amount_or_null(amount: Decimal | None) -> str | None:
    return None if amount is None else amount_text(amount)


def decimal_text(quantity: Decimal) -> str:
    """A plain decimal without trailing zeros: `0.5`."""
    return format(quantity.normalize(EXACT), "f") if quantity else "0"


def carryover_or_null(carryover: Carryover | None) -> Mapping[str, str] | None:
    if carryover is None:
        return None
    return {"short": amount_text(carryover.short), "long": amount_text(carryover.long)}


def dollars_or_unknown(amount: Decimal | None) -> str:
    return UNKNOWN if amount is None else dollars(amount)


def percent(rate: Decimal) -> str:
    """`0.0891` as `8.91%`."""
    return f"{(rate * 100).normalize():f}%"


def day_text(day: date) -> str:
    """`12/31/2025`."""
    return f"{day:%m/%d/%Y}"
