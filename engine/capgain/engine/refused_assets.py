"""Assets that do not belong on Form 8949, known by name: currencies and perpetual futures."""

from __future__ import annotations

import re

from capgain.engine.classes import AssetClass

CURRENCIES = frozenset(
    """
    AUD BRL CAD CHF CNH CNY CZK DKK EUR GBP HKD HUF ILS INR JPY KRW MXN NOK NZD PLN SEK SGD THB TRY TWD USD ZAR
    """.split()  # noqa: SIM905
)
"""Currencies by their ISO 4217 codes, the dollar among them."""

_METALS = frozenset({"XAU", "XAG"})
"""Gold and silver as currency pairs have them."""

_PAIR = re.compile(r"([A-Z]{3})[./_: -]?([A-Z]{3})")
_PERPETUAL = re.compile(r".*[A-Z0-9][-_/ .]?PERP(ETUAL)?")
_NAMED_ANYWAY = frozenset({AssetClass.STOCK, AssetClass.FUND, AssetClass.OPTION, AssetClass.SECTION_1256})


def foreign_currency(asset: str, stated: AssetClass | None) -> str | None:
    """The currency that an asset is: `EUR`, or GBP for the pair `GBP.USD`; None for anything else.

    `stated` is the class that a row or a setting names; stock, fund and option make the name a ticker.
    """
    name = asset.upper()
    if stated in _NAMED_ANYWAY or name == "USD":
        return None
    if name in CURRENCIES:
        return name
    pair = _PAIR.fullmatch(name)
    if pair is None or not set(pair.groups()) <= CURRENCIES | _METALS:
        return None
    return next((one for one in pair.groups() if one != "USD"), None)


def is_perpetual(asset: str, stated: AssetClass | None) -> bool:
    """Whether an asset's name is that of a perpetual future: `BTC-PERP`."""
    stocks = (AssetClass.STOCK, AssetClass.FUND, AssetClass.SECTION_1256)
    return stated not in stocks and _PERPETUAL.fullmatch(asset.upper()) is not None
