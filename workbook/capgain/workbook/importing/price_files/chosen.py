"""Which prices of a file a ledger needs: its assets as it spells them, splits undone, the days that matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from capgain.engine.ledger import Ledger
from capgain.engine.money import EXACT
from capgain.engine.report import TaxReport
from capgain.engine.transactions import Disposal, Split, Trade
from capgain.workbook.importing.price_files.reading import FilePrice
from capgain.workbook.written.words import counted

DECIMALS = Decimal("1e-8")
"""What an adjusted close keeps after splits are undone."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a ledger holds and lacks. `assets` are all it names, by casefold; `held` those still held.

    `lacking` are assets and days on which a row has no dollars.
    """

    assets: Mapping[str, str]
    held: frozenset[str]
    lacking: frozenset[tuple[str, date]]


def wanted_of(report: TaxReport, names: Iterable[str], lacking: Iterable[tuple[str, date]]) -> Wanted:
    """`names` are assets that the sheets name besides those of the transactions.

    With errors in the ledger nobody knows what is held: then every asset counts as held.
    """
    assets: dict[str, str] = {}
    for entry in report.ledger.transactions:
        assets.setdefault(entry.asset.casefold(), entry.asset)
        if isinstance(entry, Trade) and entry.received_asset:
            assets.setdefault(entry.received_asset.casefold(), entry.received_asset)
        if isinstance(entry, Disposal) and entry.coin_fee is not None:
            assets.setdefault(entry.coin_fee.asset.casefold(), entry.coin_fee.asset)
    for name in names:
        assets.setdefault(name.casefold(), name)
    assets.pop("", None)
    if report.has_errors:
        held = frozenset(assets)
    else:
        held = frozenset(lot.asset.casefold() for lot in report.open_lots)
        held |= {short.asset.casefold() for short in report.open_shorts}
    return Wanted(assets, held, frozenset((asset.casefold(), day) for asset, day in lacking))


def as_spelled(
    prices: Sequence[FilePrice], wanted: Wanted, *, every: bool
) -> tuple[tuple[FilePrice, ...], Mapping[str, int]]:
    """The prices of assets that the ledger names, spelled as there, and how many of which others were left out.

    `every` keeps the others too. `BRK-B` is `BRK.B`.
    """
    loosely = {_letters(key): name for key, name in wanted.assets.items()}
    kept: list[FilePrice] = []
    unknown: dict[str, int] = {}
    for price in prices:
        name = wanted.assets.get(price.asset.casefold()) or loosely.get(_letters(price.asset.casefold()))
        if name is not None:
            kept.append(replace(price, asset=name))
        elif every:
            kept.append(price)
        else:
            unknown[price.asset] = unknown.get(price.asset, 0) + 1
    return tuple(kept), unknown


def _letters(name: str) -> str:
    return "".join(letter for letter in name if letter.isalnum())


def splits_undone(prices: Sequence[FilePrice], ledger: Ledger) -> tuple[tuple[FilePrice, ...], tuple[str, ...]]:
    """Closes that a source has adjusted for later splits as they were on their day, and a notice for each asset.

    A split counts where it lies after the price's day and not after the last day of its file: later ones the source
    could not know.
    """
    splits: dict[str, list[tuple[date, Fraction]]] = {}
    for entry in ledger.transactions:
        if isinstance(entry, Split):
            one = (entry.at.date(), entry.ratio)
            known = splits.setdefault(entry.asset.casefold(), [])
            if one not in known:
                known.append(one)
    last: dict[tuple[str, str], date] = {}
    for price in prices:
        key = (price.file, price.asset)
        last[key] = max(last.get(key, price.day), price.day)
    found: list[FilePrice] = []
    undone: dict[str, int] = {}
    for price in prices:
        ratio = Fraction(1)
        if price.is_adjusted:
            for day, after in splits.get(price.asset.casefold(), ()):
                if price.day < day <= last[price.file, price.asset]:
                    ratio *= after
        if ratio == 1:
            found.append(price)
            continue
        exact = EXACT.divide(EXACT.multiply(price.price, Decimal(ratio.numerator)), Decimal(ratio.denominator))
        found.append(replace(price, price=exact.quantize(DECIMALS, context=EXACT).normalize(EXACT)))
        undone[price.asset] = undone.get(price.asset, 0) + 1
    notices = tuple(
        f"{asset}: {counted(count, 'adjusted close')} before a split of the ledger brought back to what "
        "a unit cost on the day (capgain prices --adjusted no leaves them)."
        for asset, count in undone.items()
    )
    return tuple(found), notices


def needed(prices: Sequence[FilePrice], wanted: Wanted, as_of: date | None) -> tuple[FilePrice, ...]:
    """The last price of each asset held, on or before `as_of`, and those of days on which a row lacks its dollars."""
    if not prices:
        return ()
    frame = pd.DataFrame({"place": range(len(prices))})
    frame["asset"] = [price.asset.casefold() for price in prices]
    frame["day"] = [price.day for price in prices]
    held = frame[frame["asset"].isin(list(wanted.held))]
    if as_of is not None:
        held = held[[day <= as_of for day in held["day"]]]
    last = held.sort_values(["asset", "day"], kind="stable").groupby("asset").tail(1)
    places = set(last["place"])
    places |= {place for place, price in enumerate(prices) if (price.asset.casefold(), price.day) in wanted.lacking}
    return tuple(prices[place] for place in sorted(places))
