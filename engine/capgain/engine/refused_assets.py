"""Assets that do not belong on Form 8949, known by name: currencies, section 1256 contracts, perpetual futures."""

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

_INDEX_ROOTS = frozenset(
    "SPX SPXW XSP NANOS NDX NDXP XND RUT RUTW MRUT VIX VIXW DJX OEX XEO MXEA MXEF CBTX MBTX".split()  # noqa: SIM905
)
"""Roots of options on broad indexes and the like: nonequity options, 26 USC 1256(b)(1)(C), (g)(3)."""

_FUTURES = re.compile(
    r"(ES|MES|NQ|MNQ|YM|MYM|RTY|M2K|CL|MCL|GC|MGC|SI|SIL|HG|NG|ZB|ZN|ZF|ZT|UB|6A|6B|6C|6E|6J|BTC|MBT|ETH|MET)"
    r"[FGHJKMNQUVXZ]\d{1,2}"
)
"""Root, month and year of regulated futures contracts: 26 USC 1256(b)(1)(A), (g)(1)."""

_PAIR = re.compile(r"([A-Z]{3})[./_: -]?([A-Z]{3})")
_ROOT = re.compile(r"[.$^-]?([A-Z]+)(?![A-Z])")
_PERPETUAL = re.compile(r".*[A-Z0-9][-_/ .]?PERP(ETUAL)?")
_NAMED_ANYWAY = frozenset({AssetClass.STOCK, AssetClass.FUND, AssetClass.OPTION})
_MAY_BE_1256 = frozenset({AssetClass.OPTION, AssetClass.OTHER, AssetClass.BOND, None})


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


def section_1256_root(asset: str, underlying: str, stated: AssetClass | None) -> str | None:
    """The root by which an asset is a section 1256 contract, "/ES" as "ES"; None for anything else.

    An option on a stock or on a fund of stocks is an equity option and none: 26 USC 1256(g)(6).
    """
    if stated not in _MAY_BE_1256:
        return None
    for name in (asset.upper().strip(), underlying.upper().strip()):
        if name.startswith("/"):
            future = _FUTURES.match(name[1:])
            return future[1] if future else name[1:]
        root = _ROOT.match(name)
        if root is not None and root[1] in _INDEX_ROOTS:
            return root[1]
        future = _FUTURES.fullmatch(name)
        if future is not None and stated in (AssetClass.OTHER, None):
            return future[1]
    return None


def is_perpetual(asset: str, stated: AssetClass | None) -> bool:
    """Whether an asset's name is that of a perpetual future: `BTC-PERP`."""
    return stated not in (AssetClass.STOCK, AssetClass.FUND) and _PERPETUAL.fullmatch(asset.upper()) is not None
