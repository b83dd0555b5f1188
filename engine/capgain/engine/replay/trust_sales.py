"""A grantor trust pays its expenses with what it holds: its owners sold a little of it (Treas. Reg. 1.671-5).

The shares stay, their basis falls by the part that was sold. The expenses are not deductible (26 USC 67(g)).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from fractions import Fraction

from capgain.engine.atoms import atoms
from capgain.engine.classes import AssetClass, Reported
from capgain.engine.replay.corporate_actions import is_held, lots_reached
from capgain.engine.replay.form_rows import book_rows
from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.lots import Lot
from capgain.engine.replay.relief import Refused
from capgain.engine.replay.sale import Sale
from capgain.engine.replay.state import State
from capgain.engine.results.dispositions import Kind
from capgain.engine.transactions import Acquisition, TrustSale
from capgain.engine.trust_holdings import COIN_TRUSTS, METAL_TRUSTS, TRUSTS
from capgain.engine.units import UNITS


def sold_by_trust(state: State, entry: TrustSale, day: date) -> None:
    """One row for each lot held at the day's start: its part of the proceeds, the fraction of its basis, its term.

    No wash sale either way: the shares are neither sold nor bought (DECISIONS.md, E-15).
    """
    if _was_held_at_another_time(state, entry) or not is_held(state, entry):
        return
    digital = _is_digital(state, entry)
    reached = [(held, lot, _share(entry, lot, day)) for held, lot in lots_reached(state, entry) if lot.acquired < day]
    reached = [one for one in reached if one[2]]
    whole = sum(lot.units * share for _, lot, share in reached)
    total = atoms(entry.amount) if entry.amount is not None else 0
    for held, lot, share in reached:
        if entry.per_share is not None:
            brought = int(atoms(entry.per_share) * lot.units * share) // (UNITS * held.measure.scale)
        else:
            brought = int(total * lot.units * share / whole)
            whole -= lot.units * share
            total -= brought
        fraction = entry.fraction * share
        basis = lot.basis * fraction.numerator // fraction.denominator
        lot.basis -= basis
        if lot.special is not None and lot.special.value_basis >= 0:
            lot.special.value_basis -= int(lot.special.value_basis * fraction)
        held.pool.adjusted(lot)
        reported = entry.reported or Reported.NONE
        is_coin = digital and reported is Reported.NONE
        sale = Sale(entry, Kind.TRUST_SALE, day, brought, reported=reported, may_wash=False, is_digital=is_coin)
        book_rows(state, held, sale, [(_shown(lot), lot.units, basis)])


def _was_held_at_another_time(state: State, entry: TrustSale) -> bool:
    """Whether there is nothing to sell now and shares at another time: a sponsor's table has the whole year."""
    if any(held.count for held in state.holdings.of_asset(entry.asset, entry.account)):
        return False
    return any(
        asset == entry.asset and entry.account in ("", account)
        for other in state.ledger.transactions
        for account, asset in (
            *([(other.account, other.asset)] if isinstance(other, Acquisition) else ()),
            *((account, asset) for account, asset, _ in other.names_too()),
        )
    )


def _share(entry: TrustSale, lot: Lot, day: date) -> Fraction:
    """1, or the part of the month that a lot bought in it was held, where the figures are of a month."""
    if not entry.is_monthly or (lot.acquired.year, lot.acquired.month) != (day.year, day.month):
        return Fraction(1)
    days = monthrange(day.year, day.month)[1]
    return Fraction(days - lot.acquired.day, days)


def _shown(lot: Lot) -> Lot:
    """The lot as its row shows it: by the basis sold alone, whatever a gift or a fund left on it."""
    if lot.special is None:
        return lot
    shown = lot.like(0, 0, lot.place)
    shown.special = None
    return shown


def _is_digital(state: State, entry: TrustSale) -> bool:
    """Whether coins were sold: by the trust's symbol, else by Class on the row."""
    symbol = entry.asset.upper()
    held = next(state.holdings.of_asset(entry.asset, entry.account))
    if entry.holds is AssetClass.COLLECTIBLE and not held.is_collectible:
        _refuse(
            state,
            entry,
            f"{entry.asset} is said to hold metal, but its own sales are not taken as collectibles.",
            f"Add the setting Collectible {entry.asset} = yes.",
        )
    if symbol in COIN_TRUSTS or (entry.holds is not None and entry.holds.is_digital):
        return True
    if symbol in METAL_TRUSTS or entry.holds is not None:
        return False
    _refuse(
        state,
        entry,
        f"{entry.asset} is no trust known here: what it holds decides the box and the rate.",
        "Say it in Class of the row: crypto, collectible or other.",
    )
    return False


def _refuse(state: State, entry: TrustSale, message: str, remedy: str) -> None:
    state.problems.error(entry, "Class", "TRUST_UNKNOWN", message, remedy)
    raise Refused


def note_trusts_held(state: State, year: int) -> None:
    """Remember which trusts known here are held when a year ends."""
    for held in state.holdings.by_place.values():
        if held.asset.upper() in TRUSTS and held.count > 0 and _is_share(held) and not held.is_ira:
            state.booked.trusts_held.setdefault(year, set()).add(held.asset)


def _is_share(held: Holding) -> bool:
    return held.asset_class in (AssetClass.STOCK, AssetClass.FUND)
