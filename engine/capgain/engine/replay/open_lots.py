"""What is held at a moment, as values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from capgain.engine.atoms import dollars_of
from capgain.engine.money import EXACT
from capgain.engine.replay.holdings import Holdings
from capgain.engine.replay.lots import Key, Lot
from capgain.engine.results.held import OpenLot, OpenShort
from capgain.engine.units import quantity_of

ROUNDED_OFF = Decimal("1e-20")
"""Dollars a unit that parts of a lot may differ by from having been cut again and again."""


def open_lots(holdings: Holdings) -> tuple[OpenLot, ...]:
    """Every open lot with its basis, in order of asset, account and acquisition; averaged lots at their average.

    Parts of one lot that met again in an account are one.
    """
    found: list[tuple[str, str, Key, OpenLot]] = []
    pools = {id(held.pool): held.pool for held in holdings.by_place.values()}
    for pool in pools.values():
        for lot in pool:
            place = holdings.at(lot.place, lot.asset)
            found.append(
                (
                    lot.asset,
                    lot.place,
                    lot.key,
                    OpenLot(
                        asset=lot.asset,
                        account=lot.place,
                        asset_class=place.asset_class,
                        quantity=quantity_of(place.measure.printed(lot.units)),
                        acquired=lot.acquired,
                        held_since=lot.held_since,
                        basis=dollars_of(pool.basis_of(lot)),
                        row=lot.row,
                        lot=lot.lot_id,
                        is_ira=place.is_ira,
                        replaces=lot.replaces,
                        acquired_text=lot.acquired_text,
                        stated_term=lot.stated_term,
                        amt_basis=_amt_basis(lot),
                        loss_basis=_loss_basis(lot),
                        gift_date=_gift_date(lot),
                        fund_paid=_fund_paid(lot),
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


def _amt_basis(lot: Lot) -> Decimal | None:
    """The basis for the alternative minimum tax, where it is another."""
    if lot.special is None or not lot.special.amt_extra:
        return None
    return dollars_of(lot.basis + lot.special.amt_extra)


def _loss_basis(lot: Lot) -> Decimal | None:
    """The value of a gift when it was given, where that is below the donor's basis."""
    return None if lot.special is None or lot.special.value_basis < 0 else dollars_of(lot.special.value_basis)


def _gift_date(lot: Lot) -> date | None:
    return None if lot.special is None or lot.special.value_basis < 0 else lot.special.gift_date


def _fund_paid(lot: Lot) -> bool:
    return lot.special is not None and bool(lot.special.gain_distributions or lot.special.exempt_dividends)


def _joined(lot: OpenLot, part: OpenLot) -> OpenLot | None:
    """Two parts of one purchase as one lot, None where anything but units tells them apart."""
    if replace(part, quantity=lot.quantity, basis=lot.basis) != lot:
        return None
    apart = EXACT.subtract(EXACT.multiply(lot.basis, part.quantity), EXACT.multiply(part.basis, lot.quantity))
    units = EXACT.add(lot.quantity, part.quantity)
    if apart.copy_abs() > EXACT.multiply(ROUNDED_OFF, units):
        return None
    return replace(lot, quantity=units, basis=EXACT.add(lot.basis, part.basis))


def open_shorts(holdings: Holdings) -> tuple[OpenShort, ...]:
    """Every short sale not yet closed, in the order opened."""
    return tuple(
        OpenShort(
            asset=short.asset,
            account=short.account,
            quantity=quantity_of(holdings.at(short.account, short.asset).measure.printed(short.units)),
            opened=short.opened,
            proceeds=dollars_of(short.proceeds),
            row=short.row,
        )
        for shorts in holdings.shorts.values()
        for short in shorts
        if short.units
    )
