"""What is held at a moment, as values."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from capgain.engine.money import EXACT
from capgain.engine.replay.lots import Key
from capgain.engine.replay.relief import average_basis
from capgain.engine.replay.state import Books
from capgain.engine.results import OpenLot, OpenShort

ROUNDED_OFF = Decimal("1e-20")
"""Dollars a unit that parts of a lot may differ by from having been cut again and again."""


def open_lots(books: Books) -> tuple[OpenLot, ...]:
    """Every open lot with its basis, in order of asset, account and acquisition; averaged lots at their average.

    Parts of one lot that met again in an account are one.
    """
    in_cents = books.policy.average_in_cents
    found: list[tuple[str, str, Key, OpenLot]] = []
    seen: set[int] = set()
    for held in books.holdings.values():
        pool = held.pool
        if id(pool) in seen:
            continue
        seen.add(id(pool))
        whole, units_held = pool.averaged, pool.units
        for lot in pool:
            place = books.holding(lot.place, lot.asset)
            basis = lot.basis if whole < 0 else average_basis(whole, units_held, lot.units, in_cents)
            found.append(
                (
                    lot.asset,
                    lot.place,
                    lot.key,
                    OpenLot(
                        asset=lot.asset,
                        account=lot.place,
                        asset_class=place.asset_class,
                        quantity=_quantity(place.book.printed(lot.units)),
                        acquired=lot.acquired,
                        held_since=lot.held_since,
                        basis=books.dollars(basis),
                        row=lot.row,
                        lot=lot.lot_id,
                        is_ira=place.is_ira,
                        replaces=lot.replaces,
                        inherited=lot.inherited,
                    ),
                )
            )
    found.sort(key=lambda entry: entry[:3])
    lots: list[OpenLot] = []
    last: Key | None = None
    for _, _, key, open_lot in found:
        if key == last and (whole_lot := _joined(lots[-1], open_lot)) is not None:
            lots[-1] = whole_lot
        else:
            lots.append(open_lot)
        last = key
    return tuple(lots)


def _joined(lot: OpenLot, part: OpenLot) -> OpenLot | None:
    """Two parts of one purchase as one lot, None where anything but units tells them apart."""
    if replace(part, quantity=lot.quantity, basis=lot.basis) != lot:
        return None
    apart = EXACT.subtract(EXACT.multiply(lot.basis, part.quantity), EXACT.multiply(part.basis, lot.quantity))
    units = EXACT.add(lot.quantity, part.quantity)
    if apart.copy_abs() > EXACT.multiply(ROUNDED_OFF, units):
        return None
    return replace(lot, quantity=units, basis=EXACT.add(lot.basis, part.basis))


def open_shorts(books: Books) -> tuple[OpenShort, ...]:
    """Every short sale not yet closed, in the order opened."""
    return tuple(
        OpenShort(
            asset=short.asset,
            account=short.account,
            quantity=_quantity(books.holding(short.account, short.asset).book.printed(short.units)),
            opened=short.opened,
            proceeds=books.dollars(short.proceeds),
            row=short.row,
        )
        for shorts in books.shorts.values()
        for short in shorts
        if short.units
    )


def _quantity(units: int) -> Decimal:
    return Decimal(units).scaleb(-18, context=EXACT)
