"""What the taxpayer's positions did to a row of Form 8949, in sentences: rows that no authority decides on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, time
from fractions import Fraction
from math import prod
from typing import Generic, TypeVar

from capgain.engine.ledger import Ledger
from capgain.engine.money import dollars
from capgain.engine.pool_orders import PoolOrder, pool_orders
from capgain.engine.results.dispositions import Disposition, Kind
from capgain.engine.transactions import (
    ByPosition,
    PoolIn,
    PoolOut,
    ProtocolMove,
    RebaseSplit,
    Transaction,
)
from capgain.engine.units import plain_quantity, quantity_text

MOST_ROWS = 5
"""Ledger rows that a sentence names one by one."""

_ASKS = "no authority decides it (Notice 2024-57)"


E = TypeVar("E", bound=ByPosition)


@dataclass(frozen=True, slots=True)
class InTime(Generic[E]):
    """Rows in the order of time."""

    rows: Sequence[E]

    @classmethod
    def of(cls, rows: Iterable[E]) -> InTime[E]:
        return cls(sorted(rows, key=_moment))

    def between(self, lot: Transaction | None, row: Disposition) -> Sequence[E]:
        """Those from the moment a lot was acquired to the end of the day on which it was sold."""
        first = 0 if lot is None else bisect_left(self.rows, lot.at, key=_moment)
        return self.rows[first : bisect_right(self.rows, datetime.combine(row.sold, time.max), key=_moment)]


def _moment(entry: ByPosition) -> datetime:
    return entry.at


@dataclass(frozen=True, slots=True)
class PositionRows:
    """The rows of a ledger that positions decide, as explanations ask for them.

    `carried` are those by which units went on under another name, by that name, and `came_from` the names they had;
    `moved` those by which units of an asset went to an account and stayed what they are.
    """

    orders: Mapping[int, PoolOrder]
    carried: Mapping[str, InTime[ProtocolMove]]
    came_from: Mapping[str, AbstractSet[str]]
    moved: Mapping[tuple[str, str], InTime[ProtocolMove]]
    rebases: Mapping[str, InTime[RebaseSplit]]

    @classmethod
    def of(cls, ledger: Ledger) -> PositionRows:
        rows = [entry for entry in ledger.transactions if isinstance(entry, ByPosition)]
        carried: defaultdict[str, list[ProtocolMove]] = defaultdict(list)
        moved: defaultdict[tuple[str, str], list[ProtocolMove]] = defaultdict(list)
        rebases: defaultdict[str, list[RebaseSplit]] = defaultdict(list)
        for entry in rows:
            if isinstance(entry, RebaseSplit):
                rebases[entry.asset].append(entry)
            elif isinstance(entry, ProtocolMove) and entry.is_carried:
                if entry.is_same_asset:
                    moved[entry.asset, entry.arrives_in].append(entry)
                else:
                    carried[entry.received_asset].append(entry)
        return cls(
            pool_orders(ledger),
            {name: InTime.of(found) for name, found in carried.items()},
            {name: {entry.asset for entry in found} for name, found in carried.items()},
            {place: InTime.of(found) for place, found in moved.items()},
            {asset: InTime.of(found) for asset, found in rebases.items()},
        )


def position_sentences(
    row: Disposition, transactions: Mapping[int, Transaction], positions: PositionRows
) -> Iterator[str]:
    """How positions made the row a sale, gave its lot a basis, or carried the lot on; nothing where none did."""
    sold, lot = transactions.get(row.row), transactions.get(row.lot_row)
    if isinstance(sold, ProtocolMove) and row.kind is Kind.SWAP:
        yield f"{sold.type_name} is {_taken(sold)}."
        if isinstance(sold, PoolOut):
            yield f"Proceeds: {_came(positions.orders[sold.row])}."
    if isinstance(lot, ByPosition):
        yield f"Row {lot.row} ({lot.type_name}) is {_taken(lot)}."
        if isinstance(lot, PoolIn):
            yield f"The lot's basis is what was put in: {_put_in(positions.orders[lot.row])}."
    if lot is not None and row.asset not in (lot.asset, *(asset for _, asset, _ in lot.names_too())):
        yield from _carried_on(row, lot, positions)
    yield from _moved(row, lot, positions)
    yield from _rebased(row, lot, positions)


def _taken(entry: ByPosition) -> str:
    kind = entry.position.value
    article = "" if kind == "carryover" else "an " if kind == "income" else "a "
    return f"taken as {article}{kind} by the setting {entry.setting}: {_ASKS}"


def _came(order: PoolOrder) -> str:
    parts = [
        f"{dollars(leg.amount)} for {plain_quantity(leg.received_quantity)} {leg.received_asset}" for leg in order.legs
    ]
    fees = [f" - {dollars(leg.costs)} of fees" for leg in order.legs if leg.costs]
    return f"{' + '.join(parts)}{''.join(fees)} ({order.rows})"


def _put_in(order: PoolOrder) -> str:
    parts = [f"{plain_quantity(leg.quantity)} {leg.asset} worth {dollars(leg.amount)}" for leg in order.legs]
    return f"{' + '.join(parts)} ({order.rows})"


def _carried_on(row: Disposition, lot: Transaction, positions: PositionRows) -> Iterator[str]:
    """The rows by which a lot that was acquired under another name became what was sold."""
    names, seen = [row.asset], {row.asset}
    count, last = 0, list[ProtocolMove]()
    while names:
        name = names.pop()
        if name not in positions.carried:
            continue
        found = positions.carried[name].between(lot, row)
        count += len(found)
        last += found[-MOST_ROWS:]
        if found:
            before = positions.came_from[name]
            names += before - seen
            seen |= before
    last = sorted(last, key=lambda entry: (entry.at, entry.row))[-MOST_ROWS:]
    if count > len(last):
        yield f"{count - len(last):,} earlier rows carried units on in the same way."
    for entry in last:
        yield (
            f"Row {entry.row} ({entry.type_name}): {plain_quantity(entry.quantity)} {entry.asset} went on as "
            f"{plain_quantity(entry.received_quantity)} {entry.received_asset} with basis and dates, {_taken(entry)}."
        )


def _moved(row: Disposition, lot: Transaction | None, positions: PositionRows) -> Iterator[str]:
    """The rows by which units of the asset came to where they were sold, and stayed what they were."""
    moves = positions.moved.get((row.asset, row.account))
    found = moves.between(lot, row) if moves is not None else ()
    if found:
        yield f"{row.asset} moved by {_rows(found)} kept basis and dates, {_taken(found[0])}."


def _rebased(row: Disposition, lot: Transaction | None, positions: PositionRows) -> Iterator[str]:
    """The rebases between a lot's purchase and its sale that were taken as splits."""
    rebases = positions.rebases.get(row.asset)
    between = rebases.between(lot, row) if rebases is not None else ()
    found = [entry for entry in between if entry.account in ("", row.account)]
    if not found:
        return
    times = prod((entry.ratio for entry in found), start=Fraction(1))
    yield f"Rebased by {_rows(found)}: {_in_digits(times)} units for one, with the same basis, {_taken(found[0])}."


def _rows(entries: Sequence[Transaction]) -> str:
    """`row 7`, `rows 7, 9` or, of many, the first of them and how many more."""
    rows = ", ".join(str(entry.row) for entry in entries[:MOST_ROWS])
    more = f" and {len(entries) - MOST_ROWS:,} more" if len(entries) > MOST_ROWS else ""
    return f"row{'s' if len(entries) > 1 else ''} {rows}{more}"


def _in_digits(ratio: Fraction) -> str:
    """A ratio with eight decimals at most."""
    text = quantity_text(round(ratio * 10**8) * 10**10)
    return text if Fraction(text) == ratio else f"about {text}"
