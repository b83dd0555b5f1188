"""The rows of one way into a liquidity pool, or out of it, as legs of one Order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from capgain.engine.money import ZERO
from capgain.workbook.importing.movements import Becomes, LineOfFile, Movement
from capgain.workbook.importing.outcomes import Unsettled
from capgain.workbook.importing.sides import POOLS


def join_pools(movements: Iterable[Movement]) -> tuple[list[Movement], list[Unsettled]]:
    """Movements of pools joined by transaction, else by account and moment; all others pass unchanged.

    Into a pool one token came for what left; out of it one token left for what came.
    """
    kept: list[Movement] = []
    groups: dict[tuple[Becomes, str, str], list[Movement]] = {}
    for movement in movements:
        if movement.becomes in POOLS:
            groups.setdefault((movement.becomes, movement.format, _transaction(movement)), []).append(movement)
        else:
            kept.append(movement)
    unsettled: list[Unsettled] = []
    for rows in groups.values():
        made = _legs(rows)
        if made is None:
            unsettled += map(_left_open, rows)
        else:
            kept += made
    return kept, unsettled


def _transaction(movement: Movement) -> str:
    if movement.chain_id or movement.group:
        return movement.chain_id or movement.group
    return f"{movement.account.casefold()} {movement.at}" if movement.has_time else movement.key


def _legs(rows: Sequence[Movement]) -> list[Movement] | None:
    """A movement for each asset put in or taken out, the first with the pool's token; None where no token is plain."""
    rows = sorted(rows, key=lambda row: row.lines)
    into = rows[0].becomes is Becomes.POOL_IN
    tokens = {row.in_asset if into else row.out_asset for row in rows} - {""}
    legs = [row for row in rows if (row.out_asset if into else row.in_asset)]
    if len(tokens) != 1 or not legs or any((leg.out_asset if into else leg.in_asset) in tokens for leg in legs):
        return None
    (token,) = tokens
    units = sum(((row.in_quantity if into else row.out_quantity) or ZERO for row in rows), ZERO)
    others = [row for row in rows if row not in legs]
    first = legs[0]
    reference = first.chain_id or first.group or first.key
    made = [_with_token(leg, token, units if leg is first else None, into=into) for leg in legs]
    for leg in made if len(made) > 1 else ():
        leg.order = reference
    made[0].lines = _lines([first, *others])
    made[0].key = " + ".join(dict.fromkeys(row.key for row in (first, *others)))
    return [*made, *_fees_of(others)]


def _with_token(leg: Movement, token: str, units: Decimal | None, *, into: bool) -> Movement:
    if into:
        return replace(leg, in_asset=token if units is not None else "", in_quantity=units)
    return replace(leg, out_asset=token, out_quantity=units)


def _lines(rows: Sequence[Movement]) -> tuple[LineOfFile, ...]:
    return tuple(sorted(line for row in rows for line in row.lines))


def _fees_of(rows: Sequence[Movement]) -> list[Movement]:
    """What rows that only tell of the token paid as fees, each a fee of its own."""
    return [
        replace(
            row.as_fee(row.fee_asset, row.fee_quantity, row.fee_value, f"{row.key}/fee"),
            fee_asset="",
            fee_quantity=None,
            fee_value=None,
        )
        for row in rows
        if row.fee_quantity
    ]


def _left_open(row: Movement) -> Unsettled:
    kind = "Pool In" if row.becomes is Becomes.POOL_IN else "Pool Out"
    return Unsettled(
        row.lines,
        row.kind,
        "A liquidity pool: no other row of the same transaction says what was given or received for it.",
        f"Enter the transaction as rows of Type {kind} with one Order, each with its dollar value.",
        movement=row,
        key=row.key,
    )
