"""What a symbol says of its asset by the way it is written: a coin's price quote, a pair of two, an option."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache

from capgain.engine.classes import Right
from capgain.engine.refused_assets import CURRENCIES
from capgain.engine.transactions import Contract
from capgain.engine.well_known_coins import WELL_KNOWN_COINS
from capgain.workbook.written.misread import Misread

OCC_SIZE = Decimal(100)
"""Shares under one contract of a standard equity option (Options Clearing Corporation)."""

_QUOTE = re.compile(r"([A-Z0-9]+)[-/_:]?USD")
_PAIR = re.compile(r"([A-Z0-9]+)[-/_:]([A-Z0-9]+)")
_OTHER_NAMES = {"XBT": "BTC", "XXBT": "BTC"}
_QUOTED_IN = ("USDT", "USDC", "BUSD", "DAI", "EUR", "GBP", "BTC", "ETH")
"""What exchanges quote pairs in without a sign between the two."""

_OCC = re.compile(
    r"(?:O:|[.\-+])?(?P<root>[A-Z.]{1,6}?)\s*(?P<expires>\d{6})(?P<right>[CP])"
    r"(?:(?P<strike>\d{8})|(?P<shortly>\d{1,5}(?:\.\d{1,3})?))"
    r"|(?:O:)?[A-Z]{1,5}\d\s*\d{6}[CP]\d{8}"
)
"""Root, expiry, right and strike: in the 21 places of the OCC, or as brokers shorten it, `-AAPL250117C200`."""
_RIGHT_IN_NAME = re.compile(r".*(?:\s(?P<before>[CP])\$?\d[\d.]*|\d\s?(?P<behind>[CP])|\b(?P<word>CALL|PUT)S?)\b.*")
_MONTH = r"(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]{0,6}"
_EXPIRY = (
    r"(?:\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{4}-\d\d-\d\d|\d{6}(?:\d\d)?"
    rf"|\d{{1,2}}[- ]?{_MONTH}[- ]?'?(?:\d\d){{1,2}}|{_MONTH}[- ]?\d{{1,4}}(?:,? '?(?:\d\d){{1,2}})?)"
)
"""When an option ends, as brokers and people write it: `06/20/25`, `20JUN25`, `JUN 20 2025`, `JUN25`, `20250620`."""
_WRITTEN_OPTION = re.compile(
    r".*\b(CALLS?|PUTS?)\b.*"
    rf"|[A-Z.]{{1,6}}\s+{_EXPIRY}\s+(?:\$?\d[\d.]*\s?[CP]|[CP]\s?\$?\d[\d.]*)"
    rf"|[A-Z.]{{1,6}}\s+\$?\d[\d.]*[CP]\s+{_EXPIRY}"
)


def coin_quoted(asset: str) -> str | None:
    """The coin that a symbol of its price in dollars means: BTC for `BTC-USD`, `BTC/USD`, `BTCUSD`; None for others."""
    quote = _QUOTE.fullmatch(asset.upper())
    coin = quote[1] if quote else None
    if coin in _OTHER_NAMES:
        return _OTHER_NAMES[coin]
    return coin if coin in WELL_KNOWN_COINS else None


def other_name_of_coin(asset: str) -> str | None:
    """The usual symbol of a coin that exchanges also call `XBT`; None for others."""
    return _OTHER_NAMES.get(asset.upper())


def pair(asset: str) -> tuple[str, str] | None:
    """The two of a pair of coins, or of a coin and a currency other than the dollar: `BTC/USDT`, `BTC-EUR`."""
    name = asset.upper()
    parts = _PAIR.fullmatch(name)
    if parts is not None:
        one, other = parts.groups()
        is_quoted = other in WELL_KNOWN_COINS or (other in CURRENCIES and other != "USD")
        return (one, other) if is_quoted and (one in _COINS or other in _QUOTED_IN) and one != other else None
    if name in WELL_KNOWN_COINS:
        return None
    ends = [end for end in _QUOTED_IN if name.endswith(end) and name.removesuffix(end) in _COINS]
    return (name.removesuffix(ends[0]), ends[0]) if ends else None


_COINS = WELL_KNOWN_COINS | _OTHER_NAMES.keys()


def pair_as_asset(asset: str, of: tuple[str, str]) -> Misread:
    """What to say of a row whose asset is a pair."""
    one, other = of
    how = (
        f"Enter {one} in Asset and dollars in Amount, converted at that day's rate."
        if other in CURRENCIES
        else f"Enter a Trade with Asset {other} and Received Asset {one}; the other way round where {one} was sold."
    )
    return Misread(f"{asset} is a pair: buying it gives up {other}.", how, "PAIR_AS_ASSET")


def read_as(asset: str, coin: str) -> Misread:
    """What to say where a symbol was read as another."""
    return Misread(
        f"{asset} is read as {coin}, the coin.",
        "If it is a security of that name, enter its class in column Class.",
        "SYMBOL_READ_AS",
    )


def is_option(asset: str) -> bool:
    """Whether a symbol is written as that of an option."""
    name = " ".join(asset.upper().split())
    return _OCC.fullmatch(name) is not None or _WRITTEN_OPTION.fullmatch(name) is not None


@cache
def occ_terms(asset: str) -> Contract | None:
    """What a contract is on, gives the right to, for what price and until when, by its OCC symbol; else None.

    A root that ends in a digit is of an adjusted contract, which is on something else than 100 shares: None as well.
    """
    parts = _OCC.fullmatch(" ".join(asset.upper().split()))
    if parts is None or parts["root"] is None:
        return None
    try:
        year, month, day = (int(parts["expires"][i : i + 2]) for i in (0, 2, 4))
        expires = date(2000 + year, month, day)
    except ValueError:
        expires = None
    strike = Decimal(parts["strike"]).scaleb(-3) if parts["strike"] else Decimal(parts["shortly"])
    return Contract(parts["root"], OCC_SIZE, Right.PUT if parts["right"] == "P" else Right.CALL, expires, strike)


def right_in_name(asset: str) -> Right | None:
    """Put or call by an option's name, such as `ABC JUN25 P50`, `ABC 50 P` or `ABC Put`; None where it does not say."""
    found = occ_terms(asset)
    if found is not None:
        return found.right
    parts = _RIGHT_IN_NAME.fullmatch(" ".join(asset.upper().split()))
    if parts is None:
        return None
    return Right.PUT if (parts["before"] or parts["behind"] or parts["word"])[0] == "P" else Right.CALL


_LISTED = re.compile(r"[A-Z0-9&-]{1,10}\.(?P<place>[A-Z]{1,2})")
_PLACES = {
    "L": "London", "TO": "Toronto", "DE": "Frankfurt", "PA": "Paris", "AS": "Amsterdam", "BR": "Brussels",
    "LS": "Lisbon", "MI": "Milan", "MC": "Madrid", "SW": "Zurich", "VI": "Vienna", "ST": "Stockholm", "OL": "Oslo",
    "CO": "Copenhagen", "HE": "Helsinki", "WA": "Warsaw", "HK": "Hong Kong", "SS": "Shanghai", "SZ": "Shenzhen",
    "KS": "Seoul", "KQ": "Seoul", "TW": "Taipei", "SI": "Singapore", "AX": "Sydney", "NZ": "Wellington",
    "NS": "Mumbai", "BO": "Mumbai", "JO": "Johannesburg", "SA": "São Paulo", "MX": "Mexico City", "TA": "Tel Aviv",
}  # fmt: skip
"""Where a share with this ending is quoted, in the endings that quotation services use."""
_IN_TOKYO = re.compile(r"\d[0-9A-Z]{3}\.T")


def place_abroad(asset: str) -> str | None:
    """Where a security is listed by the ending of its symbol, `VOD.L`; None for a symbol of the United States."""
    name = asset.strip().upper()
    if _IN_TOKYO.fullmatch(name):
        return "Tokyo"
    found = _LISTED.fullmatch(name)
    return _PLACES.get(found["place"]) if found else None


_COUPON = re.compile(
    r"(?<![\d.])\d{1,2}(?:\.\d{1,4})?\s?%"
    r"|(?<![\d.])\d{1,2}\.\d{1,4}\s+(?:DUE\s+)?\d\d?/\d\d?/(?:20)?\d\d\b"
)
_TREASURY = re.compile(
    r"912[0-9A-Z]{5}\d"
    r"|T\s+\d{1,2}(?:\.\d{1,4})?\s+.*"
    r"|(?:US\s+)?T(?:REASURY)?[- ]?(?:BILL|NOTE|BOND)S?\b.*"
)
_CUSIP = re.compile(r"\d[0-9A-Z]{7}\d")


def is_debt(asset: str) -> bool:
    """Whether a name is that of a bond, a note or a bill: a coupon, a Treasury's name, a Treasury's CUSIP."""
    name = " ".join(asset.upper().split())
    return _TREASURY.fullmatch(name) is not None or _COUPON.search(name) is not None


def is_cusip(asset: str) -> bool:
    """Whether a name is a CUSIP by its check digit (ANSI X9.6): a number of some security, of whichever class."""
    name = asset.strip().upper()
    if _CUSIP.fullmatch(name) is None:
        return False
    digits = (int(sign, 36) * (1 + place % 2) for place, sign in enumerate(name[:8]))
    return -sum(digit // 10 + digit % 10 for digit in digits) % 10 == int(name[8])
