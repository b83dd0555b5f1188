"""Totals of a Form 1099 by broker and box: a difference is put on rows where one explanation fits to the cent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from capgain.engine.box_letters import BASIS_REPORTED, DIGITAL_BOXES
from capgain.engine.broker_rows import BOX_REPORTED, BrokerRow
from capgain.engine.classes import Reported, Term
from capgain.engine.forms.boxes import box
from capgain.engine.forms.form_1099.outcome import Difference, Figure, Outcome
from capgain.engine.forms.form_1099.sale_facts import BASIS_CAUSES, SaleFacts
from capgain.engine.forms.form_1099.sums_explained import (
    MOST_ROWS_SEARCHED,
    Ambiguous,
    Cause,
    Explained,
    explanation,
)
from capgain.engine.money import dollars, from_cents, to_cents
from capgain.engine.results.dispositions import Disposition

Counted = Mapping[int, Term]
"""The term under which the broker counts each row, by place."""

_LOT_BY_LOT = "Enter the form lot by lot (Quantity and Sold) on sheet 1099."


@dataclass(slots=True)
class Written:
    """What totals put on a row: cents to add to (d) and (e), and codes."""

    proceeds: int = 0
    basis: int = 0
    codes: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Totals:
    """What came of a broker's total rows, and what they write on rows by place."""

    outcomes: tuple[Outcome, ...]
    written: Mapping[int, Written]

    @property
    def is_settled(self) -> bool:
        return not any(one.open for one in self.outcomes)


class BrokerTotals:
    """The total rows of one broker against the dispositions at `places`, those that no lot row took."""

    def __init__(
        self, forms: Sequence[BrokerRow], rows: Sequence[Disposition], places: Sequence[int], facts: SaleFacts
    ) -> None:
        self._forms = forms
        self._rows = rows
        self._places = places
        self._facts = facts

    def answer(self) -> Totals:
        """The first way of counting terms under which every total is explained; else what is open under the usual one.

        Brokers do not see what lengthens a holding period elsewhere. Usually rows count under the term without the wash
        sales of other accounts; else under ours, by the day of purchase alone, or one or two of them otherwise.
        """
        usual = {place: self._facts.broker_term(place) for place in self._places}
        first = self._under(usual)
        if first.is_settled or not self._forms:
            return first
        for tier in self._other_counts(usual):
            settled = [totals for counted in tier if (totals := self._under(counted)).is_settled]
            if len(settled) == 1:
                return settled[0]
            if settled:
                return first
        return first

    def _other_counts(self, usual: Counted) -> Iterator[list[Counted]]:
        ours = {place: self._rows[place].term for place in self._places}
        plain = {place: self._facts.plain_term(place) for place in self._places}
        yield [ours] if ours != usual else []
        yield [plain] if plain not in (usual, ours) else []
        movable = [place for place in self._places if len({usual[place], ours[place], plain[place]}) > 1]
        if len(self._places) <= MOST_ROWS_SEARCHED:
            for count in (1, 2):
                yield [
                    {**usual, **{place: _other(usual[place]) for place in chosen}}
                    for chosen in combinations(movable, count)
                ]

    def _under(self, counted: Counted) -> Totals:
        outcomes: list[Outcome] = []
        written: dict[int, Written] = {}
        for form in self._forms:
            places = [place for place in self._places if self._covers(form, place, counted[place])]
            differences, agrees = self._compared(form, places, written)
            if agrees:
                differences += self._terms(places, counted, written)
            outcomes.append(Outcome(form, tuple(places), tuple(differences)))
        return Totals(tuple(outcomes), written)

    def _covers(self, form: BrokerRow, place: int, counted: Term) -> bool:
        row = self._rows[place]
        if form.asset and form.asset.casefold() != row.asset.casefold():
            return False
        if form.term not in (None, counted) or BOX_REPORTED.get(row.box, Reported.NONE) is not form.reported:
            return False
        digital = row.box in DIGITAL_BOXES
        if form.box not in ("", "X", "Y"):
            return box(counted, digital, form.reported, row.sold.year) == form.box
        return form.form == "" or digital is (form.form == "1099-DA")

    def _compared(
        self, form: BrokerRow, places: Sequence[int], written: dict[int, Written]
    ) -> tuple[list[Difference], bool]:
        rows = [self._rows[place] for place in places]
        differences: list[Difference] = []
        net, own, washed = (
            sum(row.proceeds_cents for row in rows),
            sum(row.basis_cents for row in rows),
            sum(row.wash_cents for row in rows),
        )
        fees = self._cause("fee", {place: self._facts.fee(place) for place in places})
        told, proceeds = self._figure(form, Figure.PROCEEDS, to_cents(form.proceeds), net, [fees], places)
        differences += told
        is_reported = form.reported is Reported.BASIS
        basis: Explained | None = None
        if form.basis is not None and (is_reported or form.basis):
            causes = [
                self._cause(name, {place: -fact(self._facts, place) for place in places})
                for name, fact in BASIS_CAUSES.items()
            ]
            told, basis = self._figure(form, Figure.BASIS, to_cents(form.basis), own, causes, places)
            differences += told
        if form.wash is not None:
            told, _ = self._figure(form, Figure.WASH, to_cents(form.wash), washed, [self._wash_amounts(places)], places)
            differences += told
        agrees = not any(one.open for one in differences)
        if agrees:
            for cause in proceeds.causes if proceeds is not None else ():
                for place, amount in cause.amounts.items():
                    _at(written, place).proceeds = amount
                    _at(written, place).codes.add("E")
            self._write_basis(basis, written)
        return differences, agrees

    def _write_basis(self, basis: Explained | None, written: dict[int, Written]) -> None:
        amounts: dict[int, int] = {}
        for cause in basis.causes if basis is not None else ():
            for place, amount in cause.amounts.items():
                amounts[place] = amounts.get(place, 0) + amount
        for place, amount in amounts.items():
            if amount:
                _at(written, place).codes.add("B")
                _at(written, place).basis = amount if self._rows[place].box in BASIS_REPORTED else 0

    def _figure(
        self,
        form: BrokerRow,
        figure: Figure,
        theirs: int,
        ours: int,
        causes: Sequence[Cause],
        places: Sequence[int],
    ) -> tuple[list[Difference], Explained | None]:
        difference = theirs - ours
        letter = {Figure.PROCEEDS: "E", Figure.BASIS: "B", Figure.WASH: "W"}[figure]
        name = "wash sale losses" if figure is Figure.WASH else figure.value.lower()
        both = f"{name} of {_text(theirs)} on the form, {_text(ours)} in the ledger"
        try:
            found = explanation(difference, causes, len(places))
        except Ambiguous:
            told = f"{both}: more than one set of rows explains it"
            return [Difference(figure, difference, "", "", told, f"{_LOT_BY_LOT} Say it lot by lot.")], None
        if found is None:
            if form.note:
                return [Difference(figure, difference, "as noted")], Explained(())
            if not places:
                told = f"{both}: no sale of the ledger is in this box"
            else:
                told = f"{both}, {_text(abs(difference))} {'more' if difference > 0 else 'less'}: nothing explains it"
            return [Difference(figure, difference, "", "", told, _LOT_BY_LOT)], None
        shown = [Difference(figure, cause.whole, cause.name, letter) for cause in found.causes]
        if found.rounding:
            shown.append(Difference(figure, found.rounding, "rounding"))
        return shown, found

    def _terms(self, places: Sequence[int], counted: Counted, written: dict[int, Written]) -> list[Difference]:
        found = []
        for place in places:
            if counted[place] is not self._rows[place].term and self._rows[place].on_1099 is None:
                _at(written, place).codes.add("T")
                found.append(Difference(Figure.TERM, 0, "term", "T"))
        return found

    def _cause(self, name: str, amounts: Mapping[int, int]) -> Cause:
        """A cause on the rows whose figures nothing in the ledger states."""
        free = {place: amount for place, amount in amounts.items() if self._rows[place].on_1099 is None}
        return Cause(name, {place: amount for place, amount in free.items() if amount})

    def _wash_amounts(self, places: Sequence[int]) -> Cause:
        """What the broker's own wash sales disallow less what ours do, on the first row of each lot."""
        amounts: dict[int, int] = {}
        if self._facts.brokers.has_wash_sales_across:
            lots: dict[tuple[int, int], list[int]] = {}
            for place in places:
                lots.setdefault((self._rows[place].row, self._rows[place].lot_row), []).append(place)
            for key, parts in lots.items():
                seen = self._facts.brokers.of(*key)
                if seen is not None and seen.units == sum(self._rows[place].units for place in parts):
                    amounts[parts[0]] = seen.wash - sum(self._rows[place].wash_cents for place in parts)
        return self._cause("wash amount", amounts)


def _at(written: dict[int, Written], place: int) -> Written:
    return written.setdefault(place, Written())


def _other(term: Term) -> Term:
    return Term.LONG if term is Term.SHORT else Term.SHORT


def _text(cents: int) -> str:
    return dollars(from_cents(cents))
