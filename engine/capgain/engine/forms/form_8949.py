"""Form 8949, Sales and Other Dispositions of Capital Assets: the rows of a year in their boxes, and the totals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from operator import itemgetter
from types import MappingProxyType

from capgain.engine.classes import AssetClass, Term
from capgain.engine.forms.boxes import DIRECT_LINES
from capgain.engine.money import EXACT, from_cents, whole_dollars
from capgain.engine.results.dispositions import Disposition
from capgain.engine.section_1202 import part_left_out, share_at_28_percent
from capgain.engine.years import TaxYear

COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "a": "Description of property (Example: 100 sh. XYZ Co.)",
        "b": "Date acquired (Mo., day, yr.)",
        "c": "Date sold or disposed of (Mo., day, yr.)",
        "d": "Proceeds (sales price) (see instructions)",
        "e": "Cost or other basis. See the Note below and see Column (e) in the separate instructions.",
        "f": "Code(s) from instructions",
        "g": "Amount of adjustment",
        "h": "Gain or (loss). Subtract column (e) from column (d) and combine the result with column (g).",
    }
)
"""The headings of the columns, the same from 2020 on."""

PARTS: Mapping[Term, str] = MappingProxyType(
    {
        Term.SHORT: "Part I Short-Term. Transactions involving capital assets you held 1 year or less are generally "
        "short-term (see instructions).",
        Term.LONG: "Part II Long-Term. Transactions involving capital assets you held more than 1 year are generally "
        "long-term (see instructions).",
    }
)

_PROCEEDS = itemgetter(Disposition._fields.index("proceeds_cents"))
_BASIS = itemgetter(Disposition._fields.index("basis_cents"))
_ADJUSTMENT = itemgetter(Disposition._fields.index("adjustment_cents"))


@dataclass(frozen=True, slots=True)
class Totals:
    """Columns (d), (e), (g) and (h) added up over `rows` printed rows, in dollars; always (h) = (d) - (e) + (g)."""

    proceeds: Decimal
    basis: Decimal
    adjustment: Decimal
    gain: Decimal
    rows: int

    @classmethod
    def of(cls, dispositions: Sequence[Disposition]) -> Totals:
        """Line 2: the totals of rows, added with their cents."""
        proceeds = sum(map(_PROCEEDS, dispositions))
        basis = sum(map(_BASIS, dispositions))
        adjustment = sum(map(_ADJUSTMENT, dispositions))
        return cls(
            from_cents(proceeds),
            from_cents(basis),
            from_cents(adjustment),
            from_cents(proceeds - basis + adjustment),
            sum(1 for one in dispositions if one.on_1099 is None or not one.on_1099.continued),
        )

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            EXACT.add(self.proceeds, other.proceeds),
            EXACT.add(self.basis, other.basis),
            EXACT.add(self.adjustment, other.adjustment),
            EXACT.add(self.gain, other.gain),
            self.rows + other.rows,
        )

    def in_whole_dollars(self) -> Totals:
        """Rounded after adding, (h) from the rounded columns (Instructions for Form 8949, Rounding Off)."""
        proceeds, basis, adjustment = map(whole_dollars, (self.proceeds, self.basis, self.adjustment))
        return Totals(proceeds, basis, adjustment, proceeds - basis + adjustment, self.rows)


NO_ROWS = Totals(from_cents(0), from_cents(0), from_cents(0), from_cents(0), 0)


@dataclass(frozen=True, slots=True)
class Form8949:
    """The Form 8949 of one year: its rows by box, those of one sale staying in the order given.

    `direct` is what Exception 1 lets straight onto Schedule D, lines 1a and 8a.
    """

    year: TaxYear
    boxes: Mapping[str, Totals]
    direct: Mapping[Term, Totals]
    _rows: Mapping[str, tuple[Disposition, ...]]
    _direct_rows: Mapping[Term, tuple[Disposition, ...]]

    @classmethod
    def of(cls, dispositions: Iterable[Disposition], tax_year: TaxYear, *, exception_1: bool = False) -> Form8949:
        """Sort the dispositions of a year into their boxes; raises ValueError for a box the year's form has not."""
        layout = tax_year.form_8949
        by_box: dict[str, list[Disposition]] = {box: [] for box in layout.boxes}
        direct: dict[Term, tuple[Disposition, ...]] = {Term.SHORT: (), Term.LONG: ()}
        try:
            put = {box: rows.append for box, rows in by_box.items()}
            for disposition in dispositions:
                put[disposition.box](disposition)
        except KeyError as unknown:
            raise ValueError(f"Form 8949 ({tax_year.year}) has no box {unknown}.") from None
        if exception_1:
            for term in Term:
                for is_digital in (False, True):
                    box = layout.letters(term, is_digital).basis
                    skipping = [rows for rows in printed_together(by_box[box]) if all(map(may_skip_form_8949, rows))]
                    skipped = {id(row) for rows in skipping for row in rows}
                    direct[term] += tuple(row for row in by_box[box] if id(row) in skipped)
                    by_box[box] = [row for row in by_box[box] if id(row) not in skipped]
        rows = {box: tuple(found) for box, found in by_box.items() if found}
        return cls(
            year=tax_year,
            boxes=MappingProxyType({box: Totals.of(found) for box, found in rows.items()}),
            direct=MappingProxyType({term: Totals.of(found) for term, found in direct.items()}),
            _rows=MappingProxyType(rows),
            _direct_rows=MappingProxyType(direct),
        )

    def rows(self, box: str) -> tuple[Disposition, ...]:
        """The rows of a box, () where it is not used."""
        return self._rows.get(box, ())

    def direct_rows(self, term: Term) -> tuple[Disposition, ...]:
        """The rows that Exception 1 keeps off the form."""
        return self._direct_rows[term]

    def direct_lines(self) -> dict[int, str]:
        """The line of Schedule D, by identity, of each row that Exception 1 keeps off the form."""
        return {id(row): line for line, term in DIRECT_LINES.items() for row in self._direct_rows[term]}

    def totals(self, *boxes: str) -> Totals:
        """The totals of several boxes together: two boxes that feed one line of Schedule D are added."""
        return sum((self.boxes[box] for box in boxes if box in self.boxes), NO_ROWS)

    def used_boxes(self, term: Term) -> tuple[str, ...]:
        """The boxes with rows in Part I or Part II, in printed order."""
        return tuple(box for box in self.year.form_8949.boxes_of(term) if box in self.boxes)

    def long_term_rows(self) -> tuple[Disposition, ...]:
        """All rows of Part II."""
        return tuple(row for box in self.used_boxes(Term.LONG) for row in self.rows(box))

    def collectibles(self) -> tuple[Disposition, ...]:
        """Part II rows with code C: line 1 of the 28% Rate Gain Worksheet."""
        return tuple(
            row for row in self.long_term_rows() if row.asset_class is AssetClass.COLLECTIBLE or "C" in row.codes
        )

    def section_1202_at_28_percent(self) -> Decimal:
        """Line 2 of the 28% Rate Gain Worksheet: shares of what Part II rows with code Q leave out, to the cent."""
        whole = Fraction(0)
        for row in self.long_term_rows():
            if "Q" in row.codes:
                part = part_left_out(row.held_since, row.sold)
                whole -= row.adjustments["stated"] * share_at_28_percent(part)
        return from_cents(int(whole + Fraction(1, 2)))


def may_skip_form_8949(row: Disposition) -> bool:
    """Exception 1: nothing to adjust, no code, not a collectible (Instructions for Schedule D, lines 1a and 8a).

    The row must stand in a box for reported basis.
    """
    return not row.codes and not row.adjustment_cents and row.asset_class is not AssetClass.COLLECTIBLE


def printed_together(rows: Iterable[Disposition]) -> Iterator[tuple[Disposition, ...]]:
    """The rows as they are printed: lots that a Form 1099 shows as one row together, where the first of them stands."""
    found: list[list[Disposition]] = []
    groups: dict[int, list[Disposition]] = {}
    for row in rows:
        group = 0 if row.on_1099 is None else row.on_1099.group
        if group in groups:
            groups[group].append(row)
            continue
        found.append([row])
        if group:
            groups[group] = found[-1]
    return map(tuple, found)


def box_names(*boxes: str) -> str:
    """`Box A` or `Box A or Box G`, as the forms put it."""
    return " or ".join(f"Box {box}" for box in boxes)
