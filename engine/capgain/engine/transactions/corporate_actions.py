"""Rows about what companies and funds pay, and about what they do to the shares one holds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from capgain.engine.classes import AssetClass, IncomeKind, Reported
from capgain.engine.money import ZERO
from capgain.engine.transactions.entry import CorporateAction, Payment, SharesForShares


@dataclass(frozen=True, slots=True, kw_only=True)
class Dividend(Payment):
    """A cash dividend: income, no lots."""

    type_name: ClassVar[str] = "Dividend"

    kind: IncomeKind = IncomeKind.DIVIDEND


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest(Payment):
    """Interest: income, no lots."""

    type_name: ClassVar[str] = "Interest"

    kind: IncomeKind = IncomeKind.INTEREST


@dataclass(frozen=True, slots=True, kw_only=True)
class CapitalGainDistribution(Payment):
    """Form 1099-DIV box 2a: Schedule D line 13, and the six-month rule of 26 USC 852(b)(4)(A)."""

    type_name: ClassVar[str] = "Capital Gain Distribution"

    kind: IncomeKind = IncomeKind.CAPITAL_GAIN_DISTRIBUTION


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptInterestDividend(Payment):
    """An exempt-interest dividend: reduces a loss on fund shares held six months or less (26 USC 852(b)(4)(B))."""

    type_name: ClassVar[str] = "Exempt-Interest Dividend"

    kind: IncomeKind = IncomeKind.EXEMPT_INTEREST_DIVIDEND


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(CorporateAction):
    """`ratio` units after per unit before; `cash_in_lieu` dollars for the fraction."""

    type_name: ClassVar[str] = "Split"

    ratio: Fraction
    cash_in_lieu: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class StockDividend(SharesForShares):
    """New units of another asset per old unit, taking `basis_fraction` of the old basis (26 USC 305, 307)."""

    type_name: ClassVar[str] = "Stock Dividend"

    basis_fraction: Fraction
    cash_in_lieu: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class SpinOff(SharesForShares):
    """Units of the company split off per old unit, taking `basis_fraction` of the old basis (26 USC 355, 358)."""

    type_name: ClassVar[str] = "Spin-off"

    basis_fraction: Fraction
    cash_in_lieu: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Merger(SharesForShares):
    """`ratio` new units and `cash_per_unit` per old unit; `value_per_new_unit` is needed with cash (26 USC 356).

    A ratio of 0 is a merger for cash alone. `arrived` are the whole new units, where `cash_in_lieu` was paid for the
    fraction; `amount_unused` are dollars that nothing in the row asks for.
    """

    type_name: ClassVar[str] = "Merger"
    gives_up_old: ClassVar[bool] = True

    cash_per_unit: Decimal = ZERO
    value_per_new_unit: Decimal | None = None
    arrived: Decimal | None = None
    cash_in_lieu: Decimal = ZERO
    amount_unused: Decimal = ZERO

    @property
    def is_change_of_name(self) -> bool:
        """Share for share, one for one, without cash: old and new are one stock for the wash-sale rules (A-24)."""
        return self.ratio == 1 and not (self.cash_per_unit or self.cash_in_lieu or self.arrived or self.account)


class Rename(SharesForShares):
    """One asset under a new name, `ratio` new units for each old one: nothing is given up, everything goes on."""

    __slots__ = ()

    type_name: ClassVar[str] = "Rename"
    gives_up_old: ClassVar[bool] = True
    keeps_class: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustSale(CorporateAction):
    """A grantor trust sold a part of what it holds to pay its expenses (Treas. Reg. 1.671-5): each owner sold it.

    `fraction` is the part of what a share stands for that was sold. `per_share` are the proceeds of a share, `amount`
    those of all shares reached. `holds` is what the trust holds, where the row states it. `is_monthly`: the figures
    are of a whole month, so that shares bought in it count for the days they were held.
    """

    type_name: ClassVar[str] = "Trust Sale"

    fraction: Fraction
    per_share: Decimal | None = None
    amount: Decimal | None = None
    holds: AssetClass | None = None
    reported: Reported | None = None
    is_monthly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnOfCapital(CorporateAction):
    """A nondividend distribution: `amount` in total or `per_unit`; beyond basis it is gain (26 USC 301(c))."""

    type_name: ClassVar[str] = "Return of Capital"

    amount: Decimal | None = None
    per_unit: Decimal | None = None
