"""Units that move between own accounts."""

from __future__ import annotations

from dataclasses import replace

from capgain.engine.atoms import atoms
from capgain.engine.money import ZERO
from capgain.engine.replay.disposals import check_count, pay_coin_fee, relieve
from capgain.engine.replay.form_rows import book_rows
from capgain.engine.replay.holdings import Holding
from capgain.engine.replay.lots import Taken
from capgain.engine.replay.relief import Refused, first_units
from capgain.engine.replay.sale import Sale
from capgain.engine.replay.state import State
from capgain.engine.replay.stated_quantities import units_of
from capgain.engine.replay.wash_sales import stands_for
from capgain.engine.results.dispositions import Kind
from capgain.engine.transactions import Disposal, Transfer
from capgain.engine.units import UNITS


def transfer(state: State, entry: Transfer) -> None:
    """Between own accounts, or spouses (26 USC 1041(b), 1223(2)): lots keep basis, dates, adjustments (R-WAL-8).

    Units that do not arrive are a fee, taken first by the order in force and disposed of at their value
    (DECISIONS.md, A-12).
    """
    sender = state.holdings.at(entry.account, entry.asset)
    receiver = state.holdings.at(entry.to_account, entry.asset)
    refuse_into_or_out_of_ira(state, entry, sender, receiver)
    units, arrived = _units_moving(state, sender, entry)
    lost = units - arrived
    value = atoms((entry.fee_price or ZERO) * lost) // (UNITS * sender.measure.scale)
    fee = Sale(entry, Kind.FEE, entry.at.date(), value)
    if entry.lots:
        paid, moved = first_units(relieve(state, sender, entry, units, value), lost)
        if paid:
            book_rows(state, sender, fee, paid)
        _move(state, receiver, moved)
    else:
        if lost:
            book_rows(state, sender, fee, take_moving(state, sender, entry, lost, value))
        if state.holdings.in_universal_pool(sender) and sender.pool is receiver.pool:
            _relabel(state, sender, receiver, arrived)
        else:
            _move(state, receiver, relieve(state, sender, entry, arrived, 0))
    if entry.coin_fee is not None:
        pay_coin_fee(state, entry, entry.coin_fee)


def move_within(state: State, entry: Transfer) -> None:
    """Units put aside within one account: their lots stay as they are, and units short are a fee."""
    held = state.holdings.at(entry.account, entry.asset)
    units, arrived = _units_moving(state, held, entry)
    lost = units - arrived
    if lost:
        value = atoms((entry.fee_price or ZERO) * lost) // (UNITS * held.measure.scale)
        taken = take_moving(state, held, replace(entry, quantity=entry.quantity - entry.arrived), lost, value)
        book_rows(state, held, Sale(entry, Kind.FEE, entry.at.date(), value), taken)
    if entry.coin_fee is not None:
        pay_coin_fee(state, entry, entry.coin_fee)


def refuse_into_or_out_of_ira(state: State, entry: Disposal, sender: Holding, receiver: Holding) -> None:
    """Raises Refused where one of the two lies in an IRA and the other does not."""
    if sender.is_ira != receiver.is_ira:
        state.problems.error(
            entry,
            "To Account",
            "IRA_TRANSFER",
            "a transfer between an IRA and a taxable account is a contribution or a distribution, not a transfer.",
            "Correct the account, or enter units that an IRA paid out as an Opening row with that day in Acquired and "
            "their value in Basis; ask your adviser about units that went into one: contributions are in cash (26 USC "
            "408(a)(1)).",
        )
        raise Refused


def _units_moving(state: State, sender: Holding, entry: Transfer) -> tuple[int, int]:
    """What leaves and what of it arrives. Raises Refused where a fee has no value or more leaves than is held."""
    units = units_of(state, sender, entry)
    arrived = units if entry.arrived == entry.quantity else min(units, sender.measure.units(entry.arrived))
    if units > arrived and entry.fee_price is None:
        state.problems.error(
            entry,
            "Price",
            "FEE_WITHOUT_VALUE",
            f"{sender.measure.text(units - arrived)} {entry.asset} did not arrive: a fee, whose value in dollars is "
            "missing.",
            "Enter in column Price what one unit was worth, or correct Received Quantity.",
        )
        raise Refused
    check_count(state, sender, entry, units, "Quantity")
    return units, arrived


def take_moving(state: State, sender: Holding, entry: Disposal, units: int, value: int) -> list[Taken]:
    """In the universal era what moves, and its fee, comes from the account's earliest lots, else by the order."""
    if entry.lots or not state.holdings.in_universal_pool(sender):
        return relieve(state, sender, entry, units, value)
    own = sender.pool.take_lying_in(sender.place, min(units, sender.count))
    rest = units - sum(part for _, part, _ in own)
    sender.count -= units - rest
    return own + (relieve(state, sender, entry, rest, value * rest // units) if rest else [])


def _relabel(state: State, sender: Holding, receiver: Holding, units: int) -> None:
    """In the universal era the sending account's earliest lots move with the units (contract, section 3)."""
    sender.count -= units
    receiver.count += units
    if sender is receiver:
        return
    pool = sender.pool
    whereabouts = pool.whereabouts
    while units and (lot := whereabouts.earliest(sender.place)) is not None:
        if lot.units > units:
            lot.basis_per_unit()
            part = state.holdings.part(sender, lot, units)
            part.place, part.is_covered = receiver.place, False
            pool.spread_out(lot)
            pool.place(part)
            lot = part
        else:
            whereabouts.move_earliest(sender.place, receiver.place)
            lot.is_covered = False
        units -= lot.units
        pool.spread_out(lot)


def _move(state: State, receiver: Holding, taken: list[Taken]) -> None:
    """Lots arrive in another pool as they were; a purchase of the last weeks stays one for the wash-sale rules."""
    for lot, have, basis in taken:
        moved = lot.like(have, basis, receiver.place)
        moved.is_covered = False
        state.holdings.add(receiver, moved)
        if receiver.washes is not None and not moved.replaces:
            stands_for(receiver.washes, lot, moved)
