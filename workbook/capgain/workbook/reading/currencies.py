"""Money that is not US dollars: as the currency of a row's amounts, and as an asset."""

from __future__ import annotations

import re

from capgain.workbook.written.misread import Misread

CURRENCIES = frozenset(
    """
    AUD BRL CAD CHF CNH CNY CZK DKK EUR GBP HKD HUF ILS INR JPY KRW MXN NOK NZD PLN SEK SGD THB TRY TWD USD ZAR
    """.split()  # noqa: SIM905
)
"""Currencies by their ISO 4217 codes, the dollar among them."""

_METALS = frozenset({"XAU", "XAG"})
"""Gold and silver as currency pairs have them."""

_PENCE = frozenset({"GBX", "GBp", "GBPX"})
_PAIR = re.compile(r"([A-Z]{3})[./_: -]?([A-Z]{3})")


def not_dollars(currency: str, what: str, *, is_fee: bool = False) -> Misread:
    """What to say of amounts in another currency; `what` says whose, with its verb.

    The functional currency of a person is the dollar (26 USC 985(b)(1)).
    """
    pence = " (pence)" if currency in _PENCE else ""
    coin = " A fee paid in coin goes into Fee Asset and Fee Quantity, its worth in dollars into Fee." if is_fee else ""
    return Misread(
        f"{what} in {currency}{pence}; the ledger is in US dollars.",
        f"Convert each amount at that day's rate (trade date) and enter dollars.{coin}",
        "CURRENCY_NOT_USD",
    )


def foreign_currency(asset: str) -> str | None:
    """The currency that an asset's name means: `EUR`, or `GBP` for the pair `GBP.USD`; None for anything else."""
    name = asset.upper()
    if name in CURRENCIES:
        return None if name == "USD" else name
    pair = _PAIR.fullmatch(name)
    if pair is None or not set(pair.groups()) <= CURRENCIES | _METALS:
        return None
    return next((one for one in pair.groups() if one != "USD"), None)


def currency_as_asset(asset: str, currency: str) -> Misread:
    """What to say of a row whose asset is a currency (26 USC 988(a)(1)(A))."""
    of_pair = "" if asset.upper() == currency else f" ({currency})"
    return Misread(
        f"{asset} is foreign currency{of_pair}: its gain is ordinary income under section 988, not Form 8949.",
        f"Leave the row out and take it up with your adviser; if {asset} is a ticker, enter stock in Class.",
        "FOREIGN_CURRENCY",
    )
