"""Units in, out and held of every asset, counted from the ledger alone: a control over the matching of lots.

Counting knows no lot, no basis and no date but the order of the rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from capgain.engine.classes import Right
from capgain.engine.ledger import Ledger
from capgain.engine.replay.replay import in_order_of_time
from capgain.engine.replay.stated_quantities import ROUNDED_FROM
from capgain.engine.report import TaxReport
from capgain.engine.transactions import (
    Acquisition,
    AddBasis,
    ContractTotal,
    Cover,
    Disposal,
    Exercise,
    Expire,
    Instruction,
    Merger,
    OpportunityFundRow,
    OptionEnd,
    Payment,
    ProtocolMove,
    ReturnOfCapital,
    SharesForShares,
    SpinOff,
    Split,
    StockDividend,
    Trade,
    Transaction,
    Transfer,
    TrustSale,
)
from capgain.engine.units import UNITS

_A_UNIT_OF_COUNTING = Fraction(1, UNITS)


@dataclass(slots=True)
class Count:
    """Units of one asset over all accounts. `changed` is what splits, mergers and the like added or took."""

    came_in: Fraction = Fraction(0)
    left: Fraction = Fraction(0)
    changed: Fraction = Fraction(0)

    @property
    def held(self) -> Fraction:
        return self.came_in - self.left + self.changed


def count_units(ledger: Ledger, last: date | None = None) -> UnitCounts:
    """The units that the rows up to the end of a day add up to, whether or not they were ever held."""
    counter = UnitCounts()
    for entry in _in_order(ledger, last):
        counter.book(entry)
    return counter


def unit_counts(report: TaxReport) -> Mapping[str, Count]:
    """The count of every asset up to the day of the report's open lots, units sold without a lot counted in."""
    last = report.lots_as_of
    counts = count_units(report.ledger, last).counts
    for asset in report.contract_assets:
        counts.pop(asset, None)
    for year in report.years.values():
        for row in year.dispositions:
            if row.lot_row == 0 and (last is None or row.sold <= last):
                counts[row.asset].came_in += Fraction(row.units, UNITS)
    return counts


def units_held(report: TaxReport) -> Mapping[str, Fraction]:
    """The units in open lots less those owed on short sales, by asset."""
    held: dict[str, Fraction] = defaultdict(Fraction)
    for lot in report.open_lots:
        held[lot.asset] += Fraction(lot.quantity)
    for short in report.open_shorts:
        held[short.asset] -= Fraction(short.quantity)
    return held


def _in_order(ledger: Ledger, last: date | None) -> list[Transaction]:
    """The rows in the order in which they are booked, up to the last day asked for."""
    rows = [ledger.transactions[place] for place in in_order_of_time(ledger)]
    return rows if last is None else [row for row in rows if row.at.date() <= last]


class UnitCounts:
    """`counts` of each asset over all accounts, and `balances`: what each account holds of each asset."""

    def __init__(self) -> None:
        self.counts: dict[str, Count] = defaultdict(Count)
        self.balances: dict[tuple[str, str], Fraction] = defaultdict(Fraction)

    def book(self, entry: Transaction) -> None:
        match entry:
            case Split():
                self._split(entry)
            case SharesForShares():
                self._shares_for_shares(entry)
            case Transfer():
                self._out(entry.account, entry.asset, Fraction(entry.quantity) - Fraction(entry.arrived))
                self._move(entry.account, entry.to_account, entry.asset, entry.arrived)
            case ProtocolMove() if entry.is_carried and entry.is_same_asset:
                self._out(entry.account, entry.asset, Fraction(entry.quantity) - Fraction(entry.received_quantity))
                self._move(entry.account, entry.arrives_in, entry.asset, entry.received_quantity)
            case Cover():
                if not entry.lots:
                    self._in(entry.account, entry.asset, entry.quantity)
            case OptionEnd():
                self._ends(entry)
            case Expire():
                held = self.balances[entry.account, entry.asset]
                self._change(entry.account, entry.asset, _towards_none(held, entry.quantity))
            case Trade():
                self._out(entry.account, entry.asset, entry.quantity)
                if entry.received_asset:
                    self._in(entry.arrives_in, entry.received_asset, entry.received_quantity)
            case Acquisition():
                self._in(entry.account, entry.asset, entry.quantity)
            case Disposal():
                self._leaves(entry)
            case (
                Payment()
                | ReturnOfCapital()
                | AddBasis()
                | TrustSale()
                | Instruction()
                | OpportunityFundRow()
                | ContractTotal()
            ):
                return
            case _:
                assert_never(entry)
        if isinstance(entry, Acquisition | Disposal) and entry.coin_fee is not None:
            self._out(entry.account, entry.coin_fee.asset, entry.coin_fee.quantity)

    def _paid_in_cash(self, entry: SharesForShares, account: str, received: str, new: Fraction) -> None:
        """The fraction of the new units for which cash was paid."""
        if not isinstance(entry, Merger):
            if isinstance(entry, StockDividend | SpinOff) and entry.cash_in_lieu:
                self._out(account, received, new - new.__floor__())
        elif entry.arrived is not None:
            self._out(account, received, new - Fraction(entry.arrived))

    def _leaves(self, entry: Disposal) -> None:
        """The units of the row; without a quantity all that its account holds, or every account."""
        if entry.quantity:
            self._out(entry.account, entry.asset, entry.quantity)
        else:
            for account, held in self._holdings(entry.asset, entry.account):
                self._out(account, entry.asset, held)

    def _ends(self, entry: OptionEnd) -> None:
        """Contracts held leave, contracts written are no longer owed; what they are on comes in or leaves."""
        held = self.balances[entry.account, entry.asset]
        ended = _towards_none(held, entry.quantity)
        self._change(entry.account, entry.asset, ended)
        shares = abs(ended) * Fraction(entry.contract.size or 0)
        if (entry.contract.right is Right.CALL) is isinstance(entry, Exercise):
            self._in(entry.account, entry.contract.underlying, shares)
        else:
            self._out(entry.account, entry.contract.underlying, shares)

    def _in(self, account: str, asset: str, units: Decimal | Fraction) -> None:
        came = Fraction(units)
        self.counts[asset].came_in += came
        self.balances[account, asset] += came

    def _out(self, account: str, asset: str, units: Decimal | Fraction) -> None:
        leaving = self._meant(account, asset, units)
        self.counts[asset].left += leaving
        self.balances[account, asset] -= leaving

    def _move(self, account: str, to_account: str, asset: str, units: Decimal) -> None:
        leaving = self._meant(account, asset, units)
        self.balances[account, asset] -= leaving
        self.balances[to_account, asset] += leaving

    def _meant(self, account: str, asset: str, units: Decimal | Fraction) -> Fraction:
        """All that the account holds where only rounding parts it from the units stated, as the engine takes them."""
        held, stated = self.balances[account, asset], Fraction(units)
        beyond = stated - held
        if abs(beyond) < _A_UNIT_OF_COUNTING:
            return held
        if beyond < 0 or held <= 0 or not isinstance(units, Decimal):
            return stated
        decimals = -int(units.as_tuple().exponent)
        return held if decimals >= ROUNDED_FROM and beyond < Fraction(1, 10**decimals) else stated

    def _change(self, account: str, asset: str, units: Fraction) -> None:
        self.counts[asset].changed += units
        self.balances[account, asset] += units

    def _holdings(self, asset: str, account: str) -> list[tuple[str, Fraction]]:
        """What the account named holds of an asset, or every account."""
        return [
            (holder, units)
            for (holder, held), units in list(self.balances.items())
            if held == asset and account in ("", holder) and units
        ]

    def _split(self, entry: Split) -> None:
        for account, units in self._holdings(entry.asset, entry.account):
            self._change(account, entry.asset, units * (entry.ratio - 1))
            if entry.cash_in_lieu:
                after = self.balances[account, entry.asset]
                self._out(account, entry.asset, after - after.__floor__())

    def _shares_for_shares(self, entry: SharesForShares) -> None:
        for account, units in self._holdings(entry.asset, entry.account):
            if entry.gives_up_old and entry.ratio:
                self._change(account, entry.asset, -units)
            elif entry.gives_up_old:
                self._out(account, entry.asset, units)
            received = entry.received_asset or entry.asset
            if entry.ratio:
                self._change(account, received, units * entry.ratio)
                self._paid_in_cash(entry, account, received, units * entry.ratio)


def _towards_none(held: Fraction, quantity: Decimal) -> Fraction:
    """What ends of a balance, held or owed: all of it where no quantity is stated."""
    ended = Fraction(quantity) if quantity else abs(held)
    return -ended if held > 0 else ended
