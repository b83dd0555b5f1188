"""Rows about protocols, each as the position that Settings state for its year makes of it (Notice 2024-57)."""

from __future__ import annotations

from typing import TypeVar

from capgain.engine.classes import IncomeKind, Position
from capgain.engine.money import ZERO
from capgain.engine.positions import POSITIONS_OF
from capgain.engine.transactions import (
    Bridge,
    LendBack,
    LendOut,
    PoolIn,
    PoolOut,
    ProtocolMove,
    RebaseIncome,
    RebaseSplit,
    Stake,
    Unstake,
    Unwrap,
    Wrap,
)
from capgain.workbook.reading.ledger_cells import US_DOLLARS, LedgerCells
from capgain.workbook.reading.row_terms import ratio, sale_terms
from capgain.workbook.reading.transfer_rows import arriving_units, check_fee_of_move
from capgain.workbook.written.misread import Misread, is_blank
from capgain.workbook.written.words import one_of, plain

M = TypeVar("M", bound=ProtocolMove)


def wrap(cells: LedgerCells, i: int) -> Wrap:
    return _move(Wrap, cells, i)


def unwrap(cells: LedgerCells, i: int) -> Unwrap:
    return _move(Unwrap, cells, i)


def bridge(cells: LedgerCells, i: int) -> Bridge:
    return _move(Bridge, cells, i)


def lend_out(cells: LedgerCells, i: int) -> LendOut:
    return _move(LendOut, cells, i)


def lend_back(cells: LedgerCells, i: int) -> LendBack:
    return _move(LendBack, cells, i)


def stake(cells: LedgerCells, i: int) -> Stake:
    return _move(Stake, cells, i)


def unstake(cells: LedgerCells, i: int) -> Unstake:
    return _move(Unstake, cells, i)


def pool_in(cells: LedgerCells, i: int) -> PoolIn:
    """Amount is what was put in was worth; one leg of an Order names the pool's token with all its units."""
    _position(cells, i, "Pool")
    units = cells.units(i)
    has_token = not (is_blank(cells.raw("Received Asset")[i]) and is_blank(cells.raw("Received Quantity")[i]))
    token = _other_asset(cells, i) if has_token else ""
    return PoolIn(
        **cells.entry(i),
        **cells.costs(i),
        **sale_terms(cells, i),
        quantity=units,
        amount=cells.gross(i, units),
        received_asset=token,
        received_quantity=cells.other_units(i, "Received Quantity") if has_token else ZERO,
        received_lot=cells.id[i],
        to_account=_to_account(cells, i),
        position=Position.TRADE,
    )


def pool_out(cells: LedgerCells, i: int) -> PoolOut:
    """Amount is what came was worth; Quantity is that of the pool's token, on one leg of an Order alone."""
    _position(cells, i, "Pool")
    units = ZERO if is_blank(cells.raw("Quantity")[i]) else cells.units(i)
    amount = cells.dollars(i, "Amount")
    if is_blank(cells.raw("Amount")[i]):
        cells.missing(i, "Amount", "what the units received were worth in dollars")
    return PoolOut(
        **cells.entry(i),
        **cells.costs(i),
        **sale_terms(cells, i),
        quantity=units,
        amount=amount or ZERO,
        received_asset=_other_asset(cells, i),
        received_quantity=cells.other_units(i, "Received Quantity"),
        received_lot=cells.id[i],
        to_account=_to_account(cells, i),
        position=Position.TRADE,
    )


def rebase(cells: LedgerCells, i: int) -> RebaseSplit | RebaseIncome:
    """As a split Quantity is units after per unit before; as income Received Quantity came, worth Amount."""
    position = _position(cells, i, "Rebase")
    if position is Position.SPLIT or (position is None and not is_blank(cells.raw("Quantity")[i])):
        return RebaseSplit(**cells.entry(i), ratio=ratio(cells, i))
    units = cells.other_units(i, "Received Quantity")
    return RebaseIncome(
        **cells.entry(i), quantity=units, amount=cells.gross(i, units), lot=cells.id[i], kind=IncomeKind.UNSTATED
    )


def _move(kind: type[M], cells: LedgerCells, i: int) -> M:
    """With a Received Asset the units become that; without one they move, and what does not arrive is a fee.

    As a trade Amount is the value received; carried over, an Amount says what the units were worth and is not used.
    """
    position = _position(cells, i, kind.setting)
    units = cells.units(i)
    costs = cells.costs(i)
    fee_price = None
    if position is Position.TRADE or not _stays_the_same(cells, i):
        received, arrived = _other_asset(cells, i), cells.other_units(i, "Received Quantity")
    else:
        received, short_of = cells.asset[i], arriving_units(cells, i, units)
        arrived = units if short_of is None else short_of
        check_fee_of_move(cells, i, units, short_of, costs["coin_fee"])
        fee_price = cells.dollars(i, "Price")
    return kind(
        **cells.entry(i),
        **costs,
        **sale_terms(cells, i),
        quantity=units,
        amount=cells.gross(i, units) if position is Position.TRADE else cells.dollars(i, "Amount") or ZERO,
        received_asset=received,
        received_quantity=arrived,
        received_lot=cells.id[i],
        to_account=_to_account(cells, i),
        fee_price=fee_price,
        position=Position.TRADE if position is Position.TRADE else Position.CARRYOVER,
    )


def _position(cells: LedgerCells, i: int, setting: str) -> Position | None:
    """What Settings state for the row's year; where they state nothing, that is an error of the row."""
    stated = cells.positions.get(setting)
    position = None if stated is None else stated.of(cells.at(i).year)
    if position is None:
        choices = [f"{setting} = {allowed.value}" for allowed in POSITIONS_OF[setting]]
        word, name = cells.text(i, "Type"), cells.types[i]
        what = name if plain(word) == plain(name) else f"{word} ({name})"
        cells.undecided(
            i,
            "Type",
            Misread(
                f"No authority decides how {what} is taxed (Notice 2024-57), and Settings state no position.",
                f"Decide with your adviser and add to Settings {one_of(choices)}.",
                "DEFI_POLICY_UNSTATED",
            ),
        )
    return position


def _stays_the_same(cells: LedgerCells, i: int) -> bool:
    received = cells.raw("Received Asset")[i]
    return is_blank(received) or cells.assets.canonical(received) == cells.asset[i]


def _other_asset(cells: LedgerCells, i: int) -> str:
    """Received Asset, which is neither dollars nor the row's own asset."""
    received = cells.name(i, "Received Asset")
    kind = cells.types[i]
    if received.upper() in US_DOLLARS:
        wrong = Misread(f"{kind} brings US dollars.", "Use Sell, with the dollars in Amount.", "TRADE_FOR_DOLLARS")
        cells.wrong(i, "Received Asset", wrong)
    elif received and received == cells.asset[i]:
        cells.wrong(
            i,
            "Received Asset",
            Misread(
                f"{kind} gives {received} for {received} and is taken as a trade.",
                "Enter the asset received; where units of one asset only moved, use Transfer.",
                "TRADE_FOR_ITSELF",
            ),
        )
    return received


def _to_account(cells: LedgerCells, i: int) -> str:
    return "" if is_blank(cells.raw("To Account")[i]) else cells.name(i, "To Account")
