"""What the taxpayer's positions did to a row of Form 8949, in sentences: rows that no authority decides on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import prod

from capgain.engine.money import EXACT, dollars
from capgain.engine.pool_orders import PoolOrder, pool_orders
from capgain.engine.results import Disposition, Kind, quantity_text
from capgain.engine.transactions import (
    ByPosition,
    PoolIn,
    PoolOut,
    ProtocolMove,
    RebaseSplit,
    Transaction,
)

MOST_ROWS = 5
"""Ledger rows that a sentence names one by one."""

_ASKS = "no authority decides it (Notice 2024-57)"


@dataclass(frozen=True, slots=True)
class PositionRows:
    """The rows of a ledger that positions decide, as explanations ask for them.

    `carried` are those by which units went on under another name, the latest first; `moved` those by which units of
    an asset went and stayed what they are.
    """

    orders: Mapping[int, PoolOrder]
    carried: Sequence[ProtocolMove]
    moved: Mapping[str, Sequence[ProtocolMove]]
    rebases: Mapping[str, Sequence[RebaseSplit]]

    @classmethod
    def of(cls, transactions: Iterable[Transaction]) -> PositionRows:
        rows = [entry for entry in transactions if isinstance(entry, ByPosition)]
        carried = [entry for entry in rows if isinstance(entry, ProtocolMove) and entry.is_carried]
        moved: defaultdict[str, list[ProtocolMove]] = defaultdict(list)
        for move in carried:
            if move.is_same_asset:
                moved[move.asset].append(move)
        rebases: defaultdict[str, list[RebaseSplit]] = defaultdict(list)
        for entry in rows:
            if isinstance(entry, RebaseSplit):
                rebases[entry.asset].append(entry)
        to_another = [entry for entry in carried if not entry.is_same_asset]
        return cls(pool_orders(rows), sorted(to_another, key=lambda entry: entry.at, reverse=True), moved, rebases)


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
    parts = [f"{dollars(leg.amount)} for {_plain(leg.received_quantity)} {leg.received_asset}" for leg in order.legs]
    fees = [f" - {dollars(leg.costs)} of fees" for leg in order.legs if leg.costs]
    return f"{' + '.join(parts)}{''.join(fees)} ({order.rows})"


def _put_in(order: PoolOrder) -> str:
    parts = [f"{_plain(leg.quantity)} {leg.asset} worth {dollars(leg.amount)}" for leg in order.legs]
    return f"{' + '.join(parts)} ({order.rows})"


def _carried_on(row: Disposition, lot: Transaction, positions: PositionRows) -> Iterator[str]:
    """The rows by which a lot that was acquired under another name became what was sold."""
    names = {row.asset}
    found: list[ProtocolMove] = []
    for entry in positions.carried:
        if _is_between(entry, lot, row) and entry.received_asset in names:
            names.add(entry.asset)
            found.append(entry)
    if len(found) > MOST_ROWS:
        yield f"{len(found) - MOST_ROWS:,} earlier rows carried units on in the same way."
    for entry in reversed(found[:MOST_ROWS]):
        yield (
            f"Row {entry.row} ({entry.type_name}): {_plain(entry.quantity)} {entry.asset} went on as "
            f"{_plain(entry.received_quantity)} {entry.received_asset} with basis and dates, {_taken(entry)}."
        )


def _moved(row: Disposition, lot: Transaction | None, positions: PositionRows) -> Iterator[str]:
    """The rows by which units of the asset came to where they were sold, and stayed what they were."""
    found = [
        entry
        for entry in positions.moved.get(row.asset, ())
        if row.account == entry.arrives_in and _is_between(entry, lot, row)
    ]
    if found:
        yield f"{row.asset} moved by {_rows(found)} kept basis and dates, {_taken(found[0])}."


def _rebased(row: Disposition, lot: Transaction | None, positions: PositionRows) -> Iterator[str]:
    """The rebases between a lot's purchase and its sale that were taken as splits."""
    found = [
        entry
        for entry in positions.rebases.get(row.asset, ())
        if entry.account in ("", row.account) and _is_between(entry, lot, row)
    ]
    if not found:
        return
    times = prod((entry.ratio for entry in found), start=Fraction(1))
    yield (f"Rebased by {_rows(found)}: {_in_digits(times)} units for one, with the same basis, {_taken(found[0])}.")


def _is_between(entry: Transaction, lot: Transaction | None, row: Disposition) -> bool:
    return (lot is None or lot.at <= entry.at) and entry.at.date() <= row.sold


def _rows(entries: Sequence[Transaction]) -> str:
    """`row 7`, `rows 7, 9` or, of many, the first of them and how many more."""
    rows = ", ".join(str(entry.row) for entry in entries[:MOST_ROWS])
    more = f" and {len(entries) - MOST_ROWS:,} more" if len(entries) > MOST_ROWS else ""
    return f"row{'s' if len(entries) > 1 else ''} {rows}{more}"


def _plain(quantity: Decimal) -> str:
    return quantity_text(int(quantity.scaleb(18, context=EXACT)))


def _in_digits(ratio: Fraction) -> str:
    """A ratio with eight decimals at most."""
    text = quantity_text(round(ratio * 10**8) * 10**10)
    return text if Fraction(text) == ratio else f"about {text}"
