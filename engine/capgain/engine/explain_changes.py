"""What companies and funds did to a lot between its purchase and its sale, in sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from capgain.engine.money import dollars
from capgain.engine.results.dispositions import Disposition
from capgain.engine.transactions import (
    Conversion,
    Merger,
    RebaseSplit,
    ReturnOfCapital,
    SpinOff,
    Split,
    StockDividend,
    Transaction,
    TrustSale,
)
from capgain.engine.units import plain_quantity, quantity_text

Change = Split | StockDividend | SpinOff | Merger | Conversion | ReturnOfCapital | TrustSale

MOST_CHANGES = 6
"""Sentences about one lot; of more, the first are told and how many follow."""


@dataclass(frozen=True, slots=True)
class ChangesOfLots:
    """The rows that change lots and sell none, by each asset whose lots they touch, in the order of time."""

    by_asset: Mapping[str, Sequence[Change]]

    @classmethod
    def of(cls, transactions: Iterable[Transaction]) -> ChangesOfLots:
        found: defaultdict[str, list[Change]] = defaultdict(list)
        rows = [entry for entry in transactions if isinstance(entry, Change) and not isinstance(entry, RebaseSplit)]
        for entry in sorted(rows, key=lambda one: one.at):
            for asset in dict.fromkeys((entry.asset, _became(entry))):
                if asset:
                    found[asset].append(entry)
        return cls(found)

    def of_lot(self, row: Disposition, lot: Transaction) -> list[Change]:
        """Those that the units of a disposition went through since `lot` acquired them, the first one first."""
        names = {row.asset}
        found: dict[int, Change] = {}
        bought = lot.bought[0] if lot.bought else lot.asset
        while names:
            name = names.pop()
            for entry in self.by_asset.get(name, ()):
                is_between = lot.at <= entry.at and entry.at.date() <= row.sold and entry.row not in (row.row, lot.row)
                if not is_between or entry.account not in ("", row.account, lot.account) or entry.row in found:
                    continue
                if name == row.asset == bought and _became(entry) == name != entry.asset:
                    continue
                if isinstance(entry, Conversion) and (row.asset_class.is_digital or _became(entry) != name):
                    continue
                found[entry.row] = entry
                if _became(entry) == name and entry.asset != name:
                    names.add(entry.asset)
        return sorted(found.values(), key=lambda entry: entry.at)


def change_sentences(row: Disposition, lot: Transaction | None, changes: ChangesOfLots) -> Iterator[str]:
    """One sentence for each change, from the purchase on; nothing where nothing happened."""
    if lot is None or not changes.by_asset:
        return
    found = changes.of_lot(row, lot)
    for entry in found[:MOST_CHANGES]:
        yield f"Row {entry.row} ({entry.type_name}, {entry.at:%m/%d/%Y}): {_said(entry)}."
    if len(found) > MOST_CHANGES:
        yield f"{len(found) - MOST_CHANGES:,} later rows changed the lot in like ways."


def _became(entry: Change) -> str:
    """The asset that came of another, "" where none did."""
    match entry:
        case StockDividend() | SpinOff() | Merger() | Conversion():
            return entry.received_asset
        case Split() | ReturnOfCapital() | TrustSale():
            return ""
        case _:
            assert_never(entry)


def _said(entry: Change) -> str:
    match entry:
        case Split():
            return f"{_plain(entry.ratio)} units for one, with the same basis (26 USC 305, 307)"
        case StockDividend() | SpinOff():
            law = "26 USC 305, 307" if isinstance(entry, StockDividend) else "26 USC 355, 358"
            return (
                f"{_plain(entry.ratio)} {entry.received_asset or entry.asset} came for each {entry.asset}, with its "
                f"dates and {_plain(entry.basis_fraction)} of its basis ({law})"
            )
        case Merger():
            cash = f" and {dollars(entry.cash_per_unit)} in cash" if entry.cash_per_unit else ""
            return (
                f"{_plain(entry.ratio)} {entry.received_asset}{cash} came for each {entry.asset}, with its dates and "
                "basis (26 USC 354, 356, 358)"
            )
        case Conversion():
            given, received = plain_quantity(entry.quantity), plain_quantity(entry.received_quantity)
            return (
                f"{given} {entry.asset} became {received} {entry.received_asset} with dates and basis, no sale (26 USC "
                "1036(a), 368(a)(1)(E))"
            )
        case ReturnOfCapital():
            return f"the basis of {entry.asset} was lowered by what was paid back (26 USC 301(c)(2))"
        case TrustSale():
            return f"{_plain(entry.fraction)} of the basis of {entry.asset} went with what the trust sold"
        case _:
            assert_never(entry)


def _plain(ratio: Fraction) -> str:
    """A ratio as a decimal where it ends within eight places, else as a fraction."""
    text = quantity_text(round(ratio * 10**8) * 10**10)
    return text if Fraction(text) == ratio else str(ratio)
