"""The tax of a return for any capital gains: Form 1040, line 16, by the worksheet that applies, AMT and NIIT."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.gains import NO_GAINS, Gains
from capgain.engine.forms.worksheets.carryover import CarryoverWorksheet
from capgain.engine.forms.worksheets.form_6251 import Form6251
from capgain.engine.forms.worksheets.line_15 import TaxableIncome
from capgain.engine.forms.worksheets.niit import NetInvestmentIncomeTax
from capgain.engine.forms.worksheets.qdcgt import QDCGTWorksheet
from capgain.engine.forms.worksheets.regular_tax import RegularTax, TaxMethod
from capgain.engine.forms.worksheets.schedule_d_tax import ScheduleDTaxWorksheet
from capgain.engine.money import ZERO
from capgain.engine.results.carryovers import Carryover
from capgain.engine.years import TaxYear

__all__ = [
    "NO_GAINS",
    "ForMinimumTax",
    "FromAgi",
    "Gains",
    "MarginalRates",
    "ReturnWithoutGains",
    "Tax",
    "TaxMethod",
]


@dataclass(frozen=True, slots=True)
class Tax:
    """What a return owes with certain gains.

    `gain` goes to Form 1040, line 7 or 7a. `taxable_income` is signed; `line_15` is how it came about, where it was
    figured from adjusted gross income. `worksheet` is None where no worksheet is used,
    `amt` where the taxes of Schedule A were not stated: `form_6251` then has none, and comes to the least the AMT can
    be. `niit` is None where modified adjusted gross income is not known.
    """

    gain: Decimal
    taxable_income: Decimal
    line_15: TaxableIncome | None
    method: TaxMethod
    income_tax: Decimal
    worksheet: QDCGTWorksheet | ScheduleDTaxWorksheet | None
    form_6251: Form6251
    knows_amt: bool
    niit: NetInvestmentIncomeTax | None
    carryover_worksheet: CarryoverWorksheet

    @property
    def amt(self) -> Decimal | None:
        """The alternative minimum tax: Schedule 2 (Form 1040)."""
        return self.form_6251.tax if self.knows_amt else None

    @property
    def amt_at_least(self) -> Decimal:
        """The alternative minimum tax, without the taxes of Schedule A where they were not stated."""
        return self.form_6251.tax

    @property
    def carryover(self) -> Carryover:
        """What the next year takes over."""
        return self.carryover_worksheet.carryover

    @property
    def total(self) -> Decimal:
        """Income tax, and alternative minimum tax and net investment income tax where they are known."""
        return self.income_tax + (self.amt or ZERO) + (ZERO if self.niit is None else self.niit.tax)


@dataclass(frozen=True, slots=True)
class MarginalRates:
    """Tax on the next dollar of short- and of long-term gain as fractions, and the NIIT on it (None: not known).

    `short` and `long` are income tax and AMT together, `amt_short` and `amt_long` the AMT's part (None: not known).
    """

    short: Decimal
    long: Decimal
    amt_short: Decimal | None
    amt_long: Decimal | None
    niit: Decimal | None


@dataclass(frozen=True, slots=True)
class ForMinimumTax:
    """What Form 6251 takes from the return beside its income, in dollars; the same with and without the gains.

    `standard_deduction` None: the year's without additions. `itemizes`: `schedule_a_7`, the taxes on Schedule A, line
    7, is added back instead, and without it (None) no AMT is told. `adjustments` are lines 2b to 3, signed.
    `amt_foreign_tax_credit` None: that of the regular tax.
    """

    itemizes: bool = False
    schedule_a_7: Decimal | None = None
    standard_deduction: Decimal | None = None
    senior_deduction: Decimal = ZERO
    adjustments: Decimal = ZERO
    foreign_tax_credit: Decimal = ZERO
    amt_foreign_tax_credit: Decimal | None = None

    @property
    def is_known(self) -> bool:
        """Whether the AMT can be told."""
        return not self.itemizes or self.schedule_a_7 is not None


@dataclass(frozen=True, slots=True)
class FromAgi:
    """What line 15 is figured from where adjusted gross income is stated, in dollars.

    `deduction` is line 12e, `persons` those of 65 or older, `other_deductions` what is deducted beside.
    """

    agi_without_gains: Decimal
    deduction: Decimal
    persons: Decimal = ZERO
    other_deductions: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class ReturnWithoutGains:
    """A return apart from its capital gains; asked for the tax of any of them.

    `taxable_income` is Form 1040, line 15, signed and without line 7; with `from_agi` it is figured anew for any gains,
    so that the senior deduction moves with them. `magi` and `net_investment_income` are without the gains too; None:
    not known. `investment_income` are the fields of Form 8960 where its line 12 is not stated as one amount, its `gain`
    without line 7. Further deductions that depend on gains are taken as they are.
    """

    year: TaxYear
    status: FilingStatus
    taxable_income: Decimal
    qualified_dividends: Decimal = ZERO
    magi: Decimal | None = None
    net_investment_income: Decimal | None = None
    for_minimum_tax: ForMinimumTax = ForMinimumTax()
    from_agi: FromAgi | None = None
    investment_income: Mapping[str, Decimal] | None = None

    def tax(self, gains: Gains = NO_GAINS, *, exact: bool = False) -> Tax:
        """The tax with `gains`. `exact`: by the rate schedule, unrounded, instead of the rows of the Tax Table."""
        gain = self._gain(gains)
        taxable_income = self._taxable_income(gains)
        form_6251 = self.form_6251(gains, exact=exact)
        regular = form_6251.regular
        return Tax(
            gain=gain,
            taxable_income=taxable_income,
            line_15=self.line_15(gains),
            method=regular.method,
            income_tax=regular.tax,
            worksheet=regular.worksheet,
            form_6251=form_6251,
            knows_amt=self.for_minimum_tax.is_known,
            niit=self._niit(gain, exact),
            carryover_worksheet=self._carryover(gains, gain, taxable_income),
        )

    def marginal_rates(self, gains: Gains = NO_GAINS) -> MarginalRates:
        """What the next dollar of gain costs on top of `gains`, AMT in it, by the rate schedule."""
        now = self.tax(gains, exact=True)
        short = self.tax(gains.plus(short=_STEP), exact=True)
        long = self.tax(gains.plus(long=_STEP), exact=True)
        niit = (long.niit.tax - now.niit.tax) / _STEP if now.niit is not None and long.niit is not None else None
        of_amt = [
            None if now.amt is None or then.amt is None else ((then.amt - now.amt) / _STEP).normalize()
            for then in (short, long)
        ]
        of_income_tax = [((then.income_tax - now.income_tax) / _STEP).normalize() for then in (short, long)]
        return MarginalRates(
            short=of_income_tax[0] + (of_amt[0] or ZERO),
            long=of_income_tax[1] + (of_amt[1] or ZERO),
            amt_short=of_amt[0],
            amt_long=of_amt[1],
            niit=niit if niit is None else niit.normalize(),
        )

    def room_at_zero(self, gains: Gains = NO_GAINS) -> Decimal:
        """How far taxable income may still rise before net capital gain leaves the 0% band."""
        return max(self.year.zero_rate_limit[self.status] - self.tax(gains).taxable_income, ZERO)

    def room_at_fifteen(self, gains: Gains = NO_GAINS) -> Decimal:
        """How much of the 15% band is left above taxable income."""
        reached = max(self.tax(gains).taxable_income, self.year.zero_rate_limit[self.status])
        return max(self.year.fifteen_rate_limit[self.status] - reached, ZERO)

    def regular(self, gains: Gains = NO_GAINS, *, exact: bool = False) -> RegularTax:
        """Form 1040, line 16, with `gains`, and the worksheets behind it."""
        return self.form_6251(gains, exact=exact).regular

    def form_6251(self, gains: Gains = NO_GAINS, *, exact: bool = False) -> Form6251:
        """The alternative minimum tax with `gains`."""
        stated, line_15 = self.for_minimum_tax, self.line_15(gains)
        return Form6251(
            year=self.year,
            status=self.status,
            taxable_income=self._taxable_income(gains),
            qualified_dividends=self.qualified_dividends,
            d15=gains.long,
            d16=gains.line_16,
            d18=gains.line_18,
            d19=gains.line_19,
            senior_deduction=stated.senior_deduction if line_15 is None else line_15.line_senior,
            standard_deduction=stated.standard_deduction,
            schedule_a_7=(stated.schedule_a_7 or ZERO) if stated.itemizes else None,
            adjustments=stated.adjustments,
            foreign_tax_credit=stated.foreign_tax_credit,
            amt_foreign_tax_credit=stated.amt_foreign_tax_credit,
            exact=exact,
        )

    def _gain(self, gains: Gains) -> Decimal:
        """What goes to Form 1040: the net gain, a loss up to the limit."""
        return max(gains.line_16, -self.year.loss_limit[self.status])

    def line_15(self, gains: Gains = NO_GAINS) -> TaxableIncome | None:
        """How line 15 comes about with `gains`; None where it is stated."""
        known = self.from_agi
        if known is None:
            return None
        return TaxableIncome(
            year=self.year,
            status=self.status,
            agi_without_gains=known.agi_without_gains,
            gain=self._gain(gains),
            deduction=known.deduction,
            persons=known.persons,
            other_deductions=known.other_deductions,
        )

    def _taxable_income(self, gains: Gains) -> Decimal:
        line_15 = self.line_15(gains)
        return self.taxable_income + self._gain(gains) if line_15 is None else line_15.line_15

    def _niit(self, gain: Decimal, exact: bool) -> NetInvestmentIncomeTax | None:
        if self.magi is None or not self.knows_investment_income:
            return None
        lines = dict(self.investment_income or {})
        total = self.net_investment_income
        return NetInvestmentIncomeTax(
            year=self.year,
            status=self.status,
            magi=self.magi + gain,
            net_investment_income=None if total is None else total + gain,
            exact=exact,
            **{**lines, "gain": lines.get("gain", ZERO) + gain},
        )

    @property
    def knows_investment_income(self) -> bool:
        """Whether line 12 of Form 8960 is stated, or can be figured."""
        return self.net_investment_income is not None or self.investment_income is not None

    def _carryover(self, gains: Gains, gain: Decimal, taxable_income: Decimal) -> CarryoverWorksheet:
        return CarryoverWorksheet(
            into_year=self.year.year + 1,
            taxable_income=taxable_income,
            d7=gains.short,
            d15=gains.long,
            d16=gains.line_16,
            d21=min(gain, ZERO),
        )


_STEP = Decimal("0.01")
