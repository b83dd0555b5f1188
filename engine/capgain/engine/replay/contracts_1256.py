"""Section 1256 contracts: positions, closings, and the mark at each year's end (26 USC 1256(a)).

First in, first out in each account: the year's total does not depend on the order, since what is left is marked.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NoReturn

from capgain.engine.classes import AccountKind, AssetClass
from capgain.engine.classification import Place
from capgain.engine.ledger import Ledger
from capgain.engine.money import EXACT, to_cents
from capgain.engine.problems import Problem, Severity
from capgain.engine.replay.relief import Refused
from capgain.engine.replay.state import State
from capgain.engine.results.contracts import ContractEnd, ContractResult, OpenContract
from capgain.engine.transactions import (
    Acquisition,
    Buy,
    ContractGain,
    ContractLoss,
    Cover,
    Disposal,
    Entry,
    Expire,
    MethodOrder,
    Sell,
    ShortSell,
    Transaction,
    Transfer,
)
from capgain.engine.units import quantity_text, to_units


@dataclass(slots=True)
class Part:
    """Contracts opened by one row: what they were opened at and the last mark, in cents of all `units` together."""

    row: int
    opened: date
    units: int
    is_short: bool
    original_cents: int
    value_cents: int

    def take(self, units: int) -> Part:
        """Split off some of the units with their share of both amounts, so that no cent is lost."""
        original = _share(self.original_cents, units, self.units)
        value = _share(self.value_cents, units, self.units)
        taken = replace(self, units=units, original_cents=original, value_cents=value)
        self.units -= units
        self.original_cents -= original
        self.value_cents -= value
        return taken


def _share(cents: int, units: int, of: int) -> int:
    """The part of an amount that falls on some of the units, half a cent up."""
    return (2 * cents * units + of) // (2 * of)


@dataclass(slots=True)
class Contracts:
    """The positions in section 1256 contracts by account and asset, oldest first, and all results."""

    ledger: Ledger
    places: frozenset[Place]
    assets: frozenset[str]
    positions: dict[Place, deque[Part]] = field(default_factory=dict)
    results: list[ContractResult] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    without_price: tuple[OpenContract, ...] = ()
    """Those open at the end of a plan's last year that it has no price of."""

    @classmethod
    def of(cls, ledger: Ledger, classes: Mapping[Place, AssetClass]) -> Contracts:
        places = frozenset(place for place, found in classes.items() if found is AssetClass.SECTION_1256)
        return cls(ledger, places, frozenset(asset for _, asset in places))

    @property
    def are_traded(self) -> bool:
        """Whether any row may be about such contracts."""
        return bool(self.places) or self.ledger.has(ContractGain, ContractLoss)

    def has(self, entry: Transaction) -> bool:
        """Whether a row is about such contracts."""
        if isinstance(entry, ContractGain | ContractLoss):
            return True
        if not self.places:
            return False
        return entry.asset in self.assets or any(asset in self.assets for _, asset, _ in entry.names_too())

    def open(self) -> Iterator[OpenContract]:
        """What is not closed yet, in the order of the positions."""
        for place, parts in self.positions.items():
            yield from _still_open(place, parts)


def _still_open(place: Place, parts: Iterable[Part]) -> Iterator[OpenContract]:
    account, asset = place
    for part in parts:
        yield OpenContract(part.row, asset, account, part.units, part.opened, part.value_cents, part.is_short)


def book_contract(state: State, contracts: Contracts, entry: Transaction, day: date) -> None:
    """Book a row about section 1256 contracts; raises Refused where nothing of the kind happens to them."""
    if isinstance(entry, ContractGain | ContractLoss):
        _total(contracts, entry, day)
        return
    account = state.ledger.accounts.get(entry.account)
    if account is not None and account.kind is AccountKind.IRA:
        return
    if isinstance(entry, Acquisition | Disposal):
        _look_over(state, contracts, entry)
    match entry:
        case Buy() | Cover():
            cents = to_cents(EXACT.add(entry.amount, entry.fee))
            _trade(contracts, entry, to_units(entry.quantity), cents, day, buys=True)
        case Expire():
            _lapse(state, contracts, entry, day)
        case Transfer():
            _move(state, contracts, entry)
        case MethodOrder():
            _tell_of_no_order(state, contracts, entry, "Type")
        case Sell() | ShortSell() if type(entry) in (Sell, ShortSell):
            cents = to_cents(EXACT.subtract(entry.amount, entry.fee))
            _trade(contracts, entry, to_units(entry.quantity), cents, day, buys=False)
        case _:
            _refuse(
                state,
                entry,
                "Type",
                "CONTRACT_ROW",
                f"{entry.type_name} is nothing that happens to a section 1256 contract.",
                "Enter what closed it as Sell or Cover, at its settlement value where it was settled, exercised or "
                "assigned, and at 0 where it expired.",
            )


def _total(contracts: Contracts, entry: ContractGain | ContractLoss, day: date) -> None:
    cents = to_cents(entry.amount)
    signed = cents if isinstance(entry, ContractGain) else -cents
    proceeds, basis = (signed, 0) if signed > 0 else (0, -signed)
    source = entry.account
    contracts.results.append(
        ContractResult(entry.row, "", source, 0, day, day, ContractEnd.TOTAL, proceeds, basis, signed)
    )


def _look_over(state: State, contracts: Contracts, entry: Acquisition | Disposal) -> None:
    """What a row of a contract cannot have, or has without effect."""
    if entry.coin_fee is not None:
        _refuse(
            state,
            entry,
            "Fee Asset",
            "CONTRACT_FEE",
            "a fee in coin on a section 1256 contract is not computed.",
            "Enter the fee in dollars in Fee, and the coin as a Fee row of its own.",
        )
    if isinstance(entry, Disposal) and (entry.lots or entry.method or entry.identified):
        _tell_of_no_order(state, contracts, entry, "Lot")


def _tell_of_no_order(state: State, contracts: Contracts, entry: Entry, column: str) -> None:
    """Once an asset: an order of lots is no error, as it changes nothing."""
    if entry.asset not in contracts.told:
        contracts.told.add(entry.asset)
        state.problems.warn(
            entry,
            column,
            "CONTRACT_LOT_IGNORED",
            "section 1256 contracts close first in, first out: Lot, Method and Identified have no effect.",
            "Leave them blank; the year's total is the same in any order, since what is left is marked.",
        )


def _trade(
    contracts: Contracts, entry: Acquisition | Disposal, units: int, cents: int, day: date, *, buys: bool
) -> None:
    """Close what is held the other way, oldest first, and open the rest."""
    parts = contracts.positions.setdefault((entry.account, entry.asset), deque())
    while units and parts and parts[0].is_short is buys:
        closed = parts.popleft() if parts[0].units <= units else parts[0].take(units)
        share = _share(cents, closed.units, units)
        units -= closed.units
        cents -= share
        contracts.results.append(_closed(entry, closed, share, day))
    if units:
        parts.append(Part(entry.row, day, units, not buys, cents, cents))


def _closed(entry: Entry, part: Part, cents: int, day: date) -> ContractResult:
    """Contracts closed for `cents`: paid for a short position, received for a long one."""
    if part.is_short:
        proceeds, basis, original = part.value_cents, cents, part.original_cents - cents
    else:
        proceeds, basis, original = cents, part.value_cents, cents - part.original_cents
    return ContractResult(
        entry.row,
        entry.asset,
        entry.account,
        part.units,
        part.opened,
        day,
        ContractEnd.CLOSED,
        proceeds,
        basis,
        original,
        part.is_short,
    )


def _lapse(state: State, contracts: Contracts, entry: Expire, day: date) -> None:
    """Expiry is a closing at nothing; no quantity: all of it (26 USC 1256(c)(1))."""
    parts = contracts.positions.get((entry.account, entry.asset)) or deque()
    held = sum(part.units for part in parts)
    units = to_units(entry.quantity) or held
    if not held or units > held:
        _more_than_open(state, entry, held)
    _trade(contracts, entry, units, 0, day, buys=parts[0].is_short)


def _move(state: State, contracts: Contracts, entry: Transfer) -> None:
    """Contracts move between accounts with what they cost and their last mark."""
    parts = contracts.positions.get((entry.account, entry.asset)) or deque()
    units, held = to_units(entry.quantity), sum(part.units for part in parts)
    if units > held or entry.arrived != entry.quantity:
        _more_than_open(state, entry, held)
    to = contracts.positions.setdefault((entry.to_account, entry.asset), deque())
    while units:
        moved = parts.popleft() if parts[0].units <= units else parts[0].take(units)
        units -= moved.units
        to.append(moved)


def _more_than_open(state: State, entry: Disposal, held: int) -> NoReturn:
    _refuse(
        state,
        entry,
        "Quantity",
        "INSUFFICIENT_QUANTITY",
        f"{quantity_text(held)} {entry.asset} are open in {entry.account or 'the account'}, and all of what is named "
        "has to be there.",
        "Add the missing rows, or correct Quantity.",
    )


def _refuse(state: State, entry: Entry, column: str, code: str, message: str, remedy: str) -> NoReturn:
    state.problems.error(entry, column, code, message, remedy)
    raise Refused


def mark_day(year: int) -> date:
    """The last business day of a year, on which what is open counts as sold (26 USC 1256(a)(1))."""
    day = date(year, 12, 31)
    return day - timedelta(days=max(day.weekday() - 4, 0))


def mark(state: State, contracts: Contracts, year: int) -> None:
    """Count every open contract as sold at its value on the last business day; later gain is measured from there."""
    day = mark_day(year)
    for (account, asset), parts in contracts.positions.items():
        if not parts:
            continue
        price = contracts.ledger.price_on(asset, day)
        if price is None:
            _tell_of_no_price(state, asset, account, parts, day)
            continue
        _mark_at(contracts, (account, asset), price, day)


def mark_as_planned(contracts: Contracts, year: int, prices: Mapping[str, Decimal]) -> None:
    """Count what is open at the end of a year that is not over at a plan's prices; what has none is left and named."""
    unpriced: list[OpenContract] = []
    for place, parts in contracts.positions.items():
        price = prices.get(place[1].casefold())
        if price is None:
            unpriced += _still_open(place, parts)
        else:
            _mark_at(contracts, place, price, mark_day(year))
    contracts.without_price = tuple(unpriced)


def _mark_at(contracts: Contracts, place: Place, price: Decimal, day: date) -> None:
    account, asset = place
    value = EXACT.multiply(price, contracts.ledger.contract_size(asset))
    for part in contracts.positions[place]:
        cents = to_cents(EXACT.multiply(value, part.units).scaleb(-18, context=EXACT))
        proceeds, basis = (part.value_cents, cents) if part.is_short else (cents, part.value_cents)
        since = part.original_cents - cents if part.is_short else cents - part.original_cents
        contracts.results.append(
            ContractResult(
                part.row,
                asset,
                account,
                part.units,
                part.opened,
                day,
                ContractEnd.MARKED,
                proceeds,
                basis,
                since,
                part.is_short,
            )
        )
        part.value_cents = cents


def _tell_of_no_price(state: State, asset: str, account: str, parts: deque[Part], day: date) -> None:
    count = quantity_text(sum(part.units for part in parts))
    contracts = "contract" if count == "1" else "contracts"
    state.problems.found.append(
        Problem(
            Severity.ERROR,
            "Prices",
            0,
            "Price",
            f"{asset}, {count} {contracts} in {account or 'no account'}, is open on {day}: its value that day is part "
            "of the year's result (26 USC 1256(a)(1)).",
            f"Add a row to Prices with Asset {asset}, its Price of that day, and Date {day}; Prices is a sheet of a "
            "workbook, as which a CSV ledger has to be saved.",
            "MARK_PRICE_MISSING",
        )
    )


def counted_twice(state: State, contracts: Contracts) -> None:
    """An account with a total and rows of its own in one year: the total has the rows in it."""
    rows = {(one.account, one.closed.year): one for one in contracts.results if one.end is not ContractEnd.TOTAL}
    for total in contracts.results:
        if total.end is ContractEnd.TOTAL and (total.account, total.closed.year) in rows:
            other = rows[total.account, total.closed.year]
            state.problems.found.append(
                Problem(
                    Severity.ERROR,
                    state.ledger.sheet,
                    total.row,
                    "Type",
                    f"the section 1256 contracts of {total.account} in {total.closed.year} are counted twice: as a "
                    f"total, and by row {other.row}.",
                    "Leave out the total, or the rows.",
                    "CONTRACTS_COUNTED_TWICE",
                )
            )
