"""Orders that close a position and open the opposite one: two rows, split at the units held. And rows of which only the
units held tell what they are: purchases and sales of options by their bare names, and the end of an option."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from capgain.engine.money import EXACT, ZERO, to_the_cent
from capgain.workbook.importing.existing_book import ExistingBook
from capgain.workbook.importing.movements import USD, Becomes, Movement
from capgain.workbook.importing.outcomes import Unsettled

_INTO = frozenset({Becomes.BUY, Becomes.COVER, Becomes.REINVEST, Becomes.DEPOSIT, Becomes.GIFT_IN, Becomes.INCOME})

_BY_UNITS = frozenset({Becomes.CLOSE_AND_OPEN, Becomes.BY_POSITION, Becomes.CLOSE})
_OF_SALE = (Becomes.SELL, Becomes.SHORT_SELL)
_OF_PURCHASE = (Becomes.COVER, Becomes.BUY)
"""What closes a position, and what opens one."""


def split_orders(movements: Sequence[Movement], book: ExistingBook | None) -> tuple[list[Movement], list[Unsettled]]:
    """The movements with such orders as two, and the orders for which the position is not known."""
    orders = sorted((one for one in movements if one.becomes in _BY_UNITS), key=lambda one: (one.at, one.lines))
    if not orders:
        return list(movements), []
    made = _ByAsset(one for one in movements if one.becomes not in _BY_UNITS)
    unsettled = []
    for order in orders:
        is_sale = not _is_purchase(order)
        asset, units = (order.out_asset, order.out_quantity) if is_sale else (order.in_asset, order.in_quantity)
        held = _held(asset, order, made.of(order.account, asset), book)
        if order.becomes is Becomes.CLOSE:
            if held:
                made.append(_closed(order, is_short=held < 0))
            else:
                unsettled.append(_not_held(order))
            continue
        closed = held if is_sale else -held
        if order.becomes is Becomes.BY_POSITION and units and not 0 < closed < units:
            kinds = _OF_SALE if is_sale else _OF_PURCHASE
            made.append(replace(order, becomes=kinds[0 if closed > 0 else 1]))
            continue
        if not units or not 0 < closed < units:
            unsettled.append(_unknown(order, asset, held))
            continue
        for part in _two(order, Decimal(f"{closed.normalize(EXACT):f}"), units, is_sale):
            made.append(part)
    return made.all, unsettled


class _ByAsset:
    """Movements in their order, and those of one account and asset, so that each order looks at its own alone."""

    def __init__(self, movements: Iterable[Movement]) -> None:
        self.all: list[Movement] = []
        self._of: dict[tuple[str, str], list[Movement]] = {}
        for movement in movements:
            self.append(movement)

    def append(self, movement: Movement) -> None:
        self.all.append(movement)
        for asset in {movement.in_asset, movement.out_asset} - {"", USD}:
            self._of.setdefault((movement.account.casefold(), asset), []).append(movement)

    def of(self, account: str, asset: str) -> Sequence[Movement]:
        return self._of.get((account.casefold(), asset), ())


def _closed(order: Movement, *, is_short: bool) -> Movement:
    if not is_short:
        return replace(order, becomes=Becomes.SELL)
    return replace(
        order,
        becomes=Becomes.COVER,
        in_asset=order.out_asset,
        in_quantity=order.out_quantity,
        out_asset=USD,
        out_quantity=order.value,
    )


def _not_held(order: Movement) -> Unsettled:
    return Unsettled(
        order.lines,
        order.kind,
        f"{order.out_quantity} {order.out_asset} ended, and none are known to be held or written before.",
        "Import the files of the time before, or enter it by hand: a Sell with Amount 0 if you held it, a Cover with "
        "Amount 0 if you had written it.",
        movement=order,
        key=order.key,
    )


def _is_purchase(order: Movement) -> bool:
    return order.out_asset == USD


def _held(asset: str, order: Movement, others: Iterable[Movement], book: ExistingBook | None) -> Decimal:
    """Units of the asset in the order's account before it, below 0 where it is sold short."""
    held = lapsed = ZERO
    if book is not None and asset.casefold() in book.entries().changed_otherwise:
        return ZERO
    if book is not None:
        changes = book.entries().changes.get((order.account.casefold(), asset.casefold()), ())
        held = sum((units for at, units in changes if at <= order.at), ZERO)
    for one in others:
        if one.at > order.at:
            continue
        if one.becomes is Becomes.EXPIRE and one.out_asset == asset:
            lapsed += one.out_quantity or ZERO
            continue
        if one.in_asset == asset:
            held += one.in_quantity or ZERO
        if one.out_asset == asset:
            held -= one.out_quantity or ZERO
    return max(held - lapsed, ZERO) if held > 0 else min(held + lapsed, ZERO)


def _two(order: Movement, closed: Decimal, units: Decimal, is_sale: bool) -> tuple[Movement, Movement]:
    """The closing part and the opening part; money by units to the cent, the rest to the opening part."""

    def part(whole: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
        if whole is None:
            return None, None
        first = to_the_cent(EXACT.divide(EXACT.multiply(whole, closed), units))
        return first, whole - first

    value, fee = part(order.value), part(order.fee_quantity)
    kinds = _OF_SALE if is_sale else _OF_PURCHASE
    parts = []
    for place, count in enumerate((closed, units - closed)):
        one = replace(order, becomes=kinds[place], value=value[place], fee_quantity=fee[place])
        if is_sale:
            one.out_quantity, one.in_quantity = count, value[place]
        else:
            one.in_quantity, one.out_quantity = count, value[place]
        parts.append(one)
    parts[1].key = f"{order.key}/open"
    if order.stated is not None:
        # A basis beside such an order is that of both parts; the gain is of the one that closes.
        parts[0].stated, parts[1].stated = replace(order.stated, basis=None), None
    return parts[0], parts[1]


def _unknown(order: Movement, asset: str, held: Decimal) -> Unsettled:
    return Unsettled(
        order.lines,
        order.kind,
        f"One order closed a position in {asset} and opened the opposite one, and {held.normalize():f} {asset} are "
        "known to be held before it, so nothing tells where it divides.",
        "Import the files of the time before, or enter two rows by hand: what closed the position, and what opened it.",
        movement=order,
        key=order.key,
    )
