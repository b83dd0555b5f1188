"""The prices of a file: asset, day and dollars, each with the line it stands on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pandas as pd

from capgain.workbook.importing.price_files.kinds import Kind, Time, kinds_of
from capgain.workbook.importing.price_files.symbols import DOLLAR_COINS, Quoted, of_column, of_file_name
from capgain.workbook.importing.source_files import SourceFile, SourceRow, UnreadableImport, read_sources
from capgain.workbook.reading.shifted_rows import IN_QUOTES, too_wide, usual_width
from capgain.workbook.written.source_text import UnreadableValue, moment, number
from capgain.workbook.written.time_zones import ZoneByYear, in_zone

_ONE_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
_UNIX = {10: 1, 13: 1_000, 16: 1_000_000}
"""Ticks of a second by the digits of a Unix time."""


@dataclass(frozen=True, slots=True)
class FilePrice:
    """What one unit of `asset` was worth in dollars on `day`; `at` is the moment, where the file tells one."""

    asset: str
    day: date
    price: Decimal
    source: str
    file: str
    line: int
    at: datetime | None
    is_adjusted: bool

    @property
    def place(self) -> str:
        return f"{self.file} row {self.line}"


@dataclass(frozen=True, slots=True)
class PriceFiles:
    """The prices of some files, the last of each asset's day, and sentences about what was passed over or assumed."""

    prices: tuple[FilePrice, ...]
    notices: tuple[str, ...]


def read_price_files(
    paths: Sequence[Path],
    *,
    zones: ZoneByYear | None = None,
    assets: Mapping[Path, str] | None = None,
    today: date | None = None,
) -> PriceFiles:
    """Read price files; `assets` names what a file is about where its name does not.

    The day of a moment is that of one second before it in the tax zone: 00:00 is the end of the day before,
    which is the day that a daily candle is named after.

    Raises:
        UnreadableImport: a file or a line cannot be read, a zone or a symbol is missing, or one moment has two prices.
    """
    found: list[FilePrice] = []
    notices: list[str] = []
    for path in paths:
        for source in read_sources(path)[:1]:
            stated = (assets or {}).get(path, "")
            for kind in kinds_of(source):
                found += _prices(source, kind, stated, zones, today or date.today(), notices)
    return PriceFiles(tuple(_last_of_each_day(found, notices)), tuple(notices))


def _prices(
    source: SourceFile, kind: Kind, stated: str, zones: ZoneByYear | None, today: date, notices: list[str]
) -> Iterator[FilePrice]:
    whole = _whole_file(source, kind, stated)
    rows = source.rows[kind.first :]
    header = source.rows[max(kind.first - 1, 0)].cells
    usual = usual_width(header, (row.cells for row in rows)) if source.is_text else 0
    step = _step(source, kind, rows) if kind.time is Time.CANDLE else timedelta(0)
    without: list[int] = []
    in_coins: set[str] = set()
    for row in rows:
        place = f"{source.name} row {row.line}"
        when = _cell(row, kind.when).strip()
        if not when and (_cell(row, kind.price).strip() or _cell(row, kind.symbol).strip()):
            raise UnreadableImport(f"{place} has no date. Fill it in or take the line out.")
        if not when or when.casefold() == "date":
            continue
        if usual and (wrong := too_wide(row.cells, header, usual)):
            raise UnreadableImport(f"{place}: {wrong} {IN_QUOTES}")
        quoted = whole or of_column(_cell(row, kind.symbol), place)
        if not quoted.asset:
            raise UnreadableImport(f"{place} names no asset. Fill it in or take the line out.")
        price = _price(row, kind, place, is_doubtful=source.comma_is_doubtful)
        if price is None:
            without.append(row.line)
            continue
        at = _moment(row, kind, place)
        if kind.time is not Time.DAY:
            at = (at.replace(tzinfo=UTC) if at.tzinfo is None else at) + step
            local = None if zones is None else in_zone(at - _ONE_SECOND, zones)
            if local is None:
                raise UnreadableImport(
                    f"{source.name} has times in UTC, whose day depends on your tax zone. Set Time Zone in Settings, "
                    "or add --time-zone America/New_York, or --set 'Time Zone=America/New_York' where a command has "
                    "that instead."
                )
            day = local.date()
        else:
            day = at.date()
        if day > today:
            raise UnreadableImport(f"{place} lies in the future ({day}). Correct the line or take it out.")
        if quoted.quote in DOLLAR_COINS:
            in_coins.add(quoted.quote)
        instant = at if kind.time is not Time.DAY else None
        yield FilePrice(quoted.asset, day, price, kind.name, source.name, row.line, instant, kind.is_adjusted)
    if without:
        more = f", and {len(without) - 1} more rows" if len(without) > 1 else ""
        notices.append(f"{source.name} row {without[0]}: no close{more}. Passed over.")
    notices += [f"{source.name} quotes in {coin}, which is taken as a dollar." for coin in sorted(in_coins)]


def _whole_file(source: SourceFile, kind: Kind, stated: str) -> Quoted | None:
    """The asset of all rows; None where a column names it."""
    if stated:
        return Quoted(stated)
    if kind.ticker:
        return of_column(kind.ticker, source.name)
    if kind.symbol is not None:
        return None
    found = of_file_name(source.path.stem, source.name)
    if found is None:
        raise UnreadableImport(
            f"{source.name} does not say which asset its prices are of. Name the file after it, such as AAPL.csv, or "
            f"name it to capgain prices: --asset AAPL={source.path.name}"
        )
    return found


def _cell(row: SourceRow, column: int | None) -> str:
    return row.cells[column] if column is not None and column < len(row.cells) else ""


def _price(row: SourceRow, kind: Kind, place: str, *, is_doubtful: bool) -> Decimal | None:
    try:
        price = number(_cell(row, kind.price), comma_is_doubtful=is_doubtful)
    except UnreadableValue as wrong:
        raise UnreadableImport(f"{place}: {wrong}, where the price stands. Correct the line or take it out.") from wrong
    if price is not None and price < 0:
        raise UnreadableImport(f"{place}: the price {price} is negative. Correct the line or take it out.")
    return price


def _moment(row: SourceRow, kind: Kind, place: str) -> datetime:
    text = _cell(row, kind.when).strip()
    digits = re.fullmatch(r"(\d+)(?:\.0*)?", text)
    if kind.time is not Time.DAY and digits is not None and len(digits[1]) in _UNIX:
        ticks = _UNIX[len(digits[1])]
        whole, rest = divmod(int(digits[1]), ticks)
        return datetime.fromtimestamp(whole, UTC) + timedelta(microseconds=rest * 1_000_000 // ticks)
    try:
        return moment(text, None).at
    except UnreadableValue as wrong:
        raise UnreadableImport(f"{place}: {wrong}. Correct the line or take it out.") from wrong


def _step(source: SourceFile, kind: Kind, rows: Iterable[SourceRow]) -> timedelta:
    """The length of a file's candles: in its name, else the smallest gap between two of them, else a day."""
    stem = source.path.stem.casefold()
    minutes = re.search(r"_(\d+)$", stem) if kind.name == "Kraken" else None
    if minutes is not None:
        return timedelta(minutes=int(minutes[1]))
    named = {"_d": _DAY, "_1h": timedelta(hours=1), "_minute": timedelta(minutes=1), "_1d": _DAY}
    for ending, step in named.items():
        if stem.endswith(ending):
            return step
    stamps = {_moment(row, kind, f"{source.name} row {row.line}") for row in rows if _cell(row, kind.when).strip()}
    ordered = sorted(stamps)
    gaps = [later - earlier for earlier, later in pairwise(ordered)]
    return min(gaps, default=_DAY)


def _last_of_each_day(found: Sequence[FilePrice], notices: list[str]) -> list[FilePrice]:
    """The latest price of each asset and day. Raises UnreadableImport for one moment with two prices."""
    if not found:
        return []
    frame = pd.DataFrame({"place": range(len(found))})
    frame["asset"] = [one.asset.casefold() for one in found]
    frame["day"] = [one.day for one in found]
    frame["at"] = pd.to_datetime(
        [one.at or datetime.combine(one.day, datetime.min.time(), UTC) for one in found], utc=True
    )
    frame["price"] = pd.Series([one.price for one in found], dtype=object)
    clashes = frame.drop_duplicates(["asset", "day", "at", "price"])
    clashes = clashes[clashes.duplicated(["asset", "day", "at"], keep=False)]
    if len(clashes):
        one, other = (found[place] for place in clashes.sort_values(["asset", "at"])["place"].iloc[:2])
        raise UnreadableImport(
            f"{one.place} says {one.asset} was worth {one.price} on {one.day}, {other.place} says {other.price}. Keep "
            "the right one."
        )
    last = frame.sort_values(["asset", "day", "at"], kind="stable").groupby(["asset", "day"], sort=False).tail(1)
    files = frame.assign(file=[one.file for one in found]).groupby(["asset", "day"])["file"].nunique()
    several = int((files > 1).sum())
    if several:
        words = "day is" if several == 1 else "days are"
        notices.append(f"{several} {words} in more than one file: the later price counts.")
    return [found[place] for place in sorted(last["place"])]
