"""Which asset a price file is about: its symbol column or its name, quoted in dollars."""

from __future__ import annotations

import re
from dataclasses import dataclass

from capgain.workbook.importing.source_files import UnreadableImport

DOLLAR_COINS = ("USDT", "USDC", "BUSD")
"""Quotes that are taken as dollars, with a notice."""

OTHER_QUOTES = ("EUR", "GBP", "JPY", "CAD", "AUD", "CHF", "KRW", "CNY", "INR", "BRL", "TRY", "MXN", "BTC", "ETH")
SAME = {"XBT": "BTC", "XDG": "DOGE"}
NAMES = {
    "BITCOIN": "BTC",
    "ETHEREUM": "ETH",
    "LITECOIN": "LTC",
    "DOGECOIN": "DOGE",
    "CARDANO": "ADA",
    "SOLANA": "SOL",
    "POLKADOT": "DOT",
    "RIPPLE": "XRP",
    "CHAINLINK": "LINK",
    "STELLAR": "XLM",
}
"""Coins whose files are named by their names."""

_NO_SYMBOL = frozenset(
    {"HISTORICALDATA", "HISTORICAL", "DATA", "HISTORY", "DOWNLOAD", "PRICES", "PRICE", "EXPORT", "TABLE", "QUOTES"}
    | {"CHART", "QUOTE", "SHEET1", "UNTITLED"}
)
_SEPARATED = re.compile(r"([A-Z0-9.]{1,15})[-/]([A-Z]{3,5})(?:-MAX)?")


@dataclass(frozen=True, slots=True)
class Quoted:
    """An asset, and what its price is in: USD, or a coin taken as a dollar."""

    asset: str
    quote: str = "USD"


def of_column(text: str, place: str) -> Quoted:
    """A symbol as a column holds it: `ETH/USD`, `BTC-USD`, `BTCUSDT`, `AAPL`, `AAPL.US`. Raises UnreadableImport."""
    symbol = text.strip().upper().removesuffix(".US")
    return _in_dollars(_pair(symbol) or Quoted(SAME.get(symbol, symbol)), place)


def of_file_name(stem: str, place: str) -> Quoted | None:
    """A symbol from a file's name, None where it has none. Raises UnreadableImport for another currency."""
    name = stem.strip().upper()
    separated = _SEPARATED.fullmatch(name)
    if separated is not None and _is_quote(separated[2]):
        return _in_dollars(Quoted(SAME.get(separated[1], separated[1]), separated[2]), place)
    parts = [part for part in re.split(r"[_\s]+", name) if part]
    for part in parts:
        found = _pair(part)
        if found is not None:
            return _in_dollars(found, place)
    first = parts[0].removesuffix(".US") if parts else ""
    if not first or first in _NO_SYMBOL or not re.fullmatch(r"[A-Z0-9^.\-]{1,15}", first) or first.isdigit():
        return None
    return Quoted(NAMES.get(first, SAME.get(first, first)))


def _is_quote(text: str) -> bool:
    return text == "USD" or text in DOLLAR_COINS or text in OTHER_QUOTES


def _pair(symbol: str) -> Quoted | None:
    """`ETHUSD`, `ETH/USD`: the asset and its quote; None for a symbol alone."""
    for separator in ("/", "-"):
        base, found, quote = symbol.partition(separator)
        if found and base and _is_quote(quote):
            return Quoted(SAME.get(base, base), quote)
    for quote in ("USD", *DOLLAR_COINS, *(one for one in OTHER_QUOTES if one not in ("BTC", "ETH"))):
        base = symbol.removesuffix(quote)
        if base != symbol and len(base) >= 2 and base.isalnum():
            return Quoted(SAME.get(base, base), quote)
    return None


def _in_dollars(found: Quoted, place: str) -> Quoted:
    if found.quote != "USD" and found.quote not in DOLLAR_COINS:
        raise UnreadableImport(
            f"{place} has prices of {found.asset} in {found.quote}: dollars are needed. Take a file quoted in USD."
        )
    return found
