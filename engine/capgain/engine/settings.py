"""What a person states for the return beside the rows, year by year where it differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from capgain.engine.classes import (
    AssetClass,
    BrokerBasis,
    Deduction,
    FilingStatus,
    Method,
    MissingBasis,
    Position,
    Reported,
    ShortSaleWash,
    WashScope,
)
from capgain.engine.money import ZERO

T = TypeVar("T")

FIGURES_OF_A_YEAR = {
    "carryover_short": "Carryover Short",
    "carryover_long": "Carryover Long",
    "taxable_income": "Taxable Income",
    "other_income": "Other Income",
    "qualified_dividends": "Qualified Dividends",
    "agi_without_gains": "AGI Without Gains",
    "itemized_deductions": "Itemized Deductions",
    "other_deductions": "Other Deductions",
    "schedule_1_4": "Schedule 1 4",
    "form_6781_4": "Form 6781 4",
    "current_year_tax": "Current Year Tax",
    "withholding": "Withholding",
    "estimated_paid": "Estimated Paid",
    "other_taxes": "Other Taxes",
    "credits": "Credits",
    "refundable_credits": "Refundable Credits",
    "magi": "MAGI",
    "net_investment_income": "Net Investment Income",
    "schedule_a_7": "Schedule A 7",
    "standard_deduction": "Standard Deduction",
    "senior_deduction": "Senior Deduction",
    "aged_65": "65 or Older",
    "blind": "Blind",
    "amt_adjustments": "AMT Adjustments",
    "foreign_tax_credit": "Foreign Tax Credit",
    "amt_foreign_tax_credit": "AMT Foreign Tax Credit",
}
"""Fields of Settings that hold a figure of one tax year, with their names there; so do the Schedule D lines."""

SCHEDULE_D_INPUT_LINES = ("4", "5", "11", "12", "13", "18", "19")
"""Schedule D lines that come from other forms and are stated in Settings."""

FORM_8960_LINES = ("1", "2", "3", "4a", "4b", "5b", "5c", "6", "7", "9a", "9b", "9c", "10")
"""Form 8960 lines that Settings may state; the others are figured."""

LINES_STATED = {"schedule_d": "Schedule D", "form_8960": "Form 8960"}
"""Fields of Settings that hold lines of a form by number, with the form's name there."""


@dataclass(frozen=True, slots=True)
class ByYear(Generic[T]):
    """A setting that may differ by tax year: `Filing Status 2023` beside `Filing Status`."""

    default: T
    years: Mapping[int, T] = field(default_factory=dict)

    def of(self, year: int) -> T:
        return self.years.get(year, self.default)

    def only_in(self, year: int, otherwise: T) -> ByYear[T]:
        """The setting with what it says without a year said of that year alone, unless that year has its own."""
        return replace(self, default=otherwise, years={year: self.default, **self.years})


@dataclass(frozen=True, slots=True)
class EstimatedPayment:
    """A payment of estimated tax in dollars; `day` None: in four equal parts, each on the day it was due."""

    day: date | None
    amount: Decimal


def _status() -> ByYear[FilingStatus | None]:
    return ByYear(None)


def _deduction() -> ByYear[Deduction | None]:
    return ByYear(None)


def _no() -> ByYear[bool]:
    return ByYear(False)


def _unstated() -> ByYear[Decimal | None]:
    return ByYear(None)


def _no_position() -> ByYear[Position | None]:
    return ByYear(None)


def _no_payments() -> ByYear[tuple[EstimatedPayment, ...] | None]:
    return ByYear(None)


def _fifo() -> ByYear[Method]:
    return ByYear(Method.FIFO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The Settings sheet with its defaults. Amounts in dollars; None where nothing was stated.

    A figure of FIGURES_OF_A_YEAR or a Schedule D line stated without a year belongs to `tax_year`; where none is
    stated, to every year, and a carryover to the first with data. `filing_status` None means single, with a warning.
    `ledger_through`: the day through which the ledger has every trade. `method_with_broker`: that order of lots lies
    with the brokers, not in own books alone (`hifo broker`). `no_straddles`: no section 1256 contract is one leg of a
    straddle. `boxes_1256` are boxes 8 to 11 of Forms 1099-B by box and account: compared, never used. `qof_values` are
    what investments in opportunity funds were worth on 2026-12-31, by the fund's EIN. `wrap` to `rebase` are the
    taxpayer's positions, each for the rows whose `setting` is of that name. Asset names are compared without regard to
    case.
    """

    tax_year: int | None = None
    filing_status: ByYear[FilingStatus | None] = field(default_factory=_status)
    time_zone: str | None = None
    method: ByYear[Method] = field(default_factory=_fifo)
    method_by_class: Mapping[AssetClass, ByYear[Method]] = field(default_factory=dict)
    method_with_broker: ByYear[bool] = field(default_factory=_no)
    method_by_class_with_broker: Mapping[AssetClass, ByYear[bool]] = field(default_factory=dict)
    class_by_asset: Mapping[str, AssetClass] = field(default_factory=dict)
    collectible_by_asset: Mapping[str, bool] = field(default_factory=dict)
    qof_values: Mapping[str, Decimal] = field(default_factory=dict)
    reported_by_asset: Mapping[str, ByYear[Reported | None]] = field(default_factory=dict)
    identical: tuple[frozenset[str], ...] = ()
    wallet_basis_from: date = date(2025, 1, 1)
    wash_sales: WashScope = WashScope.SECURITIES
    missing_basis: MissingBasis = MissingBasis.STOP
    ledger_through: date | None = None
    short_sale_wash: ShortSaleWash = ShortSaleWash.STATUTE
    broker_basis: BrokerBasis = BrokerBasis.STATED
    wrap: ByYear[Position | None] = field(default_factory=_no_position)
    bridge: ByYear[Position | None] = field(default_factory=_no_position)
    pool: ByYear[Position | None] = field(default_factory=_no_position)
    lend: ByYear[Position | None] = field(default_factory=_no_position)
    stake: ByYear[Position | None] = field(default_factory=_no_position)
    rebase: ByYear[Position | None] = field(default_factory=_no_position)
    carryover_short: ByYear[Decimal | None] = field(default_factory=_unstated)
    carryover_long: ByYear[Decimal | None] = field(default_factory=_unstated)
    taxable_income: ByYear[Decimal | None] = field(default_factory=_unstated)
    other_income: ByYear[Decimal | None] = field(default_factory=_unstated)
    qualified_dividends: ByYear[Decimal | None] = field(default_factory=_unstated)
    agi_without_gains: ByYear[Decimal | None] = field(default_factory=_unstated)
    itemized_deductions: ByYear[Decimal | None] = field(default_factory=_unstated)
    other_deductions: ByYear[Decimal | None] = field(default_factory=_unstated)
    spouse_itemizes: ByYear[bool] = field(default_factory=_no)
    dependent: ByYear[bool] = field(default_factory=_no)
    schedule_1_4: ByYear[Decimal | None] = field(default_factory=_unstated)
    magi: ByYear[Decimal | None] = field(default_factory=_unstated)
    net_investment_income: ByYear[Decimal | None] = field(default_factory=_unstated)
    deduction: ByYear[Deduction | None] = field(default_factory=_deduction)
    schedule_a_7: ByYear[Decimal | None] = field(default_factory=_unstated)
    standard_deduction: ByYear[Decimal | None] = field(default_factory=_unstated)
    senior_deduction: ByYear[Decimal | None] = field(default_factory=_unstated)
    aged_65: ByYear[Decimal | None] = field(default_factory=_unstated)
    blind: ByYear[Decimal | None] = field(default_factory=_unstated)
    amt_adjustments: ByYear[Decimal | None] = field(default_factory=_unstated)
    foreign_tax_credit: ByYear[Decimal | None] = field(default_factory=_unstated)
    amt_foreign_tax_credit: ByYear[Decimal | None] = field(default_factory=_unstated)
    schedule_d: Mapping[str, ByYear[Decimal | None]] = field(default_factory=dict)
    form_8960: Mapping[str, ByYear[Decimal | None]] = field(default_factory=dict)
    exception_1: ByYear[bool] = field(default_factory=_no)
    exception_2: ByYear[bool] = field(default_factory=_no)
    whole_dollars: ByYear[bool] = field(default_factory=_no)
    filed_short: ByYear[Decimal | None] = field(default_factory=_unstated)
    filed_long: ByYear[Decimal | None] = field(default_factory=_unstated)
    filed_carryover_short: ByYear[Decimal | None] = field(default_factory=_unstated)
    filed_carryover_long: ByYear[Decimal | None] = field(default_factory=_unstated)
    current_year_tax: ByYear[Decimal | None] = field(default_factory=_unstated)
    withholding: ByYear[Decimal | None] = field(default_factory=_unstated)
    estimated_paid: ByYear[tuple[EstimatedPayment, ...] | None] = field(default_factory=_no_payments)
    other_taxes: ByYear[Decimal | None] = field(default_factory=_unstated)
    credits: ByYear[Decimal | None] = field(default_factory=_unstated)
    refundable_credits: ByYear[Decimal | None] = field(default_factory=_unstated)
    total_tax: ByYear[Decimal | None] = field(default_factory=_unstated)
    agi: ByYear[Decimal | None] = field(default_factory=_unstated)
    no_straddles: bool = False
    form_6781_4: ByYear[Decimal | None] = field(default_factory=_unstated)
    boxes_1256: Mapping[tuple[str, str], ByYear[Decimal | None]] = field(default_factory=dict)
    name: str = ""
    ssn: str = ""

    def __post_init__(self) -> None:
        """Figures without a year belong to `tax_year` where one is stated (contract, Settings)."""
        if self.tax_year is None:
            return
        for field_name in FIGURES_OF_A_YEAR:
            stated = getattr(self, field_name)
            if stated.default is not None:
                object.__setattr__(self, field_name, stated.only_in(self.tax_year, None))
        for form in LINES_STATED:
            lines = {
                line: stated if stated.default is None else stated.only_in(self.tax_year, None)
                for line, stated in getattr(self, form).items()
            }
            object.__setattr__(self, form, lines)

    def figures_without_year(self) -> Iterator[tuple[str, Decimal]]:
        """The figures of one year stated without one, by their names in Settings; none where a Tax Year is stated."""
        for field_name, name in FIGURES_OF_A_YEAR.items():
            amount = getattr(self, field_name).default
            if amount is not None:
                yield name, amount
        for form, name in LINES_STATED.items():
            for line, stated in getattr(self, form).items():
                if stated.default is not None:
                    yield f"{name} {line}", stated.default

    def schedule_d_line(self, line: str, year: int) -> Decimal:
        """The amount stated for one of SCHEDULE_D_INPUT_LINES, 0 when none was."""
        stated = self.schedule_d.get(line)
        return ZERO if stated is None else stated.of(year) or ZERO
