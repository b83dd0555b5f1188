"""The tax of a return for any capital gains: Form 1040, line 16, by the worksheet that applies, AMT and NIIT."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.form import Form
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.forms.worksheets import (
    CarryoverWorksheet,
    Form6251,
    NetInvestmentIncomeTax,
    QDCGTWorksheet,
    Rate28GainWorksheet,
    RegularTax,
    ScheduleDTaxWorksheet,
    TaxMethod,
)
from capgain.engine.money import ZERO
from capgain.engine.results import Carryover
from capgain.engine.years import TaxYear

__all__ = [
    "NO_GAINS",
    "ForMinimumTax",
    "Gains",
    "MarginalRates",
    "ReturnWithoutGains",
    "Tax",
    "TaxMethod",
]


@dataclass(frozen=True)
class Gains(Form):
    """The capital gains of a year as they meet on Schedule D, Part III, in dollars, losses negative.

    `short` is line 7 and `long` line 15, carryovers in both. `rate_28` is the sum of lines 1 to 4 of the 28% Rate Gain
    Worksheet, `long_carryover` Schedule D, line 14, which reduces it; `stated_line_18` takes its place where the
    taxpayer figured the worksheet. `line_19` is unrecaptured section 1250 gain. Lines 16 to 19 are those of the form.
    """

    short: Decimal = ZERO
    long: Decimal = ZERO
    rate_28: Decimal = ZERO
    long_carryover: Decimal = ZERO
    stated_line_18: Decimal | None = None
    stated_line_19: Decimal = ZERO

    line_16 = ScheduleD.line_16
    line_17 = ScheduleD.line_17
    line_18 = ScheduleD.line_18
    line_19 = ScheduleD.line_19

    @classmethod
    def of(cls, schedule_d: ScheduleD) -> Gains:
        """The gains of a filled-in Schedule D."""
        worksheet = schedule_d.rate_28_gain_worksheet
        return cls(
            short=schedule_d.line_7,
            long=schedule_d.line_15,
            rate_28=ZERO if worksheet is None else worksheet.line_1,
            long_carryover=schedule_d.line_14,
            stated_line_18=schedule_d.stated.get("18") or None,
            stated_line_19=schedule_d.stated.get("19", ZERO),
        )

    def plus(self, *, short: Decimal = ZERO, long: Decimal = ZERO) -> Gains:
        """These gains with more short- and long-term gain or loss realised."""
        return replace(self, short=self.short + short, long=self.long + long)

    @property
    def net(self) -> Decimal:
        """Schedule D, line 16."""
        return self.line_16

    @property
    def line_7(self) -> Decimal:
        return self.short

    @property
    def line_15(self) -> Decimal:
        return self.long

    @property
    def stated(self) -> Mapping[str, Decimal]:
        """Lines 18 and 19 as stated."""
        return {"18": self.stated_line_18 or ZERO, "19": self.stated_line_19}

    @property
    def collectibles(self) -> Decimal:
        return self.rate_28

    @property
    def rate_28_gain(self) -> Decimal:
        """Line 7 of the 28% Rate Gain Worksheet."""
        return Rate28GainWorksheet(collectibles=self.rate_28, d7=self.short, d14=self.long_carryover).line_7


NO_GAINS = Gains()


@dataclass(frozen=True, slots=True)
class Tax:
    """What a return owes with certain gains.

    `gain` goes to Form 1040, line 7 or 7a. `taxable_income` is signed. `worksheet` is None where no worksheet is used,
    `amt` where the taxes of Schedule A were not stated: `form_6251` then has none, and comes to the least the AMT can
    be. `niit` is None where modified adjusted gross income or net investment income was not stated.
    """

    gain: Decimal
    taxable_income: Decimal
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
class ReturnWithoutGains:
    """A return apart from its capital gains; asked for the tax of any of them.

    `taxable_income` is Form 1040, line 15, signed and without line 7; `magi` and `net_investment_income` are without
    it too, None where not stated. Deductions that depend on gains are taken as they are.
    """

    year: TaxYear
    status: FilingStatus
    taxable_income: Decimal
    qualified_dividends: Decimal = ZERO
    magi: Decimal | None = None
    net_investment_income: Decimal | None = None
    for_minimum_tax: ForMinimumTax = ForMinimumTax()

    def tax(self, gains: Gains = NO_GAINS, *, exact: bool = False) -> Tax:
        """The tax with `gains`. `exact`: by the rate schedule, unrounded, instead of the rows of the Tax Table."""
        gain = self._gain(gains)
        taxable_income = self._taxable_income(gains)
        form_6251 = self.form_6251(gains, exact=exact)
        regular = form_6251.regular
        return Tax(
            gain=gain,
            taxable_income=taxable_income,
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
        stated = self.for_minimum_tax
        return Form6251(
            year=self.year,
            status=self.status,
            taxable_income=self._taxable_income(gains),
            qualified_dividends=self.qualified_dividends,
            d15=gains.long,
            d16=gains.line_16,
            d18=gains.line_18,
            d19=gains.line_19,
            senior_deduction=stated.senior_deduction,
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

    def _taxable_income(self, gains: Gains) -> Decimal:
        return self.taxable_income + self._gain(gains)

    def _niit(self, gain: Decimal, exact: bool) -> NetInvestmentIncomeTax | None:
        if self.magi is None or self.net_investment_income is None:
            return None
        return NetInvestmentIncomeTax(
            year=self.year,
            status=self.status,
            magi=self.magi + gain,
            net_investment_income=self.net_investment_income + gain,
            exact=exact,
        )

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
