"""Which lots a disposal takes: by the order in force, by average, or as identified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from capgain.engine.classes import AccountKind, AssetClass, Method
from capgain.engine.replay.form_rows import Taken
from capgain.engine.replay.lots import Lot, Pool
from capgain.engine.replay.standing_orders import identified_in_time
from capgain.engine.replay.state import CENT_ATOMS, Books, Holding, cents
from capgain.engine.replay.whereabouts import Whereabouts
from capgain.engine.transactions import Disposal, LotPick


class Refused(Exception):
    """The row cannot be booked; the problem has been recorded and nothing has changed."""


@dataclass(frozen=True, slots=True)
class _Pick:
    lots: list[Lot]
    units: int


def take(books: Books, held: Holding, entry: Disposal, units: int, price: int) -> list[Taken]:
    """Relieve `units` of a holding for a disposal and return what was taken, earliest picked first.

    `price` in atoms per 10^18 units ranks lots under minimum tax. Raises Refused, with nothing changed, where lots that
    were named do not exist, do not suffice or do not lie in the account, and where averaging is not allowed.
    """
    if entry.lots and (picks := _identified(books, held, entry, units)) is not None:
        leave_average(held.pool, books)
        return [taken for pick in picks for taken in _take_picked(books, held, pick)]
    method = entry.method or books.method(held, entry.at.year)
    if method is Method.SPECIFIC:
        if not entry.lots:
            books.warn(
                entry,
                "Lot",
                "LOT_NOT_NAMED",
                "specific identification is in force but no lot is named: the earliest lots are taken.",
                "Name the lots in column Lot if they were identified in time.",
            )
        method = Method.FIFO
    if method is Method.AVERAGE and held.asset_class is not AssetClass.FUND:
        books.error(
            entry,
            "Method",
            "AVERAGE_NOT_ALLOWED",
            f"average basis is not allowed for {held.asset}, which is of class {held.asset_class.value}: it is for "
            "mutual fund shares and reinvestment plans (Treas. Reg. 1.1012-1(e)).",
            "Choose another method, or give the asset the class fund if it is one.",
        )
        raise Refused
    return take_in_order(books, held, units, method, entry.at.date(), price)


def take_in_order(books: Books, held: Holding, units: int, method: Method, sold: date, price: int) -> list[Taken]:
    """Relieve `units` by an order; the pool is known to hold enough."""
    pool = held.pool
    if method is Method.AVERAGE:
        taken = _take_average(pool, units, books.policy.average_in_cents)
    else:
        if pool.averaged >= 0:
            leave_average(pool, books)
        if method is Method.FIFO and not pool.spread:
            taken = _take_fifo(pool, units)
        else:
            taken = _take_ranked(pool, units, method, sold, price, held.place)
    pool.units -= units
    return taken


def take_earliest(lying: Whereabouts, place: str, need: int) -> list[Taken]:
    """Relieve up to `need` units of what lies in one account of a universal pool, the earliest acquired first."""
    taken: list[Taken] = []
    while need and (lot := lying.earliest(place)) is not None:
        if lot.units > need:
            taken.append(_take_part(lot, need))
            break
        need -= lot.units
        taken.append((lot, lot.units, lot.basis))
        lot.units = lot.basis = 0
    return taken


def _take_fifo(pool: Pool, need: int) -> list[Taken]:
    taken: list[Taken] = []
    lots = pool.lots
    head = pool.head
    while need:
        lot = lots[head]
        have = lot.units
        if have > need:
            taken.append(_take_part(lot, need))
            break
        head += 1
        if have:
            need -= have
            taken.append((lot, have, lot.basis))
            lot.units = lot.basis = 0
    pool.head = head
    if head > 512:
        pool.compact()
    return taken


def _take_ranked(pool: Pool, need: int, method: Method, sold: date, price: int, place: str) -> list[Taken]:
    """By an order; of one purchase that lies in several accounts of the pool, what lies in `place` first."""
    pool.sweep()
    taken: list[Taken] = []
    while need:
        lot = pool.next_lot(method, sold, price)
        if pool.spread:
            lot = pool.like_in(place, lot)
        have = lot.units
        if have <= need:
            need -= have
            taken.append((lot, have, lot.basis))
            lot.units = lot.basis = 0
        else:
            taken.append(_take_part(lot, need))
            need = 0
    return taken


def _take_part(lot: Lot, units: int) -> Taken:
    if lot.special is not None:
        part = lot.split_off(units)
        basis = part.basis
        part.units = part.basis = 0
        return part, units, basis
    have = lot.units
    basis = lot.basis * units // have
    lot.basis -= basis
    lot.units = have - units
    return lot, units, basis


def _take_average(pool: Pool, need: int, in_cents: bool) -> list[Taken]:
    """First acquired first, each unit at the average of all (Treas. Reg. 1.1012-1(e)(7))."""
    if pool.averaged < 0:
        pool.averaged = sum(lot.basis for lot in pool)
    whole, held = pool.averaged, pool.units
    taken: list[Taken] = []
    for lot, units, _ in _take_fifo(pool, need):
        basis = average_basis(whole, held, units, in_cents)
        pool.averaged -= basis
        lot.drift = 0
        taken.append((lot, units, basis))
    if pool.units == need:
        lot, units, basis = taken[-1]
        taken[-1] = (lot, units, basis + pool.averaged if not in_cents else basis)
        pool.averaged = 0
    return taken


def average_basis(whole: int, held: int, units: int, in_cents: bool) -> int:
    """The share of `units` in a pool's basis; `in_cents` rounds the price of one unit first (A-19)."""
    if not in_cents:
        return whole * units // held
    price = cents(whole * 10**18 // held) * CENT_ATOMS
    return price * units // 10**18


def leave_average(pool: Pool, books: Books) -> None:
    """Give every lot its share of the average; it keeps that basis under any other order (R-AVG-6)."""
    if pool.averaged < 0:
        return
    whole, held = pool.averaged, pool.units
    left = whole
    lot: Lot | None = None
    for lot in pool:
        lot.basis = average_basis(whole, held, lot.units, books.policy.average_in_cents)
        left -= lot.basis
    if lot is not None and not books.policy.average_in_cents:
        lot.basis += left
    pool.averaged = -1
    pool.reorder()
    for lot in pool:
        lot.rank = (
            whole * 10**18 // held
        )  # all cost the same: ties go to the earlier acquired, not to what rounding left


def _identified(books: Books, held: Holding, entry: Disposal, units: int) -> list[_Pick] | None:
    """The lots named in column Lot, None where the identification does not count and the order in force decides."""
    completed = books.allocation_completed.get(held.asset)
    if completed is not None and entry.at < completed and not books.is_universal and held.asset_class.is_digital:
        books.warn(
            entry,
            "Lot",
            "IDENTIFICATION_BEFORE_GLOBAL_ALLOCATION",
            f"lots of {held.asset} cannot be identified before the global allocation was completed on "
            f"{completed.date()} (Rev. Proc. 2024-28 section 5.02(5)(c)): the order in force decides.",
            "Leave column Lot empty, or correct the day the allocation was completed.",
        )
        return None
    if entry.identified is not None and not identified_in_time(entry.identified, entry.at, held.kind, held.asset_class):
        books.warn(
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
        lots = _lots_named(books, held, entry, pick)
        have = free.setdefault(pick.lot, sum(lot.units for lot in lots))
        wanted = min(need, have) if pick.quantity is None else held.book.units(pick.quantity)
        if wanted > have:
            books.error(
                entry,
                "Lot",
                "INSUFFICIENT_LOT_QUANTITY",
                f"lot {pick.lot} has {held.book.text(have)} {held.asset} left, not {held.book.text(wanted)}.",
                "Name another lot for the rest, or correct the quantity.",
            )
            raise Refused
        free[pick.lot] = have - wanted
        need -= wanted
        picks.append(_Pick(lots, wanted))
    if need:
        _wrong_sum(books, held, entry, units, units - need)
    return picks


def _late(entry: Disposal, held: Holding) -> str:
    identified = entry.identified
    if identified is None:
        return "too late"
    if identified.to == "books" and held.kind in (AccountKind.EXCHANGE, AccountKind.BROKERAGE):
        return f"in own books on {identified.at}, too late or not to the broker, as is needed from 2027"
    return f"on {identified.at}, too late for the disposal on {entry.at}"


def _wrong_sum(books: Books, held: Holding, entry: Disposal, units: int, named: int) -> None:
    if named < units and any(pick.quantity is None for pick in entry.lots):
        code, why = "INSUFFICIENT_LOT_QUANTITY", "the lots named hold only"
    else:
        code, why = "LOT_QUANTITY_MISMATCH", "the quantities in column Lot add up to"
    books.error(
        entry,
        "Lot",
        code,
        f"{why} {held.book.text(named)} {held.asset}, but the row disposes of {held.book.text(units)}.",
        "Make the quantities of the lots add up to the row's quantity.",
    )
    raise Refused


def _lots_named(books: Books, held: Holding, entry: Disposal, pick: LotPick) -> list[Lot]:
    """The open parts of a lot in the pool the holding takes from."""
    known = books.named_lots.get(pick.lot)
    if known is None:
        books.error(
            entry,
            "Lot",
            "UNKNOWN_LOT",
            f"there is no lot {pick.lot} at that time.",
            "Name a lot by the Lot or ID of an earlier acquisition.",
        )
        raise Refused
    known = [lot for lot in known if lot.units]
    books.named_lots[pick.lot] = known
    here = [lot for lot in known if lot.asset == held.asset and _reaches(books, held, lot)]
    if known and not here:
        places = ", ".join(sorted({f"{lot.asset} in {lot.place or '(blank)'}" for lot in known}))
        books.error(
            entry,
            "Lot",
            "LOT_NOT_IN_ACCOUNT",
            f"lot {pick.lot} is {places}, not {held.asset} in {held.place or '(blank)'}.",
            "Name a lot of this account, or enter the Transfer that moved it here.",
        )
        raise Refused
    return sorted(here, key=lambda lot: (lot.place != held.place, lot.key))


def _reaches(books: Books, held: Holding, lot: Lot) -> bool:
    return books.holding(lot.place, lot.asset).pool is held.pool


def _take_picked(books: Books, held: Holding, pick: _Pick) -> list[Taken]:
    taken: list[Taken] = []
    need = pick.units
    for lot in pick.lots:
        if not need:
            break
        if not lot.units:
            continue
        units = min(lot.units, need)
        if units == lot.units:
            taken.append((lot, units, lot.basis))
            lot.units = lot.basis = 0
        else:
            taken.append(_take_part(lot, units))
        need -= units
    held.pool.units -= pick.units
    return taken


def price_per_unit(net: int, units: int) -> int:
    """Atoms per 10^18 units, as lots are ranked under minimum tax: (Amount - Fee) / Quantity."""
    return net * 10**18 // units if units else 0


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
