"""One event told in two ways: with an id and without, in two generations of a file, or by two sources.

What tells it is what happened: the moment to the second, the account, the assets and units. Amounts of dollars, which
one file rounds and another leaves out, and notes do not count. The n-th of equal rows is the n-th of the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from capgain.workbook.importing.asset_names import is_money
from capgain.workbook.importing.movements import Becomes, LineOfFile, Movement
from capgain.workbook.importing.outcomes import DUPLICATE, Ignored
from capgain.workbook.importing.reading_files import FilesRead


class Told(NamedTuple):
    """What a row says happened."""

    at: datetime
    account: str
    what: str
    out: tuple[str, Decimal | None]
    come: tuple[str, Decimal | None]


class KnownRow(NamedTuple):
    """A row of the Ledger that an import made; `formats` are those of its keys, `has_id` whether they are ids.

    `ids` are the ids that each key is made of.
    """

    row: int
    formats: frozenset[str]
    has_id: bool
    ids: Sequence[frozenset[str]] = ()


_EXCHANGES = {Becomes.BUY: "exchange", Becomes.SELL: "exchange", Becomes.EXCHANGE: "exchange"}
_TYPES = {"Buy": "exchange", "Sell": "exchange", "Trade": "exchange"}
_NOTHING: tuple[str, Decimal | None] = ("", None)


def told_by(movement: Movement) -> Told:
    """What a movement says happened."""
    out, come = _side(movement.out_asset, movement.out_quantity), _side(movement.in_asset, movement.in_quantity)
    if out == come == _NOTHING:
        come = ("", movement.value)
    what = _EXCHANGES.get(movement.becomes, movement.becomes.value)
    return Told(movement.at.replace(microsecond=0), movement.account.casefold(), what, out, come)


def told_by_row(
    kind: str, at: datetime, account: str, out: tuple[str, Decimal | None], come: tuple[str, Decimal | None]
) -> Told:
    """What a row of the Ledger says happened."""
    what = _TYPES.get(kind, kind.casefold())
    return Told(at.replace(tzinfo=None, microsecond=0), account.casefold(), what, _side(*out), _side(*come))


def once_by_content(
    movements: Sequence[Movement], known: Mapping[Told, Sequence[KnownRow]], reading: FilesRead
) -> list[Movement]:
    """Those that no row of the Ledger (`known`) and no other movement tells of in another way; others are ignored.

    What names a fee goes before what names none: Binance's orders have none, its trades have.
    """
    if not known and len({movement.generation for movement in movements}) < 2:
        return list(movements)
    kept = []
    told: dict[Told, dict[str, list[Movement]]] = {}
    free = {said: list(rows) for said, rows in known.items()}
    for movement in sorted(movements, key=lambda one: not one.fee_quantity):
        if movement.becomes is Becomes.LEDGER_ROW:
            kept.append(movement)
            continue
        said = told_by(movement)
        by_generation = told.setdefault(said, {})
        own = by_generation.setdefault(movement.generation, [])
        own.append(movement)
        first = next(
            (
                others[len(own) - 1]
                for generation, others in by_generation.items()
                if generation != movement.generation and len(others) >= len(own)
            ),
            None,
        )
        row = next((row for row in free.get(said, ()) if _may_be(movement, row)), None)
        if row is not None:
            free[said].remove(row)
            _ignore(movement.lines, f"{DUPLICATE} the Ledger, row {row.row}", reading)
        elif first is not None:
            _ignore(movement.lines, f"{DUPLICATE} {first.lines[0].file}, line {first.lines[0].line}", reading)
        else:
            kept.append(movement)
    return kept


def _may_be(movement: Movement, row: KnownRow) -> bool:
    if movement.format not in row.formats or bool(movement.id) != row.has_id:
        return True
    own = ids_in(movement.key)
    return any(own < ids or ids < own for ids in row.ids)


def ids_in(key: str) -> frozenset[str]:
    """The ids that a key is made of: one file names a trade alone, another the trade and its order."""
    return frozenset(key.partition(":")[2].split(" / "))


def _side(asset: str, units: Decimal | None) -> tuple[str, Decimal | None]:
    if not asset or is_money(asset):
        return _NOTHING
    return asset.casefold(), units


def _ignore(lines: Iterable[LineOfFile], reason: str, reading: FilesRead) -> None:
    reading.ignored.extend(Ignored(place, reason) for place in lines)
