"""Options of brokers whose rows say sold alone: what only a writer meets tells that they were written.

A sale of contracts that nobody held opened a position if an assignment, or a purchase that the source calls a closing
one, brings it to none, no more and no less. Every other sale stays one, and the Ledger asks for what was sold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from capgain.engine.money import ZERO
from capgain.workbook.importing.existing_book import ExistingBook
from capgain.workbook.importing.movements import Becomes, Movement

_OF_WRITERS = frozenset({Becomes.OPTION_ASSIGNED, Becomes.COVER})
_LAPSES = frozenset({Becomes.CLOSE, Becomes.EXPIRE})
_COMES = frozenset({Becomes.BUY, Becomes.COVER})
_LEAVES = frozenset({Becomes.SELL, Becomes.SHORT_SELL, Becomes.OPTION_EXERCISED})

Position = tuple[str, str]
"""(account, option), without regard to case."""


def tell_written_options(movements: Sequence[Movement], book: ExistingBook | None) -> list[str]:
    """Let such sales be short sales, and the purchases that close them be covers.

    What to say of sales of contracts that nobody bought and that lapsed: the rows may be those of a writer, or lack a
    purchase.
    """
    written = {_position(one) for one in movements if one.becomes in _OF_WRITERS and one.asset_class == "option"}
    rows: dict[Position, list[Movement]] = {position: [] for position in written}
    for one in movements if written else ():
        if one.becomes in _OF_WRITERS | _LAPSES | _COMES | _LEAVES and (position := _position(one)) in rows:
            rows[position].append(one)
    for position, own in rows.items():
        own.sort(key=lambda one: (one.at, one.becomes in _OF_WRITERS, one.lines))
        if any(one.becomes is Becomes.SELL for one in own):
            _tell(own, _held_before(position, own[0], book))
    return _told_of_lapsed(movements, book)


def _told_of_lapsed(movements: Sequence[Movement], book: ExistingBook | None) -> list[str]:
    told = []
    lapsed = {_position(one): one for one in movements if one.becomes in _LAPSES}
    bought = {_position(one) for one in movements if one.becomes in _COMES} if lapsed else set()
    for sale in movements if lapsed else ():
        position = _position(sale)
        end = lapsed.get(position)
        if sale.becomes is not Becomes.SELL or end is None or end.at < sale.at:
            continue
        if position in bought or _held_before(position, sale, book):
            continue
        place = sale.lines[0]
        told.append(
            f"{place.file}, line {place.line}: {sale.out_asset} was sold and expired later, and no purchase of it is "
            "there. If you had written it, write Short Sell as the Type of its Sell row; if you had bought it, import "
            "the file with the purchase."
        )
    return told


def _tell(rows: Iterable[Movement], held: Decimal) -> None:
    found: list[tuple[Movement, Becomes]] = []
    for one in rows:
        units = _units(one)
        if one.becomes in _LAPSES:
            held += units if held < 0 else -units
        elif one.becomes is Becomes.OPTION_ASSIGNED:
            held += units
        elif one.becomes in _COMES:
            if one.becomes is Becomes.BUY and held < 0:
                found.append((one, Becomes.COVER))
            held += units
        else:
            if one.becomes is Becomes.SELL and held <= 0:
                found.append((one, Becomes.SHORT_SELL))
            elif one.becomes is Becomes.SELL and held < units:
                return
            held -= units
        if one.becomes in _OF_WRITERS and not held:
            for movement, becomes in found:
                movement.becomes = becomes
            found = []


def _held_before(position: Position, first: Movement, book: ExistingBook | None) -> Decimal:
    changes = () if book is None else book.entries().changes.get(position, ())
    return sum((units for at, units in changes if at <= first.at), ZERO)


def _position(movement: Movement) -> Position:
    name = movement.in_asset if movement.becomes in _COMES else movement.out_asset
    return movement.account.casefold(), name.casefold()


def _units(movement: Movement) -> Decimal:
    return (movement.in_quantity if movement.becomes in _COMES else movement.out_quantity) or ZERO
