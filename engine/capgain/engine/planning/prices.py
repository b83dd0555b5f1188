"""What one unit of each asset is worth on a day, from the Prices given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from capgain.engine.ledger import Ledger, Price
from capgain.engine.money import EXACT

OLD_AFTER = 7
"""Days after which a price is called old."""


def worth(ledger: Ledger, asset: str, quantity: Decimal, price: Decimal) -> Decimal:
    """Dollars, not rounded, of so many units at a price; that of an option is one of a unit of what it is on."""
    return EXACT.multiply(EXACT.multiply(quantity, ledger.contract_size(asset)), price)


def prices_on(prices: Iterable[Price], day: date) -> Mapping[str, Price]:
    """The price of each asset, by its name in casefold: the last one dated on or before `day`.

    One without date is of that day and goes before a dated one of the same day. An asset whose prices are all dated
    later is missing: no price is guessed.
    """
    found: dict[str, Price] = {}
    for price in prices:
        key = price.asset.casefold()
        known = found.get(key)
        if price.day is not None and price.day > day:
            continue
        if known is None or _stands(price, day) >= _stands(known, day):
            found[key] = price
    return found


def _stands(price: Price, day: date) -> tuple[date, bool]:
    return price.day or day, price.day is None
