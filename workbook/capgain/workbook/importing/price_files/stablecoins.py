"""Coins held to one dollar, taken at 1.00 on the days that no file and no row of the sheet Prices speaks of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from capgain.workbook.importing.price_files.chosen import Wanted
from capgain.workbook.importing.price_files.reading import FilePrice

SOURCE, FILE = "taken as 1.00", "Stablecoins"


def at_one_dollar(
    named: Iterable[str], wanted: Wanted, known: Iterable[tuple[str, date]], day: date
) -> tuple[tuple[FilePrice, ...], tuple[str, ...]]:
    """A price of 1.00 for each coin that is held, on `day`, and on the days on which a row lacks its dollars.

    `known` are assets, by casefold, and days that have a price: that one counts. The notice names what was taken so.
    """
    coins = {name.casefold() for name in named}
    days = {(asset, on) for asset, on in wanted.lacking if asset in coins}
    days |= {(asset, day) for asset in wanted.held if asset in coins}
    places = sorted(days - set(known))
    prices = tuple(
        FilePrice(
            wanted.assets[asset],
            on,
            Decimal("1.00"),
            source=SOURCE,
            file=FILE,
            line=number,
            at=None,
            is_adjusted=False,
        )
        for number, (asset, on) in enumerate(places, start=1)
    )
    names = ", ".join(dict.fromkeys(price.asset for price in prices))
    said = f"Taken as 1.00 a unit, which is an assumption: {names}. Where you know what it was worth, type that."
    return prices, (said,) if prices else ()
