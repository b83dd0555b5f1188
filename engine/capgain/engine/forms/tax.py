"""The tax of a return for any capital gains: Form 1040, line 16, by the worksheet that applies, and the NIIT."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.form import Form
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.forms.worksheets import (
    CarryoverWorksheet,
    NetInvestmentIncomeTax,
    QDCGTWorksheet,
    Rate28GainWorksheet,
    ScheduleDTaxWorksheet,
    tax_on,
)
from capgain.engine.money import ZERO
from capgain.engine.results import Carryover
from capgain.engine.years import TaxYear


class TaxMethod(Enum):
    """How Form 1040, line 16, is figured (Instructions for Form 1040, line 16)."""

    NO_TAX = "No tax: taxable income is zero or less"
    REGULAR = "Tax Table or Tax Computation Worksheet"
    QDCGT = "Qualified Dividends and Capital Gain Tax Worksheet"
    SCHEDULE_D_TAX = "Schedule D Tax Worksheet"


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
    `niit` where modified adjusted gross income or net investment income was not stated.
    """

    gain: Decimal
    taxable_income: Decimal
    method: TaxMethod
    income_tax: Decimal
    worksheet: QDCGTWorksheet | ScheduleDTaxWorksheet | None
    niit: NetInvestmentIncomeTax | None
    carryover_worksheet: CarryoverWorksheet

    @property
    def carryover(self) -> Carryover:
        """What the next year takes over."""
        return self.carryover_worksheet.carryover

    @property
    def total(self) -> Decimal:
        """Income tax, and net investment income tax where it is known."""
        return self.income_tax + (ZERO if self.niit is None else self.niit.tax)


@dataclass(frozen=True, slots=True)
class MarginalRates:
    """Tax on the next dollar of short- and of long-term gain as fractions, and the NIIT on it (None: not known)."""

    short: Decimal
    long: Decimal
    niit: Decimal | None


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

    def tax(self, gains: Gains = NO_GAINS, *, exact: bool = False) -> Tax:
        """The tax with `gains`. `exact`: by the rate schedule, unrounded, instead of the rows of the Tax Table."""
        gain = self._gain(gains)
        taxable_income = self._taxable_income(gains)
        method = self._method(gains, taxable_income)
        worksheet = self._worksheet(method, gains, exact)
        if worksheet is not None:
            income_tax = worksheet.tax
        else:
            income_tax = tax_on(max(taxable_income, ZERO), self.status, self.year, exact=exact)
        return Tax(
            gain=gain,
            taxable_income=taxable_income,
            method=method,
            income_tax=income_tax,
            worksheet=worksheet,
            niit=self._niit(gain, exact),
            carryover_worksheet=self._carryover(gains, gain, taxable_income),
        )

    def marginal_rates(self, gains: Gains = NO_GAINS) -> MarginalRates:
        """What the next dollar of gain costs on top of `gains`, by the rate schedule."""
        now = self.tax(gains, exact=True)
        short = self.tax(gains.plus(short=_STEP), exact=True)
        long = self.tax(gains.plus(long=_STEP), exact=True)
        niit = (long.niit.tax - now.niit.tax) / _STEP if now.niit is not None and long.niit is not None else None
        return MarginalRates(
            short=((short.income_tax - now.income_tax) / _STEP).normalize(),
            long=((long.income_tax - now.income_tax) / _STEP).normalize(),
            niit=niit if niit is None else niit.normalize(),
        )

    def room_at_zero(self, gains: Gains = NO_GAINS) -> Decimal:
        """How far taxable income may still rise before net capital gain leaves the 0% band."""
        return max(self.year.zero_rate_limit[self.status] - self.tax(gains).taxable_income, ZERO)

    def room_at_fifteen(self, gains: Gains = NO_GAINS) -> Decimal:
        """How much of the 15% band is left above taxable income."""
        reached = max(self.tax(gains).taxable_income, self.year.zero_rate_limit[self.status])
        return max(self.year.fifteen_rate_limit[self.status] - reached, ZERO)

    def _method(self, gains: Gains, taxable_income: Decimal) -> TaxMethod:
        if taxable_income <= ZERO:
            return TaxMethod.NO_TAX
        if gains.line_18 > ZERO or gains.line_19 > ZERO:
            return TaxMethod.SCHEDULE_D_TAX
        if gains.line_17 or self.qualified_dividends > ZERO:
            return TaxMethod.QDCGT
        return TaxMethod.REGULAR

    def _worksheet(self, method: TaxMethod, gains: Gains, exact: bool) -> QDCGTWorksheet | ScheduleDTaxWorksheet | None:
        if method is TaxMethod.QDCGT:
            return self.qdcgt(gains, exact=exact)
        return self.schedule_d_tax(gains, exact=exact) if method is TaxMethod.SCHEDULE_D_TAX else None

    def qdcgt(self, gains: Gains = NO_GAINS, *, exact: bool = False) -> QDCGTWorksheet:
        """The Qualified Dividends and Capital Gain Tax Worksheet with `gains`, whether or not the return needs it."""
        return QDCGTWorksheet(
            year=self.year,
            status=self.status,
            taxable_income=self._taxable_income(gains),
            qualified_dividends=self.qualified_dividends,
            d15=gains.long,
            d16=gains.line_16,
            exact=exact,
        )

    def schedule_d_tax(self, gains: Gains = NO_GAINS, *, exact: bool = False) -> ScheduleDTaxWorksheet:
        """The Schedule D Tax Worksheet with `gains`; without lines 18 and 19 it comes to what the other one does."""
        return ScheduleDTaxWorksheet(
            year=self.year,
            status=self.status,
            taxable_income=self._taxable_income(gains),
            qualified_dividends=self.qualified_dividends,
            d15=gains.long,
            d16=gains.line_16,
            d18=gains.line_18,
            d19=gains.line_19,
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
