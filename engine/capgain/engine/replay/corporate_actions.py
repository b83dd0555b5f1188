"""What companies and funds do to the lots one holds: splits, new shares, mergers, distributions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import gcd

from capgain.engine.classes import AccountKind, AssetClass, Method, Reported
from capgain.engine.holding_period import six_months_after
from capgain.engine.money import ZERO
from capgain.engine.replay.form_rows import Sale, book_rows
from capgain.engine.replay.lots import Lot, Pool, Special
from capgain.engine.replay.relief import leave_average, take_in_order
from capgain.engine.replay.state import Books, Holding, Loss, atoms
from capgain.engine.results import UNITS, IncomeItem, Kind
from capgain.engine.transactions import (
    CapitalGainDistribution,
    Dividend,
    Entry,
    ExemptInterestDividend,
    Interest,
    Merger,
    ReturnOfCapital,
    SpinOff,
    Split,
    StockDividend,
)


def split(books: Books, entry: Split, day: date) -> None:
    """More or fewer units, the same basis and dates, lot by lot (26 USC 305, 307; R-CA-1)."""
    if not _is_held(books, entry):
        return
    _multiply(books, entry.asset, entry.account, entry.ratio)
    if entry.cash_in_lieu:
        _cash_in_lieu(books, entry, day)


def _is_held(books: Books, entry: Entry) -> bool:
    if any(held.count for held in books.of_asset(entry.asset, entry.account)) or any(
        short.units
        for (account, asset), shorts in books.shorts.items()
        if asset == entry.asset and entry.account in ("", account)
        for short in shorts
    ):
        return True
    if isinstance(entry, Split) and any(entry.account in ("", loss.account) for loss in _losses(books, entry.asset)):
        return True
    where = f" in {entry.account}" if entry.account else ""
    books.warn(
        entry,
        "Asset",
        "NOT_HELD",
        f"no {entry.asset} is held{where} on {entry.at.date()}: the row changes nothing.",
        "Correct Asset, Account or Date, or delete the row.",
    )
    return False


def _multiply(books: Books, asset: str, account: str, ratio: Fraction) -> None:
    """Multiply the units of an asset in one account, or in all, without rounding."""
    rescale(books, asset, ratio.denominator)
    for pool in _pools(books, asset):
        for lot in pool:
            if account in ("", lot.place):
                lot.units = lot.units * ratio.numerator // ratio.denominator
            lot.rank = -1
        pool.units = sum(lot.units for lot in pool)
        pool.reorder()
    for held in books.of_asset(asset):
        if account in ("", held.place):
            held.count = held.count * ratio.numerator // ratio.denominator
    for (place, name), shorts in books.shorts.items():
        if name == asset and account in ("", place):
            for short in shorts:
                short.units = short.units * ratio.numerator // ratio.denominator
    for loss in _losses(books, asset):
        if account in ("", loss.account):
            loss.units = loss.units * ratio.numerator // ratio.denominator
            loss.left = loss.left * ratio.numerator // ratio.denominator


def rescale(books: Books, asset: str, factor: int) -> None:
    """Count an asset in parts `factor` times as fine."""
    if factor == 1:
        return
    book = books.holding("", asset).book if asset not in books.assets else books.assets[asset]
    book.scale *= factor
    for pool in _pools(books, asset):
        for lot in pool:
            lot.units *= factor
            lot.rank = -1
        pool.units *= factor
        pool.reorder()
    for held in books.of_asset(asset):
        held.count *= factor
    for (_, name), shorts in books.shorts.items():
        if name == asset:
            for short in shorts:
                short.units *= factor
    for loss in _losses(books, asset):
        loss.units *= factor
        loss.left *= factor


def _pools(books: Books, asset: str, account: str = "") -> Iterator[Pool]:
    seen: set[int] = set()
    for held in books.of_asset(asset, account):
        if id(held.pool) not in seen:
            seen.add(id(held.pool))
            yield held.pool


def _losses(books: Books, asset: str) -> Iterator[Loss]:
    group = books.replacements_for(asset)
    if group is not None:
        for losses in (group.pending, group.today, group.closed_shorts):
            yield from (loss for loss in losses if loss.book.asset == asset)


def _lots(books: Books, entry: Entry) -> Iterator[tuple[Holding, Lot]]:
    """The open lots an action reaches, with the holding each lies in."""
    for pool in list(_pools(books, entry.asset, entry.account)):
        leave_average(pool, books)
        for lot in list(pool):
            if entry.account in ("", lot.place):
                yield books.holding(lot.place, lot.asset), lot


def _cash_in_lieu(books: Books, entry: Split, day: date) -> None:
    """Cash for a fraction: as if the fraction was received and sold; the earliest lot gives it up (A-17)."""
    book = books.assets[entry.asset]
    one = UNITS * book.scale
    fractions = [(held, held.count % one) for held in books.of_asset(entry.asset, entry.account) if held.count % one]
    whole = sum(units for _, units in fractions)
    if not whole:
        books.warn(
            entry,
            "Amount",
            "NO_FRACTION",
            f"cash in lieu of ${entry.cash_in_lieu} was paid, but the split leaves no fraction of {entry.asset}.",
            "Correct the ratio, the Account, or the earlier rows.",
            blocks_filing=True,
        )
        return
    cash = atoms(entry.cash_in_lieu)
    for held, units in fractions:
        share = cash * units // whole
        cash -= share
        whole -= units
        taken = take_in_order(books, held, units, Method.FIFO, day, 0)
        held.count -= units
        book_rows(books, held, Sale(entry, Kind.CASH_IN_LIEU, day, share), taken)


def distribute_shares(books: Books, entry: StockDividend | SpinOff) -> None:
    """New shares take a fraction of each lot's basis and its dates (26 USC 307, 355, 358, 1223; R-CA-3, R-CA-5)."""
    if not _is_held(books, entry):
        return
    if entry.received_asset in ("", entry.asset):
        _multiply(books, entry.asset, entry.account, 1 + entry.ratio)
        return
    _make_exact(books, entry.asset, entry.received_asset, entry.ratio)
    for held, lot in _lots(books, entry):
        part = entry.basis_fraction
        basis = lot.basis * part.numerator // part.denominator
        new = _exchanged(books, held, lot, entry.received_asset, entry.ratio, basis)
        lot.basis -= basis
        if lot.special is not None and lot.special.value_basis >= 0:
            value = lot.special.value_basis * part.numerator // part.denominator
            lot.special.value_basis -= value
            new.special = Special(lot.special.gift_date, value)
        held.pool.adjusted(lot)
        books.add_lot(books.holding(held.place, entry.received_asset), new)


def _make_exact(books: Books, old: str, new: str, ratio: Fraction) -> None:
    """Make the new asset's scale fine enough that `ratio` new units per old never round."""
    old_scale = books.assets[old].scale
    new_scale = books.holding("", new).book.scale if new not in books.assets else books.assets[new].scale
    needed = ratio.denominator * old_scale
    rescale(books, new, needed // gcd(needed, ratio.numerator * new_scale))


def _exchanged(books: Books, held: Holding, lot: Lot, asset: str, ratio: Fraction, basis: int) -> Lot:
    book = books.assets[asset]
    units = lot.units * ratio.numerator * book.scale // (ratio.denominator * held.book.scale)
    new = lot.moved(units, basis, lot.place)
    new.asset = asset
    new.special = None
    return new


def merge(books: Books, entry: Merger, day: date) -> None:
    """Old shares become new ones with their basis and dates; cash is gain up to what was realised, never loss.

    26 USC 354, 356, 358, lot by lot (Treas. Reg. 1.358-2). For cash alone the merger is a sale.
    """
    if not _is_held(books, entry):
        return
    if any(
        short.units for held in books.of_asset(entry.asset) for short in books.shorts.get((held.place, entry.asset), [])
    ):
        books.error(
            entry,
            "Asset",
            "MERGER_OF_SHORT",
            f"{entry.asset} is sold short; what a merger does to an open short sale is not supported.",
            "Enter a Cover before the merger and a Short Sell of the new asset after it.",
        )
        return
    if entry.ratio and entry.cash_per_unit and entry.value_per_new_unit is None:
        books.error(
            entry,
            "Amount",
            "MISSING_VALUE",
            "a merger for shares and cash needs the value of one new share.",
            "Enter the fair market value of one new share in column Amount.",
        )
        return
    if entry.ratio:
        _make_exact(books, entry.asset, entry.received_asset, entry.ratio)
    for held, lot in _lots(books, entry):
        one = UNITS * held.book.scale
        cash = atoms(entry.cash_per_unit) * lot.units // one
        if not entry.ratio:
            _sell_for_cash(books, held, lot, entry, day, cash)
            continue
        gain = 0
        if cash:
            new_value = atoms((entry.value_per_new_unit or ZERO) * entry.ratio.numerator) // entry.ratio.denominator
            realised = new_value * lot.units // one + cash - lot.basis
            gain = max(0, min(realised, cash))
        if gain:
            book_rows(books, held, Sale(entry, Kind.BOOT, day, gain), [(_without_basis(lot), lot.units, 0)])
        basis = max(0, lot.basis - cash + gain)
        new = _exchanged(books, held, lot, entry.received_asset, entry.ratio, basis)
        if lot.special is not None and lot.special.value_basis >= 0:
            new.special = Special(lot.special.gift_date, max(0, lot.special.value_basis - cash))
        _remove(held, lot)
        books.add_lot(books.holding(held.place, entry.received_asset), new)


def _without_basis(lot: Lot) -> Lot:
    """The lot as a row shows it whose proceeds are gain alone."""
    shown = lot.moved(0, 0, lot.place)
    shown.special = None
    return shown


def _sell_for_cash(books: Books, held: Holding, lot: Lot, entry: Merger, day: date, cash: int) -> None:
    units, basis = lot.units, lot.basis
    _remove(held, lot)
    book_rows(books, held, Sale(entry, Kind.SALE, day, cash), [(lot, units, basis)])


def _remove(held: Holding, lot: Lot) -> None:
    held.pool.units -= lot.units
    held.count -= lot.units
    lot.units = lot.basis = 0


def return_capital(books: Books, entry: ReturnOfCapital, day: date) -> None:
    """A nondividend distribution lowers basis share by share; what exceeds it is gain (26 USC 301(c); R-CA-7)."""
    if not _is_held(books, entry):
        return
    reached = list(_lots(books, entry))
    whole = sum(lot.units for _, lot in reached)
    total = atoms(entry.amount) if entry.amount is not None else 0
    one = UNITS * books.assets[entry.asset].scale
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
            book_rows(books, held, sale, [(_without_basis(lot), lot.units, 0)])


def pay_out(
    books: Books, entry: Dividend | Interest | CapitalGainDistribution | ExemptInterestDividend, day: date
) -> None:
    """Cash from what one holds: income, Schedule D line 13, or the six-month rule of funds (26 USC 852(b)(4))."""
    account = books.ledger.accounts.get(entry.account)
    if account is not None and account.kind is AccountKind.IRA:
        return
    if isinstance(entry, CapitalGainDistribution):
        books.distributions.append((day.year, entry.account, entry.amount))
    if isinstance(entry, CapitalGainDistribution | ExemptInterestDividend):
        _mark_fund_lots(books, entry, day)
    name = {Dividend: "Dividend", Interest: "Interest", CapitalGainDistribution: "Capital Gain Distribution"}.get(
        type(entry), "Exempt-Interest Dividend"
    )
    books.income.append(IncomeItem(entry.row, name, entry.asset, entry.account, day, ZERO, entry.amount))


def _mark_fund_lots(books: Books, entry: CapitalGainDistribution | ExemptInterestDividend, day: date) -> None:
    """Note on each share held six months or less what the fund paid on it."""
    reached = [(held, lot) for held, lot in _lots(books, entry) if held.asset_class is AssetClass.FUND]
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
