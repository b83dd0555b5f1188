"""The price files that are known, by their headings: where price, time and symbol stand, and what a time means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from capgain.workbook.importing.source_files import SourceFile, SourceRow, UnreadableImport

TOP = 5
"""The headings stand in so many rows from the top."""

KNOWN = (
    "CoinGecko, CryptoDataDownload, Kraken (OHLCVT), Coinbase candles, CoinMarketCap, Yahoo Finance, yfinance, Stooq, "
    "Nasdaq, Google Finance, and tables with Asset, Price and Date"
)


class Time(Enum):
    """What the time of a row is."""

    DAY = "day"
    """a date of the exchange, taken as written"""
    INSTANT = "instant"
    """the moment of the price"""
    CANDLE = "candle"
    """the beginning of a candle, whose price is that of its end"""


@dataclass(frozen=True, slots=True)
class Kind:
    """A source. `price`, `time` and `symbol` are columns by place; `symbol` None: the file's name tells it.

    `is_adjusted`: closes are adjusted for later splits. `first` is the first row of prices.
    """

    name: str
    time: Time
    when: int
    price: int
    symbol: int | None = None
    is_adjusted: bool = False
    first: int = 1
    ticker: str = ""


def kinds_of(source: SourceFile) -> tuple[Kind, ...]:
    """What a file is, one for each column of prices. Raises UnreadableImport for a table of no known source."""
    tops = list(source.rows[:TOP])
    if tops and _is_kraken(tops[0].cells):
        return (Kind("Kraken", Time.CANDLE, when=0, price=4, first=0),)
    for place, row in enumerate(tops):
        heads = [_plain(cell) for cell in row.cells]
        at: dict[str, int] = {}
        for column, head in enumerate(heads):
            at.setdefault(head, column)
        if heads[:1] == ["price"] and _second(tops, place, "ticker"):
            return _yfinance_by_ticker(tops[place + 1].cells, heads, place)
        found = _by_headings(at, heads, place + 1, source)
        if found is not None:
            return (found,)
    seen = next((", ".join(cell for cell in row.cells if cell.strip()) for row in tops), "")
    raise UnreadableImport(f"{source.name} is no price file CapGain knows. Its headings: {seen}. Known are {KNOWN}.")


def _plain(cell: str) -> str:
    return cell.strip().strip("<>").rstrip("*").casefold()


def _second(tops: Sequence[SourceRow], place: int, word: str) -> bool:
    following = tops[place + 1].cells if place + 1 < len(tops) else ()
    return len(following) > 0 and _plain(following[0]) == word


def _is_kraken(cells: Sequence[str]) -> bool:
    """Seven numbers and no headings, the first of them a time in seconds."""
    return len(cells) == 7 and all(re.fullmatch(r"\d+(\.\d+)?", cell.strip()) for cell in cells) and len(cells[0]) >= 9


def _by_headings(at: Mapping[str, int], heads: Sequence[str], first: int, source: SourceFile) -> Kind | None:
    if {"snapped_at", "price"} <= at.keys():
        return Kind("CoinGecko", Time.INSTANT, at["snapped_at"], at["price"], first=first)
    unix = at.get("unix", at.get("unix timestamp"))
    if unix is not None and {"symbol", "close"} <= at.keys():
        return Kind("CryptoDataDownload", Time.CANDLE, unix, at["close"], at["symbol"], first=first)
    if {"timeclose", "close"} <= at.keys():
        return Kind("CoinMarketCap", Time.INSTANT, at["timeclose"], at["close"], first=first)
    if {"ticker", "per", "date", "close"} <= at.keys():
        spans = {row.cells[at["per"]].strip() for row in source.rows[first:] if len(row.cells) > at["per"]}
        if spans - {"D"}:
            raise UnreadableImport(f"{source.name} has prices by {', '.join(sorted(spans))}. Take Stooq's daily file.")
        return Kind("Stooq", Time.DAY, at["date"], at["close"], at["ticker"], is_adjusted=True, first=first)
    if {"time", "low", "high", "open", "close"} <= at.keys():
        return Kind("Coinbase", Time.CANDLE, at["time"], at["close"], first=first)
    if {"date", "close/last"} <= at.keys():
        return Kind("Nasdaq", Time.DAY, at["date"], at["close/last"], is_adjusted=True, first=first)
    if {"date", "close", "dividends", "stock splits"} <= at.keys():
        return Kind("yfinance", Time.DAY, at["date"], at["close"], is_adjusted=True, first=first)
    if {"date", "close", "adj close"} <= at.keys():
        return Kind("Yahoo Finance", Time.DAY, at["date"], at["close"], is_adjusted=True, first=first)
    return _ours(at, first) or _stooq_or_google(at, heads, first, source)


def _ours(at: Mapping[str, int], first: int) -> Kind | None:
    asset = at.get("asset", at.get("symbol"))
    price = at.get("price", at.get("close", at.get("price(usd)", at.get("price (usd)"))))
    if asset is None or price is None or "date" not in at:
        return None
    return Kind("Prices", Time.DAY, at["date"], price, asset, first=first)


def _stooq_or_google(at: Mapping[str, int], heads: Sequence[str], first: int, source: SourceFile) -> Kind | None:
    """Both have the same headings; Google writes the time at which the exchange closed."""
    if not {"date", "close"} <= at.keys() or set(heads) - {"date", "open", "high", "low", "close", "volume", ""}:
        return None
    written = source.rows[first].cells[at["date"]] if len(source.rows) > first else ""
    is_google = ":" in written or len(at) == 2
    name = "Google Finance" if is_google else "Stooq"
    return Kind(name, Time.DAY, at["date"], at["close"], is_adjusted=True, first=first)


def _yfinance_by_ticker(tickers: Sequence[str], heads: Sequence[str], place: int) -> tuple[Kind, ...]:
    """A head of three rows: what a column is, whose it is, and the name of the dates."""
    return tuple(
        Kind("yfinance", Time.DAY, 0, column, is_adjusted=True, first=place + 2, ticker=tickers[column].strip())
        for column, head in enumerate(heads)
        if head == "close" and column < len(tickers)
    )
