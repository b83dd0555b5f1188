"""Amounts in another currency than US dollars."""

from __future__ import annotations

import re
import unicodedata

from capgain.engine.refused_assets import CURRENCIES
from capgain.engine.well_known_coins import WELL_KNOWN_COINS
from capgain.workbook.written.misread import Misread
from capgain.workbook.written.words import plain

_PENCE = frozenset({"GBX", "GBp", "GBPX"})

_FURTHER = frozenset(
    """
    AED ARS BGN BHD CLP COP EGP GHS IDR ISK JOD KES KWD KZT LKR MAD MYR NGN OMR PEN PHP PKR QAR RON RSD RUB SAR TND
    TTD TWD UAH UYU VND ZMW
    """.split()  # noqa: SIM905
)
"""Codes that name a currency in a heading or a number format, and may be a ticker's where they are an asset's name."""

SIGNS = {
    "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₪": "ILS", "₱": "PHP",
    "₫": "VND", "฿": "THB", "R$": "BRL", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "HK$": "HKD",
    "S$": "SGD", "NZ$": "NZD", "zł": "PLN", "kr": "krone or krona", "kr.": "krone or krona", "Fr.": "CHF",
}  # fmt: skip
"""Currencies other than the dollar by the signs that people write."""


def currency_named(words: str) -> str | None:
    """The currency other than the dollar that words of a heading or a number format name; None where they name none."""
    for word in re.split(r"[\s()\[\],/]+", words):
        if word in SIGNS:
            return SIGNS[word]
    named = (word for word in re.findall(r"[A-Z]{3}", words) if word in CURRENCIES | _FURTHER and word != "USD")
    return next(named, None)


def is_in_another_unit(heading: str) -> bool:
    """Whether a heading says by a sign that its numbers are neither dollars nor units: `Price (€)`, `Fee %`, `¢`."""
    return any(sign in "%‰¢" or (sign != "$" and unicodedata.category(sign) == "Sc") for sign in heading)


def not_dollars(currency: str, what: str, *, is_fee: bool = False) -> Misread:
    """What to say of amounts in another currency; `what` says whose, with its verb.

    The functional currency of a person is the dollar (26 USC 985(b)(1)).
    """
    pence = " (pence)" if currency in _PENCE else ""
    coin = ""
    if is_fee:
        coin = " A fee paid in coin goes into Fee Asset and Fee Quantity, its worth in dollars into Fee."
    elif currency.upper() in WELL_KNOWN_COINS:
        coin = f" If it was {currency} that was given or received, enter a Trade of the two coins instead."
    return Misread(
        f"{what} in {currency}{pence}; the ledger is in US dollars.",
        f"Convert each amount at that day's rate (trade date) and enter dollars.{coin}",
        "CURRENCY_NOT_USD",
    )


def is_dollars(text: str) -> bool:
    """Whether a word for a currency means US dollars."""
    return text == "$" or plain(text) in _DOLLARS


_DOLLARS = frozenset({"usd", "us", "usdollar", "usdollars", "dollar", "dollars", "unitedstatesdollar", "usdusdollar"})
