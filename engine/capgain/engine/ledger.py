"""A ledger as the engine takes it: rows, accounts, settings and prices, all values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from capgain.engine.broker_rows import BrokerRow
from capgain.engine.classes import (
    AccountKind,
    FilingStatus,
    Method,
    Owner,
    Reported,
)
from capgain.engine.problems import Problem
from capgain.engine.settings import Settings
from capgain.engine.transactions import Contract, Entry, Transaction
from capgain.engine.years import has_tax_year


@dataclass(frozen=True, slots=True)
class Account:
    """One row of the Accounts sheet; `kind` None where the ledger names an account that the sheet does not describe.

    `method_with_broker`: the order of lots lies with the broker, not in own books alone. `is_abroad`: kept
    outside the United States, where no Form 1099 is filed. `country` is where the account is kept, "" where nothing
    says it.
    """

    name: str
    kind: AccountKind | None = None
    owner: Owner = Owner.TAXPAYER
    method: Method | None = None
    reported: Reported | None = None
    method_with_broker: bool = False
    is_abroad: bool = False
    country: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit of `asset` was worth on `day` (None: now), in dollars."""

    asset: str
    price: Decimal
    day: date | None = None


@dataclass(frozen=True, slots=True)
class StatedGain:
    """The gain or loss of a row as its writer worked it out in `column`, in dollars: compared, never used."""

    row: int
    column: str
    gain: Decimal


@dataclass(frozen=True, slots=True)
class StatedLot:
    """The basis in dollars, or the day of purchase, of what a row sold, as its writer has it: compared, never used."""

    row: int
    basis: Decimal | None = None
    acquired: date | None = None


@dataclass(frozen=True, slots=True)
class PlannedMarks:
    """Prices by year and asset, in casefold, at which a plan counts section 1256 contracts open at the year's end.

    The years are those that are not over, up to the plan's.
    """

    prices: Mapping[int, Mapping[str, Decimal]]


@dataclass(frozen=True)
class Ledger:
    """Everything the engine is given. `transactions` stand in the order of the sheet.

    `problems` are those found while reading; with an error among them the engine computes nothing.
    `bottom_up` is true where the file's dates run downward: same-moment rows then count from the bottom.
    `sheet` names the sheet that rows belong to, for messages. `stated_gains` are compared with what is worked out.
    `contracts` are what is known of a contract of each option; an option's price is one of a unit of what it is on.
    `forms_1099` are the rows of the sheet 1099 that could be read, None without one. `planned_marks` stand in the
    ledger of a plan alone.
    """

    transactions: tuple[Transaction, ...]
    accounts: Mapping[str, Account] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    prices: tuple[Price, ...] = ()
    problems: tuple[Problem, ...] = ()
    sheet: str = "Ledger"
    bottom_up: bool = False
    stated_gains: tuple[StatedGain | StatedLot, ...] = ()
    contracts: Mapping[str, Contract] = field(default_factory=dict)
    forms_1099: tuple[BrokerRow, ...] | None = None
    planned_marks: PlannedMarks | None = None

    def price_on(self, asset: str, day: date) -> Decimal | None:
        """The price stated for exactly that day."""
        return next((one.price for one in self.prices if one.asset == asset and one.day == day), None)

    def contract_size(self, asset: str) -> Decimal:
        """The units that a price of an asset is to be multiplied by: those under one contract of an option, else 1."""
        contract = self.contracts.get(asset)
        return Decimal(1) if contract is None or contract.size is None else contract.size

    @cached_property
    def _types(self) -> frozenset[type[Entry]]:
        return frozenset(map(type, self.transactions))

    def has(self, *types: type[Entry]) -> bool:
        """Whether a row is of one of these types or families."""
        return any(issubclass(found, types) for found in self._types)

    @cached_property
    def accounts_of_known_kind(self) -> tuple[str, ...]:
        """The names of the accounts whose kind is stated."""
        return tuple(name for name, account in self.accounts.items() if account.kind is not None)

    @cached_property
    def years(self) -> frozenset[int]:
        """The years in which rows are dated."""
        return frozenset(entry.at.year for entry in self.transactions)

    @cached_property
    def first_year_with_data(self) -> int | None:
        """The first year of the rows that has tax data: where a carryover enters that names no year, nor Tax Year."""
        years = self.years
        return min(filter(has_tax_year, range(min(years), max(years) + 1)), default=None) if years else None

    def stated_carryover(self, year: int) -> tuple[Decimal | None, Decimal | None]:
        """The short-term and long-term loss that Settings say came into a year; None: nothing is said."""
        short, long = self.settings.carryover_short, self.settings.carryover_long
        if year == self.first_year_with_data:
            return short.of(year), long.of(year)
        return short.years.get(year), long.years.get(year)

    @cached_property
    def ends(self) -> date:
        """The last day of which the ledger is known to be whole: as stated, else the last row's (DECISIONS.md, W-5)."""
        last = max((entry.at for entry in self.transactions), default=datetime.min).date()
        stated = self.settings.ledger_through
        return last if stated is None else max(stated, last)

    @cached_property
    def iras(self) -> frozenset[str]:
        """The accounts in which no sale is taxed (26 USC 408(e)(1))."""
        return frozenset(name for name, account in self.accounts.items() if account.kind is AccountKind.IRA)

    def on_no_form(self, status: FilingStatus) -> frozenset[str]:
        """The accounts whose sales stand on no Form 8949 of a return of that filing status."""
        return self.iras | self.off_the_return(status)

    def off_the_return(self, status: FilingStatus) -> frozenset[str]:
        """The accounts whose rows are not on a return of that filing status: a spouse's, filing separately."""
        if status is not FilingStatus.MFS:
            return frozenset()
        return frozenset(name for name, account in self.accounts.items() if account.owner is Owner.SPOUSE)
