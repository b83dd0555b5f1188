"""Options assigned or exercised: the premium moves to the shares, and the option's own rows leave.

A put that was written lowers what the shares cost, a call that was written raises what they bring; what a call cost is
part of the shares' cost, what a put cost lowers what they bring (IRS Publication 550, Options; Rev. Rul. 58-234;
Rev. Rul. 78-182). The option itself is no row of Form 8949.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from capgain.engine.classes import Right
from capgain.engine.money import EXACT, ZERO, to_the_cent
from capgain.workbook.importing.existing_book import ExistingBook
from capgain.workbook.importing.movements import USD, Becomes, Movement
from capgain.workbook.importing.outcomes import Unsettled
from capgain.workbook.importing.what_it_is import option_underlying
from capgain.workbook.reading.symbols import occ_terms, right_in_name

_ENDS = frozenset({Becomes.OPTION_ASSIGNED, Becomes.OPTION_EXERCISED})
_BOUGHT = frozenset({Becomes.BUY, Becomes.COVER})
_SOLD = frozenset({Becomes.SELL, Becomes.SHORT_SELL})
_OPENS = {Becomes.OPTION_ASSIGNED: Becomes.SHORT_SELL, Becomes.OPTION_EXERCISED: Becomes.BUY}
_CLOSES = {Becomes.SHORT_SELL: Becomes.COVER, Becomes.BUY: Becomes.SELL}
_CONTRACT = Decimal(100)
_FEE_AT_MOST = Decimal(30)
"""Dollars by which an amount may differ from the strike price, where its fee for the assignment is not told apart."""
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_APART = timedelta(days=1)
"""How far the option's row and the shares' row may be booked from one another."""


@dataclass(slots=True)
class _Opening:
    """An opening row of an option, with the contracts of it that nothing has closed yet."""

    movement: Movement
    left: Decimal


def end_options(movements: Sequence[Movement], book: ExistingBook | None) -> tuple[list[Movement], list[Unsettled]]:
    """The movements with premiums moved to the shares, and the ends of options that cannot be settled."""
    ends = sorted((one for one in movements if one.becomes in _ENDS), key=lambda one: one.at)
    if not ends:
        return list(movements), []
    kept = {id(one): one for one in movements if one.becomes not in _ENDS}
    unsettled = []
    for end in ends:
        shares = _shares_of(end, kept.values())
        if shares is None:
            unsettled.append(_without_shares(end))
            continue
        premium, used = _premium(end, list(kept.values()))
        if premium is None:
            del kept[id(shares)]
            unsettled.append(_without_opening(end, shares, book))
            continue
        for opening, contracts in used:
            rest = _rest(opening, contracts)
            if rest is None:
                del kept[id(opening)]
            else:
                kept[id(opening)] = rest
        opened = [opening for opening, _ in used]
        kept[id(shares)] = _with_premium(end, shares, premium, opened)
    return list(kept.values()), unsettled


def _units(movement: Movement) -> Decimal:
    sold = movement.becomes in _SOLD | _ENDS | {Becomes.EXPIRE}
    return (movement.out_quantity if sold else movement.in_quantity) or ZERO


def _security(movement: Movement) -> str:
    sold = movement.becomes in _SOLD | _ENDS | {Becomes.EXPIRE}
    return (movement.out_asset if sold else movement.in_asset).casefold()


def _is_of(movement: Movement, end: Movement, security: str) -> bool:
    return movement.account.casefold() == end.account.casefold() and _security(movement) == security.casefold()


def _shares_of(end: Movement, others: Iterable[Movement]) -> Movement | None:
    """The purchase or sale of the underlying shares at the strike price.

    Whoever wrote a put buys, whoever held one sells; a call has it the other way round.
    """
    right = right_in_name(end.out_asset)
    buys = (end.becomes is Becomes.OPTION_ASSIGNED) == (right is Right.PUT)
    sides = _BOUGHT | _SOLD if right is None else _BOUGHT if buys else _SOLD
    strikes = _strikes(end.out_asset)
    underlying = end.underlying.partition(" x")[0] or option_underlying(end.out_asset)
    wanted = EXACT.multiply(end.out_quantity or ZERO, _CONTRACT)
    fit = [
        one
        for one in others
        if one.becomes in sides
        and _is_of(one, end, underlying)
        and _units(one) == wanted
        and abs(one.at - end.at) <= _APART
        and any(abs((one.value or ZERO) - EXACT.multiply(strike, wanted)) <= _FEE_AT_MOST for strike in strikes)
        and end.key not in one.key.split(" + ")
    ]
    return min(fit, key=lambda one: (abs(one.at - end.at), one.lines), default=None)


def _strikes(option: str) -> list[Decimal]:
    """What may be the strike price in an option's name: by its OCC symbol, else every number in it."""
    terms = occ_terms(option)
    if terms is not None and terms.strike is not None:
        return [terms.strike]
    return [Decimal(found.replace(",", "")) for found in _NUMBER.findall(option)]


def _premium(end: Movement, others: Sequence[Movement]) -> tuple[Decimal | None, list[tuple[Movement, Decimal]]]:
    """Dollars received for, or paid for, the contracts that end, and the opening rows that they are taken from.

    The earliest opening goes first; what was closed before took the earliest then. None where an opening is missing.
    """
    opens = _OPENS[end.becomes]
    own = [one for one in others if _is_of(one, end, end.out_asset) and one.at <= end.at]
    openings = [_Opening(one, _units(one)) for one in sorted(own, key=_in_time) if one.becomes is opens]
    closed = sum((_units(one) for one in own if one.becomes in (_CLOSES[opens], Becomes.EXPIRE)), ZERO)
    _take(openings, closed)
    used = _take(openings, end.out_quantity or ZERO)
    if used is None:
        return None, []
    premium = ZERO
    for opening, contracts in used:
        fee = (opening.fee_quantity or ZERO) if opening.fee_asset == USD else ZERO
        value = opening.value or ZERO
        whole = value - fee if opens is Becomes.SHORT_SELL else value + fee
        premium += to_the_cent(EXACT.divide(EXACT.multiply(whole, contracts), _units(opening)))
    return premium, used


def _in_time(movement: Movement) -> tuple[object, object]:
    return movement.at, movement.lines


def _take(openings: Sequence[_Opening], contracts: Decimal) -> list[tuple[Movement, Decimal]] | None:
    """Contracts from the earliest openings first; None where there are not enough."""
    taken = []
    for opening in openings:
        part = min(opening.left, contracts)
        if part:
            opening.left -= part
            contracts -= part
            taken.append((opening.movement, part))
    return taken if not contracts else None


def _rest(opening: Movement, contracts: Decimal) -> Movement | None:
    """What stays of an opening row after contracts of it ended."""
    units = _units(opening)
    if contracts == units:
        return None
    left = units - contracts

    def part(whole: Decimal | None) -> Decimal | None:
        if whole is None:
            return None
        return whole - to_the_cent(EXACT.divide(EXACT.multiply(whole, contracts), units))

    value, fee = part(opening.value), part(opening.fee_quantity)
    if opening.becomes is Becomes.SHORT_SELL:
        return replace(opening, out_quantity=left, in_quantity=value, value=value, fee_quantity=fee)
    return replace(opening, in_quantity=left, out_quantity=value, value=value, fee_quantity=fee)


def _with_premium(end: Movement, shares: Movement, premium: Decimal, opened: Sequence[Movement]) -> Movement:
    """The shares' row with the option's premium in its amount, and the option's rows among its lines."""
    bought = shares.becomes in _BOUGHT
    written = end.becomes is Becomes.OPTION_ASSIGNED
    value = (shares.value or ZERO) + (premium if bought != written else -premium)
    what = "assigned" if written else "exercised"
    said = f"{end.out_asset} {what}: its premium of {premium} is in Amount"
    lines = tuple(dict.fromkeys((*shares.lines, *end.lines, *(line for one in opened for line in one.lines))))
    keys = dict.fromkeys((*shares.key.split(" + "), end.key, *(one.key for one in opened)))
    made = replace(
        shares, value=value, lines=lines, key=" + ".join(keys), note=f"{shares.note}; {said}" if shares.note else said
    )
    if bought:
        made.out_quantity = value
    else:
        made.in_quantity = value
    return made


def _without_shares(end: Movement) -> Unsettled:
    units = EXACT.multiply(end.out_quantity or ZERO, _CONTRACT).normalize()
    return Unsettled(
        end.lines,
        end.kind,
        f"{end.out_asset} was {_word(end)}, and no row buys or sells {units:f} of its shares on that day.",
        "Enter an Assign or Exercise row with the strike price, or close the option with Amount 0 if it was settled in "
        "cash and enter that.",
        movement=end,
        key=end.key,
    )


def _without_opening(end: Movement, shares: Movement, book: ExistingBook | None) -> Unsettled:
    """The opening is in no file: it is in the book, or the premium has to be asked for."""
    row = None if book is None else book.entries().openings.get((end.account.casefold(), end.out_asset.casefold()))
    units, kind = _units(shares).normalize(), "Buy" if shares.becomes in _BOUGHT else "Sell"
    said = f"{end.out_asset} was {_word(end)} for {units:f} {_security(shares).upper()} at {shares.value}"
    if row is not None:
        message = f"{said}; its opening is row {row} of the Ledger, which is left as it is."
        remedy = (
            f"Take row {row} out (or the contracts that ended out of it), and enter the {kind} of the shares with the "
            "premium of that row in Amount; or enter an Assign or Exercise row instead of both."
        )
    else:
        message = f"{said}, and no row tells its premium."
        remedy = (
            f"Enter the {kind} of the shares with the option's premium in Amount, or import the file in which the "
            "option was opened."
        )
    return Unsettled((*end.lines, *shares.lines), end.kind, message, remedy, movement=shares, key=end.key)


def _word(end: Movement) -> str:
    return "assigned" if end.becomes is Becomes.OPTION_ASSIGNED else "exercised"
