"""Estimated tax of a year: the required annual payment, its installments, and those of annualized income.

26 USC 6654; Form 2210 and its Schedule AI. The penalty is not computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from capgain.engine.classes import FilingStatus
from capgain.engine.filing_days import estimated_tax_days, last_installment_not_needed_by
from capgain.engine.forms.tax import Gains, ReturnWithoutGains, Tax
from capgain.engine.forms.tax_on_gains import MissingInputs, StatedIncome, return_without_gains
from capgain.engine.money import ZERO, dollars, to_the_cent
from capgain.engine.planning.annualized_income import APPLICABLE, tax_by_period
from capgain.engine.planning.contracts_at_price import counted_at_prices, said_of_contracts
from capgain.engine.problems import UnknownYear
from capgain.engine.report import TaxReport, YearReport
from capgain.engine.settings import EstimatedPayment, Settings

PART_OF_THIS_YEAR = Decimal("0.9")
PART_OF_LAST_YEAR = Decimal("1.1")
"""26 USC 6654(d)(1)(B)(i), (C)(i)."""

AGI_OVER, AGI_OVER_SEPARATELY = Decimal(150_000), Decimal(75_000)
"""26 USC 6654(d)(1)(C)(i), (ii): of last year, by this year's filing status."""

DUE_FROM = Decimal(1_000)
"""26 USC 6654(e)(1)."""

NO_TAX_LAST_YEAR = "no tax last year"
LITTLE_DUE = "less than 1,000 due after withholding"
WITHHELD_ENOUGH = "withholding covers the required payment"


@dataclass(frozen=True, slots=True)
class Installment:
    """One of the four payments, in dollars. `regular` and `annualized` (None: not figured) are its own amounts.

    `cumulative_` amounts are those of all payments up to this one; `short` is what is missing at the due day.
    """

    due: date
    regular: Decimal
    annualized: Decimal | None
    cumulative_required: Decimal
    cumulative_withheld: Decimal
    cumulative_paid: Decimal

    @property
    def short(self) -> Decimal:
        return max(self.cumulative_required - self.cumulative_withheld - self.cumulative_paid, ZERO)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The estimated tax of a year. None: not known, because nothing that tells it was stated.

    `prior_year_tax`, `prior_year_agi` and `prior_year_rate` are those of the year before. `none_required` says why no
    payment is required, "" where one is. `annualized_tax` is empty where income cannot be annualized.
    """

    year: int
    status: FilingStatus
    current_year_tax: Decimal | None
    prior_year_tax: Decimal | None
    prior_year_agi: Decimal | None
    withholding: Decimal
    payments: tuple[EstimatedPayment, ...]
    none_required: str
    annualized_tax: tuple[Decimal, ...]
    installments: tuple[Installment, ...]
    as_of: date
    assumptions: tuple[str, ...]

    @property
    def ninety_percent(self) -> Decimal | None:
        return None if self.current_year_tax is None else to_the_cent(self.current_year_tax * PART_OF_THIS_YEAR)

    @property
    def agi_over(self) -> Decimal:
        return AGI_OVER_SEPARATELY if self.status is FilingStatus.MFS else AGI_OVER

    @property
    def prior_year_rate(self) -> Decimal:
        """What of last year's tax is enough; with its AGI unknown the cautious 110%."""
        agi = self.prior_year_agi
        return Decimal(1) if agi is not None and agi <= self.agi_over else PART_OF_LAST_YEAR

    @property
    def prior_year_safe_harbor(self) -> Decimal | None:
        return None if self.prior_year_tax is None else to_the_cent(self.prior_year_tax * self.prior_year_rate)

    @property
    def required_annual_payment(self) -> Decimal:
        known = [one for one in (self.ninety_percent, self.prior_year_safe_harbor) if one is not None]
        return min(known)

    @property
    def is_annualized(self) -> bool:
        """Whether annualized income lowers any installment: Form 2210, box C, and Schedule AI go with the return."""
        regular = _regular(self.required_annual_payment if not self.none_required else ZERO)
        return any(one.cumulative_required < plain for one, plain in zip(self.installments, regular, strict=True))

    @property
    def next(self) -> Installment | None:
        """The first installment that is not due before `as_of`."""
        return next((one for one in self.installments if one.due >= self.as_of), None)

    def underpaid(self) -> Iterator[str]:
        """What was missing on days that are past."""
        for one in self.installments:
            if one.due < self.as_of and one.short:
                yield (
                    f"Underpaid by {dollars(one.short)} on {one.due:%m/%d/%Y}; the IRS figures the penalty (Form 2210)."
                )


def is_asked_for(settings: Settings, year: int) -> bool:
    """Whether Settings state anything that is for estimated tax alone."""
    of_year = (
        settings.current_year_tax,
        settings.withholding,
        settings.estimated_paid,
        settings.other_taxes,
        settings.credits,
        settings.refundable_credits,
    )
    last = settings.total_tax.of(year - 1), settings.agi.of(year - 1)
    return any(one.of(year) is not None for one in of_year) or any(amount is not None for amount in last)


def estimate(report: TaxReport, year: int, as_of: date) -> Estimate:
    """The estimated tax of a year; raises MissingInputs where neither this year's tax nor last year's is known."""
    report = counted_at_prices(report, year, today=as_of)
    settings = report.ledger.settings
    found = report.years.get(year)
    status = settings.filing_status.of(year) or FilingStatus.SINGLE
    said: list[str] = []
    rest, income = _income(report, found, settings, year, said)
    stated = settings.current_year_tax.of(year)
    tax = stated
    if stated is None and rest is not None and found is not None and found.schedule_d is not None:
        tax = _whole_tax(rest.tax(Gains.of(found.schedule_d)), settings, year)
        said += [*said_of_contracts(report, year), *income]
    prior, agi = settings.total_tax.of(year - 1), settings.agi.of(year - 1)
    if tax is None and prior is None:
        raise MissingInputs(
            (f"Total Tax {year - 1}", f"the income of {year} or Current Year Tax {year}"),
            year,
            "State one of them: last year's tax is enough, and so is this year's.",
        )
    columns: tuple[Decimal, ...] = ()
    if stated is None and tax is not None and rest is not None and found is not None:
        columns = (*(_whole_tax(one, settings, year) for one in tax_by_period(found, rest)), tax)
    withholding = settings.withholding.of(year) or ZERO
    payments = settings.estimated_paid.of(year) or ()
    known = Estimate(
        year=year,
        status=status,
        current_year_tax=tax,
        prior_year_tax=prior,
        prior_year_agi=agi,
        withholding=withholding,
        payments=payments,
        none_required="",
        annualized_tax=columns,
        installments=(),
        as_of=as_of,
        assumptions=(),
    )
    reason = _none_required(known)
    required = ZERO if reason else known.required_annual_payment
    return replace(
        known,
        none_required=reason,
        installments=tuple(_installments(year, required, columns, withholding, payments)),
        assumptions=(*_assumed(known, settings), *said),
    )


def _income(
    report: TaxReport, found: YearReport | None, settings: Settings, year: int, said: list[str]
) -> tuple[ReturnWithoutGains | None, tuple[str, ...]]:
    """The return without its gains and what it takes for granted; None where Settings do not tell its income."""
    if found is None or found.schedule_d is None:
        return None, ()
    stated = StatedIncome.of(settings, year, found.income, report.minimum_tax)
    try:
        rest = return_without_gains(found.schedule_d, stated)
    except (MissingInputs, UnknownYear) as missing:
        if settings.current_year_tax.of(year) is None:
            said.append(f"This year's tax is not known: {str(missing).splitlines()[0]}")
        return None, ()
    return rest, stated.assumptions(found.schedule_d.year, found.status)


def _whole_tax(tax: Tax, settings: Settings, year: int) -> Decimal:
    """Income tax and AMT less credits, not below zero, then NIIT, other taxes, and refundable credits."""
    before = max(tax.income_tax + (tax.amt or ZERO) - (settings.credits.of(year) or ZERO), ZERO)
    niit = ZERO if tax.niit is None else tax.niit.tax
    other = settings.other_taxes.of(year) or ZERO
    return before + niit + other - (settings.refundable_credits.of(year) or ZERO)


def _none_required(known: Estimate) -> str:
    """Why nothing has to be paid: 26 USC 6654(e)(2), (e)(1), (d)(1)."""
    if known.prior_year_tax is not None and known.prior_year_tax <= ZERO:
        return NO_TAX_LAST_YEAR
    if known.current_year_tax is not None and known.current_year_tax - known.withholding < DUE_FROM:
        return LITTLE_DUE
    if known.withholding >= known.required_annual_payment:
        return WITHHELD_ENOUGH
    return ""


def _regular(required: Decimal) -> list[Decimal]:
    """A quarter more of the required annual payment at each due day."""
    return [to_the_cent(required * quarter / 4) for quarter in range(1, 5)]


def _installments(
    year: int,
    required: Decimal,
    columns: tuple[Decimal, ...],
    withholding: Decimal,
    payments: tuple[EstimatedPayment, ...],
) -> Iterator[Installment]:
    """Lines 20 to 27 of Schedule AI, cumulated; withholding counts in four equal parts (26 USC 6654(g))."""
    regular = _regular(required)
    before, plain_before = ZERO, ZERO
    for place, due in enumerate(estimated_tax_days(year)):
        cumulative, own = regular[place], None
        if columns:
            annualized = max(to_the_cent(APPLICABLE[place] * columns[place]), ZERO)
            own = max(annualized - before, ZERO)
            cumulative = max(before, min(annualized, regular[place]))
        paid = to_the_cent(sum((_paid_by(payment, due, place) for payment in payments), ZERO))
        yield Installment(
            due=due,
            regular=regular[place] - plain_before,
            annualized=own,
            cumulative_required=cumulative,
            cumulative_withheld=to_the_cent(withholding * (place + 1) / 4),
            cumulative_paid=paid,
        )
        before, plain_before = cumulative, regular[place]


def _paid_by(payment: EstimatedPayment, due: date, place: int) -> Decimal:
    if payment.day is None:
        return to_the_cent(payment.amount * (place + 1) / 4)
    return payment.amount if payment.day <= due else ZERO


def _assumed(known: Estimate, settings: Settings) -> Iterator[str]:
    """What is taken for granted, for people to read."""
    year = known.year
    if known.prior_year_tax is None:
        yield f"Total Tax {year - 1} is not stated: 90% of this year's tax alone is the required payment."
    elif known.prior_year_agi is None:
        yield f"AGI {year - 1} is not stated: 110% of last year's tax is taken, the cautious side."
    if known.prior_year_tax is not None:
        yield f"{year - 1} is taken to have had twelve months and a return (26 USC 6654(d)(1)(B))."
    if known.current_year_tax is None:
        yield "Last year's tax alone is the required payment."
    if settings.withholding.of(year) is None:
        yield f"Withholding {year} is not stated and taken to be 0."
    if any(payment.day is None for payment in known.payments):
        yield f"Estimated Paid {year} has no dates: four equal parts, each paid in time."
    if known.annualized_tax:
        yield (
            "Annualized: gains by their days, a loss of a period not multiplied, other income in equal parts; where it "
            "is used, Form 2210 with box C and Schedule AI goes with the return."
        )
    last = last_installment_not_needed_by(year)
    yield f"The fourth payment is not needed if the return is filed and the tax paid by {last}."
    yield "Farmers, fishermen and nonresidents have other rules; the penalty is not computed."
