"""What a tax year is made of: limits, brackets, breakpoints, and the layout of that year's forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import Enum
from typing import NamedTuple, TypeVar

from capgain.engine.classes import FilingStatus, Reported, Term
from capgain.engine.problems import UnknownYear

T = TypeVar("T")

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


@dataclass(frozen=True, slots=True)
class SeniorDeduction:
    """The deduction of 26 USC 151(d)(5)(C), Schedule 1-A: `each` dollars for each person of 65 or older.

    Each amount is cut by `reduced_by`, a fraction, of what modified adjusted gross income exceeds `over` by; a status
    that is not in `over` has none. No amount is indexed; `last_year` is the last one that has it.
    """

    each: Decimal
    reduced_by: Decimal
    over: ByStatus
    last_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFigures:
    """The figures that are adjusted every year; None for one that is not published.

    `zero_rate_limit` and `fifteen_rate_limit`: taxable income up to which net capital gain is taxed at 0% and 15%
    (26 USC 1(j)(5)(B)). `top_of_24_percent`: Schedule D Tax Worksheet, line 19. `additional_standard_deduction`: for
    each of 65 or older and blind (26 USC 63(f)).
    """

    brackets: Mapping[FilingStatus, tuple[Bracket, ...]] | None = None
    zero_rate_limit: ByStatus | None = None
    fifteen_rate_limit: ByStatus | None = None
    top_of_24_percent: ByStatus | None = None
    standard_deduction: ByStatus | None = None
    additional_standard_deduction: ByStatus | None = None
    form_6251: Form6251Figures | None = None
    tax_table_below: Decimal | None = None


IN_WORDS: Mapping[str, str] = {
    "brackets": "the rate schedule",
    "zero_rate_limit": "the limits of the 0% and 15% rates",
    "fifteen_rate_limit": "the limits of the 0% and 15% rates",
    "top_of_24_percent": "the rate schedule",
    "standard_deduction": "the standard deduction",
    "additional_standard_deduction": "the standard deduction",
    "form_6251": "the exemption of the alternative minimum tax",
    "tax_table_below": "the Tax Table",
}
"""The published figures as a refusal names them."""


class Basis(Enum):
    """What a year is computed from: its own forms and figures, or the statute alone."""

    FORMS = "forms"
    LAW = "law"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TaxYear:
    """One tax year as published. Amounts in dollars, rates as fractions, five filing statuses always.

    `loss_limit`: the deduction of 26 USC 1211(b). `published` are the figures of the year; asked for one that is not
    published, the properties raise UnknownYear. `senior_deduction` None: a year without one. `basis` LAW: no document
    of the year was seen, what holds by statute holds, and lines and boxes are those of the newest year that was.
    `gift_exclusion`: what may be given to one person in the year without Form 709 (26 USC 2503(b)), None where that
    is not published.
    `provisional` says what is not yet published, "" where everything is. `sources` by table name.
    """

    year: int
    provisional: str
    loss_limit: ByStatus
    published: PublishedFigures
    senior_deduction: SeniorDeduction | None
    niit_threshold: ByStatus
    gift_exclusion: Decimal | None
    form_1040: Form1040Lines
    form_8949: Form8949Layout
    schedule_d: ScheduleDWords
    sources: Mapping[str, Source]
    basis: Basis = Basis.FORMS

    def __repr__(self) -> str:
        return f"TaxYear({self.year})"

    @property
    def brackets(self) -> Mapping[FilingStatus, tuple[Bracket, ...]]:
        return self._known("brackets", self.published.brackets)

    @property
    def zero_rate_limit(self) -> ByStatus:
        return self._known("zero_rate_limit", self.published.zero_rate_limit)

    @property
    def fifteen_rate_limit(self) -> ByStatus:
        return self._known("fifteen_rate_limit", self.published.fifteen_rate_limit)

    @property
    def top_of_24_percent(self) -> ByStatus:
        return self._known("top_of_24_percent", self.published.top_of_24_percent)

    @property
    def standard_deduction(self) -> ByStatus:
        return self._known("standard_deduction", self.published.standard_deduction)

    @property
    def additional_standard_deduction(self) -> ByStatus:
        return self._known("additional_standard_deduction", self.published.additional_standard_deduction)

    @property
    def form_6251(self) -> Form6251Figures:
        return self._known("form_6251", self.published.form_6251)

    @property
    def tax_table_below(self) -> Decimal:
        return self._known("tax_table_below", self.published.tax_table_below)

    @property
    def unpublished(self) -> tuple[str, ...]:
        """The figures that are not there, in words."""
        absent = (field.name for field in fields(self.published) if getattr(self.published, field.name) is None)
        return tuple(dict.fromkeys(IN_WORDS[name] for name in absent))

    @property
    def no_tax(self) -> str:
        """Why no tax of the year can be told, "" where it can."""
        return f"No tax of {self.year} can be told: {self._lacks(self.unpublished)}." if self.unpublished else ""

    @property
    def is_provisional(self) -> bool:
        return bool(self.provisional)

    @property
    def derived(self) -> tuple[str, ...]:
        """The tables whose figures or words are not printed in a final document of this year."""
        return tuple(name for name, source in self.sources.items() if source.derived)

    def _known(self, name: str, figure: T | None) -> T:
        if figure is None:
            raise UnknownYear(f"Not for {self.year}: {self._lacks((IN_WORDS[name],))}.")
        return figure

    def _lacks(self, what: tuple[str, ...]) -> str:
        listed = f"{', '.join(what[:-1])} and {what[-1]}" if what[1:] else what[0]
        return f"CapGain does not have {listed} of {self.year}"
