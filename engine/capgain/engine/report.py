"""The one model that every sheet, cell, file and message projects from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from capgain.engine.classes import FilingStatus
from capgain.engine.forms.form_1099.answered import AnsweredForms
from capgain.engine.forms.form_6781 import Form6781
from capgain.engine.forms.form_8949 import Form8949
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.forms.worksheets.carryover import CarryoverWorksheet
from capgain.engine.ledger import Ledger
from capgain.engine.money import ZERO
from capgain.engine.problems import Problem
from capgain.engine.results.carryovers import Carryover
from capgain.engine.results.contracts import ContractResult, OpenContract
from capgain.engine.results.departures import Departure
from capgain.engine.results.dispositions import Disposition, Kind
from capgain.engine.results.held import OpenLot, OpenShort
from capgain.engine.results.income import IncomeItem
from capgain.engine.results.minimum_tax import MinimumTaxItem
from capgain.engine.results.wash_sales import WashSale
from capgain.engine.years import Basis


@dataclass(frozen=True, slots=True)
class YearReport:
    """One tax year. The forms are None where the year has no data; `carryover` is what goes into the next year."""

    year: int
    status: FilingStatus
    dispositions: tuple[Disposition, ...]
    income: tuple[IncomeItem, ...]
    form_8949: Form8949 | None
    schedule_d: ScheduleD | None
    carryover_worksheet: CarryoverWorksheet | None
    carryover: Carryover | None
    carried_in: Carryover
    contracts: tuple[ContractResult, ...] = ()

    @property
    def form_6781(self) -> Form6781 | None:
        """Part I of Form 6781; None where no section 1256 contract has a result, or the year has no forms."""
        return None if self.schedule_d is None else self.schedule_d.form_6781

    @property
    def has_results(self) -> bool:
        """Whether a disposal or a section 1256 contract gave a gain or loss."""
        return bool(self.dispositions or self.contracts)

    @property
    def basis(self) -> Basis | None:
        """What the forms are computed from; None where there are none."""
        return None if self.schedule_d is None else self.schedule_d.year.basis

    @property
    def income_in_totals(self) -> tuple[IncomeItem, ...]:
        """The income that totals hold: all but pay, which is in box 1 of Form W-2."""
        return tuple(item for item in self.income if item.in_totals)

    @property
    def trust_expenses(self) -> Mapping[str, Decimal]:
        """What grantor trusts paid with sales of what they hold, by trust: not deductible (26 USC 67(g))."""
        paid: dict[str, Decimal] = {}
        for row in self.dispositions:
            if row.kind is Kind.TRUST_SALE:
                paid[row.asset] = paid.get(row.asset, ZERO) + row.proceeds
        return paid

    @property
    def distributions(self) -> tuple[IncomeItem, ...]:
        """What funds paid of their capital gains on this return: Schedule D, line 13, beside what Settings state."""
        return tuple(item for item in self.income if item.is_capital_gain_distribution)


@dataclass(frozen=True, slots=True)
class TaxReport:
    """All that follows from a ledger. With an error among the problems there are no years and no lots.

    `lots_as_of`: the lots and shorts are those open at the end of that day; None: after the last row.
    `opening_lots` are those held at the end of the year before `lots_as_of`, None without such a day. `departures` are
    the units given away, donated, lost or stolen, of every year. `forms_1099` are the rows of the sheet
    1099 with what came of them; None without a sheet. `contracts_without_price` are those open at the end of a plan's
    year that the plan has no price of.
    """

    ledger: Ledger
    years: Mapping[int, YearReport]
    open_lots: tuple[OpenLot, ...]
    open_shorts: tuple[OpenShort, ...]
    wash_sales: Sequence[WashSale]
    problems: tuple[Problem, ...]
    lots_as_of: date | None = None
    opening_lots: tuple[OpenLot, ...] | None = None
    departures: tuple[Departure, ...] = ()
    minimum_tax: tuple[MinimumTaxItem, ...] = ()
    open_contracts: tuple[OpenContract, ...] = ()
    forms_1099: AnsweredForms | None = None
    contracts_without_price: tuple[OpenContract, ...] = ()

    @property
    def has_errors(self) -> bool:
        return any(problem.is_error for problem in self.problems)

    @property
    def filing_ready(self) -> bool:
        """No error, and nothing that must be settled before the return may be filed."""
        return not any(problem.blocks_filing for problem in self.problems)

    @property
    def contract_assets(self) -> frozenset[str]:
        """The section 1256 contracts of the ledger that have a result or are open: none of them has lots."""
        closed = {one.asset for year in self.years.values() for one in year.contracts}
        return frozenset(closed | {one.asset for one in self.open_contracts})

    def problems_of(self, years: Collection[int]) -> tuple[Problem, ...]:
        """The problems a return of these years rests on; all of them for no year.

        Left out are warnings about another year, unless they block filing or a loss of that year may be carried into
        these years.
        """
        if not years:
            return self.problems
        bearing = set(years)
        earlier = min(years) - 1
        while self._may_carry_a_loss_out_of(earlier):
            bearing.add(earlier)
            earlier -= 1
        return tuple(one for one in self.problems if one.year is None or one.year in bearing or one.blocks_filing)

    def _may_carry_a_loss_out_of(self, year: int) -> bool:
        """Whether the year ended in a loss, or has no forms to say so, and the next takes over what it left."""
        ended, following = self.years.get(year), self.years.get(year + 1)
        if ended is None or following is None:
            return False
        if ended.schedule_d is None:
            return following.carried_in == Carryover(ZERO, ZERO)
        return ended.schedule_d.line_16 < ZERO and following.carried_in == ended.carryover

    def default_year(self, today: date | None = None) -> int | None:
        """The year that is meant where none was asked for; None for a ledger without rows."""
        return default_year(self.ledger, self.years, today)


def default_year(ledger: Ledger, years: Mapping[int, YearReport], today: date | None = None) -> int | None:
    """Settings `Tax Year`; else the last year up to that of `today` with a disposal; else the last with a row.

    `today` None is this machine's date. Every command, function, sheet and button goes by it.
    """
    return year_meant(ledger, (year for year, report in years.items() if report.has_results), today or date.today())


def year_meant(ledger: Ledger, sold_in: Iterable[int], today: date) -> int | None:
    """The default year of a ledger with results in these years."""
    if ledger.settings.tax_year is not None:
        return ledger.settings.tax_year
    sold = [year for year in sold_in if year <= today.year]
    return max(sold or ledger.years, default=None)
