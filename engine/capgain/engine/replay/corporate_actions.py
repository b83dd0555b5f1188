"""What companies and funds do to the lots one holds: splits, new shares, mergers, distributions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import gcd

from capgain.engine.atoms import atoms
from capgain.engine.classes import AccountKind, AssetClass, Reported
from capgain.engine.holding_period import six_months_after
from capgain.engine.money import ZERO
from capgain.engine.replay.cash_in_lieu import fraction_of_new_units, fractions_of_split, is_one_account
from capgain.engine.replay.form_rows import book_rows
from capgain.engine.replay.holdings import Holding, Holdings
from capgain.engine.replay.lots import Lot, Special
from capgain.engine.replay.sale import Sale
from capgain.engine.replay.state import State
from capgain.engine.results.dispositions import Kind
from capgain.engine.results.income import IncomeItem
from capgain.engine.transactions import (
    CapitalGainDistribution,
    Entry,
    ExemptInterestDividend,
    Payment,
    Rename,
    ReturnOfCapital,
    SpinOff,
    Split,
    StockDividend,
)
from capgain.engine.units import UNITS


def split(state: State, entry: Split, day: date) -> None:
    """More or fewer units, the same basis and dates, lot by lot (26 USC 305, 307; R-CA-1)."""
    if not is_held(state, entry):
        return
    _multiply(state, entry.asset, entry.account, entry.ratio)
    if entry.cash_in_lieu:
        fractions_of_split(state, entry, day)


def is_held(state: State, entry: Entry) -> bool:
    holdings = state.holdings
    if any(held.count for held in holdings.of_asset(entry.asset, entry.account)):
        return True
    if holdings.shorts_of(entry.asset, entry.account):
        return True
    losses = holdings.losses_of(entry.asset)
    if isinstance(entry, Split | Rename) and any(entry.account in ("", loss.account) for loss in losses):
        return True
    where = f" in {entry.account}" if entry.account else ""
    state.problems.warn(
        entry,
        "Asset",
        "NOT_HELD",
        f"no {entry.asset} is held{where} on {entry.at.date()}: the row changes nothing.",
        "Correct Asset, Account or Date, or delete the row.",
    )
    return False


def _multiply(state: State, asset: str, account: str, ratio: Fraction) -> None:
    """Multiply the units of an asset in one account, or in all, without rounding."""
    holdings = state.holdings
    rescale(holdings, asset, ratio.denominator)
    _count_anew(holdings, asset, account, ratio)


def rescale(holdings: Holdings, asset: str, factor: int) -> None:
    """Count an asset in parts `factor` times as fine."""
    if factor != 1:
        holdings.measure(asset).scale *= factor
        _count_anew(holdings, asset, "", Fraction(factor))


def _count_anew(holdings: Holdings, asset: str, account: str, ratio: Fraction) -> None:
    """All that is counted in units of an asset, in one account or in all, times a ratio that leaves no remainder."""
    times, per = ratio.numerator, ratio.denominator
    for pool in holdings.pools_of(asset):
        for lot in pool:
            if account in ("", lot.place):
                lot.units = lot.units * times // per
            lot.rank = -1
        pool.units = sum(lot.units for lot in pool)
        pool.reorder()
    for held in holdings.of_asset(asset, account):
        held.count = held.count * times // per
    for short in holdings.shorts_of(asset, account):
        short.units = short.units * times // per
    for loss in holdings.losses_of(asset):
        if account in ("", loss.account):
            loss.units = loss.units * times // per
            loss.left = loss.left * times // per


def lots_reached(state: State, entry: Entry) -> Iterator[tuple[Holding, Lot]]:
    """The open lots an action reaches, with the holding each lies in."""
    for pool in state.holdings.pools_of(entry.asset, entry.account):
        pool.leave_average()
        for lot in list(pool):
            if entry.account in ("", lot.place):
                yield state.holdings.at(lot.place, lot.asset), lot


def distribute_shares(state: State, entry: StockDividend | SpinOff, day: date) -> None:
    """New shares take a fraction of each lot's basis and its dates (26 USC 307, 355, 358, 1223; R-CA-3, R-CA-5)."""
    if not is_held(state, entry):
        return
    if entry.received_asset in ("", entry.asset):
        _multiply(state, entry.asset, entry.account, 1 + entry.ratio)
        return
    if entry.cash_in_lieu and not is_one_account(state, entry):
        return
    arrived: list[Lot] = []
    make_exact(state.holdings, entry.asset, entry.received_asset, entry.ratio)
    for held, lot in lots_reached(state, entry):
        part = entry.basis_fraction
        basis = lot.basis * part.numerator // part.denominator
        new = exchanged(state, held, lot, entry.received_asset, entry.ratio, basis)
        lot.basis -= basis
        if lot.special is not None and lot.special.value_basis >= 0:
            value = lot.special.value_basis * part.numerator // part.denominator
            lot.special.value_basis -= value
            extra = new.special.amt_extra if new.special is not None else 0
            new.special = Special(lot.special.gift_date, value)
            new.special.amt_extra = extra
        held.pool.adjusted(lot)
        state.holdings.add(state.holdings.at(held.place, entry.received_asset), new)
        arrived.append(new)
    if entry.cash_in_lieu:
        fraction_of_new_units(state, entry, day, arrived)


def make_exact(holdings: Holdings, old: str, new: str, ratio: Fraction) -> None:
    """Make the new asset's scale fine enough that `ratio` new units per old never round."""
    needed = ratio.denominator * holdings.measure(old).scale
    rescale(holdings, new, needed // gcd(needed, ratio.numerator * holdings.measure(new).scale))


def exchanged(state: State, held: Holding, lot: Lot, asset: str, ratio: Fraction, basis: int) -> Lot:
    scale = state.holdings.measure(asset).scale
    units = lot.units * ratio.numerator * scale // (ratio.denominator * held.measure.scale)
    new = lot.like(units, basis, lot.place)
    new.asset = asset
    new.special = None
    if lot.special is not None and lot.special.amt_extra and lot.basis:
        moved = lot.special.amt_extra * min(basis, lot.basis) // lot.basis
        lot.special.amt_extra -= moved
        new.special = Special(lot.acquired)
        new.special.amt_extra = moved
    return new


def without_basis(lot: Lot) -> Lot:
    """The lot as a row shows it whose proceeds are gain alone."""
    shown = lot.like(0, 0, lot.place)
    shown.special = None
    return shown


def return_capital(state: State, entry: ReturnOfCapital, day: date) -> None:
    """A nondividend distribution lowers basis share by share; what exceeds it is gain (26 USC 301(c); R-CA-7)."""
    if not is_held(state, entry):
        return
    reached = list(lots_reached(state, entry))
    whole = sum(lot.units for _, lot in reached)
    total = atoms(entry.amount) if entry.amount is not None else 0
    one = UNITS * state.holdings.measure(entry.asset).scale
    for held, lot in reached:
        if entry.amount is not None:
            share = total * lot.units // whole
            total -= share
            whole -= lot.units
        else:
            share = atoms(entry.per_unit or ZERO) * lot.units // one
        excess = max(0, share - lot.basis)
        lot.basis -= share - excess
        if lot.special is not None and lot.special.value_basis >= 0:
            lot.special.value_basis = max(0, lot.special.value_basis - share)
        held.pool.adjusted(lot)
        if excess:
            sale = Sale(entry, Kind.RETURN_OF_CAPITAL, day, excess, reported=Reported.NONE)
            book_rows(state, held, sale, [(without_basis(lot), lot.units, 0)])


def pay_out(state: State, entry: Payment, day: date) -> None:
    """Cash from what one holds: income, Schedule D line 13, or the six-month rule of funds (26 USC 852(b)(4))."""
    account = state.ledger.accounts.get(entry.account)
    if account is not None and account.kind is AccountKind.IRA:
        return
    if isinstance(entry, CapitalGainDistribution | ExemptInterestDividend):
        _mark_fund_lots(state, entry, day)
    state.booked.income.append(IncomeItem(entry.row, entry.kind, entry.asset, entry.account, day, ZERO, entry.amount))


def _mark_fund_lots(state: State, entry: CapitalGainDistribution | ExemptInterestDividend, day: date) -> None:
    """Note on each share held six months or less what the fund paid on it."""
    reached = [(held, lot) for held, lot in lots_reached(state, entry) if held.asset_class is AssetClass.FUND]
    whole = sum(lot.units for _, lot in reached)
    amount = atoms(Decimal(entry.amount))
    for _, lot in reached:
        if day > six_months_after(lot.acquired):
            continue
        share = amount * lot.units // whole
        if lot.special is None:
            lot.special = Special(lot.acquired)
        if isinstance(entry, CapitalGainDistribution):
            lot.special.gain_distributions += share
        else:
            lot.special.exempt_dividends += share
