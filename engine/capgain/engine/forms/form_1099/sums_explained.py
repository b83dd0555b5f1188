"""A difference between two sums put on single rows: the one smallest set of causes that explains it to the cent.

DECISIONS.md, F-24.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

MOST_ROWS_SEARCHED = 200
"""Rows of a box among which single ones are looked for; of more, a cause counts on all its rows or not at all."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why rows differ: the broker's amount less ours by place, in cents, zeros left out."""

    name: str
    amounts: Mapping[int, int]

    @property
    def whole(self) -> int:
        return sum(self.amounts.values())

    def on(self, places: Sequence[int]) -> Cause:
        return Cause(self.name, {place: self.amounts[place] for place in places})


@dataclass(frozen=True, slots=True)
class Explained:
    """The causes, each with the rows it stands on, and the cents of rounding that are left."""

    causes: tuple[Cause, ...]
    rounding: int = 0


class Ambiguous(Exception):
    """Two sets of the same size explain the difference: which rows it is on cannot be told from sums."""


def explanation(difference: int, causes: Sequence[Cause], rows: int) -> Explained | None:
    """The smallest set of causes that is the difference; None where none is. Raises Ambiguous.

    Tried in this order: one cause on all its rows; one on one, two or three rows; two on all their rows; two, one of
    them on one row. A cent for each row counts as rounding once all that fails, and never beside a single row.
    """
    if not difference:
        return Explained(())
    known = [cause for cause in causes if cause.amounts]
    for tier in _tiers(difference, known, rows):
        found = list(islice(_distinct(tier), 2))
        if len(found) > 1:
            raise Ambiguous
        if found:
            return Explained(found[0])
    for count in range(3):
        for chosen in combinations(known, count):
            rest = difference - sum(cause.whole for cause in chosen)
            if abs(rest) <= rows:
                return Explained(chosen, rest)
    return None


def _tiers(difference: int, causes: Sequence[Cause], rows: int) -> Iterator[Iterator[tuple[Cause, ...]]]:
    yield ((cause,) for cause in causes if cause.whole == difference)
    if rows <= MOST_ROWS_SEARCHED:
        for count in (1, 2, 3):
            yield (
                (cause.on(places),) for cause in causes for places in _places_of_sum(cause.amounts, difference, count)
            )
    yield (pair for pair in combinations(causes, 2) if pair[0].whole + pair[1].whole == difference)
    if rows <= MOST_ROWS_SEARCHED:
        yield (
            (whole, single.on(places))
            for whole in causes
            for single in causes
            if single is not whole
            for places in _places_of_sum(single.amounts, difference - whole.whole, 1)
        )


def _distinct(sets: Iterator[tuple[Cause, ...]]) -> Iterator[tuple[Cause, ...]]:
    """Sets that put different amounts on rows; under whose name they stand makes no difference to the form."""
    seen: set[tuple[tuple[int, int], ...]] = set()
    for chosen in sets:
        amounts: dict[int, int] = {}
        for cause in chosen:
            for place, amount in cause.amounts.items():
                amounts[place] = amounts.get(place, 0) + amount
        key = tuple(sorted(amounts.items()))
        if key not in seen:
            seen.add(key)
            yield chosen


def _places_of_sum(amounts: Mapping[int, int], total: int, count: int) -> Iterator[tuple[int, ...]]:
    """The sets of `count` places whose amounts add up to the total; two of them at most are of interest."""
    order = list(amounts)
    rank = {place: number for number, place in enumerate(order)}
    of_amount: dict[int, list[int]] = {}
    for place, amount in amounts.items():
        of_amount.setdefault(amount, []).append(place)
    for chosen in combinations(order, count - 1):
        rest = total - sum(amounts[place] for place in chosen)
        last = rank[chosen[-1]] if chosen else -1
        for place in of_amount.get(rest, ()):
            if rank[place] > last:
                yield (*chosen, place)
