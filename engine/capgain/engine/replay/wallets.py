"""From one pool of digital assets to one per wallet (Treas. Reg. 1.1012-1(j)(6); Rev. Proc. 2024-28)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from capgain.engine.ledger import Ledger
from capgain.engine.replay.allocation_time import check_time_of_global, check_time_of_specific
from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.lots import Lot
from capgain.engine.replay.pools import Pool
from capgain.engine.replay.state import State
from capgain.engine.replay.trial import Trial
from capgain.engine.transactions import Allocation, Entry, GlobalAllocation


@dataclass(frozen=True, slots=True)
class _Placing:
    """A lot's units and the account they go to."""

    lot: Lot
    units: int
    place: str


def switch_to_wallets(state: State) -> None:
    """Give every account its own lots as of the start of `Wallet Basis From`.

    Lots stay where their account's count matches them, or go where an allocation puts them. Units and basis are
    conserved and acquisition dates stay with their basis (Rev. Proc. 2024-28 sections 3.03, 5.02).
    """
    allocations = _allocations(state.ledger)
    pools = {
        id(held.pool): held.pool for held in state.holdings.by_place.values() if state.holdings.in_universal_pool(held)
    }
    placed: list[tuple[Pool, list[Holding], list[_Placing]]] = []
    for pool in pools.values():
        holdings = [held for held in state.holdings.by_place.values() if held.pool is pool]
        asset = holdings[0].asset
        pool.leave_average()
        rows = [row for row in allocations if row.asset in ("", asset) and _is_for(row, holdings)]
        placings = _place(state, holdings, pool, rows)
        if placings is not None:
            placed.append((pool, holdings, placings))
    state.holdings.is_universal = False
    for pool, holdings, placings in placed:
        _divide(state, pool, holdings, placings)


def _allocations(ledger: Ledger) -> list[Allocation | GlobalAllocation]:
    if not ledger.has(Allocation, GlobalAllocation):
        return []
    return [row for row in ledger.transactions if isinstance(row, Allocation | GlobalAllocation)]


def _is_for(row: Allocation | GlobalAllocation, holdings: list[Holding]) -> bool:
    names = {held.place for held in holdings}
    if isinstance(row, Allocation):
        return row.account in names
    return any(account in names for account in row.accounts)


def _place(
    state: State, holdings: list[Holding], pool: Pool, rows: list[Allocation | GlobalAllocation]
) -> list[_Placing] | None:
    """Where each lot goes, None after recording why that cannot be told."""
    specific = [row for row in rows if isinstance(row, Allocation)]
    orders = [row for row in rows if isinstance(row, GlobalAllocation)]
    if orders:
        order = orders[-1]
        completed = order.at if order.identified is None else max(order.at, order.identified.at)
        if completed.date() > state.ledger.settings.wallet_basis_from:
            state.holdings.allocated_at[holdings[0].asset] = completed
        return _fill_in_order(state, holdings, pool, order)
    if specific:
        return _as_allocated(state, holdings, pool, specific)
    return _as_they_lie(state, holdings, pool)


def _as_they_lie(state: State, holdings: list[Holding], pool: Pool) -> list[_Placing] | None:
    """Without a safe harbor allocation: lots stay where they lie, if that is what each account holds (A-13)."""
    lying: dict[str, int] = defaultdict(int)
    for lot in pool:
        lying[lot.place] += lot.units
    if all(held.count == lying[held.place] for held in holdings):
        return [_Placing(lot, lot.units, lot.place) for lot in pool]
    asset, measure = holdings[0].asset, holdings[0].measure
    day = state.ledger.settings.wallet_basis_from
    rows = _suggestion(holdings, pool)
    what = "; ".join(
        f"{held.place or '(blank)'} holds {measure.text(held.count)} but has lots of {measure.text(lying[held.place])}"
        for held in holdings
        if held.count != lying[held.place]
    )
    advice = "\n".join(
        f"Quantity {measure.text(placing.units)}, Account {placing.place or '(blank)'}, Lot "
        f"{placing.lot.lot_id or f'= the ID you give row {placing.lot.row}'}"
        for placing in rows
    )
    state.problems.error(
        _place_of_blame(state, asset),
        "Account",
        "UNALLOCATED_BASIS",
        f"from {day} each account needs its own lots of {asset}, but earlier sales used those of others: {what}.",
        f"If you recorded an allocation in time, add these {len(rows)} rows of Type Allocation, Asset {asset}, or your "
        f"own, with the moment of that record in Identified:\n{advice}\n"
        "If not, the safe harbor of Rev. Proc. 2024-28 is closed since 2026-10-15 at the latest: ask a tax adviser.",
    )
    return None


def _place_of_blame(state: State, asset: str) -> Entry:
    """The asset's first row on or after the switch, else its last row."""
    start = datetime.combine(state.ledger.settings.wallet_basis_from, datetime.min.time())
    own = [entry for entry in state.ledger.transactions if entry.asset == asset] or state.ledger.transactions
    later = [entry for entry in own if entry.at >= start]
    return min(later, key=lambda entry: entry.at) if later else max(own, key=lambda entry: entry.at)


def _suggestion(holdings: list[Holding], pool: Pool) -> list[_Placing]:
    """An allocation that keeps lots where they lie as far as counts permit and fills up with the earliest others."""
    free = {held.place: held.count for held in holdings}
    given: dict[tuple[int, str, str], _Placing] = {}

    def give(lot: Lot, units: int, place: str) -> None:
        key = lot.row, lot.lot_id, place
        before = given[key].units if key in given else 0
        given[key] = _Placing(lot, before + units, place)

    moving: list[tuple[Lot, int]] = []
    for lot in pool:
        stays = min(lot.units, free.get(lot.place, 0))
        if stays:
            free[lot.place] -= stays
            give(lot, stays, lot.place)
        if lot.units > stays:
            moving.append((lot, lot.units - stays))
    for lot, left in moving:
        units = left
        for place in free:
            part = min(units, free[place])
            if part:
                free[place] -= part
                units -= part
                give(lot, part, place)
    return list(given.values())


def _as_allocated(state: State, holdings: list[Holding], pool: Pool, rows: list[Allocation]) -> list[_Placing] | None:
    """A specific unit allocation: all units of every lot, and as many as each account holds (section 5.02(2)(a))."""
    measure = holdings[0].measure
    asset = holdings[0].asset
    left = {id(lot): lot.units for lot in pool}
    named: dict[str, list[Lot]] = defaultdict(list)
    for lot in pool:
        named[lot.lot_id].append(lot)
    given: dict[str, int] = defaultdict(int)
    placings: list[_Placing] = []
    sound = True
    for row in rows:
        units = measure.units(row.quantity)
        given[row.account] += units
        lots = named.get(row.lot, [])
        for lot in lots:
            part = min(units, left[id(lot)])
            if part:
                left[id(lot)] -= part
                units -= part
                placings.append(_Placing(lot, part, row.account))
        if units:
            sound = False
            had = sum(lot.units for lot in lots)
            state.problems.error(
                row,
                "Lot" if not lots else "Quantity",
                "ALLOCATION_EXCEEDS_UNUSED_BASIS",
                f"lot {row.lot} has {measure.text(had)} unused units of {asset}, fewer than are allocated from it.",
                "Allocate no more units of a lot than were unused at the start of the day (section 5.02(7)).",
            )
    for held in holdings:
        if held.count != given[held.place]:
            sound = False
            state.problems.error(
                rows[0],
                "Quantity",
                "ALLOCATION_UNIT_MISMATCH",
                f"{held.place or '(blank)'} holds {measure.text(held.count)} {asset}, but "
                f"{measure.text(given[held.place])} are allocated to it.",
                "Allocate to each account exactly the units it holds (Rev. Proc. 2024-28 section 5.02(2)).",
            )
    check_time_of_specific(state, asset, rows)
    if sound and any(left.values()):
        sound = False
        state.problems.error(
            rows[0],
            "Quantity",
            "ALLOCATION_INCOMPLETE",
            f"{measure.text(sum(left.values()))} units of {asset} are not allocated to any account.",
            "Allocate all unused units of the asset (Rev. Proc. 2024-28 section 5.02(2)).",
        )
    return placings if sound else None


def _fill_in_order(state: State, holdings: list[Holding], pool: Pool, order: GlobalAllocation) -> list[_Placing] | None:
    """A global allocation: lots in the order described fill the accounts in theirs (section 5.02(2)(b))."""
    by_name = {held.place: held for held in holdings}
    asset = holdings[0].asset
    unlisted = [held.place or "(blank)" for held in holdings if held.count and held.place not in order.accounts]
    if unlisted:
        state.problems.error(
            order,
            "Account",
            "ALLOCATION_INCOMPLETE",
            f"the global allocation of {asset} does not name {', '.join(unlisted)}, where units are held.",
            "Name every account that holds the asset, in order, as in 'Kraken > Coinbase'.",
        )
        return None
    check_time_of_global(state, asset, order)
    start = state.ledger.settings.wallet_basis_from.toordinal()
    trial = Trial()
    placings = [
        _Placing(lot, units, name)
        for name in order.accounts
        if name in by_name
        for lot, units in trial.take_in_order(pool, order.method.relief.order, by_name[name].count, start, 0)
    ]
    trial.undo()
    return placings


def _divide(state: State, pool: Pool, holdings: list[Holding], placings: list[_Placing]) -> None:
    own = {held.place: held for held in holdings}
    for held in holdings:
        held.pool = Pool()
        held.count = 0
    for placing in placings:
        lot, held = placing.lot, own[placing.place]
        part = lot if placing.units == lot.units else state.holdings.part(held, lot, placing.units)
        part.place, part.is_covered = placing.place, False
        held.pool.units += part.units
        held.pool.place(part)
        held.count += part.units
