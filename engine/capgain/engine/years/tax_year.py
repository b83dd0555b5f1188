"""What a tax year is made of: limits, brackets, breakpoints, and the layout of that year's forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from capgain.engine.classes import FilingStatus, Reported, Term

ByStatus = Mapping[FilingStatus, Decimal]
"""A dollar amount for each of the five filing statuses."""


class Bracket(NamedTuple):
    """A step of the rate schedule of 26 USC 1(j)(2): `rate` as a fraction, up to `upper` dollars (None: no end)."""

    rate: Decimal
    upper: Decimal | None


class Source(NamedTuple):
    """Where a table of a tax year was read. `derived`: not printed there, but follows from it, or from a draft."""

    document: str
    url: str
    derived: bool


class BoxLetters(NamedTuple):
    """The boxes of one part of Form 8949 for one kind of asset, by what the broker reported."""

    basis: str
    no_basis: str
    none: str

    def of(self, reported: Reported) -> str:
        if reported is Reported.BASIS:
            return self.basis
        return self.no_basis if reported is Reported.NO_BASIS else self.none


@dataclass(frozen=True, slots=True)
class Form1040Lines:
    """The numbers of the lines of Form 1040 that a year's Schedule D and worksheets speak of."""

    gain: str
    taxable_income: str
    tax: str
    qualified_dividends: str
    deduction: str


@dataclass(frozen=True, slots=True)
class Form6251Figures:
    """A year's alternative minimum tax (26 USC 55). Amounts in dollars, `phase_out_rate` a fraction.

    The exemption is lost at `phase_out_rate` of what alternative minimum taxable income exceeds `phase_out_starts` by;
    the taxable excess bears 26% up to `rate_28_above` and 28% beyond. `schedule_2_line` is where the tax goes on
    Schedule 2 (Form 1040); `unpublished` says what of the form is not yet out, "" where all is.
    """

    exemption: ByStatus
    phase_out_starts: ByStatus
    phase_out_rate: Decimal
    rate_28_above: ByStatus
    schedule_2_line: str
    unpublished: str

    def exemption_gone_at(self, status: FilingStatus) -> Decimal:
        """The alternative minimum taxable income from which nothing is left of the exemption."""
        return self.phase_out_starts[status] + self.exemption[status] / self.phase_out_rate

    def added_at_most(self, status: FilingStatus) -> Decimal:
        """What married persons filing separately add to line 4 at most: the exemption (26 USC 55(d)(2)); else 0."""
        return self.exemption[status] if status is FilingStatus.MFS else Decimal(0)


@dataclass(frozen=True, slots=True)
class Form8949Layout:
    """A year's Form 8949: its boxes in printed order with their words, and the rows that fit on a page."""

    rows_per_page: int
    short_term: BoxLetters
    long_term: BoxLetters
    digital_short_term: BoxLetters
    digital_long_term: BoxLetters
    boxes: Mapping[str, str]

    def letters(self, term: Term, is_digital: bool) -> BoxLetters:
        if term is Term.SHORT:
            return self.digital_short_term if is_digital else self.short_term
        return self.digital_long_term if is_digital else self.long_term

    def boxes_of(self, term: Term) -> tuple[str, ...]:
        """The letters of Part I or Part II in printed order."""
        here = {*self.letters(term, False), *self.letters(term, True)}
        return tuple(box for box in self.boxes if box in here)

    def term_of(self, box: str) -> Term:
        return Term.SHORT if box in self.boxes_of(Term.SHORT) else Term.LONG


@dataclass(frozen=True, slots=True)
class ScheduleDWords:
    """The words in which one year's Schedule D differs from another's."""

    broker_statement: str
    form_4952_question: str
    tax_instructions: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TaxYear:
    """One tax year as published. Amounts in dollars, rates as fractions, five filing statuses always.

    `loss_limit`: the deduction of 26 USC 1211(b). `zero_rate_limit` and `fifteen_rate_limit`: taxable income up to
    which net capital gain is taxed at 0% and 15% (26 USC 1(j)(5)(B)). `top_of_24_percent`: Schedule D Tax Worksheet
    line 19.
    `additional_standard_deduction`: for each of 65 or older and blind (26 USC 63(f)). `gift_exclusion`: what may be
    given to one person in the year without Form 709 (26 USC 2503(b)).
    `provisional` says what is not yet published, "" where everything is. `sources` by table name.
    """

    year: int
    provisional: str
    loss_limit: ByStatus
    brackets: Mapping[FilingStatus, tuple[Bracket, ...]]
    zero_rate_limit: ByStatus
    fifteen_rate_limit: ByStatus
    top_of_24_percent: ByStatus
    standard_deduction: ByStatus
    additional_standard_deduction: ByStatus
    form_6251: Form6251Figures
    niit_threshold: ByStatus
    gift_exclusion: Decimal
    tax_table_below: Decimal
    form_1040: Form1040Lines
    form_8949: Form8949Layout
    schedule_d: ScheduleDWords
    sources: Mapping[str, Source]

    def __repr__(self) -> str:
        return f"TaxYear({self.year})"

    @property
    def is_provisional(self) -> bool:
        return bool(self.provisional)

    @property
    def derived(self) -> tuple[str, ...]:
        """The tables whose figures or words are not printed in a final document of this year."""
        return tuple(name for name, source in self.sources.items() if source.derived)
