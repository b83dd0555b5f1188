"""The return that a plan falls on: its gains so far, and what Settings say of the rest of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.forms.tax import Gains, ReturnWithoutGains
from capgain.engine.forms.tax_on_gains import MissingInputs, StatedIncome, return_without_gains
from capgain.engine.money import ZERO
from capgain.engine.planning.contracts_at_price import said_of_contracts
from capgain.engine.problems import UnknownYear
from capgain.engine.report import TaxReport
from capgain.engine.settings import Settings
from capgain.engine.years import has_tax_year, tax_year, tax_years


@dataclass(frozen=True, slots=True)
class YearAtHand:
    """One year's return as a plan finds it.

    `gains` are those realised so far. `rest` is the return apart from them, None where no tax can be told; `missing`
    then says what to add. `assumptions` are what the tax takes for granted.
    """

    year: int
    status: FilingStatus
    gains: Gains
    rest: ReturnWithoutGains | None
    missing: str
    assumptions: tuple[str, ...]

    @property
    def loss_limit(self) -> Decimal:
        """What of a net loss may be deducted from other income this year (26 USC 1211(b)); 0 for an unknown year."""
        return tax_year(self.year).loss_limit[self.status] if has_tax_year(self.year) else ZERO

    @property
    def usable_loss(self) -> Decimal:
        """The further loss that this year can set against gains and other income, whatever that saves."""
        return max(self.gains.net + self.loss_limit, ZERO)

    @property
    def lacks_income(self) -> bool:
        """Whether the year's income alone stands in the way of telling its tax."""
        return self.rest is None and has_tax_year(self.year) and not tax_year(self.year).no_tax


def year_at_hand(report: TaxReport, year: int, *, whole_year: TaxReport | None = None) -> YearAtHand:
    """The return of `year` as `report` has it, with what it counts of contracts that are open.

    Where `report` was cut off within the year, `whole_year` is the report that the Taxable Income of Settings belongs
    to.
    """
    settings = report.ledger.settings
    found = report.years.get(year)
    status = settings.filing_status.of(year) or FilingStatus.SINGLE
    if found is None or found.schedule_d is None:
        return YearAtHand(year, status, Gains(), None, _no_form(year), ())
    schedule_d = found.schedule_d
    gains = all_gains(schedule_d)
    whole_one = found if whole_year is None else whole_year.years.get(year, found)
    whole = whole_one.schedule_d
    stated = StatedIncome.of(settings, year, whole_one.income, report.minimum_tax)
    try:
        rest = return_without_gains(whole or schedule_d, stated)
    except MissingInputs:
        missing = _no_income(settings, year)
        return YearAtHand(year, status, gains, None, missing, tuple(said_of_contracts(report, year)))
    except UnknownYear as unknown:
        return YearAtHand(year, status, gains, None, str(unknown), tuple(said_of_contracts(report, year)))
    said = (*said_of_contracts(report, year), *_said(settings, year, stated))
    return YearAtHand(year, status, gains, rest, "", said)


def all_gains(schedule_d: ScheduleD) -> Gains:
    """The gains of a Schedule D, the result of collectibles told even where line 17 skips the 28% worksheet.

    More gains may come on top that make the worksheet apply.
    """
    return replace(Gains.of(schedule_d), rate_28=schedule_d.collectibles)


def with_more(gains: Gains, short: Decimal, long: Decimal, *, is_collectible: bool = False) -> Gains:
    """Gains with a further result; long-term results of collectibles are 28% rate gain (26 USC 1(h)(5))."""
    more = gains.plus(short=short, long=long)
    return replace(more, rate_28=more.rate_28 + long) if is_collectible and long else more


def _no_form(year: int) -> str:
    if not has_tax_year(year):
        return f"CapGain has no tax data for {year}: it has those from {tax_years()[0]} on."
    return f"The ledger leads to no return for {year}."


def _no_income(settings: Settings, year: int) -> str:
    stated = (settings.other_income, settings.taxable_income, settings.agi_without_gains)
    elsewhere = sorted({year for one in stated for year in one.years})
    known = f" They are stated for {', '.join(map(str, elsewhere))}." if elsewhere else ""
    return (
        f"No dollars of tax without the year's income: add to Settings 'Other Income {year}' (Form 1040 taxable income "
        f"before capital gains), 'Taxable Income {year}' (with them) or 'AGI Without Gains {year}'.{known}"
    )


def _said(settings: Settings, year: int, stated: StatedIncome) -> tuple[str, ...]:
    data = tax_year(year)
    status = settings.filing_status.of(year)
    said = list(stated.assumptions(data, status or FilingStatus.SINGLE))
    if status is None:
        said.append("No Filing Status is stated: single is assumed.")
    if data.is_provisional:
        said.append(data.provisional)
    return tuple(said)
