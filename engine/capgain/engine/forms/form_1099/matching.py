"""Which lots of the ledger a row of a Form 1099 is about: by account, asset and day, then by date and quantity."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations

from capgain.engine.broker_rows import BrokerRow
from capgain.engine.classes import Term
from capgain.engine.results.dispositions import Disposition
from capgain.engine.units import UNITS, to_units

LEAST_TOLERANCE = UNITS // 10**9
"""Units by which quantities may always differ: 0.000000001."""

LONGEST_SEARCH = 14
"""Lots of one day among which any set is looked for that adds up; of more only whole sales and all of them."""

Dated = tuple[date | None, str]
"""A date acquired, or the word that stands for it."""

Group = tuple[str, date]
"""An asset without regard to case, and the day of the sale."""


@dataclass(frozen=True, slots=True)
class Match:
    """Rows of a form and the places of the dispositions they are about: one each, or several of one and one of another.

    `dates_differ`: only the day and the quantity agree.
    """

    forms: tuple[BrokerRow, ...]
    places: tuple[int, ...]
    dates_differ: bool = False


@dataclass(frozen=True, slots=True)
class Unmatched:
    """What is left of a broker's sales of an asset on a day: rows of the form, and places of dispositions."""

    forms: tuple[BrokerRow, ...]
    places: tuple[int, ...]


def match_broker(
    forms: Sequence[BrokerRow], rows: Sequence[Disposition], places: Iterable[int]
) -> tuple[list[Match], list[Unmatched]]:
    """Match the lot rows of one broker with the dispositions of its accounts at `places` among `rows`."""
    ours: defaultdict[Group, list[int]] = defaultdict(list)
    for place in places:
        ours[rows[place].asset.casefold(), rows[place].sold].append(place)
    theirs: defaultdict[Group, list[BrokerRow]] = defaultdict(list)
    for form in forms:
        if form.sold is not None:
            theirs[form.asset.casefold(), form.sold].append(form)
    found: list[Match] = []
    left: list[Unmatched] = []
    for group, of_form in theirs.items():
        day = _Day(of_form, rows, ours.get(group, []))
        day.match()
        found += day.found
        if day.forms:
            left.append(Unmatched(tuple(day.forms), tuple(day.places)))
    return found, left


def tolerance(form: BrokerRow) -> int:
    """Half a unit of the last decimal that the form shows."""
    assert form.quantity is not None
    exponent = form.quantity.as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return max(UNITS // (2 * int(10**decimals)), LEAST_TOLERANCE)


def units(form: BrokerRow) -> int:
    """The form's quantity in 10^-18 of a unit."""
    assert form.quantity is not None
    return to_units(form.quantity)


class _Day:
    """One asset of one broker on one day: what is matched is taken out of `forms` and `places`, step by step.

    Equal ones are told apart by proceeds and basis, so that the order of neither sheet matters.
    """

    def __init__(self, forms: Sequence[BrokerRow], rows: Sequence[Disposition], places: Sequence[int]) -> None:
        self._rows = rows
        self.forms = sorted(forms, key=lambda form: (form.proceeds, form.basis or Decimal(0), form.row))
        self.places = sorted(places, key=self._order)
        self.found: list[Match] = []

    def _order(self, place: int) -> tuple[int, int, int]:
        row = self._rows[place]
        return row.proceeds_cents, row.basis_cents, place

    def match(self) -> None:
        self._one_to_one(_dates_of)
        self._one_to_one(lambda row: {(row.held_since, "")})
        self._one_to_several()
        self._several_to_one()
        self._various()
        if len(self.forms) == len(self.places) == 1 and self._fits(self.forms[0], self.places):
            self._take((self.forms[0],), self.places, dates_differ=True)

    def _take(self, forms: Sequence[BrokerRow], places: Sequence[int], *, dates_differ: bool = False) -> None:
        taken = set(places)
        self.found.append(Match(tuple(forms), tuple(sorted(places, key=self._earliest)), dates_differ))
        numbers = {form.row for form in forms}
        self.forms = [form for form in self.forms if form.row not in numbers]
        self.places = [place for place in self.places if place not in taken]

    def _earliest(self, place: int) -> tuple[date, int]:
        return self._rows[place].acquired, place

    def _fits(self, form: BrokerRow, places: Iterable[int], allowed: int | None = None) -> bool:
        sold = sum(self._rows[place].units for place in places)
        return abs(sold - units(form)) <= (tolerance(form) if allowed is None else allowed)

    def _one_to_one(self, dates: Callable[[Disposition], set[Dated]]) -> None:
        """A row and a lot of one date and quantity: equal quantities first, then as near as the form shows."""
        by_date: defaultdict[Dated, list[int]] = defaultdict(list)
        for place in self.places:
            for dated in dates(self._rows[place]):
                by_date[dated].append(place)
        free = set(self.places)
        pairs: dict[int, int] = {}
        equal: defaultdict[tuple[Dated, int], deque[int]] = defaultdict(deque)
        for dated, places in by_date.items():
            for place in places:
                equal[dated, self._rows[place].units].append(place)
        for form in self.forms:
            same = equal.get((_dated(form), units(form)), deque())
            while same and same[0] not in free:
                same.popleft()
            if same:
                pairs[form.row] = same.popleft()
                free.discard(pairs[form.row])
        for form in self.forms:
            if form.row in pairs:
                continue
            for place in by_date.get(_dated(form), ()):
                if place in free and self._fits(form, (place,)):
                    pairs[form.row] = place
                    free.discard(place)
                    break
        for form in self.forms:
            if form.row in pairs:
                self.found.append(Match((form,), (pairs[form.row],)))
        self.forms = [form for form in self.forms if form.row not in pairs]
        self.places = [place for place in self.places if place in free]

    def _one_to_several(self) -> None:
        """We split a lot, for a wash sale or a fee."""
        for form in list(self.forms):
            places = [place for place in self.places if _dated(form) in _dates_of(self._rows[place])]
            chosen = self._that_add_up(form, places)
            if chosen:
                self._take((form,), chosen)

    def _that_add_up(self, form: BrokerRow, places: Sequence[int]) -> Sequence[int]:
        """All of them, those of one sale, or the smallest set whose quantities are the form's; never across terms."""
        by_sale: defaultdict[int, list[int]] = defaultdict(list)
        for place in places:
            by_sale[self._rows[place].row].append(place)
        for some in (places, *by_sale.values()):
            if len(some) > 1 and self._fits(form, some) and self._of_one_term(some):
                return some
        if len(places) <= LONGEST_SEARCH:
            for count in range(2, len(places)):
                for chosen in combinations(places, count):
                    if self._fits(form, chosen) and self._of_one_term(chosen):
                        return chosen
        return ()

    def _of_one_term(self, places: Iterable[int]) -> bool:
        return len({self._rows[place].term for place in places}) == 1

    def _several_to_one(self) -> None:
        """The broker split a lot."""
        for place in list(self.places):
            row = self._rows[place]
            forms = [form for form in self.forms if _dated(form) in _dates_of(row)]
            for chosen in _sets_of_forms(forms):
                whole, allowed = sum(map(units, chosen)), sum(map(tolerance, chosen))
                if abs(whole - row.units) <= allowed and len({(form.reported, form.term) for form in chosen}) == 1:
                    self._take(chosen, (place,))
                    break

    def _various(self) -> None:
        """VARIOUS, or no date: the earliest lots of the form's term."""
        for form in list(self.forms):
            if form.acquired is not None or form.acquired_text == "INHERITED":
                continue
            terms = [form.term] if form.term is not None else list(Term)
            answers = [chosen for term in terms if (chosen := self._earliest_of(form, term))]
            if len(answers) == 1:
                self._take((form,), answers[0])

    def _earliest_of(self, form: BrokerRow, term: Term) -> Sequence[int]:
        places = sorted((place for place in self.places if self._rows[place].term is term), key=self._earliest)
        for count in range(1, len(places) + 1):
            if self._fits(form, places[:count]):
                return places[:count]
        return ()


def _dated(form: BrokerRow) -> Dated:
    return form.acquired, form.acquired_text


def _dates_of(row: Disposition) -> set[Dated]:
    """What a form may show as the date acquired: the day, or the word that stands for it."""
    return {(row.acquired, ""), *([(None, row.acquired_text)] if row.acquired_text else [])}


def _sets_of_forms(forms: Sequence[BrokerRow]) -> Iterator[Sequence[BrokerRow]]:
    """Two and more of them, all first."""
    if len(forms) > 1:
        yield forms
    if len(forms) <= LONGEST_SEARCH:
        for count in range(2, len(forms)):
            yield from combinations(forms, count)
