"""What Settings and the ledger say of a year's return beside its gains, and what is taken for granted without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import TYPE_CHECKING

from capgain.engine.classes import Deduction, FilingStatus, IncomeKind
from capgain.engine.money import ZERO
from capgain.engine.problems import CapgainError
from capgain.engine.results.income import IncomeItem
from capgain.engine.results.minimum_tax import MinimumTaxItem
from capgain.engine.settings import Settings
from capgain.engine.years import TaxYear

if TYPE_CHECKING:
    from capgain.engine.forms.tax import ForMinimumTax, FromAgi

AMT_LEFT_OUT = "AMT left out: state Schedule A 7"
"""Said where deductions are itemized and their taxes not stated."""

_INTEREST = frozenset({IncomeKind.INTEREST, IncomeKind.ACCRUED_MARKET_DISCOUNT})
"""Taxable interest: Form 1040, line 2b."""

ANY_INCOME = "Taxable Income, Other Income or AGI Without Gains"

FIELDS_OF_8960 = {
    "1": "interest",
    "2": "dividends",
    "3": "annuities",
    "4a": "rents_and_businesses",
    "4b": "of_trade_or_business",
    "5b": "gain_not_subject",
    "5c": "gain_of_partnerships",
    "6": "foreign_corporations",
    "7": "other_income",
    "9a": "investment_interest",
    "9b": "income_taxes",
    "9c": "expenses",
    "10": "more_deductions",
}
"""The lines of Form 8960 that are stated, and the fields of the form."""


class MissingInputs(CapgainError):
    """The tax was asked for without what it depends on; `inputs` are the settings to add."""

    def __init__(self, inputs: tuple[str, ...], year: int, remedy: str = "") -> None:
        self.inputs = inputs
        super().__init__(
            f"The tax for {year} needs {' and '.join(inputs)}, which Settings do not state. "
            + (
                remedy
                or "Set one: Taxable Income is Form 1040 line 15 with these gains in it, negative if it would be; "
                "Other Income is line 15 without them; AGI Without Gains is adjusted gross income without them."
            )
        )


def _none() -> Mapping[str, Decimal]:
    return {}


@dataclass(frozen=True, slots=True)
class StatedIncome:
    """What Settings say of one year's return beside the ledger, in dollars; None where they say nothing.

    `taxable_income` (Form 1040, line 15), `magi` and `net_investment_income` (Form 8960, line 12) have the year's gains
    in them, `other_income` (line 15) and `agi_without_gains` (line 11) have not. `aged_65` and `blind` are persons;
    `schedule_a_7`, `standard_deduction` (Form 1040, line 12e), `senior_deduction` (Schedule 1-A, line 37),
    `foreign_tax_credit` (Schedule 3, line 1) and the `amt_` ones are for Form 6251. `schedule_1_4` are other gains and
    losses, `form_8960` its lines by number. `interest`, `dividends` and `coin_income` are the ledger's own.
    """

    taxable_income: Decimal | None = None
    other_income: Decimal | None = None
    qualified_dividends: Decimal | None = None
    magi: Decimal | None = None
    net_investment_income: Decimal | None = None
    agi_without_gains: Decimal | None = None
    itemized_deductions: Decimal | None = None
    other_deductions: Decimal | None = None
    spouse_itemizes: bool = False
    dependent: bool = False
    deduction: Deduction | None = None
    schedule_a_7: Decimal | None = None
    standard_deduction: Decimal | None = None
    senior_deduction: Decimal | None = None
    aged_65: Decimal | None = None
    blind: Decimal | None = None
    amt_adjustments: Decimal | None = None
    foreign_tax_credit: Decimal | None = None
    amt_foreign_tax_credit: Decimal | None = None
    schedule_1_4: Decimal | None = None
    form_8960: Mapping[str, Decimal] = field(default_factory=_none)
    interest: Decimal = ZERO
    dividends: Decimal = ZERO
    coin_income: Decimal = ZERO

    @classmethod
    def of(
        cls, settings: Settings, year: int, income: Iterable[IncomeItem], minimum_tax: Iterable[MinimumTaxItem]
    ) -> StatedIncome:
        """What Settings state for a year; `income` is what the ledger has of it.

        Adjustments of the minimum tax that Settings do not state are those of the ledger's incentive stock options and
        of gain that section 1202 leaves out, `minimum_tax` of any year (26 USC 56(b)(3), 57(a)(7)).
        """
        items = list(income)
        of_ledger = [one.amount for one in minimum_tax if one.year == year]
        lines = {line: stated.of(year) for line, stated in settings.form_8960.items()}
        names = (one.name for one in fields(cls) if one.name not in _NOT_OF_SETTINGS)
        stated = {name: getattr(settings, name).of(year) for name in names}
        if stated["amt_adjustments"] is None and of_ledger:
            stated["amt_adjustments"] = sum(of_ledger, ZERO)
        return cls(
            **stated,
            form_8960={line: amount for line, amount in lines.items() if amount is not None},
            interest=sum((one.amount for one in items if one.kind in _INTEREST), ZERO),
            dividends=sum((one.amount for one in items if one.kind in _ORDINARY_DIVIDENDS), ZERO),
            coin_income=sum((one.amount for one in items if one.is_digital and one.in_totals), ZERO),
        )

    def figured_from_agi(self) -> bool:
        """Whether line 15 is figured from adjusted gross income: nothing that goes before it is stated."""
        return self.agi_without_gains is not None and self.taxable_income is None and self.other_income is None

    def itemizes(self, year: TaxYear, status: FilingStatus) -> bool:
        """The larger deduction, unless Settings name one (26 USC 63(b), (e))."""
        if self.deduction is not None or self.itemized_deductions is None:
            return self.deduction is Deduction.ITEMIZED
        return self.itemized_deductions > self.standard(year, status)

    def standard(self, year: TaxYear, status: FilingStatus) -> Decimal:
        """Form 1040, line 12e for who does not itemize; 0 where the spouse does (26 USC 63(c)(6)(A)).

        Raises MissingInputs for a dependent whose own is not stated: it depends on earned income (26 USC 63(c)(5)).
        """
        if self.standard_deduction is not None:
            return self.standard_deduction
        if self.dependent:
            remedy = "A dependent's standard deduction depends on earned income: state line 12e."
            raise MissingInputs(("Standard Deduction",), year.year, remedy)
        if self.spouse_itemizes and status is FilingStatus.MFS:
            return ZERO
        additions = (self.aged_65 or ZERO) + (self.blind or ZERO)
        return year.standard_deduction[status] + additions * year.additional_standard_deduction[status]

    def from_agi(self, year: TaxYear, status: FilingStatus) -> FromAgi | None:
        """What line 15 is figured from; None where it is stated. Raises MissingInputs."""
        from capgain.engine.forms.tax import FromAgi

        if self.agi_without_gains is None or not self.figured_from_agi():
            return None
        deduction = self.itemized_deductions if self.itemizes(year, status) else self.standard(year, status)
        if deduction is None:
            remedy = "State Schedule A, line 17, or leave Deduction out."
            raise MissingInputs(("Itemized Deductions",), year.year, remedy)
        return FromAgi(
            self.agi_without_gains, deduction, self.aged_65 or ZERO, other_deductions=self.other_deductions or ZERO
        )

    def for_minimum_tax(self, year: TaxYear, status: FilingStatus) -> ForMinimumTax:
        """What Form 6251 takes from the return; the standard deduction with its additions for age and blindness."""
        from capgain.engine.forms.tax import ForMinimumTax

        return ForMinimumTax(
            itemizes=self.itemizes(year, status),
            schedule_a_7=self.schedule_a_7,
            standard_deduction=self.standard(year, status),
            senior_deduction=self.senior_deduction or ZERO,
            adjustments=self.amt_adjustments or ZERO,
            foreign_tax_credit=self.foreign_tax_credit or ZERO,
            amt_foreign_tax_credit=self.amt_foreign_tax_credit,
        )

    def investment_income(self) -> Mapping[str, Decimal] | None:
        """The fields of Form 8960 that are not zero, without line 7 of Form 1040; None where its line 12 is stated.

        Interest and dividends are the ledger's where not stated; dividends at least the qualified ones.
        """
        if self.net_investment_income is not None:
            return None
        lines = {
            "1": self.interest,
            "2": max(self.dividends, self.qualified_dividends or ZERO),
            **self.form_8960,
        }
        found = {FIELDS_OF_8960[line]: amount for line, amount in lines.items() if amount}
        return {**found, **({"gain": self.schedule_1_4} if self.schedule_1_4 else {})}

    def assumptions(self, year: TaxYear, status: FilingStatus) -> tuple[str, ...]:
        """What is taken for granted, or left out, because it was not stated; for people to read.

        A stated MAGI up to the threshold settles that no net investment income tax is due.
        """
        said = []
        if self.qualified_dividends is None:
            said.append("Qualified Dividends are not stated and taken to be 0.")
        said += self._of_investment_income(year, status)
        stated = [
            name
            for name, amount in (
                ("Taxable Income", self.taxable_income),
                ("Other Income", self.other_income),
                ("AGI Without Gains", self.agi_without_gains),
            )
            if amount is not None
        ]
        if len(stated) > 1:
            how_many = "both" if len(stated) == 2 else "all"
            said.append(f"{', '.join(stated[:-1])} and {stated[-1]} are {how_many} stated: {stated[0]} is used.")
        if self.figured_from_agi():
            said.append("Deductions other than the standard and the senior deduction are taken as stated.")
        if year.year >= ITEMIZED_CUT_FROM and self.for_minimum_tax(year, status).itemizes:
            said.append(
                "Itemized deductions are taken as Schedule A, line 17, has them: from "
                f"{ITEMIZED_CUT_FROM} on after the limitation of 26 USC 68, 2/37 of the deductions or, if less, of the "
                "income before them beyond where 37% begins. It does not move with the gains here: without gains in "
                "that bracket the deduction would be higher by up to 2/37 of them."
            )
        return (*said, *self._of_minimum_tax(year, status))

    def _of_investment_income(self, year: TaxYear, status: FilingStatus) -> Iterator[str]:
        """What the net investment income tax takes for granted."""
        by_agi = self.magi is None and self.figured_from_agi()
        if self.magi is None and not by_agi:
            total = "" if self.net_investment_income is not None else " and Net Investment Income"
            yield f"MAGI{total} not stated: the net investment income tax is left out."
            return
        if by_agi:
            yield "MAGI is not stated and taken to be adjusted gross income, line 11 of Form 1040."
        elif self.magi is not None and self.magi <= year.niit_threshold[status]:
            return
        if self.net_investment_income is None:
            yield (
                "Net Investment Income is not stated: Form 8960 is figured from the interest and dividends of the "
                "ledger, the gains, and the lines stated as 'Form 8960 1' and so on; the others are 0."
            )
            if self.coin_income and "7" not in self.form_8960:
                yield (
                    "Income received in coin is not on Form 8960: state 'Form 8960 7' as far as it is investment "
                    "income."
                )

    def _of_minimum_tax(self, year: TaxYear, status: FilingStatus) -> Iterator[str]:
        """What the alternative minimum tax takes for granted."""
        taken = self.for_minimum_tax(year, status)
        if not taken.is_known:
            yield AMT_LEFT_OUT + "."
        elif taken.itemizes and self.standard_deduction is not None:
            yield "Deduction is itemized: Standard Deduction is not used."
        elif not taken.itemizes and self.schedule_a_7 is not None:
            yield "Schedule A 7 is not used: it is for Deduction = itemized."
        if not taken.itemizes and self.deduction is None and self.itemized_deductions is None:
            yield (
                f"The AMT adds back the standard deduction of {taken.standard_deduction:,f}; say Deduction = itemized "
                "and Schedule A 7 if you itemize."
            )
        if self.figured_from_agi():
            if self.senior_deduction is not None:
                yield "Senior Deduction is not used: it is figured from AGI Without Gains."
        elif self.aged_65 and self.senior_deduction is None and year.senior_deduction is not None:
            yield "Senior Deduction (Schedule 1-A line 37) is not stated and taken to be 0 in the AMT."
        if self.amt_adjustments is None:
            yield ("AMT Adjustments not stated: no ISO exercise, private activity bond interest or other difference.")
        elif self.amt_adjustments < ZERO:
            yield "AMT Adjustments are negative: a Schedule D refigured for the AMT is not computed."
        if year.form_6251.unpublished:
            yield year.form_6251.unpublished


ITEMIZED_CUT_FROM = 2026
"""Pub. L. 119-21, section 70111."""

_ORDINARY_DIVIDENDS = frozenset({IncomeKind.DIVIDEND, IncomeKind.QUALIFIED_DIVIDEND})
"""Form 1040, line 3b, holds the qualified ones too."""

_NOT_OF_SETTINGS = frozenset({"form_8960", "interest", "dividends", "coin_income"})
"""Fields that are not a setting of their own."""
