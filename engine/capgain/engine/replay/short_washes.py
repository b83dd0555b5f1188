"""Losses on closing short sales that other short sales, or sales of identical shares, disallow (26 USC 1091(e))."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from capgain.engine.atoms import CENT_ATOMS
from capgain.engine.classes import ShortSaleWash
from capgain.engine.money import dollars, from_cents
from capgain.engine.replay.state import State
from capgain.engine.replay.wash_book import Group, Loss, Short
from capgain.engine.replay.wash_refusals import WINDOW
from capgain.engine.results.dispositions import Disposition, Kind
from capgain.engine.transactions import Split

_OF_SHARES_HELD = frozenset({Kind.SALE, Kind.EXERCISED, Kind.ASSIGNED})
"""Sales of shares held, as 26 USC 1091(e)(1) looks for them; one by an option too."""


def short_sold(state: State, group: Group | None, short: Short) -> None:
    """A short sale entered into takes up losses on shorts closed in the 30 days before, the earliest first."""
    if group is None:
        return
    oldest = short.opened - WINDOW
    group.closed_shorts = [loss for loss in group.closed_shorts if loss.left and loss_day(loss) >= oldest]
    group.shorts = [kept for kept in group.shorts if kept.units]
    group.shorts.append(short)
    for loss in group.closed_shorts:
        if not short.units or short.replaces:
            break
        _take_up(state, group, loss, short)


def look_back_at_shorts(state: State, group: Group) -> None:
    """Match the day's losses with short sales of the 30 days before that its closings leave open (DECISIONS.md, E-6).

    The short sale that was closed is not another one, however it was closed (Rev. Rul. 56-602 by analogy).
    """
    group.shorts = [kept for kept in group.shorts if kept.units]
    opened = sorted(group.shorts, key=lambda short: (short.opened, short.number))
    for loss in group.closed_today:
        oldest = loss_day(loss) - WINDOW
        for short in opened:
            if not loss.left:
                break
            if short.units and not short.replaces and short.opened >= oldest and short.number != loss.closes:
                _take_up(state, group, loss, short)
        if loss.left:
            group.closed_shorts.append(loss)
    group.closed_today.clear()


def loss_day(loss: Loss) -> date:
    """The day of the closing; a loss on lots delivered looks for purchases from the day the short was opened."""
    return loss.sold if loss.closed_on is None else loss.closed_on


def _take_up(state: State, group: Group, loss: Loss, short: Short) -> None:
    """Disallow the loss on as many units as the short sale has; they become a short of their own with less proceeds."""
    measure = state.holdings.measure(short.asset)
    units = min(short.units * loss.measure.scale // measure.scale, loss.left)
    part_units = short.units if units == short.units else units * measure.scale // loss.measure.scale
    if not units:
        return
    amount = loss.disallow(units)
    state.booked.disallowed[loss.index] = loss.moved
    part = _part_of(state, group, short, part_units)
    part.replaces = True
    part.proceeds -= amount * CENT_ATOMS
    state.booked.wash_matches.append(
        (
            loss.index,
            loss.account,
            part.row,
            part.account,
            part.asset,
            part.opened,
            state.booked.dispositions[loss.index].asset,
            units,
            loss.measure.scale,
            amount,
            part.proceeds,
            part.opened,
            False,
            False,
        )
    )


def _part_of(state: State, group: Group, short: Short, units: int) -> Short:
    if units == short.units:
        return short
    proceeds = short.proceeds * units // short.units
    part = Short(short.asset, short.account, units, proceeds, short.opened, short.row, short.number)
    short.units -= units
    short.proceeds -= proceeds
    opened = state.holdings.shorts[short.account, short.asset]
    opened.insert(opened.index(short), part)
    group.shorts.insert(group.shorts.index(short), part)
    return part


def wash_by_sales(state: State) -> None:
    """What no short sale took up of such losses meets the sales of identical shares in the 61 days (1091(e)(1)).

    Earliest first, each unit once; no provision moves the loss anywhere (DECISIONS.md, E-9). With the setting Short
    Sale Wash = shorts only the loss stands, and the same is said.
    """
    if not state.booked.losses_on_shorts:
        return
    sales = _Sales(state)
    stands = state.ledger.settings.short_sale_wash is ShortSaleWash.SHORTS_ONLY
    for loss in state.booked.losses_on_shorts:
        row = state.booked.dispositions[loss.index]
        left = row.units * loss.left // loss.units
        told: list[tuple[Disposition, int]] = []
        for index, factor in sales.near(row) if left else ():
            sale = state.booked.dispositions[index]
            free = _units_to_match(state, index, sale) - sales.used[index]
            units = min(left, int(free * factor))
            if units <= 0:
                continue
            sales.used[index] += int(units / factor)
            left -= units
            told.append((sale, _disallow(state, loss, row, sale, units, stands=stands)))
            if not left:
                break
        if told:
            _warn(state, row, told, stands=stands)


class _Sales:
    """The sales of long shares by group and day, and how many units of each were matched."""

    def __init__(self, state: State) -> None:
        self.used: defaultdict[int, int] = defaultdict(int)
        self._groups = state.wash.identical
        self._by_group: defaultdict[str, list[tuple[date, int]]] = defaultdict(list)
        for index, sale in enumerate(state.booked.dispositions):
            if sale.kind in _OF_SHARES_HELD:
                self._by_group[self._group(sale)].append((sale.sold, index))
        for sales in self._by_group.values():
            sales.sort()
        self._splits: defaultdict[str, list[tuple[date, Fraction]]] = defaultdict(list)
        for entry in state.ledger.transactions:
            if isinstance(entry, Split):
                self._splits[entry.asset].append((entry.at.date(), entry.ratio))
        self._sold = state.booked.dispositions

    def _group(self, row: Disposition) -> str:
        return self._groups.get(row.asset, row.asset)

    def near(self, row: Disposition) -> Iterator[tuple[int, Fraction]]:
        """Sales within 30 days of a closing, the earliest first, and what one of their units is of the loss's."""
        sales = self._by_group[self._group(row)]
        start = bisect_left(sales, (row.sold - WINDOW, -1))
        for sold, index in sales[start:]:
            if sold > row.sold + WINDOW:
                return
            yield index, self._split_between(self._sold[index], row)

    def _split_between(self, sale: Disposition, row: Disposition) -> Fraction:
        first, last = sorted((sale.sold, row.sold))
        factor = Fraction(1)
        for day, ratio in self._splits[sale.asset]:
            if first < day <= last:
                factor *= ratio
        return factor if sale.sold <= row.sold else 1 / factor


def _units_to_match(state: State, index: int, sale: Disposition) -> int:
    """The units of a sale that are not themselves a disallowed loss."""
    disallowed = state.booked.disallowed.get(index, 0)
    loss = -sale.gain_cents
    return sale.units if not disallowed or loss <= 0 else sale.units * (loss - disallowed) // loss


def _disallow(state: State, loss: Loss, row: Disposition, sale: Disposition, units: int, *, stands: bool) -> int:
    """The cents of the loss on some of its units, disallowed unless the setting lets the loss stand."""
    of_loss = loss.left if units == row.units * loss.left // loss.units else loss.units * units // row.units
    amount = loss.disallow(of_loss)
    if stands:
        return amount
    state.booked.disallowed[loss.index] = loss.moved
    state.booked.wash_matches.append(
        (
            loss.index,
            loss.account,
            sale.row,
            sale.account,
            sale.asset,
            sale.sold,
            row.asset,
            units,
            1,
            amount,
            0,
            sale.sold,
            True,
            True,
        )
    )
    return amount


def _warn(state: State, row: Disposition, told: list[tuple[Disposition, int]], *, stands: bool) -> None:
    amount = dollars(from_cents(sum(cents for _, cents in told)))
    rows = ", ".join(str(number) for number in sorted({sale.row for sale, _ in told}))
    entry = next(one for one in state.ledger.transactions if one.row == row.row)
    what = (
        f"as 26 USC 1091(e)(1) reads, {amount} of the loss on the closed short sale would be disallowed by the sale of "
        f"identical shares in row {rows}; the setting Short Sale Wash lets it stand."
        if stands
        else f"{amount} of the loss on the closed short sale is disallowed by the sale of identical shares in row "
        f"{rows} (26 USC 1091(e)(1)); no rule adds it to any basis."
    )
    state.problems.warn(
        entry,
        "Type",
        "SHORT_WASH_BY_SALE",
        what,
        "Ask your adviser whether the statute's words reach it; with Short Sale Wash = shorts only the loss stands.",
    )
