"""Lines that belong together become one movement: both sides of a trade and its fee, or many balances for one coin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_DOWN, Decimal

from capgain.engine.money import EXACT, ZERO
from capgain.workbook.importing.movements import Becomes, LineOfFile, Movement
from capgain.workbook.importing.on_chain import halves_of
from capgain.workbook.importing.outcomes import Ignored, Unsettled
from capgain.workbook.importing.what_it_is import SAME_ASSET

SEVERAL_COLUMNS = " / "
"""What stands between the cells of a group that no one column names; such a group is no reference of the source."""

_TWO_TRADES = 4
"""Sides that two trades have."""

SMALLEST = Decimal("1e-18")
"""The finest unit a ledger quantity has."""


def pair_up(movements: Iterable[Movement]) -> tuple[list[Movement], list[Unsettled], list[Ignored]]:
    """Legs of one group made whole; movements that are whole already pass unchanged.

    Legs that leave nothing changed are one asset under two names, and ignored.
    """
    whole: list[Movement] = []
    groups: dict[tuple[str, str, str], list[Movement]] = {}
    for movement in movements:
        if movement.becomes in (Becomes.LEG, Becomes.FEE_LEG, Becomes.CHAIN_LEG):
            groups.setdefault((movement.format, movement.account, movement.group or movement.id), []).append(movement)
        else:
            whole.append(movement)
    unsettled: list[Unsettled] = []
    ignored: list[Ignored] = []
    between = _joined_halves(groups)
    for legs in groups.values():
        if _only_rename(legs):
            ignored += [Ignored(place, SAME_ASSET) for leg in legs for place in leg.lines]
            continue
        made = _whole(legs)
        if isinstance(made, Unsettled):
            unsettled.append(made)
            continue
        for one in made:
            if isinstance(one, Ignored):
                ignored.append(one)
            else:
                whole.append(one)
    return [*whole, *between], unsettled, ignored


SECONDS = timedelta(seconds=2)
"""How far apart a source may book the two sides of one trade that it groups by the second."""


def _joined_halves(groups: dict[tuple[str, str, str], list[Movement]]) -> list[Movement]:
    """Join half trades whose other half is plainly there; Transfers of what came to another account by one of them.

    Halves that a source groups by the second are joined with the only other half within SECONDS; halves of one
    reference in two accounts are a trade in the account that gave, and a move of what came.
    """
    moves: list[Movement] = []
    halves = {key: side for key, legs in groups.items() if (side := _one_side(legs)) is not None}
    for key in list(halves):
        if key not in halves:
            continue
        form, account, reference = key
        is_by_time = SEVERAL_COLUMNS in reference
        label = reference.rpartition(SEVERAL_COLUMNS)[2]
        others = [
            other
            for other in halves
            if other != key
            and other[0] == form
            and (
                other[1] == account
                and other[2].rpartition(SEVERAL_COLUMNS)[2] == label
                and abs(groups[other][0].at - groups[key][0].at) <= SECONDS
                if is_by_time
                else other[2] == reference
            )
        ]
        if len(others) != 1 or halves[others[0]] == halves[key]:
            continue
        out, come = (key, others[0]) if halves[key] == "out" else (others[0], key)
        if not is_by_time:
            if {leg.asset.casefold() for leg in groups[out]} == {leg.asset.casefold() for leg in groups[come]}:
                continue
            if len(groups[come]) != 1:
                continue
            moves.append(_moved(groups[come][0], groups[out][0]))
        first, second = sorted((out, come), key=lambda one: (groups[one][0].at, one != out))
        joined = [replace(leg, account=groups[out][0].account) for leg in (*groups[first], *groups[second])]
        reference_kept = groups[first][0].group
        groups[first] = [replace(leg, group=reference_kept) for leg in joined]
        del groups[second], halves[key], halves[others[0]]
    return moves


def _one_side(legs: Sequence[Movement]) -> str | None:
    """ "out" or "in" where all legs go one way."""
    if any(leg.becomes is not Becomes.LEG for leg in legs):
        return None
    ways = {"out" if leg.out_asset else "in" for leg in legs}
    return ways.pop() if len(ways) == 1 else None


def _moved(came: Movement, gave: Movement) -> Movement:
    return replace(
        came,
        becomes=Becomes.TRANSFER,
        account=gave.account,
        to_account=came.account,
        at=max(came.at, gave.at),
        out_asset=came.in_asset,
        out_quantity=came.in_quantity,
        value=None,
        fee_asset="",
        fee_quantity=None,
        fee_value=None,
        key=f"{came.format}:{came.group or came.id}/moved",
    )


def _only_rename(legs: Sequence[Movement]) -> bool:
    """Whether units left and the same units of the same asset came, and nothing else happened."""
    assets = {leg.asset.casefold() for leg in legs}
    out = sum((leg.out_quantity or ZERO for leg in legs), ZERO)
    come = sum((leg.in_quantity or ZERO for leg in legs), ZERO)
    return len(assets) == 1 and out == come != 0 and not any(leg.fee_quantity for leg in legs)


def _whole(legs: Sequence[Movement]) -> Sequence[Movement | Ignored] | Unsettled:
    first = min(legs, key=lambda leg: (leg.at, leg.lines))
    lines: tuple[LineOfFile, ...] = tuple(
        sorted((place for leg in legs for place in leg.lines), key=lambda place: (place.file, place.line))
    )
    base = replace(first, becomes=Becomes.EXCHANGE, lines=lines, fee_asset="", fee_quantity=None, fee_value=None)
    reference = first.group or first.id
    base.asset_class = next((leg.asset_class for leg in legs if leg.asset_class), "")
    base.id = "" if SEVERAL_COLUMNS in reference else reference
    within = f"{first.account}:" if first.is_of_account else ""
    base.key = f"{first.format}:{within}{reference}"
    net: dict[str, Decimal] = {}
    value: dict[str, Decimal] = {}
    fees: dict[str, Decimal] = {}
    fee_value: dict[str, Decimal] = {}
    for leg in legs:
        if leg.becomes is Becomes.FEE_LEG:
            paid = leg.out_quantity or ZERO if leg.out_asset else -(leg.in_quantity or ZERO)
            fees[leg.asset] = fees.get(leg.asset, ZERO) + paid
            continue
        asset = leg.out_asset or leg.in_asset
        units = -(leg.out_quantity or ZERO) if leg.out_asset else leg.in_quantity or ZERO
        net[asset] = net.get(asset, ZERO) + units
        if leg.value is not None:
            value[asset] = value.get(asset, ZERO) + leg.value
        if leg.fee_quantity:
            fees[leg.fee_asset] = fees.get(leg.fee_asset, ZERO) + leg.fee_quantity
            if leg.fee_value is not None:
                fee_value[leg.fee_asset] = fee_value.get(leg.fee_asset, ZERO) + leg.fee_value
    for asset in [asset for asset, units in fees.items() if units < 0]:
        net[asset] = net.get(asset, ZERO) - fees.pop(asset)
    out = [(asset, -units) for asset, units in sorted(net.items()) if units < 0]
    come = [(asset, units) for asset, units in sorted(net.items()) if units > 0]
    if first.becomes is Becomes.CHAIN_LEG and not (out and come):
        return halves_of(base, legs, lines)
    if not out or not come:
        return Unsettled(
            lines,
            first.kind,
            f"Half a trade: the other side of {first.group or first.id} is missing.",
            "It may be in another file or time span of the same source; import them together.",
            movement=first,
            key=base.key,
        )
    sides = sum(leg.becomes is Becomes.LEG for leg in legs)
    are_apart = max(len(out), len(come)) > 1 and sides >= _TWO_TRADES and SEVERAL_COLUMNS in reference
    if are_apart and first.moment.has_time and len({leg.at for leg in legs}) == 1:
        one_by_one = _one_by_one(legs)
        if one_by_one is not None:
            return one_by_one
    if len(out) > 1 and len(come) > 1:
        return Unsettled(
            lines,
            first.kind,
            f"Several trades in the same second, or one of several assets for several others: {reference}.",
            "Enter one row of Type Trade for each pair, with its dollar value.",
            movement=first,
            key=base.key,
        )
    made = _exchanges(base, out, come, value)
    if isinstance(made, Unsettled):
        return made
    return made + _with_fees(made, base, fees, fee_value)


def _one_by_one(legs: Sequence[Movement]) -> list[Movement] | None:
    """Trades of one second whose rows stand next to each other, each with its two sides and as many fees as the others.

    None where the rows do not divide so.
    """
    ordered = sorted(legs, key=lambda leg: leg.lines)
    trades: list[list[Movement]] = []
    for leg in ordered:
        sides = {bool(one.out_asset) for one in trades[-1] if one.becomes is Becomes.LEG} if trades else set()
        if not trades or (leg.becomes is Becomes.LEG and len(sides) == 2):
            trades.append([])
        trades[-1].append(leg)
    shapes = {tuple(sorted(one.becomes.value for one in trade)) for trade in trades}
    if len(shapes) != 1 or any(sum(one.becomes is Becomes.LEG for one in trade) != 2 for trade in trades):
        return None
    made: list[Movement] = []
    for place, trade in enumerate(trades, start=1):
        if len({bool(one.out_asset) for one in trade if one.becomes is Becomes.LEG}) != 2:
            return None
        whole = _whole(trade)
        if isinstance(whole, Unsettled):
            return None
        for one in whole:
            assert isinstance(one, Movement)
            made.append(replace(one, key=f"{one.key}/{place}"))
    return made


def _exchanges(
    base: Movement, out: Sequence[tuple[str, Decimal]], come: Sequence[tuple[str, Decimal]], value: dict[str, Decimal]
) -> list[Movement] | Unsettled:
    if len(out) == 1 and len(come) == 1:
        (given, units), (got, units_got) = out[0], come[0]
        worth = value.get(got, value.get(given))
        return [replace(base, out_asset=given, out_quantity=units, in_asset=got, in_quantity=units_got, value=worth)]
    many, one = (out, come[0]) if len(come) == 1 else (come, out[0])
    if any(asset not in value for asset, _ in many):
        names = ", ".join(asset for asset, _ in many)
        gave, got = (names, one[0]) if len(come) == 1 else (one[0], names)
        return Unsettled(
            base.lines,
            base.kind,
            f"{gave} became {got}, several trades in the same second or in one: the file does not say what each was "
            "worth.",
            "Enter one row of Type Trade for each, with its dollar value.",
            movement=base,
            key=base.key,
        )
    shares = _shared(one[1], [value[asset] for asset, _ in many])
    made = []
    for (asset, units), share in zip(many, shares, strict=True):
        if len(come) == 1:
            part = replace(base, out_asset=asset, out_quantity=units, in_asset=one[0], in_quantity=share)
        else:
            part = replace(base, out_asset=one[0], out_quantity=share, in_asset=asset, in_quantity=units)
        part.value = value[asset]
        part.key = f"{base.key}/{asset}"
        made.append(part)
    return made


def _shared(units: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """`units` split in proportion to dollar values, to the 18th decimal; what is left goes to the last."""
    whole = sum(weights, ZERO)
    if not whole:
        weights, whole = [Decimal(1)] * len(weights), Decimal(len(weights))
    parts = [
        EXACT.divide(EXACT.multiply(units, weight), whole).quantize(SMALLEST, rounding=ROUND_DOWN, context=EXACT)
        for weight in weights[:-1]
    ]
    return [*parts, EXACT.subtract(units, sum(parts, ZERO))]


def _with_fees(
    made: list[Movement], base: Movement, fees: dict[str, Decimal], worth: Mapping[str, Decimal]
) -> list[Movement]:
    """Put the fee on the first movement; fees in a second asset become rows of their own."""
    others = []
    for place, (asset, units) in enumerate(sorted((asset, units) for asset, units in fees.items() if units)):
        if place == 0:
            made[0].fee_asset, made[0].fee_quantity, made[0].fee_value = asset, units, worth.get(asset)
        else:
            others.append(base.as_fee(asset, units, worth.get(asset), f"{base.key}/fee {asset}"))
    return others
