"""Exact money: Decimals without rounding, cents rounded once, and totals shared out without losing a cent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal

EXACT = Context(prec=120, rounding=ROUND_HALF_UP, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Wide enough that products of ledger amounts and 18-decimal quantities are never rounded.

Python's default context keeps 28 digits, which 18 decimals and a seven-digit price already exceed.
"""

ZERO = Decimal(0)
CENT = Decimal("0.01")


def to_the_cent(amount: Decimal) -> Decimal:
    """Dollars rounded to the cent, half a cent away from zero."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP, context=EXACT)


def to_cents(amount: Decimal) -> int:
    """Whole cents, half a cent away from zero (Instructions for Form 8949, Rounding Off)."""
    return int(to_the_cent(amount).scaleb(2, context=EXACT))


def from_cents(cents: int) -> Decimal:
    """The dollar amount of whole cents, always with two decimals."""
    return Decimal(cents).scaleb(-2, context=EXACT)


_CENTS = tuple(f".{cents:02d}" for cents in range(100))


def cents_text(cents: int) -> str:
    """`-123456` cents as `-1234.56`."""
    if cents >= 0:
        return f"{cents // 100}{_CENTS[cents % 100]}"
    return f"-{-cents // 100}{_CENTS[-cents % 100]}"


def plain_dollars(amount: Decimal) -> str:
    """`-1234.56` for other programs, rounded to the cent."""
    return cents_text(to_cents(amount))


def dollars(amount: Decimal, sign: str = "") -> str:
    """`-1,234.56` for people, rounded to the cent; with the sign `$` `-$1,234.56`."""
    cents = to_cents(amount)
    return f"{'-' if cents < 0 else ''}{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def whole_dollars(amount: Decimal) -> Decimal:
    """Drop amounts under 50 cents, raise 50 to 99 cents (Instructions for Form 8949, Rounding Off)."""
    return amount.quantize(Decimal(1), rounding=ROUND_HALF_UP, context=EXACT)


def share_out(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` in proportion to non-negative `weights`, so that the parts add up to it.

    Each part is the exact share rounded down; what is left goes unit by unit to the largest remainders, the later
    part first among equals (rules: largest remainder to the last row).
    """
    whole = sum(weights)
    if whole == 0:
        return [0] * (len(weights) - 1) + [total] if weights else []
    amount = abs(total)
    parts: list[int] = []
    remainders: list[tuple[int, int]] = []
    for place, weight in enumerate(weights):
        part, remainder = divmod(amount * weight, whole)
        parts.append(part)
        remainders.append((remainder, place))
    left = amount - sum(parts)
    if left:
        remainders.sort(reverse=True)
        for _, place in remainders[:left]:
            parts[place] += 1
    return [-part for part in parts] if total < 0 else parts
