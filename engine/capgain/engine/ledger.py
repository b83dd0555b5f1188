"""A ledger as the engine takes it: transactions, accounts, settings and prices, all values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from capgain.engine.classes import (
    AccountKind,
    AssetClass,
    FilingStatus,
    Method,
    MissingBasis,
    Owner,
    Reported,
    WashScope,
)
from capgain.engine.money import ZERO
from capgain.engine.problems import Problem
from capgain.engine.transactions import Transaction

T = TypeVar("T")

SCHEDULE_D_INPUT_LINES = ("4", "5", "11", "12", "13", "18", "19")
"""Schedule D lines that come from other forms and are stated in Settings."""


@dataclass(frozen=True, slots=True)
class ByYear(Generic[T]):
    """A setting that may differ by tax year: `Filing Status 2023` beside `Filing Status`."""

    default: T
    years: Mapping[int, T] = field(default_factory=dict)

    def of(self, year: int) -> T:
        return self.years.get(year, self.default)


@dataclass(frozen=True, slots=True)
class Account:
    """One row of the Accounts sheet; `kind` None where the ledger names an account that the sheet does not describe."""

    name: str
    kind: AccountKind | None = None
    owner: Owner = Owner.TAXPAYER
    method: Method | None = None
    reported: Reported | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit of `asset` was worth on `day` (None: now), in dollars."""

    asset: str
    price: Decimal
    day: date | None = None


def _status() -> ByYear[FilingStatus | None]:
    return ByYear(None)


def _no() -> ByYear[bool]:
    return ByYear(False)


def _unstated() -> ByYear[Decimal | None]:
    return ByYear(None)


def _fifo() -> ByYear[Method]:
    return ByYear(Method.FIFO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The Settings sheet with its defaults. Amounts in dollars; None where nothing was stated.

    `filing_status` None means single, with a warning. Asset names are compared without regard to case.
    """

    tax_year: int | None = None
    filing_status: ByYear[FilingStatus | None] = field(default_factory=_status)
    time_zone: str | None = None
    method: ByYear[Method] = field(default_factory=_fifo)
    method_by_class: Mapping[AssetClass, ByYear[Method]] = field(default_factory=dict)
    class_by_asset: Mapping[str, AssetClass] = field(default_factory=dict)
    identical: tuple[frozenset[str], ...] = ()
    wallet_basis_from: date = date(2025, 1, 1)
    wash_sales: WashScope = WashScope.SECURITIES
    missing_basis: MissingBasis = MissingBasis.STOP
    carryover_short: ByYear[Decimal | None] = field(default_factory=_unstated)
    carryover_long: ByYear[Decimal | None] = field(default_factory=_unstated)
    taxable_income: ByYear[Decimal | None] = field(default_factory=_unstated)
    other_income: ByYear[Decimal | None] = field(default_factory=_unstated)
    qualified_dividends: ByYear[Decimal | None] = field(default_factory=_unstated)
    magi: ByYear[Decimal | None] = field(default_factory=_unstated)
    net_investment_income: ByYear[Decimal | None] = field(default_factory=_unstated)
    schedule_d: Mapping[str, ByYear[Decimal | None]] = field(default_factory=dict)
    exception_1: ByYear[bool] = field(default_factory=_no)
    exception_2: ByYear[bool] = field(default_factory=_no)
    whole_dollars: ByYear[bool] = field(default_factory=_no)
    filed_short: ByYear[Decimal | None] = field(default_factory=_unstated)
    filed_long: ByYear[Decimal | None] = field(default_factory=_unstated)
    filed_carryover_short: ByYear[Decimal | None] = field(default_factory=_unstated)
    filed_carryover_long: ByYear[Decimal | None] = field(default_factory=_unstated)
    name: str = ""
    ssn: str = ""

    @property
    def groups(self) -> Mapping[str, str]:
        """The group of substantially identical assets that an asset is in, by its name; only of assets in one."""
        numbered = reversed(list(enumerate(self.identical)))
        return {asset: f"\0{number}" for number, identical in numbered for asset in identical}

    def schedule_d_line(self, line: str, year: int) -> Decimal:
        """The amount stated for one of SCHEDULE_D_INPUT_LINES, 0 when none was."""
        stated = self.schedule_d.get(line)
        return ZERO if stated is None else stated.of(year) or ZERO


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything the engine is given. `transactions` stand in the order of the sheet.

    `problems` are those found while reading; with an error among them the engine computes nothing.
    `bottom_up` is true where the file's dates run downward: same-moment rows then count from the bottom.
    `sheet` names the sheet that rows belong to, for messages.
    """

    transactions: tuple[Transaction, ...]
    accounts: Mapping[str, Account] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    prices: tuple[Price, ...] = ()
    problems: tuple[Problem, ...] = ()
    sheet: str = "Ledger"
    bottom_up: bool = False

    def off_the_return(self, status: FilingStatus) -> frozenset[str]:
        """The accounts whose rows are not on a return of that filing status: a spouse's, filing separately."""
        if status is not FilingStatus.MFS:
            return frozenset()
        return frozenset(name for name, account in self.accounts.items() if account.owner is Owner.SPOUSE)
