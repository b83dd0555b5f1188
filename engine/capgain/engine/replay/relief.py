"""Which lots a disposal takes: by the order in force, by average, or as identified."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from capgain.engine.classes import CUSTODIANS, AssetClass, Method, Order
from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.lots import Lot, Taken, per_unit
from capgain.engine.replay.standing_orders import OWN_BOOKS_RELIEF_ENDS, identified_in_time, lies_in_books_only
from capgain.engine.replay.state import State
from capgain.engine.replay.stated_quantities import units_meant
from capgain.engine.transactions import Disposal, LotPick

_FIFO: Final = Method.FIFO
_LEAST_TAX: Final = Order.LEAST_TAX


class Refused(Exception):
    """The row cannot be booked; the problem has been recorded and nothing has changed."""


@dataclass(frozen=True, slots=True)
class _Pick:
    lots: list[Lot]
    units: int


def take(state: State, held: Holding, entry: Disposal, units: int, net: int, missing: int = 0) -> list[Taken]:
    """Relieve `units` of a holding for a disposal and return what was taken, earliest picked first.

    These and `missing` units bring `net` atoms. Raises Refused, with nothing changed, where lots that were named do not
    exist, do not suffice or do not lie in the account, and where averaging is not allowed.
    """
    if entry.lots and (picks := _identified(state, held, entry, units)) is not None:
        held.pool.leave_average()
        return [taken for pick in picks for taken in _take_picked(held, pick)]
    day = entry.at.date()
    method = state.holdings.method(held, entry, day)
    if method is _FIFO and day > OWN_BOOKS_RELIEF_ENDS:
        _warn_of_books_only(state, held, entry)
    relief = method.relief
    if relief.names_lots and not entry.lots:
        state.problems.warn(
            entry,
            "Lot",
            "LOT_NOT_NAMED",
            "specific identification is in force but no lot is named: the earliest lots are taken.",
            "Name the lots in column Lot if they were identified in time.",
        )
    if relief.averages and held.asset_class is not AssetClass.FUND:
        state.problems.error(
            entry,
            "Method",
            "AVERAGE_NOT_ALLOWED",
            f"average basis is not allowed for {held.asset}, which is of class {held.asset_class.value}: it is for "
            "mutual fund shares and reinvestment plans (Treas. Reg. 1.1012-1(e)).",
            "Choose another method, or give the asset the class fund if it is one.",
        )
        raise Refused
    price = price_per_unit(net, units + missing) if relief.order is _LEAST_TAX else 0
    return held.pool.take(units, relief, day, price, held.place)


def _warn_of_books_only(state: State, held: Holding, entry: Disposal) -> None:
    """Say once an account and year that an order of own books does not rule what a broker holds."""
    order = state.holdings.order(held, entry)
    year = entry.at.year
    if not lies_in_books_only(order, held.kind, held.asset_class, entry.at.date()):
        return
    if (held.place, year) in state.problems.books_only:
        return
    state.problems.books_only.add((held.place, year))
    state.problems.warn(
        entry,
        "Method",
        "STANDING_ORDER_BOOKS_ONLY",
        f"{held.place or '(blank)'}: the order {order.method.value} lies only in your own books, which sufficed to "
        f"{OWN_BOOKS_RELIEF_ENDS}; the earliest lots are taken, here and in all of {year} (Treas. Reg. "
        "1.1012-1(j)(3)(ii)).",
        f"If the broker had the order before the sale, write {order.method.value} broker where the order stands, or "
        "broker in column Identified of its Method row; else set Method to fifo for these sales.",
        blocks_filing=True,
    )


def _identified(state: State, held: Holding, entry: Disposal, units: int) -> list[_Pick] | None:
    """The lots named in column Lot, None where the identification does not count and the order in force decides."""
    completed = state.holdings.allocated_at.get(held.asset)
    if (
        completed is not None
        and entry.at < completed
        and not state.holdings.is_universal
        and held.asset_class.is_digital
    ):
        state.problems.warn(
            entry,
            "Lot",
            "IDENTIFICATION_BEFORE_GLOBAL_ALLOCATION",
            f"lots of {held.asset} cannot be identified before the global allocation was completed on "
            f"{completed.date()} (Rev. Proc. 2024-28 section 5.02(5)(c)): the order in force decides.",
            "Leave column Lot empty, or correct the day the allocation was completed.",
        )
        return None
    if entry.identified is not None and not identified_in_time(entry.identified, entry.at, held.kind, held.asset_class):
        state.problems.warn(
            entry,
            "Identified",
            "IDENTIFICATION_NOT_TIMELY",
            f"the lots were identified {_late(entry, held)}: the order in force decides (Treas. Reg. 1.1012-1"
            f"{'(j)' if held.asset_class.is_digital else '(c)(8)'}).",
            "Correct column Identified if the record is older, else leave column Lot empty.",
        )
        return None
    picks: list[_Pick] = []
    need = units
    free: dict[str, int] = {}
    for pick in entry.lots:
        lots = _lots_named(state, held, entry, pick)
        have = free.setdefault(pick.lot, sum(lot.units for lot in lots))
        if pick.quantity is None:
            wanted = min(need, have)
        else:
            wanted = units_meant(state, held, entry, pick.quantity, have, "Lot")
        if wanted > have:
            state.problems.error(
                entry,
                "Lot",
                "INSUFFICIENT_LOT_QUANTITY",
                f"lot {pick.lot} has {held.measure.text(have)} {held.asset} left, not {held.measure.text(wanted)}.",
                "Name another lot for the rest, or correct the quantity.",
            )
            raise Refused
        free[pick.lot] = have - wanted
        need -= wanted
        picks.append(_Pick(lots, wanted))
    if need and units_meant(state, held, entry, entry.quantity, units - need, "Lot") != units - need:
        _wrong_sum(state, held, entry, units, units - need)
    return picks


def _late(entry: Disposal, held: Holding) -> str:
    identified = entry.identified
    if identified is None:
        return "too late"
    if identified.to == "books" and held.kind in CUSTODIANS:
        return f"in own books on {identified.at}, too late or not to the broker, as is needed from 2027"
    return f"on {identified.at}, too late for the disposal on {entry.at}"


def _wrong_sum(state: State, held: Holding, entry: Disposal, units: int, named: int) -> None:
    if named < units and any(pick.quantity is None for pick in entry.lots):
        code, why = "INSUFFICIENT_LOT_QUANTITY", "the lots named hold only"
    else:
        code, why = "LOT_QUANTITY_MISMATCH", "the quantities in column Lot add up to"
    state.problems.error(
        entry,
        "Lot",
        code,
        f"{why} {held.measure.text(named)} {held.asset}, but the row disposes of {held.measure.text(units)}.",
        "Make the quantities of the lots add up to the row's quantity.",
    )
    raise Refused


def _lots_named(state: State, held: Holding, entry: Disposal, pick: LotPick) -> list[Lot]:
    """The open parts of a lot in the pool the holding takes from."""
    known = state.holdings.named_lots.get(pick.lot)
    if known is None:
        state.problems.error(
            entry,
            "Lot",
            "UNKNOWN_LOT",
            f"there is no lot {pick.lot} at that time.",
            "Name a lot by the Lot or ID of an earlier acquisition."
            + (" Between several lots stands a semicolon: L1:0.5; L7:2." if "," in pick.lot else ""),
        )
        raise Refused
    known = [lot for lot in known if lot.units]
    state.holdings.named_lots[pick.lot] = known
    here = [lot for lot in known if lot.asset == held.asset and _reaches(state, held, lot)]
    if known and not here:
        places = ", ".join(sorted({f"{lot.asset} in {lot.place or '(blank)'}" for lot in known}))
        state.problems.error(
            entry,
            "Lot",
            "LOT_NOT_IN_ACCOUNT",
            f"lot {pick.lot} is {places}, not {held.asset} in {held.place or '(blank)'}.",
            "Name a lot of this account, or enter the Transfer that moved it here.",
        )
        raise Refused
    return sorted(here, key=lambda lot: (lot.place != held.place, lot.key))


def _reaches(state: State, held: Holding, lot: Lot) -> bool:
    return state.holdings.at(lot.place, lot.asset).pool is held.pool


def _take_picked(held: Holding, pick: _Pick) -> list[Taken]:
    taken: list[Taken] = []
    need = pick.units
    for lot in pick.lots:
        units = min(lot.units, need)
        if units:
            taken.append(lot.take(units))
            need -= units
    held.pool.units -= pick.units
    return taken


def price_per_unit(net: int, units: int) -> int:
    """(Amount - Fee) / Quantity, as lots are ranked under minimum tax."""
    return per_unit(net, units) if units else 0


def first_units(taken: list[Taken], units: int) -> tuple[list[Taken], list[Taken]]:
    """What was taken, cut into the first `units` and the rest."""
    first: list[Taken] = []
    rest = list(taken)
    while units:
        lot, have, basis = rest.pop(0)
        if have > units:
            share = basis * units // have
            rest.insert(0, (lot, have - units, basis - share))
            have, basis = units, share
        first.append((lot, have, basis))
        units -= have
    return first, rest
