"""What a symbol says of its asset by the way it is written: a coin's price quote, a pair of two, an option."""

from __future__ import annotations

import re
from datetime import datetime
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

_OCC = re.compile(r"(?P<root>[A-Z0-9.]{1,6}?)\s*(?P<expires>\d{6})(?P<right>[CP])(?P<strike>\d{8})")
_RIGHT_IN_NAME = re.compile(r".*(?:\s(?P<before>[CP])\$?\d[\d.]*|\d(?P<behind>[CP])|\b(?P<word>CALL|PUT)S?)\b.*")
_WRITTEN_OPTION = re.compile(
    r".*\b(CALLS?|PUTS?)\b.*|[A-Z.]{1,6}\s+\d{1,2}/\d{1,2}/\d{2,4}\s+\$?[\d.]+\s*[CP]"
    r"|[.-]?[A-Z.]{1,6}\d{6}[CP][\d.]+"
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
    """What a contract is on, gives the right to, for what price and until when, by its OCC symbol; else None."""
    parts = _OCC.fullmatch(" ".join(asset.upper().split()))
    if parts is None:
        return None
    try:
        expires = datetime.strptime(parts["expires"], "%y%m%d").date()
    except ValueError:
        expires = None
    right = Right.PUT if parts["right"] == "P" else Right.CALL
    return Contract(parts["root"], OCC_SIZE, right, expires, Decimal(parts["strike"]) / 1000)


def right_in_name(asset: str) -> Right | None:
    """Put or call by an option's name, such as `ABC JUN25 P50`, `ABC 50P` or `ABC Put`; None where it does not say."""
    found = occ_terms(asset)
    if found is not None:
        return found.right
    parts = _RIGHT_IN_NAME.fullmatch(" ".join(asset.upper().split()))
    if parts is None:
        return None
    return Right.PUT if (parts["before"] or parts["behind"] or parts["word"])[0] == "P" else Right.CALL
